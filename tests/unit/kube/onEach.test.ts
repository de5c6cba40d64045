import { describe, expect, test } from "vitest";
import { onEach, onEachInTurn } from "../../../kube/onEach.ts";

describe.each([
  ["onEach", onEach],
  ["onEachInTurn", onEachInTurn],
])("%s", (_, each) => {
  const run = async (items: readonly string[]) => {
    const done: string[] = [];
    const ended = each(items, (item) => {
      if (item.startsWith("bad")) throw new RangeError(item);
      done.push(item);
    });
    return { done, error: await ended.catch((error: Error) => error) };
  };

  test("finishes the others, and names all that failed, each message once", async () => {
    const { done, error } = await run(["bad 1", "a", "bad 2", "b", "bad 1"]);
    expect(done).toEqual(["a", "b"]);
    expect(error).toEqual(new Error("bad 1\nbad 2"));
  });

  test("throws a single error as it is", async () => {
    expect((await run(["a", "bad"])).error).toBeInstanceOf(RangeError);
    expect(await run(["a", "b"])).toEqual({ done: ["a", "b"], error: undefined });
  });
});

test("onEachInTurn begins none before the one before it has ended", async () => {
  const seen: string[] = [];
  await onEachInTurn(["a", "b"], async (item) => {
    seen.push(`${item} begins`);
    await Promise.resolve();
    seen.push(`${item} ends`);
  });
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});
