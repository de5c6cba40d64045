import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type CheckResult, type ProveOptions, prove } from "../../../proof/prove.ts";
import { type FakeCluster, type FakeMesh, makeFakeMesh } from "./fakeMesh.ts";

/** Short deadlines, so that failing checks end soon. */
const deadlines = { answers: 20, sync: 20, accessLog: 20, podsGone: 20, podsReady: 20 };

let fake: FakeMesh;
let ncloud: FakeCluster;
let nhn: FakeCluster;

beforeEach(async () => {
  fake = await makeFakeMesh();
  ({ ncloud, nhn } = fake.clusters as { ncloud: FakeCluster; nhn: FakeCluster });
});

const run = (options: ProveOptions = {}) =>
  prove(fake.mesh, { connect: fake.connect, deadlines, disruption: true, ...options });
const find = (results: readonly CheckResult[], name: string) => results.find((result) => result.name === name);
const outcome = async (name: string) => {
  const { passed, seen, hint } = find(await run(), name) ?? {};
  return { passed, seen, hint };
};

describe("a healthy mesh", () => {
  test("passes every check, with its evidence", async () => {
    const reported: CheckResult[] = [];
    const results = await run({ onResult: (result) => reported.push(result) });
    expect(results.map(({ name, passed }) => [name, passed])).toEqual([
      ["every cluster answers", true],
      ["istiod has synced every other cluster", true],
      ["the caller's identity arrives", true],
      ["live certificates chain to the one root", true],
      ["a cluster that is cut off gets no requests, and gets them again afterwards", true],
    ]);
    expect(reported).toEqual(results);
    const [answers, sync, identity, certificates, cutOff] = results.map(({ seen }) => seen);
    expect(answers).toBe("from ncloud: ncloud 6, nhn 6; from nhn: ncloud 6, nhn 6");
    expect(sync).toBe("ncloud 1 replica, nhn 1 replica");
    expect(identity).toBe("spiffe://cluster.local/ns/sample/sa/sleep in 4 of 4 directions");
    expect(certificates).toMatch(
      /^4 workloads, root ([0-9A-F]{2}:){7}[0-9A-F]{2}…; days left: leaf 1\.0, intermediate 182[45], root 36(49|50)$/,
    );
    expect(cutOff).toBe(
      "without ncloud, from nhn: nhn 12; without nhn, from ncloud: ncloud 12; all clusters answered again afterwards",
    );
  });

  test("of three clusters: the two others keep answering while one is cut off", async () => {
    fake = await makeFakeMesh(["a", "b", "c"]);
    expect(
      find(await run(), "a cluster that is cut off gets no requests, and gets them again afterwards")?.seen,
    ).toContain("without b, from a: a 9, c 9; from c: a 9, c 9; ");
  });

  test.each(["none", "failover"] as const)("is not written to by default, with traffic %s", async (kind) => {
    if (fake.mesh.sample) Object.assign(fake.mesh.sample, { traffic: { kind } });
    const results = await prove(fake.mesh, { connect: fake.connect, deadlines });
    expect(results.map(({ passed }) => passed)).toEqual([true, true, true, true]);
    for (const cluster of [ncloud, nhn]) expect([cluster.patches, cluster.restarted]).toEqual([[], []]);
  });
});

