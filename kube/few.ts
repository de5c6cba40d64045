/** At once: more make an API server refuse some. */
const AT_ONCE = 4;

/** As `Promise.all` of a `map`, a few at a time. */
export async function few<In, Out>(inputs: readonly In[], each: (input: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  const left = inputs.entries();
  const work = async () => {
    for (const [index, input] of left) results[index] = await each(input);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}
