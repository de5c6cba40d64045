// Plans which of Cilium's settings to change, and which to restore. Pure.
import { jsonIn } from "./json.ts";

/** Entries of the ConfigMap `cilium-config`, or its annotations. */
export type Entries = Readonly<Record<string, string>>;

/** A merge patch of entries: null removes one. */
export type Changes = Readonly<Record<string, string | null>>;

export const SETTING_NAMES = ["bpf-lb-sock-hostns-only", "cni-exclusive", "enable-l7-proxy"] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

/** Istio requires it to be false. Features that use it then stop working (ciliumL7.ts). */
export const L7_PROXY = "enable-l7-proxy" satisfies SettingName;

/**
 * The settings that Istio requires of Cilium (https://docs.cilium.io/en/stable/network/servicemesh/istio/):
 * - its socket load balancer stays out of pods, where it would bypass the sidecar (cilium#16583);
 * - it does not remove istio-cni's configuration (cilium#26760);
 * - it runs no second layer 7 proxy.
 */
export const ISTIO_SETTINGS: Readonly<Record<SettingName, string>> & Entries = {
  "bpf-lb-sock-hostns-only": "true",
  "cni-exclusive": "false",
  [L7_PROXY]: "false",
};

/** Annotation of the ConfigMap: a {@link Memory} as JSON. */
export const MEMORY = "csp-mesh.io/istio-settings";
/** Annotation of the DaemonSet's pod template: the id of its restart. */
export const RESTART = "csp-mesh.io/istio-settings-restart";

/**
 * Content of the ConfigMap's annotation. It is written together with the settings, so that neither exists without the
 * other.
 */
export interface Memory {
  /** Former values of the changed keys; null for keys that did not exist. */
  readonly former: Changes;
  /** Id of the DaemonSet restart that these settings need. The restart is pending until the pods have this id. */
  readonly restart: string;
}

/**
 * @param text text of the annotation
 * @throws Error that names the annotation and the remedy, if it was changed by hand
 */
export function memoryOf(text: string | undefined): Memory | undefined {
  if (!text) return undefined;
  const memory = jsonIn(text) as Memory | null | undefined;
  if (typeof memory?.former === "object" && memory.former !== null && typeof memory.restart === "string") return memory;
  throw new Error(
    `ConfigMap cilium-config: annotation ${MEMORY}, which holds Cilium's former settings, was changed and cannot be read. ` +
      `Correct it, or remove it (kubectl annotate configmap cilium-config -n NAMESPACE ${MEMORY}-) and set ` +
      `${SETTING_NAMES.join(", ")} yourself`,
  );
}

export interface Plan {
  /** Changes to write; empty if nothing differs. */
  readonly changes: Changes;
  /** Keys that were changed outside this stack and are left alone, each with an explanation. */
  readonly foreign: Entries;
}

export interface PatchPlan extends Plan {
  /** All former values to record. */
  readonly former: Changes;
}

/**
 * Changes that Istio needs. A key with neither our value nor its former one was changed outside this stack, and is left
 * alone.
 *
 * @param remembered former values of the keys that this stack has changed
 * @param leave keys that the config excludes: changed ones get their former values back
 */
export function planPatch(data: Entries, remembered: Changes = {}, leave: readonly string[] = []): PatchPlan {
  const wanted = Object.entries(ISTIO_SETTINGS).filter(([key]) => !leave.includes(key));
  const given = planRestore(
    data,
    Object.fromEntries(Object.entries(remembered).filter(([key]) => leave.includes(key))),
  );
  const changes: Record<string, string | null> = { ...given.changes };
  const foreign: Record<string, string> = { ...given.foreign };
  const former = Object.fromEntries(Object.entries(remembered).filter(([key]) => !leave.includes(key)));
  for (const [key, value] of wanted) {
    const current = data[key] ?? null;
    if (current === value) continue;
    const before = former[key];
    if (before !== undefined && before !== current) {
      foreign[key] =
        `${key} is ${quote(current)}, changed outside this stack, and stays so; ` +
        `Istio needs ${quote(value)}, before the mesh it was ${quote(before)}`;
      continue;
    }
    former[key] = current;
    changes[key] = value;
  }
  return { changes, former, foreign };
}

/**
 * Values to restore, for the keys that still have the written value.
 *
 * @param former former values by key
 * @param written the values that replaced them
 */
export function planRestore(data: Entries, former: Changes, written: Changes = ISTIO_SETTINGS): Plan {
  const changes: Record<string, string | null> = {};
  const foreign: Record<string, string> = {};
  for (const [key, before] of Object.entries(former)) {
    const current = data[key] ?? null;
    if (current === before) continue;
    if (current === (written[key] ?? null)) changes[key] = before;
    else
      foreign[key] =
        `${key} is ${quote(current)}, changed outside this stack, and stays so; before the mesh it was ${quote(before)}`;
  }
  return { changes, foreign };
}

/** Changes in words: `enable-l7-proxy "true" -> "false"`. */
export function changeWords(data: Changes, changes: Changes): string {
  return Object.entries(changes)
    .map(([key, value]) => `${key} ${quote(data[key] ?? null)} -> ${quote(value)}`)
    .join(", ");
}

/** A plan in words for a preview; undefined if nothing changes. */
export function planWords(data: Changes, { changes }: Plan): string | undefined {
  return Object.keys(changes).length === 0 ? undefined : `cilium-config: ${changeWords(data, changes)}, one restart`;
}

const quote = (value: string | null) => (value === null ? "absent" : JSON.stringify(value));
