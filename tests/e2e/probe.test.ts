// Tests with real pods whether clusters reach each other, with each kind of fault.
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { labDown } from "../../lab/down.ts";
import { certPath, keyPath } from "../../lab/pki.ts";
import { pulumi, pulumiDestroy, pulumiEnvironment, pulumiUp, stackFile } from "../../lab/pulumi.ts";
import { type ClusterSpec, labSpec } from "../../lab/spec.ts";
import { ensureKubectl } from "../../lab/toolchain/index.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import type { ProbeFinding } from "../../mesh/probeFindings.ts";
import { startConnectProxy } from "../connectProxy.ts";
import type { Given, Verdict } from "../kubeconfigForms/form.ts";
import { FORMS } from "../kubeconfigForms/table.ts";
import { byKubectl, byProgram, verdictOf, write } from "../kubeconfigForms/verdicts.ts";
import { ROOT } from "../root.ts";
import { startSocksProxy } from "../socksProxy.ts";
import { failure } from "./failure.ts";
import { type Api, apiOf } from "./kubectl.ts";
import { networkRule } from "./networkRule.ts";
import { killTree } from "./processTree.ts";
import { configure, configureCluster, configured } from "./stackConfig.ts";
import { options } from "./testLab.ts";

let lab: Lab;
let ncloud: ClusterSpec;
let nhn: ClusterSpec;
let apis: readonly Api[];

beforeAll(async () => {
  lab = await labUp(options);
  [ncloud, nhn] = lab.clusters as [ClusterSpec, ClusterSpec];
  apis = lab.clusters.map((cluster) => apiOf(lab, cluster));
});
afterAll(() => labDown(labSpec(options)));

const command = () =>
  execa(process.execPath, [join(import.meta.dirname, "probeCommand.ts"), stackFile(lab)], {
    reject: false,
    timeout: 120_000,
  });

/** Findings, one line each, and the exit code. */
async function probe(): Promise<{ code: number | undefined; lines: string[]; findings: ProbeFinding[] }> {
  const { exitCode, stdout, stderr, message } = await command();
  if (stdout === "") throw new Error(message ?? stderr);
  const findings: ProbeFinding[] = JSON.parse(stdout);
  const lines = findings.map(({ id, severity, cluster, peer, ...facts }) => {
    const more = ["why", "status", "address"].flatMap((key) => (key in facts ? [facts[key as never]] : []));
    return [severity, cluster, peer, id, ...more].filter((part) => part !== "").join(" ");
  });
  return { code: exitCode, lines: lines.toSorted(), findings };
}

async function probeNamespaces(): Promise<string[]> {
  const lists = await Promise.all(apis.map(({ core }) => core.listNamespace({ labelSelector: "csp-mesh.io/probe" })));
  return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata?.name ?? ""));
}

/** Changes an entry of the config during a test. */
async function wrong(name: string, settings: Record<string, unknown>): Promise<void> {
  await configureCluster(lab, name, settings);
  onTestFinished(() =>
    configureCluster(lab, name, Object.fromEntries(Object.keys(settings).map((key) => [key, undefined]))),
  );
}

