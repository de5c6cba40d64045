// Properties of resources in the engine's format.

export type Properties = Readonly<Record<string, unknown>>;

/** Represents a value that is still unknown in a preview (sdk/go/common/resource/plugin/rpc.go). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or any part of it, is still unknown. */
export function isUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknown);
}

/** Whether a path refers to a value that is still unknown, or to a part of one. */
export function isUnknownAt(properties: Properties, path: readonly PropertyKey[]): boolean {
  let value: unknown = properties;
  for (const key of path) {
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
    if (value === UNKNOWN) return true;
  }
  return false;
}

/** All properties except those that determine the cluster. */
export function settingsOf({ cluster: _, access: __, claim: ___, ...settings }: Properties): Properties {
  return settings;
}

/** Resource type in a URN: `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
export function kindOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
