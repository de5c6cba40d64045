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

test("changes the settings with one restart, keeps them, and restores them with another restart", async () => {
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

test("a preview lists the changing keys, and writes nothing", async () => {
  cilium.data = { ...ISTIO_SETTINGS, [L7]: "true" };
  expect(await plan?.(step(), undefined)).toEqual([LINE]);
  expect(cilium.writes).toEqual([]);
  await up();
  expect(await plan?.(step(), undefined)).toEqual([]);
});

test("another timeout or order of keys is no difference", () => {
  const keys: SettingName[] = ["cni-exclusive", L7];
  expect(identity?.({ leave: keys, awaitSeconds: 1 })).toEqual(
    identity?.({ leave: keys.toReversed(), awaitSeconds: 2 }),
  );
});

test("a refresh reports a reverted key, and an update corrects it with one restart", async () => {
  const made = await up();
  cilium.data = { ...cilium.data, [L7]: "true" };
  const found = await refreshed(made);
  expect(driftOf(found)).toEqual([{ property: "settings", words: LINE }]);
  // Already shown as a difference.
  expect(await plan?.(step(), found)).toEqual([]);
  expect(driftOf(found && (await update?.(step(), found)))).toEqual([]);
  expect(cilium).toMatchObject({ data: ISTIO_SETTINGS, restarts: 2, warnings: [] });
});

test("a key with a third value is reported and kept, and is no difference", async () => {
  const made = await up();
  cilium.data = { ...cilium.data, "cni-exclusive": "partly" };
  const found = await refreshed(made);
  expect(driftOf(found)).toEqual([]);
  expect(cilium.warnings).toEqual([
    expect.stringMatching(/^ConfigMap kube-system\/cilium-config: cni-exclusive is "partly"/),
  ]);
});

test("a key with a third value is reported once while another key is corrected", async () => {
  await up();
  cilium.data = { ...cilium.data, "cni-exclusive": "partly", [L7]: "true" };
  await up();
  expect(cilium).toMatchObject({ data: { [L7]: "false", "cni-exclusive": "partly" }, restarts: 2 });
  expect(cilium.warnings).toHaveLength(1);
});

test("a key that is reverted during the restart is reported once, and corrected after a refresh", async () => {
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

test("a key that is reverted between the two writes is not written again", async () => {
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

describe("a key in cilium.leave", () => {
  test("is not changed", async () => {
    await up([L7]);
    expect(cilium.data[L7]).toBe("true");
    expect(memoryOf(cilium.memory)?.former).not.toHaveProperty(L7);
  });

  test("is restored with one restart if it was changed before", async () => {
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

  test("has all settings restored, and the error quotes its log", async () => {
    const message = await up().catch((error: Error) => error.message);
    expect(message).toMatch(/^Cilium does not become ready with .*enable-l7-proxy "true" -> "false"\n/);
    expect(message).toContain('pod cilium-x: container cilium-agent wrote: level=fatal msg="no proxy"');
    expect(message).toContain(
      "ConfigMap kube-system/cilium-config has its former values, and the agents are ready again.\n",
    );
    expect(message).toMatch(/cilium\.leave of the cluster, keys: .*enable-l7-proxy/);
    expect(cilium).toMatchObject({ data: before, memory: undefined, restart: undefined, restarts: 2 });
  });

  test("has only that setting restored if the others were changed before", async () => {
    const made = await up([L7]);
    const { memory, restart, data } = cilium;
    await expect(update?.(step(), made)).rejects.toThrow(
      'Cilium does not become ready with enable-l7-proxy "true" -> "false"\n',
    );
    expect(cilium).toMatchObject({ data, memory, restart, restarts: 3, warnings: [] });
  });

  test("has all settings restored by the run after one that was killed between the writes", async () => {
    cilium.beforeWrite = (kind) => {
      if (kind === "DaemonSet") throw new Error("killed");
    };
    await expect(up()).rejects.toThrow("killed");
    cilium.beforeWrite = () => {};
    cilium.isAll = true;
    await expect(up()).rejects.toThrow('-> "false"\n');
    expect(cilium).toMatchObject({ data: before, memory: undefined, restart: undefined });
  });

  test("long after a complete restart: no setting is restored", async () => {
    cilium.bears = () => true;
    await up();
    const { data, memory, restart } = cilium;
    cilium.bears = (data) => data[L7] !== "false";
    cilium.isAll = true;
    await expect(up()).rejects.toThrow(/^DaemonSet kube-system\/cilium: a restarted pod does not become ready/);
    expect(cilium).toMatchObject({ data, memory, restart });
  });

  test("is no longer awaited after an interruption, and no setting is restored", async () => {
    const ending = new AbortController();
    cilium.onLook = () => ending.abort(new Error("interrupted"));
    await expect(create(cilium.step(inputs(), ending.signal))).rejects.toThrow(new Error("interrupted"));
    expect(cilium.writes).toEqual(["ConfigMap", "DaemonSet"]);
  });
});

describe("Cilium's layer 7 proxy in use", () => {
  const metadata = { name: "front", namespace: "shop" };
  beforeEach(() => {
    cilium.policies.CiliumNetworkPolicy = [{ metadata, spec: { egress: [{ toFQDNs: [{}] }] } }];
  });

  test("is not disabled, and the error names the options", async () => {
    await expect(up()).rejects.toThrow(
      /\n {2}- CiliumNetworkPolicy shop\/front: toFQDNs\nAdd enable-l7-proxy to the cluster's cilium\.leave, or remove them/,
    );
    expect(cilium.writes).toEqual([]);
    await up([L7]);
    expect(cilium.restarts).toBe(1);
  });

  test("is detected from the annotation of a pod alone, as in the preflight", async () => {
    const annotations = { "policy.cilium.io/proxy-visibility": "<Egress/53/UDP/DNS>" };
    cilium.policies.CiliumNetworkPolicy = [];
    cilium.policies.Pod = [{ metadata: { ...metadata, annotations } }, { metadata: { ...metadata, name: "back" } }];
    await expect(up()).rejects.toThrow(/\n {2}- Pod shop\/front: policy\.cilium\.io\/proxy-visibility\nAdd enable-l7/);
    expect(cilium.writes).toEqual([]);
  });

  test.each(["CiliumNetworkPolicy", "Pod"])("is not disabled if each %s cannot be listed", async (kind) => {
    cilium.policies = { [kind]: new ApiError({ status: 403, body: { message: "forbidden" } }) };
    await expect(up()).rejects.toThrow(/^cannot see whether Cilium's layer 7 proxy is in use: forbidden; grant/);
    expect(cilium.writes).toEqual([]);
  });
});
