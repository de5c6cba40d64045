// Tests Pulumi's protocol with the engine's calls, for a kind of the test.
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { CLAIM, CLAIMED } from "../../../mesh/claim.ts";
import { declareGone } from "../../../provider/gone.ts";
import type { Step } from "../../../provider/kind.ts";
import { type MemoryApi, memoryApi } from "../kube/memoryApi.ts";
import { secret, UNKNOWN } from "../plugins/engine.ts";
import { serveKind, TYPE } from "./servedKinds.ts";

const inputs = z.strictObject({ size: z.number(), part: z.strictObject({ names: z.array(z.string()) }).optional() });
type Inputs = z.output<typeof inputs>;

let api: MemoryApi;
beforeEach(async () => {
  api = await memoryApi();
});
afterEach(() => api.close());

const where = () => ({ cluster: "one", access: { kubeconfig: api.kubeconfig, context: "x" } });
const claimBy = (id: string, owner = "acme/mesh/other") =>
  api.put({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: CLAIM, annotations: { [CLAIMED]: JSON.stringify({ id, owner, mesh: "mesh1" }) } },
  });

describe("check", () => {
  test("returns the inputs, and reports problems by path", async () => {
    const { client } = await serveKind({ inputs });
    const good = { ...where(), size: 1, part: { names: ["a"] } };
    expect(await client.check(TYPE, good)).toEqual({ inputs: good, failures: [] });
    const { failures } = await client.check(TYPE, { ...where(), size: "1", part: { names: ["a", 2] }, strange: true });
    expect(failures.map((failure) => failure.split(": ")[0])).toEqual(["size", "part.names.1", ""]);
    expect(failures.join()).toContain("strange");
  });

  test("accepts unknown values, and nothing else that is invalid", async () => {
    const { client } = await serveKind({ inputs });
    const of = async (news: object) => (await client.check(TYPE, { ...where(), ...news })).failures;
    expect(await of({ size: UNKNOWN, part: UNKNOWN })).toEqual([]);
    expect(await of({ size: 1, part: { names: UNKNOWN } })).toEqual([]);
    expect(await of({ size: UNKNOWN, part: { names: [1] } })).toEqual([expect.stringMatching(/^part\.names\.0: /)]);
  });

  test("calls the kind's check with the former inputs, if all inputs are valid and the cluster is known", async () => {
    const asked: unknown[] = [];
    const { client } = await serveKind({
      inputs,
      async check({ inputs: news, cluster }: Step<Inputs>, former) {
        asked.push([cluster.name, news, former]);
        return [{ property: "size", reason: "is fixed" }];
      },
    });
    expect((await client.check(TYPE, { ...where(), size: 2 }, { ...where(), size: 1 })).failures).toEqual([
      "size: is fixed",
    ]);
    await client.check(TYPE, { ...where(), size: 2 });
    await client.check(TYPE, { ...where(), size: "2" });
    await client.check(TYPE, { cluster: "one", access: UNKNOWN, size: 2 });
    await client.check(TYPE, { cluster: "one", access: { kubeconfig: "nowhere", context: "x" }, size: 2 });
    expect(asked).toEqual([
      ["one", { size: 2 }, { size: 1 }],
      ["one", { size: 2 }, undefined],
    ]);
  });
});

