import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { mapLimited } from "../../../kube/mapLimited.ts";

test("runs at most four at once, and keeps the order of results", async () => {
  let running = 0;
  let most = 0;
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  const doubled = await mapLimited(numbers, async (number) => {
    most = Math.max(most, ++running);
    await pause(number % 3);
    running--;
    return number * 2;
  });
  expect(doubled).toEqual(numbers.map((number) => number * 2));
  expect(most).toBe(4);
});

test("fails if one of them fails", async () => {
  await expect(mapLimited([1, 2], async (number) => Promise.reject(new Error(`no ${number}`)))).rejects.toThrow("no 1");
});