describe("fails on", () => {
  test("a cluster that does not answer", async () => {
    ncloud.answeredBy = ["ncloud"];
    expect(await outcome("every cluster answers")).toEqual({
      passed: false,
      seen: expect.stringMatching(/^from ncloud: ncloud \d+, nhn 0; from nhn: ncloud 6, nhn 6$/),
      hint: "ncloud gets no answer from nhn: check that its nodes reach nhn's gateway, 192.0.2.2:15443 (firewall, load balancer), and that ncloud's istiod has synced nhn",
    });
  });

  test("failed requests", async () => {
    nhn.answeredBy = [];
    expect(await outcome("every cluster answers")).toEqual({
      passed: false,
      seen: expect.stringMatching(
        /^from ncloud: .*; from nhn: ncloud 0, nhn 0 \(\d+ failed, last: HTTP 503: no healthy upstream\)$/,
      ),
      hint: "check the log of the caller's proxy: kubectl --context 'nks_kr_nhn' -n sample logs deploy/sleep -c istio-proxy",
    });
  });

  test("a peer that istiod has not synced", async () => {
    nhn.istiods["istiod-nhn"] =
      nhn.istiods["istiod-nhn"]?.replace('t-ncloud","syncStatus":"synced', 't-ncloud","syncStatus":"timeout') ?? "";
    expect(await outcome("istiod has synced every other cluster")).toEqual({
      passed: false,
      seen: "istiod-nhn in nhn: ncloud is timeout (istio-system/istio-remote-secret-ncloud)",
      hint: "check that nhn reaches the API server of ncloud (address, firewall, access list) and that its token is valid",
    });
  });

  test("one istiod replica that does not know a peer", async () => {
    ncloud.istiods["istiod-second"] = '[{"id":"ncloud","secretName":"","syncStatus":"synced"}]';
    expect(await outcome("istiod has synced every other cluster")).toMatchObject({
      passed: false,
      seen: "istiod-second in ncloud does not know nhn; it knows ncloud",
    });
  });

  test("a caller without an identity", async () => {
    nhn.peer = "";
    expect(await outcome("the caller's identity arrives")).toEqual({
      passed: false,
      seen: "of a request of ncloud, nhn saw the certificate of nobody",
      hint: "wanted spiffe://<trust domain>/ns/sample/sa/sleep: check that both pods have a sidecar and mTLS is STRICT",
    });
  });

  test("another root", async () => {
    const other = await makeFakeMesh(["nhn"]);
    nhn.secrets = other.clusters.nhn?.secrets ?? {};
    const { passed, seen, hint } = await outcome("live certificates chain to the one root");
    expect(passed).toBe(false);
    expect(seen).toMatch(
      /^sleep-nhn in nhn: the signature on the intermediate is not from the key of the mesh's root [0-9A-F:]{23}, the proxy does not trust the mesh's root [0-9A-F:]{23}; reviews-nhn in nhn: /,
    );
    expect(hint).toBe(
      "the Secret cacerts must exist before istiod starts; after a change restart istiod, then the workloads",
    );
  });

  test("a cluster that answers although its gateway is scaled to 0", async () => {
    nhn.onExec = () => {
      if (ncloud.gateway === 0) nhn.answeredBy = ["ncloud", "nhn"];
    };
    expect(await outcome("a cluster that is cut off gets no requests, and gets them again afterwards")).toMatchObject({
      passed: false,
      seen: expect.stringMatching(
        /^without the gateway of ncloud: from nhn: nhn 1 \(\d+ from elsewhere, last: an answer from ncloud\)$/,
      ),
    });
    expect(ncloud.gateway).toBe(2);
  });

  test("a cluster that does not answer again", async () => {
    nhn.onExec = () => {
      if (ncloud.scaled.includes(0)) nhn.answeredBy = ["nhn"];
    };
    expect(await outcome("a cluster that is cut off gets no requests, and gets them again afterwards")).toMatchObject({
      passed: false,
      seen: expect.stringMatching(
        /^after the gateway of ncloud came back: from ncloud: ncloud 6, nhn 6; from nhn: ncloud 0, nhn \d+$/,
      ),
      hint: "check that the load balancer of ncloud has found its new gateway pods",
    });
  });

  test("a gateway that does not become ready again", async () => {
    const connect: ProveOptions["connect"] = (entry) => ({
      ...fake.connect(entry),
      deployment: async () => ({ replicas: 2, readyReplicas: 1, selector: "istio=ingressgateway", graceSeconds: 0 }),
    });
    const result = find(
      await run({ connect }),
      "a cluster that is cut off gets no requests, and gets them again afterwards",
    );
    expect(result).toMatchObject({
      passed: false,
      seen: "cluster ncloud: istio-ingressgateway has 1 of 2 replicas ready after 0.02 s",
    });
  });

  test("an error in one check, while the others still run, but without disruption", async () => {
    ncloud.secrets = { sleep: "upstream connect error", reviews: "upstream connect error" };
    const results = await run();
    expect(results.map(({ passed }) => passed)).toEqual([true, true, true, false, false]);
    expect(results[4]?.seen).toBe("not run, because a check before it failed");
    expect([ncloud.scaled, nhn.scaled]).toEqual([[], []]);
    expect(results[3]?.seen).toBe('not a config dump of Envoy: "upstream connect error"');
  });
});

