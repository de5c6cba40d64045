import { beforeEach, describe, expect, test } from "vitest";
import { firstAnswers } from "../../../bench/firstAnswers.ts";
import { orderOf } from "../../../bench/rounds.ts";
import { type FakeMesh, makeFakeMesh } from "../proof/fakeMesh.ts";

let fake: FakeMesh;
beforeEach(async () => {
  fake = await makeFakeMesh(["a", "b", "c"]);
});

const ask = ({ deadline = 20, signal = new AbortController().signal } = {}) =>
  firstAnswers({ clusters: fake.mesh.clusters.map(fake.connect), namespace: "sample", deadline, signal });
const cluster = (name: string) => {
  const found = fake.clusters[name];
  if (found === undefined) throw new Error(name);
  return found;
};

describe("the first answers", () => {
  test("are complete when every caller has an answer from every other cluster", async () => {
    await ask();
  });

  test("time out if one direction gets no answer, and the error names the direction", async () => {
    cluster("b").answeredBy = ["a", "b"];
    await expect(ask()).rejects.toThrow("no answer within 0.02 s: b to c");
    cluster("a").answeredBy = ["a"];
    await expect(ask()).rejects.toThrow("no answer within 0.02 s: a to b, a to c, b to c");
  });

  test("do not require an answer from the caller's own cluster", async () => {
    cluster("a").answeredBy = ["b", "c"];
    await ask();
  });

  test("may arrive one after the other", async () => {
    const turns = [["b"], ["c"], ["a"]];
    cluster("a").onExec = () => {
      cluster("a").answeredBy = turns.shift() ?? [];
    };
    await ask({ deadline: 5_000 });
    expect(turns).toEqual([["a"]]);
  });

  test("wait for a caller pod that does not exist yet", async () => {
    const { connect } = fake;
    let looks = 0;
    const late: FakeMesh["connect"] = (entry) => {
      const real = connect(entry);
      const pods: typeof real.pods = (namespace, selector) =>
        entry.name === "a" && ++looks < 3 ? Promise.resolve([]) : real.pods(namespace, selector);
      return { ...real, pods };
    };
    fake = { ...fake, connect: late };
    await ask({ deadline: 5_000 });
    expect(looks).toBeGreaterThanOrEqual(3);
  });

  test("are requested only after every cluster has a ready reviews pod", async () => {
    const { connect } = fake;
    const order: string[] = [];
    const late: FakeMesh["connect"] = (entry) => {
      const real = connect(entry);
      const pods: typeof real.pods = async (namespace, selector) => {
        if (entry.name !== "c" || selector !== "app=reviews" || order.push("look") > 6)
          return real.pods(namespace, selector);
        return [];
      };
      return { ...real, pods };
    };
    cluster("a").onExec = () => order.push("ask");
    fake = { ...fake, connect: late };
    await ask({ deadline: 5_000 });
    expect(order.indexOf("ask")).toBeGreaterThanOrEqual(6);
  });

  test("are no longer awaited after the commands fail", async () => {
    cluster("a").answeredBy = [];
    const failure = new AbortController();
    const asked = ask({ deadline: 60_000, signal: failure.signal });
    failure.abort(new Error("istioctl failed"));
    await expect(asked).rejects.toThrow("istioctl failed");
  });
});

test("the two sides alternate in going first", () => {
  expect([1, 2, 3, 4].map((round) => orderOf(round, ["A", "B"]).join(" "))).toEqual(["A B", "B A", "A B", "B A"]);
});
