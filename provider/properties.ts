// Properties of resources as the engine sends them.

export type Properties = Readonly<Record<string, unknown>>;

/** Stands for a value that a preview does not know yet (sdk/go/common/resource/plugin/rpc.go). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or any part of it, is not known yet. */
export function isUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknown);
}

/** Whether a path leads to a value that is not known yet, or into one. */
export function isUnknownAt(properties: Properties, path: readonly PropertyKey[]): boolean {
  let value: unknown = properties;
  for (const key of path) {
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
    if (value === UNKNOWN) return true;
  }
  return false;
}

/** All but where the resource acts. */
export function settingsOf({ cluster: _, access: __, claim: ___, ...settings }: Properties): Properties {
  return settings;
}

/** Type of a URN's resource: `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
export function kindOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
