// Checks of inputs that several resource types share, in the words of the original providers. Unknown values pass.
import type { CheckFailure } from "./resource.ts";
import type { Props } from "./values.ts";

export function oneOf(inputs: Props, property: string, allowed: readonly string[]): CheckFailure[] {
  const value = inputs[property];
  if (typeof value !== "string" || allowed.includes(value)) return [];
  return [{ property, reason: `value must be one of: ${allowed.join(", ")}, got: "${value}"` }];
}

export function eachOneOf(inputs: Props, property: string, allowed: readonly string[]): CheckFailure[] {
  const values = inputs[property];
  if (!Array.isArray(values)) return [];
  return values.flatMap((value) => oneOf({ [property]: value }, property, allowed));
}

export function atLeast(inputs: Props, property: string, least: number): CheckFailure[] {
  const value = inputs[property];
  if (typeof value !== "number" || value >= least) return [];
  return [{ property, reason: `value must be at least ${least}, got: ${value}` }];
}
