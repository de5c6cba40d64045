// Which of Cilium's settings to change, and which to put back. Pure.

/** Keys of the ConfigMap `cilium-config`, or its annotations. */
export type Entries = Readonly<Record<string, string>>;

/** A merge patch of entries: null removes one. */
export type Changes = Readonly<Record<string, string | null>>;

/**
 * What Istio needs of Cilium (https://docs.cilium.io/en/stable/network/servicemesh/istio/):
 * - its socket load balancer stays out of pods, where it would bypass the sidecar (cilium#16583);
 * - it leaves istio-cni's configuration beside its own (cilium#26760);
 * - no second layer 7 proxy.
 */
export const ISTIO_SETTINGS: Entries = {
  "bpf-lb-sock-hostns-only": "true",
  "cni-exclusive": "false",
  "enable-l7-proxy": "false",
};

/** Annotation of the ConfigMap: a {@link Memory} as JSON. */
export const MEMORY = "csp-mesh.io/istio-settings";
/** Annotation of the DaemonSet's pod template: the id of its restart. */
export const RESTART = "csp-mesh.io/istio-settings-restart";

/** What the ConfigMap's annotation remembers. Written together with the settings, so that neither is there without the other. */
export interface Memory {
  /** Values from before, of the keys that were changed; null where there was none. */
  readonly former: Changes;
  /** The DaemonSet's restart that these settings need: owed until its pods carry the same. */
  readonly restart: string;
}

export interface Plan {
  /** What to write; empty where nothing differs. */
  readonly changes: Changes;
  /** What others have set meanwhile, said for people. It stays. */
  readonly foreign: readonly string[];
}

export interface PatchPlan extends Plan {
  /** All former values that are to be remembered from then on. */
  readonly former: Changes;
}

/** What to change so that Istio works. A key that holds neither our value nor its former one is somebody else's by now. */
export function planPatch(data: Entries, memory: Memory | undefined): PatchPlan {
  const changes: Record<string, string> = {};
  const former: Record<string, string | null> = { ...memory?.former };
  const foreign: string[] = [];
  for (const [key, wanted] of Object.entries(ISTIO_SETTINGS)) {
    const current = data[key] ?? null;
    if (current === wanted) continue;
    const before = former[key];
    if (before !== undefined && before !== current) {
      foreign.push(
        `${key} is ${quote(current)}, set by somebody else since: left alone; Istio needs ${quote(wanted)}, before it was ${quote(before)}`,
      );
      continue;
    }
    former[key] = current;
    changes[key] = wanted;
  }
  return { changes, former, foreign };
}

/** What to put back, of the keys that still hold our value. */
export function planRestore(data: Entries, { former }: Memory): Plan {
  const changes: Record<string, string | null> = {};
  const foreign: string[] = [];
  for (const [key, before] of Object.entries(former)) {
    const current = data[key] ?? null;
    if (current === before) continue;
    if (current === ISTIO_SETTINGS[key]) changes[key] = before;
    else
      foreign.push(
        `${key} is ${quote(current)}, set by somebody else since: left alone; before the mesh it was ${quote(before)}`,
      );
  }
  return { changes, foreign };
}

const quote = (value: string | null) => (value === null ? "absent" : JSON.stringify(value));
