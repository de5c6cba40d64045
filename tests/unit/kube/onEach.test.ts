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

  test("continues after a failure, and reports each distinct message once", async () => {
    const { done, error } = await run(["bad 1", "a", "bad 2", "b", "bad 1"]);
    expect(done).toEqual(["a", "b"]);
    expect(error).toEqual(new Error("bad 1\nbad 2"));
  });

  test("rethrows a single error unchanged", async () => {
    expect((await run(["a", "bad"])).error).toBeInstanceOf(RangeError);
    expect(await run(["a", "b"])).toEqual({ done: ["a", "b"], error: undefined });
  });
});

test("onEachInTurn waits for each item before the next one", async () => {
  const seen: string[] = [];
  await onEachInTurn(["a", "b"], async (item) => {
    seen.push(`${item} begins`);
    await Promise.resolve();
    seen.push(`${item} ends`);
  });
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});