describe("diff", () => {
  const state = { size: 1 };

  test("ignores changes of access and claim", async () => {
    const { client } = await serveKind({ inputs });
    const before = { ...where(), claim: "first", size: 1 };
    const access = { kubeconfig: "~/other", context: "y" };
    for (const change of [{ access }, { claim: "second" }, { claim: UNKNOWN }, { access: UNKNOWN }]) {
      expect(await client.detailedDiff(TYPE, before, { ...before, ...change }, state)).toEqual({
        changed: false,
        replaces: [],
        inputs: {},
      });
    }
  });

  test("reports each changed input as an update, never as a replacement", async () => {
    const { client } = await serveKind({ inputs });
    const before = { ...where(), size: 1 };
    expect(await client.detailedDiff(TYPE, before, { ...before, size: 2, part: { names: [] } }, state)).toEqual({
      changed: true,
      replaces: [],
      inputs: { size: true, part: true },
    });
    expect(await client.detailedDiff(TYPE, { ...before, part: { names: [] } }, before, state)).toMatchObject({
      changed: true,
      inputs: { part: false },
    });
    expect(await client.detailedDiff(TYPE, before, { ...before, size: UNKNOWN }, state)).toMatchObject({
      changed: true,
      inputs: { size: true },
    });
  });

  test("ignores inputs outside of the kind's identity", async () => {
    const { client } = await serveKind({ inputs, identity: ({ size }: Inputs) => size });
    const before = { ...where(), size: 1 };
    const after = { ...before, part: { names: [] } };
    expect((await client.detailedDiff(TYPE, before, after, state)).changed).toBe(false);
    expect((await client.detailedDiff(TYPE, before, { ...after, size: 2 }, state)).changed).toBe(true);
  });

  test("reports recorded drift and live findings, each with a message", async () => {
    const { client, lines } = await serveKind({
      inputs,
      drift: (_: Inputs, { owed }) => (owed as string[]).map((words) => ({ property: "owed", words })),
      look: async ({ cluster: { objects } }: Step<Inputs>) => {
        const found = await objects.read("v1", "ConfigMap", "a", "default");
        return found ? [] : [{ property: "missing", words: "ConfigMap a was missing: created again" }];
      },
    });
    const same = { ...where(), size: 1 };
    expect(await client.detailedDiff(TYPE, same, same, { size: 1, owed: ["a restart"] })).toEqual({
      changed: true,
      replaces: [],
      inputs: { owed: false, missing: false },
    });
    expect(lines).toEqual(["info: a restart", "info: ConfigMap a was missing: created again"]);
    api.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "default" } });
    expect((await client.detailedDiff(TYPE, same, same, { size: 1, owed: [] })).changed).toBe(false);
  });

  test("reports nothing if the cluster does not answer, because the step fails anyway", async () => {
    const { client } = await serveKind({
      inputs,
      look: async ({ cluster: { objects } }: Step<Inputs>) => {
        await objects.existing("v1", "ConfigMap", "a", "default");
        return [];
      },
    });
    const same = { ...where(), size: 1 };
    expect((await client.detailedDiff(TYPE, same, same)).changed).toBe(false);
    const nowhere = { ...same, access: { kubeconfig: "nowhere", context: "x" } };
    expect((await client.detailedDiff(TYPE, nowhere, nowhere)).changed).toBe(false);
  });
});

describe("preview", () => {
  test("logs the plan, records no access, and creates nothing", async () => {
    const made: unknown[] = [];
    const { client, lines } = await serveKind({
      inputs,
      plan: async ({ inputs: { size } }: Step<Inputs>, outputs) => [`size ${size}`, `was ${outputs?.size}`],
      create: async ({ inputs }: Step<Inputs>) => ({ made: made.push(inputs) }),
    });
    const news = { ...where(), claim: "first", size: 1 };
    const { id, state } = await client.create(TYPE, news, true);
    expect([id, state]).toEqual(["", { cluster: "one", claim: "first", size: 1 }]);
    expect(lines).toEqual(["info: size 1", "info: was undefined"]);
    lines.length = 0;
    expect(await client.update(TYPE, { ...state, found: "it" }, { ...news, size: 2 }, true)).toEqual({
      cluster: "one",
      claim: "first",
      size: 1,
      found: "it",
    });
    expect(lines).toEqual(["info: size 2", "info: was 1"]);
    expect(made).toEqual([]);
    expect(api.writes()).toEqual([]);
  });

  test("logs nothing if an input is unknown or the cluster does not answer", async () => {
    const { client, lines } = await serveKind({ inputs, plan: async () => ["a plan"] });
    await client.create(TYPE, { ...where(), size: UNKNOWN }, true);
    await client.create(TYPE, { cluster: "one", access: { kubeconfig: "nowhere", context: "x" }, size: 1 }, true);
    expect(lines).toEqual([]);
  });
});