describe("kubeconfigs of all forms", () => {
  test("resolve to the same server and user in kubectl and the program, or fail in both", async () => {
    const { folder, given, names } = await formsOf(ncloud, apis[0] as Api);
    const kubectl = await ensureKubectl();
    const trusted = join(folder, "trusted");
    writeFileSync(trusted, given.ca);
    // Node reads this variable once per process.
    vi.stubEnv("SSL_CERT_FILE", trusted);
    const differences: unknown[] = [];
    for (const [index, form] of Object.values(FORMS).flat().entries()) {
      const file = write(join(folder, String(index)), form, given);
      const env = { PATH: process.env.PATH ?? "", HOME: folder, ...(form.isPublic && { SSL_CERT_FILE: trusted }) };
      const ofKubectl = await byKubectl(kubectl, file, env);
      const ofProgram = await byProgram(file);
      const verdicts = { kubectl: verdictOf(ofKubectl, names), program: verdictOf(ofProgram, names) };
      const { kubectl: expected, program = expected } = form;
      const isSame = program !== expected || isDeepStrictEqual(ofKubectl.user, ofProgram.user);
      const isToldTheSame = ofProgram.cluster === undefined || isDeepStrictEqual(ofKubectl.cluster, ofProgram.cluster);
      if (
        !isDeepStrictEqual(verdicts, { kubectl: expected, program }) ||
        !(isSame || program === "refused") ||
        !isToldTheSame
      )
        differences.push({ form: form.form, ...verdicts, ofKubectl, ofProgram });
    }
    vi.unstubAllEnvs();
    expect(differences).toEqual([]);
  });

  /** A folder for the kubeconfigs, and their content: the lab's administrator, and an account without rights. */
  async function formsOf(cluster: ClusterSpec, { core, config }: Api) {
    const folder = mkdtempSync(join(tmpdir(), "csp-mesh-forms-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const account = { name: "forms", namespace: "default" };
    await core.createNamespacedServiceAccount({ namespace: "default", body: { metadata: account } });
    onTestFinished(async () => {
      await core.deleteNamespacedServiceAccount(account);
    });
    const body = { spec: { audiences: [], expirationSeconds: 3_600 } };
    const { status } = await core.createNamespacedServiceAccountToken({ ...account, body });
    const server = config.getCurrentCluster()?.server ?? "";
    const { host } = new URL(server);
    const [proxy, socks] = await Promise.all([startConnectProxy("127.0.0.1", { [host]: host }), startSocksProxy()]);
    onTestFinished(() => {
      proxy.close();
      socks.close();
    });
    const read = (path: string) => readFileSync(path, "utf8");
    const given: Given = {
      server,
      ca: read(caOf(cluster)),
      serverCert: read(certPath(cluster.dir, "apiserver")),
      serverName: "kubernetes.default.svc",
      cert: read(certPath(cluster.dir, "admin")),
      key: read(keyPath(cluster.dir, "admin")),
      otherKey: read(keyPath(nhn.dir, "admin")),
      token: status?.token ?? "",
      httpProxy: `http://127.0.0.1:${proxy.port}`,
      socksProxy: `socks5://127.0.0.1:${socks.port}`,
    };
    const admin = new X509Certificate(given.cert).subject.match(/CN=(.*)/)?.[1] ?? "";
    const names: Record<string, Verdict> = {
      [admin]: "certificate",
      "system:serviceaccount:default:forms": "token",
      jane: "jane",
    };
    return { folder, given, names };
  }
});

const caOf = (cluster: ClusterSpec) => join(cluster.dir, "pki", "ca.crt");

describe("between clusters without a mesh", () => {
  beforeEach(async () => expect(await probeNamespaces()).toEqual([]));

  test("each API server is reachable from the other cluster, and nothing is left behind", async () => {
    await configure(lab, {});
    const started = performance.now();
    const { code, lines } = await probe();
    expect(lines).toEqual(["ok ncloud nhn apiServerAnswers", "ok nhn ncloud apiServerAnswers"]);
    expect(code).toBe(0);
    // The namespace controller waits five seconds before it deletes a namespace.
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(await probeNamespaces()).toEqual([]);
  });

  test("dropped packets, and a wrong CA", async () => {
    await networkRule(nhn, "-I", "INPUT", "-p", "tcp", "--dport", "6443", "-s", ncloud.nodeIp, "-j", "DROP");
    await wrong("ncloud", { caBundle: caOf(nhn) });
    const { code, lines } = await probe();
    expect(lines).toEqual([
      `error ncloud nhn apiServerUnconnected silent ${nhn.nodeIp}:6443`,
      `error nhn ncloud apiServerUnknownCa ${ncloud.nodeIp}:6443`,
    ]);
    expect(code).toBe(1);
  });

  test("a port on which nothing listens, and a name that is not in the certificate", async () => {
    await wrong("nhn", { apiServer: `https://${nhn.nodeIp}:1` });
    await wrong("ncloud", { apiServer: `https://${ncloud.nodeIp}:6443`, tlsServerName: "wrong.example" });
    const { lines, findings } = await probe();
    expect(lines).toEqual([
      `error ncloud nhn apiServerUnconnected refused ${nhn.nodeIp}:1`,
      `error nhn ncloud apiServerWrongName ${ncloud.nodeIp}:6443`,
    ]);
    expect(findings.find(({ id }) => id === "apiServerWrongName")).toMatchObject({
      name: "wrong.example",
      names: expect.stringContaining("kubernetes.default.svc"),
    });
  });

  test("an unresolvable name, and another cluster's API server", async () => {
    await networkRule(
      ncloud,
      "-t",
      "nat",
      "-I",
      "PREROUTING",
      "-p",
      "tcp",
      "--dport",
      "16443",
      "-j",
      "REDIRECT",
      "--to-ports",
      "6443",
    );
    await wrong("ncloud", { apiServer: "https://nosuch.example:6443" });
    // The API server is reached from a pod of ncloud itself, through its node.
    await wrong("nhn", { apiServer: `https://${ncloud.nodeIp}:16443`, caBundle: caOf(ncloud) });
    const { lines } = await probe();
    expect(lines).toEqual([
      `error ncloud nhn apiServerTokenRefused 401 ${ncloud.nodeIp}:16443`,
      "error nhn ncloud apiServerUnconnected nameUnknown nosuch.example:6443",
    ]);
  });

  test("proxies: one that forwards, one that rejects, and one that is not tested", async () => {
    const target = `${nhn.nodeIp}:6443`;
    const proxy = await startConnectProxy(lab.hostIp, { [target]: target });
    onTestFinished(() => proxy.close());
    await wrong("nhn", { proxyUrl: `http://${lab.hostIp}:${proxy.port}` });
    await wrong("ncloud", { proxyUrl: `http://${lab.hostIp}:${proxy.port}` });
    expect((await probe()).lines).toEqual([
      `error nhn ncloud apiServerProxyRefuses 403 ${lab.hostIp}:${proxy.port}`,
      "ok ncloud nhn apiServerAnswers",
    ]);
    expect(proxy.tunnels).toContainEqual({ from: ncloud.nodeIp, to: target });
    await configureCluster(lab, "ncloud", { proxyUrl: `socks5://${lab.hostIp}:1` });
    const { code, lines } = await probe();
    expect(lines).toContain(`warning nhn ncloud apiServerNotTried ${lab.hostIp}:1`);
    expect(code).toBe(0);
  });

  test("an image that cannot be pulled, with the kubelet's message", async () => {
    const istio = await configured(lab, "istio");
    onTestFinished(() => configure(lab, { istio }));
    await configure(lab, { istio: { ...istio, tag: "nosuch" } });
    const { code, findings } = await probe();
    expect(findings.map(({ id, cluster }) => `${id} ${cluster}`).toSorted()).toEqual([
      "podNotRunning ncloud",
      "podNotRunning nhn",
    ]);
    for (const finding of findings)
      expect(finding).toMatchObject({ said: expect.stringMatching(/pull.*proxyv2:nosuch/i) });
    expect(code).toBe(1);
    expect(await probeNamespaces()).toEqual([]);
  });

  test("Ctrl-C at any moment, even repeatedly, leaves nothing behind", async () => {
    for (const moments of [[250], [450], [700], [1000], [1500], [600, 650, 700], [2500, 2600]]) {
      const running = command();
      await Promise.all(moments.map((moment) => pause(moment).then(() => running.kill("SIGINT"))));
      const { exitCode, signal } = await running;
      // Before Node runs the script's first line, the signal ends Node itself.
      if (signal === undefined) expect(exitCode).toBe(130);
      expect(await probeNamespaces()).toEqual([]);
    }
  });

  test("leftovers of a killed command stay for a while, because they may still be in use", async () => {
    const running = command();
    await waitFor("its namespaces", 20_000, async () => (await probeNamespaces()).length === 2 || "none yet");
    running.kill("SIGKILL");
    await running;
    const left = await probeNamespaces();
    expect(left).toHaveLength(2);
    onTestFinished(async () => {
      await Promise.all(
        left.map((name) => Promise.all(apis.map(({ core }) => core.deleteNamespace({ name }).catch(() => {})))),
      );
      await waitFor("nothing left", 20_000, async () => (await probeNamespaces()).length === 0 || "still there");
    });
    await probe();
    expect((await probeNamespaces()).toSorted()).toEqual(left.toSorted());
  });

  test("a failing probe ends pulumi up before any part of the mesh is created", async () => {
    await wrong("nhn", { apiServer: `https://${nhn.nodeIp}:1` });
    const namespaces = () =>
      Promise.all(
        apis.map(({ core }) => core.listNamespace().then(({ items }) => items.map(({ metadata }) => metadata?.name))),
      );
    const before = await namespaces();
    const said = await failure(pulumiUp(lab, "--skip-preview"));
    expect(said).toContain(
      "the clusters do not reach each other as the mesh requires; no part of the mesh was created",
    );
    expect(said).toContain(`error: ncloud -> nhn: ${nhn.nodeIp}:1 refuses connections`);
    expect(said).toContain("set clusters[1].apiServer to the address and port");
    await waitFor("the probe gone", 20_000, async () => (await probeNamespaces()).length === 0 || "still there");
    expect(await namespaces()).toEqual(before);
    const { resources = [] } = JSON.parse(await pulumi(lab, ["stack", "export"], { quiet: true })).deployment;
    const inClusters = resources.filter(({ type }: { type: string }) =>
      /^(kubernetes|command|csp-mesh:cluster):/.test(type),
    );
    // Only the resources that delete leftovers of a killed probe.
    expect(inClusters.map(({ urn }: { urn: string }) => urn.split("::").at(-1)).sort()).toEqual([
      "reachability-ncloud-leftovers",
      "reachability-nhn-leftovers",
    ]);
  });

  /** Starts a `pulumi up` whose probe waits for a timeout and has created its namespaces. */
  async function probingUp() {
    await networkRule(nhn, "-I", "INPUT", "-p", "tcp", "--dport", "6443", "-s", ncloud.nodeIp, "-j", "DROP");
    const flags = ["--yes", "--non-interactive", "--skip-preview", "--config-file", stackFile(lab)];
    const before = await probeNamespaces();
    const running = execa("pulumi", ["up", "--stack", "lab", ...flags], {
      cwd: ROOT,
      env: pulumiEnvironment(lab),
      reject: false,
    });
    const made = async () => (await probeNamespaces()).filter((name) => !before.includes(name));
    await waitFor("its namespaces", 60_000, async () => (await made()).length === 2 || "none yet");
    // Wrapped in an object, because an async function would wait for the process itself.
    return { running };
  }

  test("an interrupted pulumi up leaves nothing behind", async () => {
    const { running } = await probingUp();
    running.kill("SIGINT");
    expect((await running).exitCode).not.toBe(0);
    await waitFor("nothing left", 30_000, async () => (await probeNamespaces()).length === 0 || "still there");
  });

  test("leftovers of a killed pulumi up are deleted by the next one, and by a destroy", async () => {
    const kill = async ({ running }: Awaited<ReturnType<typeof probingUp>>) => {
      killTree(running.pid as number);
      await running;
      await pulumi(lab, ["cancel", "--yes"], { quiet: true });
      return probeNamespaces();
    };
    const first = await kill(await probingUp());
    expect(first).toHaveLength(2);
    const second = await probingUp();
    await waitFor("the first one's gone", 30_000, async () => {
      const now = await probeNamespaces();
      return first.every((name) => !now.includes(name)) || now.join();
    });
    expect(await kill(second)).toHaveLength(2);
    await pulumiDestroy(lab, "--skip-preview");
    expect(await probeNamespaces()).toEqual([]);
  });
});

describe("between clusters of a mesh", () => {
  beforeAll(() => pulumiUp(lab, "--skip-preview").then(() => {}));

  const healthy = [
    "ok ncloud nhn apiServerAnswers",
    expect.stringMatching(/^ok ncloud nhn gatewayAnswers 172\.30\.\d\.\d+:15443$/),
    "ok nhn ncloud apiServerAnswers",
    expect.stringMatching(/^ok nhn ncloud gatewayAnswers .*\.kr-gov\.lb\.naverncp\.com:15443$/),
  ];

  test("gateways answer at 15443 and 15021, by host name and by IP", async () => {
    const { code, lines } = await probe();
    expect(lines).toEqual(healthy);
    expect(code).toBe(0);
  });

  test("an existing mesh is not probed again", async () => {
    const events = () =>
      Promise.all(
        apis.map(({ core }) => core.listEventForAllNamespaces({ fieldSelector: "involvedObject.name=csp-mesh-probe" })),
      );
    const before = (await events()).map(({ items }) => items.length);
    expect(await pulumiUp(lab, "--skip-preview")).not.toContain("Command reachability");
    expect((await events()).map(({ items }) => items.length)).toEqual(before);
  });

  test("an unresolvable host name, and a gateway without pods", async () => {
    await wrong("ncloud", { gateway: { externalAddress: "nosuch.example" } });
    const [, { cluster }] = apis as [Api, Api];
    const gateway = ["istio-system", "istio-ingressgateway"] as const;
    onTestFinished(async () => {
      await cluster.patchDeployment(...gateway, { spec: { replicas: 1 } });
    });
    await cluster.patchDeployment(...gateway, { spec: { replicas: 0 } });
    const { selector } = await cluster.deployment(...gateway);
    await waitFor(
      "no gateway",
      60_000,
      async () => (await cluster.pods(gateway[0], selector)).length === 0 || "still there",
    );
    const { code, lines } = await probe();
    expect(lines).toEqual([
      expect.stringMatching(/^error ncloud nhn gatewayUnconnected refused .*:15443$/),
      "error nhn ncloud gatewayUnconnected nameUnknown nosuch.example:15443",
      "ok ncloud nhn apiServerAnswers",
      "ok nhn ncloud apiServerAnswers",
      expect.stringMatching(/^warning ncloud nhn gatewayUnconnected refused .*:15021$/),
    ]);
    expect(code).toBe(1);
  });
});
