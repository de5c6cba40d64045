import { beforeEach, describe, expect, test } from "vitest";
import { ApiError } from "../../../kube/apiServer.ts";
import { ISTIO_SETTINGS, memoryOf, type SettingName } from "../../../mesh/ciliumSettings.ts";
import { ciliumSettings } from "../../../provider/kinds/ciliumSettings.ts";
import { type FakeCilium, fakeCilium } from "./fakeCilium.ts";

const { create, read, update, drift, plan, identity } = ciliumSettings;
const before = { "enable-l7-proxy": "true", ipam: "cluster-pool" };
const L7 = "enable-l7-proxy";
const LINE = 'cilium-config: enable-l7-proxy "true" -> "false", one restart';

let cilium: FakeCilium;
beforeEach(() => {
  cilium = fakeCilium(before);
});
const inputs = (leave: SettingName[] = []) => ({ leave, awaitSeconds: 1 });
const step = (leave?: SettingName[]) => cilium.step(inputs(leave));
const up = (leave?: SettingName[]) => create(step(leave));
const refreshed = async (found: Awaited<ReturnType<typeof up>>) => read?.(step(), found).then((now) => now ?? found);
const driftOf = (found: Awaited<ReturnType<typeof up>> | undefined) => (found ? drift?.(inputs(), found) : undefined);

test("settings are made with one restart, kept, and taken back with another", async () => {
  const made = await up();
  expect(cilium.data).toEqual({ ...before, ...ISTIO_SETTINGS });
  expect(cilium.restarts).toBe(1);
  expect(made).toMatchObject({ foundIn: "kube-system", settings: ISTIO_SETTINGS });
  expect(driftOf(made)).toEqual([]);
  expect(await up()).toEqual(made);
  expect(cilium.restarts).toBe(1);
  await ciliumSettings.delete(step(), made);
  expect(cilium).toMatchObject({ data: before, memory: undefined, restart: undefined, restarts: 2, warnings: [] });
});

test("a preview says which keys change, and writes nothing", async () => {
  cilium.data = { ...ISTIO_SETTINGS, [L7]: "true" };
  expect(await plan?.(step(), undefined)).toEqual([LINE]);
  expect(cilium.writes).toEqual([]);
  await up();
  expect(await plan?.(step(), undefined)).toEqual([]);
});

test("how long to wait, and the order of keys, is no change", () => {
  const keys: SettingName[] = ["cni-exclusive", L7];
  expect(identity?.({ leave: keys, awaitSeconds: 1 })).toEqual(
    identity?.({ leave: keys.toReversed(), awaitSeconds: 2 }),
  );
});

test("a refresh finds what was set back, and one restart mends it", async () => {
  const made = await up();
  cilium.data = { ...cilium.data, [L7]: "true" };
  const found = await refreshed(made);
  expect(driftOf(found)).toEqual([{ property: "settings", words: LINE }]);
  // Already shown as a difference.
  expect(await plan?.(step(), found)).toEqual([]);
  expect(driftOf(found && (await update?.(step(), found)))).toEqual([]);
  expect(cilium).toMatchObject({ data: ISTIO_SETTINGS, restarts: 2, warnings: [] });
});

test("another value than the former one is reported, stays, and is no difference", async () => {
  const made = await up();
  cilium.data = { ...cilium.data, "cni-exclusive": "partly" };
  const found = await refreshed(made);
  expect(driftOf(found)).toEqual([]);
  expect(cilium.warnings).toEqual([
    expect.stringMatching(/^ConfigMap kube-system\/cilium-config: cni-exclusive is "partly"/),
  ]);
});

test("what is left alone is reported once where another key is set again", async () => {
  await up();
  cilium.data = { ...cilium.data, "cni-exclusive": "partly", [L7]: "true" };
  await up();
  expect(cilium).toMatchObject({ data: { [L7]: "false", "cni-exclusive": "partly" }, restarts: 2 });
  expect(cilium.warnings).toHaveLength(1);
});

test("a key that is set back during the restart is reported once, without another restart, until a refresh", async () => {
  cilium.onLook = () => {
    cilium.data = { ...cilium.data, [L7]: "true" };
  };
  const made = await up();
  expect(cilium).toMatchObject({ restarts: 1, writes: ["ConfigMap", "DaemonSet"] });
  expect(cilium.warnings).toEqual([
    expect.stringContaining('during Cilium\'s restart: enable-l7-proxy "false" -> "true".'),
  ]);
  expect(driftOf(made)).toEqual([]);
  expect(driftOf(await refreshed(made))).toMatchObject([{ words: LINE }]);
});

test("a key that is set back between the two writes is not written again", async () => {
  let isFirst = true;
  cilium.beforeWrite = (kind) => {
    if (kind !== "DaemonSet" || !isFirst) return;
    isFirst = false;
    cilium.data = { ...cilium.data, [L7]: "true" };
    throw new ApiError({ status: 409, body: {} });
  };
  await up();
  expect(cilium.writes).toEqual(["ConfigMap", "DaemonSet"]);
  expect(cilium.warnings).toHaveLength(1);
});

