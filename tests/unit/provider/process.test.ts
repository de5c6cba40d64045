// The provider's process: its start, its messages to the engine, and its end.
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { MODULE } from "../../../provider/kindNames.ts";
import { type StartOptions, startProvider } from "../../providerProcess.ts";
import { type MemoryApi, memoryApi } from "../kube/memoryApi.ts";
import { urn } from "../plugins/engine.ts";

const TYPE = `${MODULE}DefaultStorageClass`;
const CLASSES = "/apis/storage.k8s.io/v1/storageclasses";

let api: MemoryApi;
beforeEach(async () => {
  api = await memoryApi();
});
afterEach(() => api.close());

async function start(options?: StartOptions) {
  const provider = await startProvider(options);
  onTestFinished(() => {
    provider.engine.process.kill("SIGKILL");
    return provider.stop();
  });
  return provider;
}
const inputs = () => ({
  cluster: "one",
  access: { kubeconfig: api.kubeconfig, context: "x" },
  name: "csi",
  provisioner: "cinder.csi.openstack.org",
  parameters: {},
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: false,
});
const theirs = () =>
  api.put({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "theirs", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  });
const NOTICE = "the cluster has a default StorageClass, theirs: csi is not created";

/** Milliseconds until the promise resolves. */
async function time(work: Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work;
  return performance.now() - begun;
}

describe("an idle provider", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("exits within a second of %s, without output", async (signal) => {
    const { engine, ended, stderr, log } = await start();
    engine.process.kill(signal);
    expect(await time(ended)).toBeLessThan(1_000);
    expect([engine.process.exitCode, engine.process.signalCode]).toEqual([0, null]);
    expect([stderr(), log.lines]).toEqual(["", []]);
  });

  test("exits when its engine is killed", async () => {
    const { engine, ended } = await start({ isBelowShell: true });
    engine.process.kill("SIGKILL");
    expect(await time(ended)).toBeLessThan(5_000);
  });
});

describe("a provider in the middle of a step", () => {
  /** Starts a step that waits for an answer that never comes. */
  async function stuck(options?: StartOptions) {
    const provider = await start(options);
    const asked = Promise.withResolvers<void>();
    api.meet = (request) => {
      if (request !== `GET ${CLASSES}`) return undefined;
      asked.resolve();
      return new Promise(() => {});
    };
    const error = provider.engine.create(TYPE, inputs()).then(
      () => "it came to its end",
      ({ message }: Error) => message,
    );
    await asked.promise;
    return { ...provider, error };
  }

  test("ends the step at once on Ctrl-C, then exits", async () => {
    const { engine, error, ended } = await stuck();
    expect(await time(engine.cancel())).toBeLessThan(1_000);
    expect(await error).toBe("one: interrupted; run the same command again");
    engine.process.kill("SIGINT");
    expect(await time(ended)).toBeLessThan(1_000);
  });

  test("ends the step and exits at once on SIGINT", async () => {
    const { engine, error, ended } = await stuck();
    engine.process.kill("SIGINT");
    expect(await time(ended)).toBeLessThan(1_000);
    expect(await error).toBe("one: interrupted by SIGINT; run the same command again");
  });

  test("ends the step and exits when its engine is killed", async () => {
    const { engine, ended } = await stuck({ isBelowShell: true });
    engine.process.kill("SIGKILL");
    expect(await time(ended)).toBeLessThan(5_000);
    api.meet = () => undefined;
    await pause(500);
    expect(api.writes()).toEqual([]);
  });
});

describe("a message of a step", () => {
  test("is shown at its resource before the step ends, in preview and update", async () => {
    const { engine, log } = await start();
    theirs();
    await engine.create(TYPE, inputs(), true);
    expect(log.lines).toEqual([NOTICE]);
    await engine.create(TYPE, inputs());
    expect(log.lines).toEqual([NOTICE, NOTICE]);
    expect([...log.urns]).toEqual([urn(TYPE)]);
    expect(api.writes()).toEqual([]);
  });

  test("is shown by an engine that attaches later", async () => {
    const { engine, log } = await start({ isUntold: true });
    theirs();
    await engine.create(TYPE, inputs());
    expect(log.lines).toEqual([]);
    await engine.attach(log.address);
    await engine.create(TYPE, inputs());
    expect(log.lines).toEqual([NOTICE]);
  });

  test("does not block the step if the engine does not accept it", async () => {
    const { engine, log } = await start();
    theirs();
    log.close();
    expect((await engine.create(TYPE, inputs())).state).toMatchObject({ owed: [] });
  });
});

test("a resource goes through preview, create, refresh, drift, recreation and delete", async () => {
  const { engine, log } = await start();
  const planned = await engine.create(TYPE, inputs(), true);
  expect(log.lines).toEqual(["StorageClass csi is created as the default"]);
  expect(JSON.stringify(planned.state)).not.toContain("kubeconfig");
  const { state } = await engine.create(TYPE, inputs());
  expect(api.writes()).toEqual([`POST ${CLASSES}`]);
  expect((await engine.detailedDiff(TYPE, inputs(), inputs(), state)).changed).toBe(false);
  api.objects.delete(`${CLASSES}/csi`);
  log.lines.length = 0;
  // Both an update and a refresh detect it.
  expect((await engine.detailedDiff(TYPE, inputs(), inputs(), state)).changed).toBe(true);
  expect(log.lines).toEqual(["StorageClass csi is created as the default"]);
  const refreshed = await engine.refresh(TYPE, inputs(), state);
  expect(refreshed?.state).toMatchObject({ owed: ["StorageClass csi is created as the default"] });
  expect(await engine.update(TYPE, state, inputs())).toMatchObject({ owed: [] });
  await engine.delete(TYPE, state, inputs());
  expect(api.objects.has(`${CLASSES}/csi`)).toBe(false);
});