describe("a step", () => {
  test("records inputs and outputs, but not the access to the cluster", async () => {
    const { client } = await serveKind({
      inputs,
      create: async () => ({ found: 1 }),
      update: async (_: Step<Inputs>, outputs) => ({ found: (outputs.found as number) + 1 }),
      read: async (_: Step<Inputs>, outputs) => ({ found: (outputs.found as number) + 10 }),
    });
    const news = { ...where(), size: 1 };
    const { id, state } = await client.create(TYPE, news);
    expect([id, state]).toEqual(["name", { cluster: "one", size: 1, found: 1 }]);
    const updated = await client.update(TYPE, state, { ...news, size: 2 });
    expect(updated).toEqual({ cluster: "one", size: 2, found: 2 });
    expect(await client.refresh(TYPE, news, updated)).toEqual({
      inputs: news,
      state: { cluster: "one", size: 1, found: 12 },
    });
  });

  test("calls create for an update, and returns the state for a refresh, if the kind lacks them", async () => {
    const { client } = await serveKind({
      inputs,
      create: async ({ inputs: { size } }: Step<Inputs>) => ({ found: size }),
    });
    const news = { ...where(), size: 3 };
    expect(await client.update(TYPE, { found: 1 }, news)).toMatchObject({ found: 3 });
    expect((await client.refresh(TYPE, news, { found: 1 }))?.state).toEqual({ found: 1 });
  });

  test("removes a resource from the state if its read finds nothing", async () => {
    const { client } = await serveKind({ inputs, read: async () => undefined });
    expect(await client.refresh(TYPE, { ...where(), size: 1 }, {})).toBeUndefined();
  });

  test("logs its messages and warnings at its resource", async () => {
    const { client, lines } = await serveKind({
      inputs,
      create: async ({ say, warn }: Step<Inputs>) => {
        say("done");
        warn("look out");
        return {};
      },
    });
    await client.create(TYPE, { ...where(), size: 1 });
    expect(lines).toEqual(["info: done", "warning: look out"]);
  });

  test("removes control characters and credentials from messages", async () => {
    const sent = "a\x1b[2Jb\nhttps://me:secret@c";
    const fit = "ab\nhttps://***@c";
    const { client, lines } = await serveKind({
      inputs,
      look: async () => [{ property: "size", words: sent }],
      create: async ({ say, warn }: Step<Inputs>) => {
        say(sent);
        warn(sent);
        throw new Error(sent);
      },
    });
    await client.diff(TYPE, { ...where(), size: 1 }, { ...where(), size: 1 });
    await expect(client.create(TYPE, { ...where(), size: 1 })).rejects.toThrow(new Error(`one: ${fit}`));
    expect(lines).toEqual([`info: ${fit}`, `info: ${fit}`, `warning: ${fit}`]);
  });

  test("deletes with the newest access and the recorded outputs", async () => {
    const seen: unknown[] = [];
    const { client } = await serveKind({
      inputs,
      delete: async ({ cluster, inputs }: Step<Inputs>, outputs) => void seen.push([cluster.context, inputs, outputs]),
    });
    const state = { cluster: "one", size: 1, found: 2 };
    await client.delete(TYPE, state, { ...where(), size: 3 });
    expect(seen).toEqual([["x", { size: 3 }, state]]);
  });

  test("receives no secret marks, because the provider does not accept them", async () => {
    const { client } = await serveKind({ inputs });
    expect(await client.configure({ a: secret("b") })).toEqual({ acceptsSecrets: false, supportsPreview: true });
  });
});