describe("a key that config leaves out", () => {
  test("is not touched", async () => {
    await up([L7]);
    expect(cilium.data[L7]).toBe("true");
    expect(memoryOf(cilium.memory)?.former).not.toHaveProperty(L7);
  });

  test("gets its former value back where it was changed before, with one restart", async () => {
    const made = await up();
    expect(drift?.(inputs([L7]), made)).toMatchObject([{ words: expect.stringContaining('"false" -> "true"') }]);
    await update?.(step([L7]), made);
    expect(cilium).toMatchObject({ data: { ...ISTIO_SETTINGS, [L7]: "true" }, restarts: 2 });
  });
});

describe("an agent that does not start with a setting", () => {
  beforeEach(() => {
    cilium.bears = (data) => data[L7] !== "false";
  });

  test("has all of it put back, and its last words shown", async () => {
    const message = await up().catch((error: Error) => error.message);
    expect(message).toMatch(/^Cilium does not become ready with .*enable-l7-proxy "true" -> "false"\n/);
    expect(message).toContain('pod cilium-x: container cilium-agent wrote: level=fatal msg="no proxy"');
    expect(message).toContain(
      "ConfigMap kube-system/cilium-config has its former values, and the agents are ready again.\n",
    );
    expect(message).toMatch(/cilium\.leave of the cluster, keys: .*enable-l7-proxy/);
    expect(cilium).toMatchObject({ data: before, memory: undefined, restart: undefined, restarts: 2 });
  });

  test("has that setting alone put back where the others were set before", async () => {
    const made = await up([L7]);
    const { memory, restart, data } = cilium;
    await expect(update?.(step(), made)).rejects.toThrow(
      'Cilium does not become ready with enable-l7-proxy "true" -> "false"\n',
    );
    expect(cilium).toMatchObject({ data, memory, restart, restarts: 3, warnings: [] });
  });

  test("has all of it put back by the next run, where one was killed in between", async () => {
    cilium.beforeWrite = (kind) => {
      if (kind === "DaemonSet") throw new Error("killed");
    };
    await expect(up()).rejects.toThrow("killed");
    cilium.beforeWrite = () => {};
    cilium.isAll = true;
    await expect(up()).rejects.toThrow('-> "false"\n');
    expect(cilium).toMatchObject({ data: before, memory: undefined, restart: undefined });
  });

  test("long after all had restarted takes nothing from the others", async () => {
    cilium.bears = () => true;
    await up();
    const { data, memory, restart } = cilium;
    cilium.bears = (data) => data[L7] !== "false";
    cilium.isAll = true;
    await expect(up()).rejects.toThrow(/^DaemonSet kube-system\/cilium: a restarted pod does not become ready/);
    expect(cilium).toMatchObject({ data, memory, restart });
  });

  test("is waited for no longer than the run lasts, and nothing is put back then", async () => {
    const ending = new AbortController();
    cilium.onLook = () => ending.abort(new Error("interrupted"));
    await expect(create(cilium.step(inputs(), ending.signal))).rejects.toThrow(new Error("interrupted"));
    expect(cilium.writes).toEqual(["ConfigMap", "DaemonSet"]);
  });
});

describe("where the layer 7 proxy is in use", () => {
  const metadata = { name: "front", namespace: "shop" };
  beforeEach(() => {
    cilium.policies.CiliumNetworkPolicy = [{ metadata, spec: { egress: [{ toFQDNs: [{}] }] } }];
  });

  test("it is not switched off, and the choices are named", async () => {
    await expect(up()).rejects.toThrow(
      /\n {2}- CiliumNetworkPolicy shop\/front: toFQDNs\nAdd enable-l7-proxy to the cluster's cilium\.leave, or remove them/,
    );
    expect(cilium.writes).toEqual([]);
    await up([L7]);
    expect(cilium.restarts).toBe(1);
  });

  test("also by the annotation of a pod alone, as the preflight sees it", async () => {
    const annotations = { "policy.cilium.io/proxy-visibility": "<Egress/53/UDP/DNS>" };
    cilium.policies.CiliumNetworkPolicy = [];
    cilium.policies.Pod = [{ metadata: { ...metadata, annotations } }, { metadata: { ...metadata, name: "back" } }];
    await expect(up()).rejects.toThrow(/\n {2}- Pod shop\/front: policy\.cilium\.io\/proxy-visibility\nAdd enable-l7/);
    expect(cilium.writes).toEqual([]);
  });

  test.each(["CiliumNetworkPolicy", "Pod"])(
    "and that cannot be seen of a %s, it is not switched off either",
    async (kind) => {
      cilium.policies = { [kind]: new ApiError({ status: 403, body: { message: "forbidden" } }) };
      await expect(up()).rejects.toThrow(/^cannot see whether Cilium's layer 7 proxy is in use: forbidden; grant/);
      expect(cilium.writes).toEqual([]);
    },
  );
});
