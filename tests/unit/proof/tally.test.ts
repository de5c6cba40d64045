import { expect, test } from "vitest";
import { count, describeTallies, emptyTally, isMet, missing } from "../../../proof/tally.ts";

const clusterOf = new Map([
  ["pod-a", "a"],
  ["pod-b", "b"],
  ["pod-c", "c"],
]);
const expected = { clusters: ["a", "b"], count: 3, failuresAllowed: false };
const from = (...pods: string[]) => pods.map((pod) => ({ pod }));
const failure = { failure: "HTTP 503" };
const add = (answers: Parameters<typeof count>[1], expectation = expected) =>
  count(emptyTally("a"), answers, clusterOf, expectation);

test("is complete when every cluster has answered often enough", () => {
  const tally = add(from("pod-a", "pod-b", "pod-b"));
  expect(isMet(tally, expected)).toBe(true);
  expect(describeTallies([tally], () => expected)).toBe("from a: a 1, b 2");
});

test("is incomplete while a cluster has not answered", () => {
  const tally = add(from("pod-a", "pod-a", "pod-a", "pod-a"));
  expect(isMet(tally, expected)).toBe(false);
  expect(missing(tally, expected)).toEqual(["b"]);
});

test("is incomplete with too few answers", () => {
  expect(isMet(add(from("pod-a", "pod-b")), expected)).toBe(false);
});

test("restarts after a failure, which it still counts", () => {
  const tally = add([...from("pod-a", "pod-b", "pod-b"), failure, ...from("pod-a")]);
  expect(isMet(tally, expected)).toBe(false);
  expect(describeTallies([tally], () => expected)).toBe("from a: a 1, b 0 (1 failed, last: HTTP 503)");
});

test("continues after a failure if failures are allowed", () => {
  const allowed = { ...expected, failuresAllowed: true };
  const tally = add([...from("pod-a", "pod-b"), failure, ...from("pod-b")], allowed);
  expect(isMet(tally, allowed)).toBe(true);
});

test("restarts after an answer from an unexpected cluster, even if failures are allowed", () => {
  const tally = add(from("pod-a", "pod-b", "pod-b", "pod-c"), { ...expected, failuresAllowed: true });
  expect(isMet(tally, expected)).toBe(false);
  expect(describeTallies([tally], () => expected)).toBe("from a: a 0, b 0 (1 from elsewhere, last: an answer from c)");
});

test("rejects an answer of an unknown pod", () => {
  const tally = add(from("pod-x"));
  expect(tally.lastTrouble).toBe("an answer from pod-x, which is not a pod of the mesh");
  expect(tally.unexpected).toBe(1);
});