describe("fails at once", () => {
  test("without the sample", async () => {
    await expect(prove({ ...fake.mesh, sample: null }, { connect: fake.connect })).rejects.toThrow(
      "the mesh has no sample: set csp-mesh:sample.enabled to true and run pulumi up",
    );
  });

  test("if an API server is unreachable", async () => {
    const connect: ProveOptions["connect"] = (entry) => ({
      ...fake.connect(entry),
      pods: async () => Promise.reject(new Error(`cluster ${entry.name}: connect ECONNREFUSED`)),
    });
    await expect(run({ connect })).rejects.toThrow("cluster ncloud: connect ECONNREFUSED");
  });
});

describe("a gateway that was scaled to 0 is restored", () => {
  test("to its former number of replicas, after each cut", async () => {
    nhn.gateway = 3;
    await run();
    expect([ncloud.scaled, nhn.scaled]).toEqual([
      [0, 2],
      [0, 3],
    ]);
  });

  test("after an interruption", async () => {
    const interruption = new AbortController();
    nhn.onExec = () => {
      if (ncloud.gateway === 0) interruption.abort(new Error("interrupted by SIGINT"));
    };
    await expect(run({ signal: interruption.signal })).rejects.toThrow("interrupted by SIGINT");
    expect(ncloud.scaled).toEqual([0, 2]);
    expect(nhn.scaled).toEqual([]);
  });

  test("if its pods do not terminate", async () => {
    const connect: ProveOptions["connect"] = (entry) => {
      const cluster = fake.connect(entry);
      const stuck = { namespace: "istio-system", name: "gateway-stuck", ready: false };
      return {
        ...cluster,
        pods: async (namespace, selector) =>
          selector === "istio=ingressgateway" ? [stuck] : cluster.pods(namespace, selector),
      };
    };
    const result = find(
      await run({ connect }),
      "a cluster that is cut off gets no requests, and gets them again afterwards",
    );
    expect(result?.seen).toBe("cluster ncloud: still there after 0.02 s: gateway-stuck");
    expect(ncloud.scaled).toEqual([0, 2]);
  });

  test("after pods with a long grace period have terminated", async () => {
    ncloud.graceSeconds = 5;
    let from = 0;
    const connect: ProveOptions["connect"] = (entry) => {
      const cluster = fake.connect(entry);
      const draining = { namespace: "istio-system", name: "gateway-draining", ready: false };
      return {
        ...cluster,
        pods: async (namespace, selector) => {
          if (selector !== "istio=ingressgateway" || entry.name !== "ncloud") return cluster.pods(namespace, selector);
          from ||= performance.now();
          return performance.now() < from + 400 ? [draining] : [];
        },
      };
    };
    expect((await run({ connect })).map(({ passed }) => passed)).toEqual([true, true, true, true, true]);
  });

  test("or the error names the command for it, even on interruption", async () => {
    const interruption = new AbortController();
    nhn.onExec = () => {
      if (ncloud.gateway !== 0) return;
      ncloud.scalingFails = true;
      interruption.abort(new Error("interrupted by SIGINT"));
    };
    await expect(run({ signal: interruption.signal, deadlines: { ...deadlines, restore: 20 } })).rejects.toThrow(
      "cluster ncloud: refused. It has NO GATEWAY now; restore it: " +
        "kubectl --context 'nks_kr_ncloud' -n istio-system patch deployment istio-ingressgateway --type merge " +
        `-p '{"metadata":{"annotations":{"csp-mesh.io/scaled-to-none":null}},"spec":{"replicas":2}}'`,
    );
  });

  test("only if the scaling succeeded", async () => {
    ncloud.scalingFails = true;
    const result = find(await run(), "a cluster that is cut off gets no requests, and gets them again afterwards");
    expect(result?.seen).toBe("cluster ncloud: refused");
  });

  test("in one write, together with the removal of the mark", async () => {
    await run();
    const mark = (value: string | null) => ({ annotations: { "csp-mesh.io/scaled-to-none": value } });
    expect(ncloud.patches).toEqual([
      { name: "istio-ingressgateway", patch: { metadata: mark("2"), spec: { replicas: 0 } } },
      { name: "istio-ingressgateway", patch: { metadata: mark(null), spec: { replicas: 2 } } },
    ]);
  });

  test("except if someone else scaled it up: then only the mark is removed", async () => {
    nhn.onExec = () => {
      if (ncloud.gateway === 0) ncloud.gateway = 5;
    };
    await run();
    expect([ncloud.gateway, ncloud.mark, ncloud.scaled]).toEqual([5, undefined, [0]]);
  });

  test("except if it was at 0 before, without the mark", async () => {
    ncloud.gateway = 0;
    const result = find(await run(), "a cluster that is cut off gets no requests, and gets them again afterwards");
    expect(result?.seen).toBe(
      "cluster ncloud: istio-ingressgateway already has 0 replicas; restore it: " +
        "kubectl --context 'nks_kr_ncloud' -n istio-system scale deployment istio-ingressgateway --replicas=1",
    );
    expect(ncloud.scaled).toEqual([]);
  });
});

