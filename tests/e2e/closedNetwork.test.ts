// A network without public registries: charts and images come from a private registry with its own CA and a password,
// and API servers are reached through proxies.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { apiServerUrl } from "../../lab/controlPlane.ts";
import { labDown } from "../../lab/down.ts";
import { images } from "../../lab/images.ts";
import { meshOutput, pulumi, pulumiDestroy, pulumiPreview, stackFile } from "../../lab/pulumi.ts";
import { imagesOf, moveImages, pushCharts, type Registry, startRegistry, trustRegistry } from "../../lab/registry.ts";
import { type ClusterSpec, labSpec } from "../../lab/spec.ts";
import { versions } from "../../lab/toolchain/versions.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import { parseMesh } from "../../proof/mesh.ts";
import { prove } from "../../proof/prove.ts";
import { type ConnectProxy, startConnectProxy } from "../connectProxy.ts";
import { ROOT } from "../root.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "./apiSnapshot.ts";
import { type Api, apiOf } from "./kubectl.ts";
import { change, configureSecret } from "./stackConfig.ts";
import { options } from "./testLab.ts";
import { textsBelow, type WatchedRun, watchedUp } from "./watchedUp.ts";

/** A host name that is in every API server's certificate, but that no DNS resolves to an API server. */
const HIDDEN = "kubernetes.default.svc:6443";
const SECRET = "registry-login";

let lab: Lab;
let ncloud: ClusterSpec;
let nhn: ClusterSpec;
let registry: Registry;
let charts: string;
/** The proxy through which nhn's istiod reaches ncloud's API server. */
let betweenClusters: ConnectProxy;
/** The proxy through which this machine reaches nhn's API server. */
let fromHere: ConnectProxy;
let before: readonly ApiSnapshot[];
let run: WatchedRun;

const apis = (): Api[] => [ncloud, nhn].map((cluster) => apiOf(lab, cluster));
const snapshots = () => Promise.all(apis().map(({ config }) => apiSnapshot(config)));
const inRegistry = (image: string) => `${registry.host}/${image.replace(/^[^/]+\//, "")}`;
const all = [images.pilot, images.proxy, images.reviews(1), images.reviews(2), images.reviews(3), images.curl];

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp(options);
  [ncloud, nhn] = lab.clusters as [ClusterSpec, ClusterSpec];
  registry = await startRegistry(lab);
  await moveImages(lab, registry, Object.fromEntries(all.map((image) => [image, inRegistry(image)])));
  charts = await pushCharts(lab, registry, [
    join(lab.tools.istio[0].charts, "base"),
    join(lab.tools.istio[0].charts, "istiod"),
  ]);
  await Promise.all(lab.clusters.map((cluster) => trustRegistry(cluster, registry)));
  betweenClusters = await startConnectProxy(lab.hostIp, { [HIDDEN]: new URL(apiServerUrl(ncloud)).host });
  fromHere = await startConnectProxy("127.0.0.1", { [HIDDEN]: new URL(apiServerUrl(nhn)).host });
  before = await snapshots();
  await configureStack();
});

afterAll(async () => {
  betweenClusters?.close();
  fromHere?.close();
  await labDown(labSpec(options));
});

/** Writes the stack file like a person with such a network. */
async function configureStack(): Promise<void> {
  await change(lab, (config) => {
    const istio = config["csp-mesh:istio"] as object;
    const { username, host: server, caFile } = registry;
    Object.assign(config, {
      "csp-mesh:istio": {
        ...istio,
        hub: `${server}/istio`,
        charts,
        chartAccess: { username, caFile: relative(ROOT, caFile) },
      },
      "csp-mesh:pullSecrets": [{ name: SECRET, server, username }],
      "csp-mesh:sample": {
        images: {
          "reviews-v1": inRegistry(images.reviews(1)),
          "reviews-v2": inRegistry(images.reviews(2)),
          curl: inRegistry(images.curl),
        },
      },
    });
    const [one, two] = config["csp-mesh:clusters"];
    Object.assign(one ?? {}, {
      apiServer: `https://${HIDDEN}`,
      proxyUrl: `http://${lab.hostIp}:${betweenClusters.port}`,
    });
    Object.assign(two ?? {}, { kubeconfig: relative(ROOT, proxiedKubeconfig()), apiServer: apiServerUrl(nhn) });
  });
  await configureSecret(lab, "pullSecrets[0].password", registry.password);
}

