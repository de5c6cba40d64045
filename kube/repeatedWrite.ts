// A write that was repeated, because the first try broke off or was answered by an error of the server's, may have been done by
// that first try. The repeat is refused then, though the object is as it was to be.
import type { ApiAnswer, Content, Method } from "./apiServer.ts";

/** Fields that the API server sets, whatever is sent. */
const SERVERS = new Set(["resourceVersion", "generation", "creationTimestamp", "managedFields"]);

type Fields = Readonly<Record<string, unknown>>;

/** Whether a create without a name is sent: each repeat of it would make one more object. */
export function isNameless(method: Method, content: Content | undefined): boolean {
  const { metadata } = (content?.body ?? {}) as { metadata?: { name?: string; generateName?: string } };
  return method === "POST" && metadata?.generateName !== undefined && metadata.name === undefined;
}

/**
 * What counts as the answer of a repeated write.
 * - DELETE, 404: what was to go is gone.
 * - POST, 409 AlreadyExists, and PUT or PATCH with a resourceVersion, 409 Conflict: done, where the object holds all that was sent.
 *   Otherwise somebody else wrote it, and the caller handles the 409 as without a repeat.
 * PUT, PATCH and apply without a resourceVersion set the same fields again, so that their repeats need nothing.
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

/** The status is its controllers'. */
function holdsObject({ metadata, status: _, ...sent }: Fields, found: Fields): boolean {
  const own = Object.entries((metadata ?? {}) as Fields).filter(([key]) => !SERVERS.has(key));
  return holds(sent, found) && holds(Object.fromEntries(own), found.metadata);
}

/** Whether all that was sent is there; null asks for a field to be absent. */
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
