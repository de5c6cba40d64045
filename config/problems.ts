import type * as z from "zod";
import { PASSWORD, quote } from "../kube/quote.ts";

export { isBlock, quote } from "../kube/quote.ts";

/** Converts `["clusters", 0, "name"]` to `clusters[0].name`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, depth) => (typeof key === "number" ? `[${key}]` : depth === 0 ? String(key) : `.${String(key)}`))
    .join("");
}

/** One line of a report: the path in the stack file, then the message. */
export function problem(path: readonly PropertyKey[], message: string): string {
  return path.length === 0 ? message : `${pathText(path)}: ${message}`;
}

/**
 * The result of `find`; if it throws, undefined, and its error (or the errors of an AggregateError) is added to
 * `problems`.
 */
export function attempt<T>(problems: string[], path: readonly PropertyKey[], find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    const all = error instanceof AggregateError ? error.errors : [error];
    problems.push(...all.map(({ message }: Error) => problem(path, message)));
    return undefined;
  }
}

/** A schema's errors, one line each. Use `reportInput` for parsing, or the lines lack values. */
export function schemaProblems(error: z.ZodError): string[] {
  return error.issues.map((issue) => problem(issue.path, explain(issue)));
}

/** Hint for fields in which no allowed value may seem to fit. */
const OTHERWISE: Readonly<Record<string, string>> = { csp: '; for every other provider use "generic"' };

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.path.at(-1) === PASSWORD) return `must be a ${issue.expected}`;
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `is required (${issue.expected})`
        : `must be of type ${issue.expected}, got ${quote(issue.input)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(quote).join(", ")}, got ${quote(issue.input)}${OTHERWISE[String(issue.path.at(-1))] ?? ""}`;
    case "too_small":
      return issue.origin === "number" || issue.origin === "int"
        ? `must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}, got ${quote(issue.input)}`
        : issue.message;
    case "invalid_key":
      return issue.issues[0] ? explain(issue.issues[0]) : issue.message;
    default:
      return issue.message;
  }
}