describe("an error", () => {
  const failing = (message: string) => {
    const fail = async (): Promise<never> => {
      throw new Error(message);
    };
    return serveKind({ inputs, create: fail, update: fail, read: fail, delete: fail, check: fail });
  };

  test("of any step is one message that begins with the cluster's name, without a stack trace", async () => {
    const { client } = await failing("it is forbidden");
    const news = { ...where(), size: 1 };
    const message = new Error("one: it is forbidden");
    await expect(client.check(TYPE, news)).rejects.toThrow(message);
    await expect(client.create(TYPE, news)).rejects.toThrow(message);
    await expect(client.update(TYPE, {}, news)).rejects.toThrow(message);
    await expect(client.refresh(TYPE, news, {})).rejects.toThrow(message);
    await expect(client.delete(TYPE, {}, news)).rejects.toThrow(message);
  });

  test.each(["one: no quota", "cluster one: no quota", "nothing was deleted:\none: no quota"])(
    "that already names the cluster is not prefixed again: %j",
    async (message) => {
      const { client } = await failing(message);
      await expect(client.create(TYPE, { ...where(), size: 1 })).rejects.toThrow(new Error(message));
    },
  );

  test("about another cluster with a longer name is still prefixed", async () => {
    const { client } = await failing("one-more: no quota");
    await expect(client.create(TYPE, { ...where(), size: 1 })).rejects.toThrow(new Error("one: one-more: no quota"));
  });

  test("of a resource without a cluster is unchanged, in any language", async () => {
    const { client } = await failing("메시를 만들지 않았습니다:\n  - 조치");
    await expect(client.create(TYPE, { size: 1 })).rejects.toThrow(new Error("메시를 만들지 않았습니다:\n  - 조치"));
  });

  test("for an unreachable cluster names it", async () => {
    const { client } = await serveKind({ inputs });
    const nowhere = { cluster: "one", access: { kubeconfig: "nowhere", context: "x" }, size: 1 };
    const message = `one: no connection with context "x" of the kubeconfig`;
    await expect(client.create(TYPE, nowhere)).rejects.toThrow(new Error(message));
    await expect(client.delete(TYPE, {}, nowhere)).rejects.toThrow(new Error(message));
  });

  test("for an unknown type names it", async () => {
    const { client } = await serveKind({ inputs });
    await expect(client.check("csp-mesh:cluster:Nothing", {})).rejects.toThrow(
      new Error("csp-mesh has no resource type csp-mesh:cluster:Nothing"),
    );
  });
});

describe("a claim", () => {
  const steps = async () => {
    const taken: string[] = [];
    const step = (name: string) => async () => {
      taken.push(name);
      return {};
    };
    const served = await serveKind({
      inputs,
      create: step("create"),
      update: step("update"),
      delete: async () => void taken.push("delete"),
    });
    return { ...served, taken, news: { ...where(), claim: "first", size: 1 } };
  };

  test("of this stack, a missing claim, and one that was handed over allow each step", async () => {
    const { client, taken, news } = await steps();
    for (const claim of [undefined, "first", ""]) {
      if (claim !== undefined) claimBy(claim);
      await client.create(TYPE, news);
      await client.update(TYPE, {}, news);
      await client.delete(TYPE, {}, news);
    }
    expect(taken).toEqual(["create", "update", "delete", "create", "update", "delete", "create", "update", "delete"]);
  });

  test("of another stack makes create and update fail, and delete only warns", async () => {
    const { client, lines, taken, news } = await steps();
    claimBy("other");
    const problem = 'one: this cluster belongs to the stack acme/mesh/other (mesh "mesh1") now';
    await expect(client.create(TYPE, news)).rejects.toThrow(new Error(problem));
    await expect(client.update(TYPE, {}, news)).rejects.toThrow(new Error(problem));
    await client.delete(TYPE, {}, news);
    expect(lines).toEqual([`warning: ${problem}: nothing was deleted in it`]);
    expect(taken).toEqual([]);
  });

  test("that cannot be read blocks each step", async () => {
    const { client, taken, news } = await steps();
    api.meet = async (request) => (request.includes(CLAIM) ? { status: 403, body: { message: "no" } } : undefined);
    await expect(client.create(TYPE, news)).rejects.toThrow(new Error("one: no"));
    await expect(client.delete(TYPE, {}, news)).rejects.toThrow(new Error("one: no"));
    expect(taken).toEqual([]);
  });
});

