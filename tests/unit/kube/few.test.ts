import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { few } from "../../../kube/few.ts";

test("no more than four run at once, and results keep their order", async () => {
  let running = 0;
  let most = 0;
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  const doubled = await few(numbers, async (number) => {
    most = Math.max(most, ++running);
    await pause(number % 3);
    running--;
    return number * 2;
  });
  expect(doubled).toEqual(numbers.map((number) => number * 2));
  expect(most).toBe(4);
});

test("one that fails is the whole's failure", async () => {
  await expect(few([1, 2], async (number) => Promise.reject(new Error(`no ${number}`)))).rejects.toThrow("no 1");
});
