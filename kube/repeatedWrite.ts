// Interprets the answer to a repeated write. A first try that got no answer, or a server error, may have succeeded.
// Then the repeat is refused although the object is as wanted.
import type { ApiAnswer, Content, Method } from "./apiServer.ts";

/** Fields that the API server sets itself. */
const SERVERS = new Set(["resourceVersion", "generation", "creationTimestamp", "managedFields"]);

type Fields = Readonly<Record<string, unknown>>;

/** Whether the request creates an object with `generateName`: each repeat would create one more object. */
export function isNameless(method: Method, content: Content | undefined): boolean {
  const { metadata } = (content?.body ?? {}) as { metadata?: { name?: string; generateName?: string } };
  return method === "POST" && metadata?.generateName !== undefined && metadata.name === undefined;
}

/**
 * The effective answer to a repeated write.
 * - DELETE, 404: the object was deleted.
 * - POST, 409 AlreadyExists, and PUT or PATCH with a resourceVersion, 409 Conflict: success if the object holds all
 * that was sent. Otherwise another client wrote it, and the caller gets the 409. PUT, PATCH and apply without a
 * resourceVersion set the same fields again, so they need no special case.
 */
export async function settled(
  method: Method,
  path: string,
  content: Content | undefined,
  answer: ApiAnswer,
  get: (path: string) => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  if (method === "DELETE" && answer.status === 404) return { ...answer, status: 200 };
  if (answer.status !== 409 || method === "DELETE" || content === undefined) return answer;
  const [collection = ""] = path.split("?");
  const { metadata } = content.body as { metadata?: { name?: string } };
  if (method === "POST" && metadata?.name === undefined) return answer;
  const found = await get(method === "POST" ? `${collection}/${metadata?.name}` : collection);
  if (found.status !== 200 || !holdsObject(content.body as Fields, found.body as Fields)) return answer;
  return { ...found, status: method === "POST" ? 201 : 200 };
}

/** Ignore the status, because controllers write it. */
function holdsObject({ metadata, status: _, ...sent }: Fields, found: Fields): boolean {
  const own = Object.entries((metadata ?? {}) as Fields).filter(([key]) => !SERVERS.has(key));
  return holds(sent, found) && holds(Object.fromEntries(own), found.metadata);
}

/** Whether the object holds all that was sent; null requires a field to be absent. */
function holds(sent: unknown, found: unknown): boolean {
  if (sent === null || sent === undefined) return found === null || found === undefined;
  if (typeof sent !== "object") return sent === found;
  if (typeof found !== "object" || found === null) return false;
  if (Array.isArray(sent)) {
    return (
      Array.isArray(found) && sent.length === found.length && sent.every((item, index) => holds(item, found[index]))
    );
  }
  return Object.entries(sent).every(([key, value]) => holds(value, (found as Fields)[key]));
}