/** nhn's kubeconfig, with an API server that is reachable only through the proxy. */
function proxiedKubeconfig(): string {
  const config = parse(readFileSync(join(lab.dir, "kubeconfig"), "utf8"));
  const entry = config.clusters.find(({ name }: { name: string }) => name === nhn.kubeconfigName);
  Object.assign(entry.cluster, { server: `https://${HIDDEN}`, "proxy-url": `http://127.0.0.1:${fromHere.port}` });
  const path = join(lab.dir, "kubeconfig-through-proxy");
  writeFileSync(path, stringify(config), { mode: 0o600 });
  return path;
}

const failure = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "it did not fail",
    (error: unknown) => String(error),
  );

describe("the registry", () => {
  test("is the only place that has the images", async () => {
    for (const cluster of lab.clusters) {
      const names = (await imagesOf(lab, cluster)).join("\n");
      expect(names).toContain(images.coredns);
      expect(names).not.toMatch(/istio|reviews|curl/);
    }
  });

  test("rejects a wrong password for charts, before anything is created", async () => {
    await configureSecret(lab, "istio.chartAccess.password", "not the password");
    const refusal = await failure(pulumiPreview(lab));
    await configureSecret(lab, "istio.chartAccess.password", registry.password);
    expect(refusal).toContain(
      `istio.charts: ${charts}/base:${versions.istio} cannot be read (HTTP 401); see istio.charts, and istio.chartAccess for its login and CA`,
    );
  });
});

describe("the mesh", () => {
  test("is built from the registry alone, and passes the proof", async () => {
    run = await watchedUp(lab);
    const results = await prove(parseMesh(await meshOutput(lab)));
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results).toHaveLength(4);
    const log = readFileSync(registry.log, "utf8").split("\n");
    for (const image of ["istio/pilot", "istio/proxyv2", "curlimages/curl"]) {
      for (const { nodeIp } of lab.clusters) {
        const download = new RegExp(`^${nodeIp} .*"GET /v2/${image}/blobs/sha256:\\S+ HTTP/\\S+" 200 `);
        expect(log.filter((line) => download.test(line)).length, `${nodeIp}: ${image}`).toBeGreaterThan(0);
      }
    }
  });

  test("uses only images from the registry", async () => {
    for (const { core } of apis()) {
      for (const namespace of ["istio-system", "sample"]) {
        const { items } = await core.listNamespacedPod({ namespace });
        const used = items.flatMap(({ spec }) => [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]);
        expect(used.length).toBeGreaterThan(1);
        for (const { image } of used) expect(image).toMatch(new RegExp(`^${registry.host}/`));
        for (const { spec } of items) expect(spec?.imagePullSecrets).toEqual([{ name: SECRET }]);
      }
    }
  });

  test.each([
    ["no Secret", undefined, /401 Unauthorized|no basic auth credentials/],
    ["a Secret with a wrong password", "not the password", /401 Unauthorized/],
  ])("has images that a pod with %s cannot pull", async (_, password, refusal) => {
    const { core } = apiOf(lab, nhn);
    const namespace = "default";
    const name = `refused-${password === undefined ? "anonymous" : "wrong"}`;
    if (password !== undefined) {
      const auths = { [registry.host]: { username: registry.username, password } };
      await core.createNamespacedSecret({
        namespace,
        body: {
          metadata: { name },
          type: "kubernetes.io/dockerconfigjson",
          stringData: { ".dockerconfigjson": JSON.stringify({ auths }) },
        },
      });
    }
    const container = { name, image: inRegistry(images.reviews(3)), imagePullPolicy: "Always" };
    await core.createNamespacedPod({
      namespace,
      body: {
        metadata: { name, annotations: { "sidecar.istio.io/inject": "false" } },
        spec: { containers: [container], ...(password !== undefined && { imagePullSecrets: [{ name }] }) },
      },
    });
    await waitFor(`pod ${name} refused`, 120_000, async () => {
      const { items } = await core.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.name=${name}` });
      const { status } = await core.readNamespacedPodStatus({ namespace, name });
      const reason = status?.containerStatuses?.[0]?.state?.waiting?.reason;
      const said = [reason, ...items.map(({ message }) => message)].join("\n");
      return refusal.test(said) && /^(ErrImagePull|ImagePullBackOff)$/m.test(said) ? true : said;
    });
    await core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: 0 });
    if (password !== undefined) await core.deleteNamespacedSecret({ namespace, name });
  });
});

describe("proxies", () => {
  test("lead nhn's istiod to ncloud's API server", async () => {
    const secret = await apiOf(lab, nhn).core.readNamespacedSecret({
      namespace: "istio-system",
      name: "istio-remote-secret-ncloud",
    });
    const kubeconfig = parse(Buffer.from(secret.data?.ncloud ?? "", "base64").toString());
    expect(kubeconfig.clusters[0].cluster).toMatchObject({
      server: `https://${HIDDEN}`,
      "proxy-url": `http://${lab.hostIp}:${betweenClusters.port}`,
    });
    // The proof has shown that istiod has synced, and the name resolves only in the proxy.
    expect(betweenClusters.tunnels.length).toBeGreaterThan(0);
    expect(new Set(betweenClusters.tunnels.map(({ from }) => from))).toEqual(new Set([nhn.nodeIp]));
  });

  test("lead Pulumi, its hooks and the proof to nhn's API server", () => {
    // At least one for each reader of a kubeconfig. Without the proxy the name does not resolve.
    expect(fromHere.tunnels.length).toBeGreaterThan(5);
    expect(new Set(fromHere.tunnels.map(({ to }) => to))).toEqual(new Set([HIDDEN]));
  });
});

