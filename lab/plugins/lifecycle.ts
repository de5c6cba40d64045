// Check, diff, create, read and update of any resource type, from wire values to wire values.
import { isDeepStrictEqual } from "node:util";
import type { CheckFailure, Operation, ResourceType } from "./resource.ts";
import { hasSecret, type Props, plain, wireSecret, wireUnknown } from "./values.ts";

export interface Change {
  readonly property: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

export function check(type: ResourceType, news: Props): { inputs: Props; failures: CheckFailure[] } {
  const inputs = { ...type.defaults?.(plain(news)), ...news };
  return { inputs, failures: type.check?.(plain(inputs)) ?? [] };
}

/** Changed inputs, and what has gone stale by itself. An unknown value counts as changed. */
export function diff(type: ResourceType, oldInputs: Props, state: Props, news: Props): Change[] {
  const before = plain(oldInputs);
  const after = plain(news);
  const changes: Change[] = [];
  for (const property of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isDeepStrictEqual(before[property], after[property])) continue;
    const kind = !(property in before) ? "add" : !(property in after) ? "delete" : "update";
    changes.push({ property, kind, replaces: type.replaces?.(property) ?? true });
  }
  for (const property of type.stale?.(after, plain(state)) ?? [])
    changes.push({ property, kind: "update", replaces: true });
  return changes;
}

export async function create(
  type: ResourceType,
  inputs: Props,
  preview: boolean,
  operation: Operation,
): Promise<{ id: string; state: Props }> {
  if (preview) return { id: "", state: { ...inputs, ...unknowns(type) } };
  const { id, outputs } = await type.create(plain(inputs), operation);
  return { id, state: { ...inputs, ...sealed(type, inputs, outputs) } };
}

export async function update(
  type: ResourceType,
  state: Props,
  inputs: Props,
  preview: boolean,
  operation: Operation,
): Promise<Props> {
  const kept = Object.fromEntries(type.computed.filter((key) => key in state).map((key) => [key, state[key]]));
  if (type.update === undefined) return { ...inputs, ...kept };
  if (preview) return { ...inputs, ...unknowns(type) };
  return { ...inputs, ...sealed(type, inputs, await type.update(plain(inputs), plain(state), operation)) };
}

export function read(type: ResourceType, state: Props): Props {
  return { ...state, ...type.read?.(plain(state)) };
}

const unknowns = (type: ResourceType): Props => Object.fromEntries(type.computed.map((key) => [key, wireUnknown()]));

/** Computed properties with their secret marks. */
function sealed(type: ResourceType, inputs: Props, outputs: Props): Props {
  const all = type.inheritsSecrecy === true && hasSecret(inputs);
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => [
      key,
      all || type.secret?.includes(key) === true ? wireSecret(value) : value,
    ]),
  );
}