describe("after a killed proof", () => {
  const stderrWrite = vi.spyOn(process.stderr, "write");
  beforeEach(() => void stderrWrite.mockReset().mockReturnValue(true));
  afterAll(() => stderrWrite.mockRestore());

  /**
   * Interrupts a proof at its first request while a gateway is at 0 replicas, and makes its later writes ineffective.
   */
  async function killed(): Promise<void> {
    const kill = new AbortController();
    nhn.onExec = () => {
      if (ncloud.gateway !== 0) return;
      ncloud.scalingFails = true;
      kill.abort(new Error("killed"));
    };
    await expect(run({ signal: kill.signal, deadlines: { ...deadlines, restore: 20 } })).rejects.toThrow();
    expect([ncloud.gateway, ncloud.mark]).toEqual([0, "2"]);
    ncloud.scalingFails = false;
    nhn.onExec = () => {};
    stderrWrite.mockClear();
  }

  test.each([false, true])("the next one restores the gateway, with disruption %s", async (disruption) => {
    await killed();
    const results = await run({ disruption });
    expect(results.every(({ passed }) => passed)).toBe(true);
    expect([ncloud.gateway, ncloud.mark, ncloud.scaled]).toEqual([2, undefined, disruption ? [0, 2, 0, 2] : [0, 2]]);
    expect(stderrWrite.mock.calls).toEqual([
      ["cluster ncloud: an unfinished proof left istio-ingressgateway with 0 replicas; put back to 2\n"],
    ]);
  });

  test("the next one restores the sample, even if it does not test failover itself", async () => {
    Object.assign(nhn, { reviews: 0, reviewsMark: "3" });
    await run({ disruption: false });
    expect([nhn.reviews, nhn.reviewsMark]).toEqual([3, undefined]);
  });

  test("the next one stops if it cannot restore the gateway, and names the command for it", async () => {
    Object.assign(ncloud, { gateway: 0, mark: "2", scalingFails: true });
    await expect(run({ deadlines: { ...deadlines, request: 20 } })).rejects.toThrow(
      "cluster ncloud: an unfinished proof left istio-ingressgateway with 0 replicas: cluster ncloud: refused; restore it: kubectl ",
    );
  });

  test("a Deployment that someone else scaled to 0 stays at 0", async () => {
    ncloud.gateway = 0;
    await run({ disruption: false });
    expect([ncloud.patches, nhn.patches]).toEqual([[], []]);
  });
});

