// A fake Cilium: a ConfigMap, a DaemonSet whose pods restart at each change of its template, and policies.
import type { V1Pod } from "@kubernetes/client-node";
import { ApiError } from "../../../kube/apiServer.ts";
import type { Objects } from "../../../kube/objects.ts";
import { type Changes, type Entries, MEMORY, RESTART } from "../../../mesh/ciliumSettings.ts";
import type { Step } from "../../../provider/kind.ts";

interface Patch {
  readonly metadata: { readonly resourceVersion: string; readonly annotations?: Changes };
  readonly data?: Changes;
  readonly spec?: { readonly template: { readonly metadata: { readonly annotations: Changes } } };
}

export interface FakeCilium {
  data: Entries;
  /** Annotation of the ConfigMap. */
  memory: string | undefined;
  /** Number of restarts. */
  restarts: number;
  /** Annotation of the pods' template. */
  restart: string | undefined;
  /** Whether agents start with these settings. */
  bears: (data: Entries) => boolean;
  /** Whether all pods restart even if they do not become ready. */
  isAll: boolean;
  /** Called before each write, with the object's kind. */
  beforeWrite: (kind: string) => void;
  /** Called when the DaemonSet is read. */
  onLook: () => void;
  /** Objects of cilium.io, and pods of others, by kind, or an error. */
  policies: Record<string, object[] | ApiError>;
  readonly writes: string[];
  readonly warnings: string[];
  step<Inputs>(inputs: Inputs, signal?: AbortSignal): Step<Inputs>;
}

const AGENTS = 3;
const namespace = "kube-system";
const merged = (entries: Entries, patch: Changes = {}): Entries =>
  Object.fromEntries(
    Object.entries({ ...entries, ...patch }).filter((entry): entry is [string, string] => entry[1] !== null),
  );

export function fakeCilium(data: Entries): FakeCilium {
  let version = 1;
  const labels = { "k8s-app": "cilium" };
  const owner = { kind: "DaemonSet", name: "cilium", uid: "ds", apiVersion: "apps/v1" };

  const daemonSet = () => {
    const ready = cilium.restart === undefined || cilium.bears(cilium.data);
    const annotations = cilium.restart === undefined ? {} : { [RESTART]: cilium.restart };
    return {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "cilium", namespace, uid: "ds", generation: 1, resourceVersion: `${version}`, labels },
      spec: { selector: { matchLabels: labels }, template: { metadata: { annotations } } },
      status: {
        observedGeneration: 1,
        desiredNumberScheduled: AGENTS,
        updatedNumberScheduled: ready || cilium.isAll ? AGENTS : 1,
        numberAvailable: ready ? AGENTS : AGENTS - 1,
      },
    };
  };
  const pod = (): V1Pod => ({
    metadata: {
      name: "cilium-x",
      uid: `pod-${cilium.restarts}`,
      ownerReferences: [owner],
      ...(cilium.restart !== undefined && { annotations: { [RESTART]: cilium.restart } }),
    },
    status: {
      conditions: [{ type: "Ready", status: cilium.bears(cilium.data) ? "True" : "False" }],
      containerStatuses: [
        {
          name: "cilium-agent",
          restartCount: 3,
          state: { waiting: { reason: "CrashLoopBackOff" } },
          lastState: { terminated: { exitCode: 1, message: 'level=fatal\u001b[0m msg="no proxy"' } },
          image: "",
          imageID: "",
          ready: false,
        },
      ],
    },
  });

  async function list(_: string, kind: string): Promise<unknown[]> {
    if (kind === "DaemonSet") return [daemonSet()];
    return kind === "Pod" ? [pod()] : others(kind);
  }
  function others(kind: string): unknown[] {
    const found = cilium.policies[kind] ?? [];
    if (found instanceof ApiError) throw found;
    return found.map((object) => ({ ...object, kind }));
  }
  async function merge({ kind, metadata }: { kind?: string; metadata?: { resourceVersion?: string } }, patch: Patch) {
    cilium.beforeWrite(kind ?? "");
    if (metadata?.resourceVersion !== `${version}`) throw new ApiError({ status: 409, body: {} });
    cilium.writes.push(kind ?? "");
    version++;
    if (kind === "ConfigMap") {
      cilium.data = merged(cilium.data, patch.data);
      cilium.memory = patch.metadata.annotations?.[MEMORY] ?? undefined;
    } else {
      cilium.restart = patch.spec?.template.metadata.annotations[RESTART] ?? undefined;
      cilium.restarts++;
    }
  }
  const objects = {
    list,
    metadataOf: async (_: string, kind: string) => others(kind),
    merge,
    async read() {
      const annotations = cilium.memory === undefined ? {} : { [MEMORY]: cilium.memory };
      const metadata = { name: "cilium-config", namespace, resourceVersion: `${version}`, annotations };
      return { apiVersion: "v1", kind: "ConfigMap", metadata, data: cilium.data };
    },
    async existing() {
      cilium.onLook();
      return daemonSet();
    },
  } as unknown as Objects;

  const cilium: FakeCilium = {
    data,
    memory: undefined,
    restarts: 0,
    restart: undefined,
    bears: () => true,
    isAll: false,
    beforeWrite: () => {},
    onLook: () => {},
    policies: {},
    writes: [],
    warnings: [],
    step: (inputs, signal = new AbortController().signal) => ({
      cluster: { name: "one", kubeconfig: "", context: "", objects } as never,
      inputs,
      signal,
      say: () => {},
      warn: (line) => void cilium.warnings.push(line),
      tidying: () => {},
    }),
  };
  return cilium;
}
