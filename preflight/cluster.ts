// A cluster that is only looked at: each question is asked once, whoever has it.
import { type ApiAnswer, type ApiServer, type AskOptions, messageOf } from "../kube/apiServer.ts";
import type { PreflightFinding } from "../mesh/preflightFindings.ts";
import type { ClusterSettings, MeshSettings } from "./settings.ts";

/** Longest wait for one answer, in ms: a firewall that drops packets says nothing, and a preview should not take minutes. */
export const PATIENCE = 15_000;

export interface LookOptions extends AskOptions {
  /** What of a 200's body is kept, where it holds secrets; the rest is dropped. The same function in each request for a path. */
  readonly keep?: (body: unknown) => unknown;
}

export interface ObservedCluster {
  readonly name: string;
  readonly settings: ClusterSettings;
  /** An answer as it is. */
  ask(path: string, options?: LookOptions): Promise<ApiAnswer>;
  /** One object, or nothing where it is not there. @throws Unreadable */
  read<T>(path: string, options?: LookOptions): Promise<T | undefined>;
  /** All of a list, none where the cluster does not know the kind. @throws Unreadable */
  list<T>(path: string, options?: AskOptions): Promise<readonly T[]>;
  /** @throws Unreadable */
  post<T>(path: string, body: object): Promise<T>;
  /** What it would answer to the creation of an object: nothing is made. */
  dryRun(path: string, body: object): Promise<ApiAnswer>;
  /** Everything that was answered until now. */
  readonly answers: readonly ApiAnswer[];
}

/** One idea of what may be wrong with a cluster. */
export type Check = (cluster: ObservedCluster, mesh: MeshSettings) => Promise<readonly PreflightFinding[]>;

/** A preview should not wait for a server that stays busy as long as an update does. */
const LIMITS: AskOptions = { timeout: PATIENCE, within: PATIENCE, tries: 4 };

/** An answer that is no use. */
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
      // Of metadata alone, none are null.
      return (answer.body as { items: readonly T[] | null }).items ?? [];
    },
    async post<T>(path: string, body: object) {
      const answer = await noted(server.post(path, body, LIMITS));
      if (answer.status !== 201 && answer.status !== 200) throw new Unreadable(path, answer);
      return answer.body as T;
    },
  };
}
