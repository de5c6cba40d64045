import { expect, test } from "vitest";
import { waitFor } from "../../../lab/wait.ts";

test("resolves as soon as the condition holds", async () => {
  let asked = 0;
  await waitFor("three", 5_000, async () => ++asked === 3 || `${asked}`, 1);
  expect(asked).toBe(3);
});

test("reports the last state on a timeout", async () => {
  await expect(waitFor("a node", 0, async () => "no node registered")).rejects.toThrow(
    "a node: not within 0 s; last state: no node registered",
  );
});

test("treats an error as a state", async () => {
  let asked = 0;
  const condition = async () => {
    if (++asked < 3) throw new Error("refused");
    return true as const;
  };
  await waitFor("an answer", 5_000, condition, 1);
  await expect(waitFor("an answer", 0, () => Promise.reject(new Error("refused")))).rejects.toThrow(
    "an answer: not within 0 s; last state: refused",
  );
});
