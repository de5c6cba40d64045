// Read-only access to a cluster. Checks share answers, so each request is sent once.
import { type ApiAnswer, type ApiServer, type AskOptions, messageOf } from "../kube/apiServer.ts";
import type { PreflightFinding } from "../mesh/preflightFindings.ts";
import type { ClusterSettings, MeshSettings } from "./settings.ts";

/** Longest wait for one answer, in ms: a firewall may drop packets silently, and a preview should not take minutes. */
export const PATIENCE = 15_000;

export interface LookOptions extends AskOptions {
  /**
   * Selects what is kept of a successful answer that contains secrets; the rest is dropped. Must be the same function
   * in all requests for a path, because answers are shared.
   */
  readonly keep?: (body: unknown) => unknown;
}

export interface ObservedCluster {
  readonly name: string;
  readonly settings: ClusterSettings;
  /** The unmodified answer. */
  ask(path: string, options?: LookOptions): Promise<ApiAnswer>;
  /** One object; undefined if it does not exist. @throws Unreadable */
  read<T>(path: string, options?: LookOptions): Promise<T | undefined>;
  /** All objects of a list; none if the cluster does not know the kind. @throws Unreadable */
  list<T>(path: string, options?: AskOptions): Promise<readonly T[]>;
  /** @throws Unreadable */
  post<T>(path: string, body: object): Promise<T>;
  /** The answer to a server-side dry run of a creation. Creates nothing. */
  dryRun(path: string, body: object): Promise<ApiAnswer>;
  /** All answers so far. */
  readonly answers: readonly ApiAnswer[];
}

/** One check of a cluster. */
export type Check = (cluster: ObservedCluster, mesh: MeshSettings) => Promise<readonly PreflightFinding[]>;

/** A preview should not wait for a busy server as long as an update does. */
const LIMITS: AskOptions = { timeout: PATIENCE, within: PATIENCE, tries: 4 };

/** The request failed, or was refused. */
export class Unreadable extends Error {
  readonly path: string;
  readonly status: number;

  constructor(path: string, { status, body }: ApiAnswer) {
    super(messageOf(body) ?? `${path}: HTTP ${status}`);
    this.path = path;
    this.status = status;
  }
}

export function observe(settings: ClusterSettings, server: ApiServer): ObservedCluster {
  const asked = new Map<string, Promise<ApiAnswer>>();
  const answers: ApiAnswer[] = [];

  async function noted(answer: Promise<ApiAnswer>): Promise<ApiAnswer> {
    answers.push(await answer);
    return answer;
  }
  function ask(path: string, { keep, ...options }: LookOptions = {}): Promise<ApiAnswer> {
    const key = `${path} ${options.metadata}`;
    async function get(): Promise<ApiAnswer> {
      const answer = await server.get(path, { ...LIMITS, ...options });
      return keep && answer.status === 200 ? { ...answer, body: keep(answer.body) } : answer;
    }
    const known = asked.get(key) ?? noted(get());
    asked.set(key, known);
    return known;
  }

  return {
    name: settings.name,
    dryRun: (path, body) =>
      noted(server.post(`${path}?dryRun=All&fieldManager=csp-mesh`, body, { ...LIMITS, tries: 2 })),
    settings,
    answers,
    ask,
    async read<T>(path: string, options: LookOptions = {}) {
      const answer = await ask(path, options);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw new Unreadable(path, answer);
      return answer.body as T;
    },
    async list<T>(path: string, options: AskOptions = {}) {
      const answer = await ask(path, options);
      if (answer.status === 404) return [];
      if (answer.status !== 200) throw new Unreadable(path, answer);
      // A PartialObjectMetadataList has `items: null` if it is empty.
      return (answer.body as { items: readonly T[] | null }).items ?? [];
    },
    async post<T>(path: string, body: object) {
      const answer = await noted(server.post(path, body, LIMITS));
      if (answer.status !== 201 && answer.status !== 200) throw new Unreadable(path, answer);
      return answer.body as T;
    },
  };
}
