import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const root = folder({ kubeconfig: kubeconfig(["a", "b", "c", "d"]) });
const cluster = (name: string) => ({ name, kubeconfig: "kubeconfig", context: name });

function traffic(value: unknown, names: readonly string[] = ["a", "b"]) {
  return parseConfig({ clusters: names.map(cluster), sample: { traffic: value } }, root).sample.traffic;
}

/** The lines of the error for an invalid setting. */
function problems(value: unknown): string[] {
  try {
    traffic(value);
  } catch (error) {
    return (error as Error).message.split("\n  - ").slice(1);
  }
  throw new Error("the setting was taken");
}

describe("sample.traffic", () => {
  test("defaults to Istio's own balancing", () => {
    expect(traffic(undefined)).toEqual({ kind: "none" });
  });

  test("accepts weights of existing versions", () => {
    const weights = { v1: 30, v2: 70 };
    expect(traffic({ kind: "weights", weights })).toEqual({ kind: "weights", weights });
    expect(traffic({ kind: "weights", weights: { v2: 100 } })).toEqual({ kind: "weights", weights: { v2: 100 } });
  });

  test("accepts failover with retries and ejection", () => {
    expect(traffic({ kind: "failover" })).toEqual({ kind: "failover", retries: 3, ejectSeconds: 10 });
    expect(traffic({ kind: "failover", retries: 0, ejectSeconds: 1 })).toMatchObject({ retries: 0, ejectSeconds: 1 });
  });

  test.each([
    [{ kind: "weights", weights: { v1: 30, v2: 60 } }, ["sample.traffic.weights: must add up to 100, got 90"]],
    [
      { kind: "weights", weights: { v1: 30, v3: 60, v7: 10 } },
      [
        "sample.traffic.weights.v3: runs in no cluster; this mesh has v1, v2",
        "sample.traffic.weights.v7: runs in no cluster; this mesh has v1, v2",
      ],
    ],
    [
      { kind: "weights", weights: { nhn: 100 } },
      ["sample.traffic.weights.nhn: must have versions such as v1 for its keys"],
    ],
    [{ kind: "weights" }, ["sample.traffic.weights: is required (record)"]],
    [
      { kind: "weights", weights: { v1: 100 }, retries: 1 },
      ['sample.traffic: unknown key "retries"; known are kind, weights'],
    ],
    [
      { kind: "failover", weights: { v1: 100 } },
      ['sample.traffic: unknown key "weights"; known are kind, retries, ejectSeconds'],
    ],
    [{ kind: "failover", ejectSeconds: 0 }, ["sample.traffic.ejectSeconds: must be more than 0, got 0"]],
    [{ kind: "mirror" }, ['sample.traffic.kind: must be one of "none", "weights", "failover", got "mirror"']],
    ["weights", ['sample.traffic: must be of type object, got "weights"']],
  ])("rejects %j", (value, lines) => {
    expect(problems(value)).toEqual(lines);
  });

  test("accepts versions that repeat after three clusters", () => {
    const weights = { v1: 10, v2: 20, v3: 70 };
    expect(traffic({ kind: "weights", weights }, ["a", "b", "c", "d"])).toMatchObject({ weights });
  });
});