test("resources of a cluster that is declared gone leave the state without a request", async () => {
  declareGone("lost");
  const { client, lines } = await serveKind({
    inputs,
    delete: async () => {
      throw new Error("it was asked");
    },
  });
  const nowhere = { cluster: "lost", access: { kubeconfig: "nowhere", context: "x" }, size: 1 };
  await client.delete(TYPE, {}, nowhere);
  expect(lines).toEqual(["info: lost is gone: nothing was deleted there"]);
  await expect(client.delete(TYPE, {}, { ...nowhere, cluster: "one" })).rejects.toThrow("no connection");
});

describe("an interruption", () => {
  test("ends a step at once, and is reported as the cause", async () => {
    const aborted = Promise.withResolvers<string>();
    let begun = 0;
    const { client, ending } = await serveKind({
      inputs,
      delete: async () => void begun++,
      create: ({ signal }: Step<Inputs>) => {
        begun++;
        signal.addEventListener("abort", () => aborted.resolve((signal.reason as Error).message));
        return new Promise(() => {});
      },
    });
    const creating = client.create(TYPE, { ...where(), size: 1 });
    creating.catch(() => {});
    await pause(100);
    const cancelled = Date.now();
    await client.cancel();
    await expect(creating).rejects.toThrow(new Error("one: interrupted; run the same command again"));
    expect(Date.now() - cancelled).toBeLessThan(1_000);
    expect(await aborted.promise).toBe("interrupted; run the same command again");
    expect(ending.signal.aborted).toBe(true);
    // No step starts after an interruption.
    const news = { ...where(), size: 1 };
    for (const later of [
      () => client.create(TYPE, news),
      () => client.update(TYPE, {}, news),
      () => client.delete(TYPE, {}, news),
    ])
      await expect(later()).rejects.toThrow("interrupted");
    expect(begun).toBe(1);
  });

  test("waits for a step that cleans up, and for its cleanup after the answer", async () => {
    const tidied = Promise.withResolvers<void>();
    const { client, underWay } = await serveKind({
      inputs,
      tidies: true,
      create: async ({ signal, tidying }: Step<Inputs>) => {
        tidying(tidied.promise);
        await new Promise((done) => signal.addEventListener("abort", done));
        await pause(100);
        return { tidy: true };
      },
    });
    const creating = client.create(TYPE, { ...where(), size: 1 });
    await pause(100);
    await client.cancel();
    expect((await creating).state).toMatchObject({ tidy: true });
    expect(underWay.size).toBe(1);
    tidied.resolve();
    await pause(10);
    expect(underWay.size).toBe(0);
  });
});

test("the project's config under the provider's name is not stored in the state", async () => {
  const { client } = await serveKind({ inputs });
  expect(await client.checkConfig({ clusters: "[]", "ca.key": "hidden", version: "0.1.0" })).toEqual({});
  expect(await client.version()).toBe("1.2.3");
});

test("translates errors, log lines and check failures to Korean", async () => {
  const { client, lines } = await serveKind(
    {
      inputs,
      check: async () => [
        { property: "cluster", reason: "the cluster has Gateway API v1.2.0, newer than v1.1.0, which stays unchanged" },
      ],
      async create({ say, warn }: Step<Inputs>) {
        say("StorageClass a is created as the default");
        warn(
          'one: namespace "b" stays, because these objects in it are not this program\'s:\n  - Pod b/c\n  and 3 more',
        );
        throw new Error("one: istiod is not ready after 60 s\n  Deployment istiod: pod istiod-1 is Pending on node-1");
      },
    },
    "ko",
  );
  expect((await client.check(TYPE, { ...where(), size: 1 })).failures).toEqual([
    "cluster: 클러스터의 Gateway API v1.2.0 버전이 v1.1.0보다 새 버전이어서 그대로 둡니다",
  ]);
  await expect(client.create(TYPE, { ...where(), size: 1 })).rejects.toThrow(
    "one: istiod: 60초가 지나도 준비되지 않았습니다\n  Deployment istiod: 파드 istiod-1: Pending 상태 (노드 node-1)",
  );
  expect(lines).toEqual([
    "info: StorageClass a 생성, 기본값으로 지정",
    'warning: one: 네임스페이스 "b" 남김: 다음 객체는 이 프로그램의 것이 아닙니다:\n  - Pod b/c\n  그 밖에 3개',
  ]);
});