describe("with weights", () => {
  const weigh = (weights: Record<string, number>) => {
    if (fake.mesh.sample) Object.assign(fake.mesh.sample, { traffic: { kind: "weights", weights } });
  };

  test("passes if every cluster with a weight answers", async () => {
    weigh({ v1: 30, v2: 70 });
    expect((await run()).map(({ passed }) => passed)).toEqual([true, true, true, true, true]);
  });

  test("fails if a cluster without a weight answers", async () => {
    weigh({ v1: 100 });
    expect(await outcome("every cluster answers")).toMatchObject({
      passed: false,
      seen: expect.stringMatching(/^from ncloud: ncloud \d+ \(\d+ from elsewhere, last: an answer from nhn\); /),
    });
    for (const cluster of [ncloud, nhn]) cluster.answeredBy = ["ncloud"];
    expect(await outcome("every cluster answers")).toMatchObject({
      passed: true,
      seen: "from ncloud: ncloud 12; from nhn: ncloud 12",
    });
  });

  test("requires one answer of each remaining cluster while one is cut off", async () => {
    weigh({ v1: 30, v2: 70 });
    expect(await outcome("a cluster that is cut off gets no requests, and gets them again afterwards")).toMatchObject({
      seen: "without ncloud, from nhn: nhn 1; without nhn, from ncloud: ncloud 1; all clusters answered again afterwards",
    });
  });
});

describe("with failover", () => {
  const name = "other clusters answer if and only if a cluster's own reviews are down";
  beforeEach(() => {
    if (fake.mesh.sample) Object.assign(fake.mesh.sample, { traffic: { kind: "failover" } });
  });

  test("passes if each cluster answers its own callers until its reviews are scaled to 0", async () => {
    const results = await run();
    expect(results.map(({ name, passed, seen }) => [name, passed, seen])).toEqual([
      ["each cluster answers its own callers", true, "from ncloud: ncloud 12; from nhn: nhn 12"],
      expect.anything(),
      ["the caller's identity arrives", true, `spiffe://cluster.local/ns/sample/sa/sleep in 2 of 2 directions`],
      expect.anything(),
      [
        name,
        true,
        "with ncloud's down, from ncloud: nhn 6; with nhn's down, from nhn: ncloud 6; its own cluster answered again afterwards",
      ],
    ]);
    expect([ncloud.reviewsScaled, nhn.reviewsScaled]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect([ncloud.scaled, nhn.scaled]).toEqual([[], []]);
  });

  test("fails if another cluster answers while the caller's own can", async () => {
    ncloud.answeredBy = ["ncloud", "nhn"];
    expect(await outcome("each cluster answers its own callers")).toMatchObject({
      passed: false,
      seen: expect.stringMatching(
        /^from ncloud: ncloud 0 \(\d+ from elsewhere, last: an answer from nhn\); from nhn: nhn 12$/,
      ),
    });
  });

  test("fails if no other cluster takes over", async () => {
    ncloud.onExec = () => {
      ncloud.answeredBy = ncloud.reviews === 0 ? [] : ["ncloud"];
    };
    expect(await outcome(name)).toEqual({
      passed: false,
      seen: expect.stringMatching(
        /^with the reviews of ncloud down, from ncloud: nhn 0 \(\d+ failed, last: HTTP 503: no healthy upstream\)$/,
      ),
      hint: "check that ncloud's nodes reach the others' gateways, and that its DestinationRule reviews has outlierDetection",
    });
    expect(ncloud.reviewsScaled).toEqual([0, 1]);
  });

  test("fails if the cluster does not answer its callers again", async () => {
    ncloud.onExec = () => {
      if (ncloud.reviewsScaled.length > 0) ncloud.answeredBy = ["nhn"];
    };
    expect(await outcome(name)).toMatchObject({
      passed: false,
      seen: expect.stringMatching(/^with the reviews of ncloud back, from ncloud: ncloud 0 \(\d+ from elsewhere, /),
    });
  });

  test("names the command if the reviews cannot be restored", async () => {
    ncloud.onExec = () => {
      if (ncloud.reviews === 0) ncloud.scalingFails = true;
    };
    const results = await run({ deadlines: { ...deadlines, restore: 20 } });
    expect(find(results, name)?.seen).toBe(
      "cluster ncloud: refused. It has NO REVIEWS now; restore it: " +
        "kubectl --context 'nks_kr_ncloud' -n sample patch deployment reviews-v1 --type merge " +
        `-p '{"metadata":{"annotations":{"csp-mesh.io/scaled-to-none":null}},"spec":{"replicas":1}}'`,
    );
  });
});
