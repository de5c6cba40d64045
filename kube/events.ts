import type { CoreV1Event } from "@kubernetes/client-node";
import { shown } from "./shown.ts";

/** Longest event in a message, in characters. */
const LONGEST = 500;
/** Most events in a message. Further events mostly repeat the first ones. */
const MAX_EVENTS = 3;

/** An object's warnings, or all its events if it has no warnings, in one line: newest first, without duplicates. */
export function eventsOf(uid: string | undefined, events: readonly CoreV1Event[]): string {
  const own = events.filter(({ involvedObject }) => involvedObject.uid === uid);
  const warnings = own.filter(({ type }) => type === "Warning");
  const lines = (warnings.length > 0 ? warnings : own)
    .toSorted((a, b) => time(b) - time(a))
    .map(({ reason, message }) => shown(`${reason}: ${message?.trim()}`, LONGEST));
  return [...new Set(lines)].slice(0, MAX_EVENTS).join("; ");
}

function time({ lastTimestamp, eventTime, metadata }: CoreV1Event): number {
  return new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).getTime();
}