describe("the password", () => {
  const encoded = () => Buffer.from(`${registry.username}:${registry.password}`).toString("base64");
  /** In any form: alone, in a login, or in a Secret's data. */
  const isIn = (text: string) =>
    text.includes(registry.password) || text.includes(encoded()) || text.includes(inSecret().slice(8, 40));
  const inSecret = () => Buffer.from(registry.password).toString("base64");

  test("can be found by this test", async () => {
    expect(isIn(await pulumi(lab, ["stack", "export", "--show-secrets"], { quiet: true }))).toBe(true);
  });

  test("is in no state, output, log, stack file or command line", async () => {
    expect(run.log).toMatch(/Resources:\s+\+ \d+ created/);
    expect(run.commandLines).toContain("pulumi-resource-kubernetes");
    const places = {
      state: textsBelow(join(lab.dir, "state")),
      export: await pulumi(lab, ["stack", "export"], { quiet: true }),
      outputs: await pulumi(lab, ["stack", "output", "--json"], { quiet: true }),
      stackFile: readFileSync(stackFile(lab), "utf8"),
      log: run.log,
      commandLines: run.commandLines,
      registryLog: readFileSync(registry.log, "utf8"),
    };
    expect(
      Object.entries(places)
        .filter(([, text]) => isIn(text))
        .map(([name]) => name),
    ).toEqual([]);
  });
});

describe("at the end", () => {
  test("destroy leaves nothing behind, even through the proxy", async () => {
    await pulumiDestroy(lab);
    const after = await snapshots();
    expect(after.map((snapshot, index) => apiDifference(before[index] ?? new Map(), snapshot))).toEqual([[], []]);
  });

  test("the registry is removed with the lab", async () => {
    const running = () =>
      readdirSync("/proc").filter((pid) => {
        try {
          return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${lab.dir}/registry`);
        } catch {
          return false; // The process has ended meanwhile.
        }
      });
    expect(running().length).toBeGreaterThan(0);
    await labDown(lab);
    expect(running()).toEqual([]);
  });
});
