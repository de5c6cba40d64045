// Property values as the engine sends them: JSON in which unknown and secret values are marked by fixed signatures
// (sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi).
const UNKNOWN_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** What stands for a value that a preview cannot know. */
export const unknown = Symbol("unknown");

/** A resource's properties: on the wire with their marks, or plain (see `plain`). */
export type Props = Record<string, unknown>;

export const wireUnknown = (): string => UNKNOWN_WIRE;

export const wireSecret = (value: unknown): Props => ({ [SIGNATURE_KEY]: SECRET_SIGNATURE, value });

function isSecret(value: object): value is { value: unknown } {
  return (value as Props)[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** The value without its marks: secrets opened, unknowns as the symbol `unknown`. */
function plainValue(value: unknown): unknown {
  if (value === UNKNOWN_WIRE) return unknown;
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return value;
  return isSecret(value) ? plainValue(value.value) : plain(value as Props);
}

/** Properties without their marks. A null is a property left out, as the original providers read it. */
export function plain(props: Props): Props {
  const result: Props = {};
  for (const [key, value] of Object.entries(props)) if (value !== null) result[key] = plainValue(value);
  return result;
}

/** Whether a wire value holds a secret at any depth. */
export function hasSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  if (typeof value !== "object" || value === null) return false;
  return isSecret(value) || Object.values(value).some(hasSecret);
}
