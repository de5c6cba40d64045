/** Concurrent requests. With more, an API server begins to refuse some. */
const AT_ONCE = 4;

/** Like `Promise.all` of a `map`, with a limited number of concurrent calls. */
export async function mapLimited<In, Out>(inputs: readonly In[], each: (input: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  const left = inputs.entries();
  const work = async () => {
    for (const [index, input] of left) results[index] = await each(input);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}
