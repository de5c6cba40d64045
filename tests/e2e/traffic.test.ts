// Traffic rules, and how one cluster watches another: weights, failover, addresses and tokens, in one mesh that
// changes.
import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { KubeConfig, type V1Secret } from "@kubernetes/client-node";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { toNone } from "../../kube/scaledToNone.ts";
import { labDown } from "../../lab/down.ts";
import { meshOutput, pulumiEnvironment, pulumiUp, stackFile } from "../../lab/pulumi.ts";
import { type ClusterSpec, labSpec } from "../../lab/spec.ts";
import { ensureIstioctl, versions as labVersions, otherKubernetes } from "../../lab/toolchain/index.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import type { StatusFinding } from "../../mesh/statusFindings.ts";
import { type Answer, parseAnswers, requestCommand } from "../../proof/answers.ts";
import { certificatesIn } from "../../proof/certificates.ts";
import { parseMesh } from "../../proof/mesh.ts";
import { prove } from "../../proof/prove.ts";
import { readyPods } from "../../proof/sample.ts";
import { parseSecretDump, secretDumpCommand } from "../../proof/secretDump.ts";
import type { Direction } from "../../status/directions.ts";
import { ROOT } from "../root.ts";
import { type Api, apiOf } from "./kubectl.ts";
import { networkRule } from "./networkRule.ts";
import { type Issued, makeOwnCA } from "./ownCA.ts";
import { configure, configureSecret } from "./stackConfig.ts";
import { options } from "./testLab.ts";

const namespace = "istio-system";

/** A name in the certificates of the lab's API servers, independent of their address. */
const API_NAME = "kubernetes.default.svc";

let lab: Lab;
const apis: Record<string, Api> = {};
let otherAddress: string;

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp({ ...options, kubernetes: twoLines });
  for (const cluster of lab.clusters) apis[cluster.name] = apiOf(lab, cluster);
  // The last of the load balancer's addresses. It is in the node's network, but in no certificate.
  const [ncloud] = lab.clusters;
  otherAddress = ncloud?.loadBalancerIps.at(-1) ?? "";
  await execa("ip", ["-n", ncloud?.netns ?? "", "address", "add", `${otherAddress}/24`, "dev", "eth0"]);
});

afterAll(() => labDown(labSpec(options)));

/** Versions of ncloud and of nhn. */
const twoLines = [labVersions.kubernetes, otherKubernetes.at(-1) ?? ""];

function api(name: string): Api {
  const found = apis[name];
  if (found === undefined) throw new Error(`${name}: no such cluster in the lab`);
  return found;
}

type Config = Record<string, Record<string, unknown>> & { "csp-mesh:clusters": Record<string, unknown>[] };

/** Edits the stack file, then runs pulumi up. */
async function upWith(edit: (config: Config) => void): Promise<string> {
  // The first command on the stack creates the file.
  await meshOutput(lab).catch(() => undefined);
  const file = stackFile(lab);
  const stack = parse(readFileSync(file, "utf8")) as { config: Config };
  edit(stack.config);
  writeFileSync(file, stringify(stack));
  return pulumiUp(lab, "--skip-preview");
}

const setTraffic = (traffic: object) =>
  upWith((config) => {
    config["csp-mesh:sample"] = { traffic };
  });

async function expectProof({ disruption = true } = {}): Promise<void> {
  const results = await prove(parseMesh(await meshOutput(lab)), { disruption });
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  expect(results).toHaveLength(disruption ? 5 : 4);
}

/** Requests from a cluster's sleep, one after the other, with at most a hundred per exec. */
async function ask(source: string, count: number): Promise<readonly Answer[]> {
  if (count > 100) return [...(await ask(source, 100)), ...(await ask(source, count - 100))];
  const { cluster } = api(source);
  const [pod] = await readyPods(cluster, "sample", "sleep");
  const url = "http://reviews.sample:9080/reviews/1";
  const command = requestCommand({ url, count, timeout: 10_000, userAgent: "csp-mesh-test" });
  const { stdout } = await cluster.exec(pod, "sleep", command, { timeout: 300_000 });
  const answers = parseAnswers(stdout);
  expect(answers).toHaveLength(count);
  return answers;
}

const failures = (answers: readonly Answer[]) => answers.filter((answer) => "failure" in answer);
/** Versions in the answers: `v1` is in ncloud, `v2` in nhn. */
const versions = (answers: readonly Answer[]) =>
  answers.map((answer) => ("pod" in answer ? (/^reviews-(v\d)-/.exec(answer.pod)?.[1] ?? answer.pod) : answer.failure));

test("the mesh spans two versions of Kubernetes: the lab's, and the oldest that this Istio supports", async () => {
  const running = await Promise.all(
    lab.clusters.map(async ({ name }) => (await api(name).core.listNode()).items[0]?.status?.nodeInfo?.kubeletVersion),
  );
  expect(running).toEqual(twoLines.map((version) => `v${version}`));
});

describe("given intermediates", () => {
  test("sign workloads, one of them below another CA", async () => {
    const { root, region, ncloud, nhn } = makeOwnCA();
    await configure(lab, {
      ca: {
        source: "intermediates",
        root: root.certificate,
        intermediates: {
          ncloud: { certificate: ncloud.certificate },
          nhn: { certificate: nhn.certificate, chain: region.certificate },
        },
      },
    });
    await configureSecret(lab, "ca.intermediates.ncloud.key", ncloud.key);
    await configureSecret(lab, "ca.intermediates.nhn.key", nhn.key);
    await pulumiUp(lab, "--skip-preview");
    expect(parseMesh(await meshOutput(lab)).rootCertificate).toBe(root.certificate);
    await expectProof({ disruption: false });
    const fingerprints = (...pems: Issued[]) => pems.map((pem) => new X509Certificate(pem.certificate).fingerprint256);
    // Istio appends the root even to a chain that ends with it.
    const aboveWorkload = async (cluster: string) => [...new Set((await liveChain(cluster)).slice(1))];
    expect(await aboveWorkload("ncloud")).toEqual(fingerprints(ncloud, root));
    expect(await aboveWorkload("nhn")).toEqual(fingerprints(nhn, region, root));
  });

  /** Fingerprints of the certificates that a cluster's sleep presents, the leaf first. */
  async function liveChain(name: string): Promise<string[]> {
    const { cluster } = api(name);
    const [pod] = await readyPods(cluster, "sample", "sleep");
    const { stdout } = await cluster.exec(pod, "istio-proxy", secretDumpCommand, { timeout: 10_000 });
    return certificatesIn(parseSecretDump(stdout).chain).map(({ fingerprint256 }) => fingerprint256);
  }
});

describe("weights by version", () => {
  // Limits for a binomially distributed count of 1,000 at 70 %. Values outside have a probability of 1e-6.
  // tests/unit/binomial.test.ts derives them.
  const bounds = { least: 628, most: 769 };

  test("are set together with a peer's API server at another address, with its own name and CA", async () => {
    const ca = new KubeConfig();
    ca.loadFromFile(join(lab.dir, "kubeconfig"));
    const caFile = join(lab.dir, "ncloud-ca.pem");
    writeFileSync(caFile, Buffer.from(clusterOf(ca, "ncloud").caData ?? "", "base64"));
    expect(new X509Certificate(readFileSync(caFile)).ca).toBe(true);
    await upWith((config) => {
      config["csp-mesh:sample"] = { traffic: { kind: "weights", weights: { v1: 30, v2: 70 } } };
      Object.assign(config["csp-mesh:clusters"][0] ?? {}, {
        apiServer: `https://${otherAddress}:6443`,
        tlsServerName: API_NAME,
        caBundle: caFile,
      });
    });
    await expectProof();
  });

  test("split 1,000 requests from each cluster accordingly", async () => {
    for (const answers of await Promise.all(["ncloud", "nhn"].map((source) => ask(source, 1_000)))) {
      expect(failures(answers)).toEqual([]);
      const second = versions(answers).filter((version) => version === "v2").length;
      expect(second).toBeGreaterThanOrEqual(bounds.least);
      expect(second).toBeLessThanOrEqual(bounds.most);
    }
  });
});

describe("npm run mesh -- status", () => {
  const command = (...args: readonly string[]) =>
    execa(process.execPath, ["cli/main.ts", "status", "--stack", "lab", "--config-file", stackFile(lab), ...args], {
      cwd: ROOT,
      // The CA's keys in the stack file are encrypted, so the command needs the passphrase.
      env: pulumiEnvironment(lab),
      reject: false,
    });

  /** Findings in short form, and the exit code. */
  async function status(...args: readonly string[]) {
    const { stdout, stderr, exitCode } = await command("--output", "json", ...args);
    if (stdout === "") throw new Error(stderr);
    const { findings, directions } = JSON.parse(stdout) as {
      findings: StatusFinding[];
      directions: Direction[];
    };
    const found = findings.map(({ severity, id, cluster, peer }) =>
      [severity, id, cluster, peer].filter(Boolean).join(" "),
    );
    return { code: exitCode, found, directions };
  }
  const onePod = ["warning oneGatewayPod ncloud", "warning oneGatewayPod nhn"];

  test("finds no fault in a healthy mesh, in each direction", async () => {
    const { code, found, directions } = await status("--wait=60");
    expect({ code, found }).toEqual({ code: 0, found: onePod });
    expect(directions.map(({ from, to, synced, replicas }) => ({ from, to, synced, replicas }))).toEqual([
      { from: "ncloud", to: "nhn", synced: 1, replicas: 1 },
      { from: "nhn", to: "ncloud", synced: 1, replicas: 1 },
    ]);
    for (const { answers, gateways, endpoints, expectedEndpoints } of directions) {
      expect(answers).toBeGreaterThan(0);
      expect(gateways).toHaveLength(1);
      expect(endpoints).toBe(expectedEndpoints);
    }
  });

  test("repeats with --watch, and ends with Ctrl-C", async () => {
    const watching = command("--watch");
    let tables = 0;
    watching.stdout.on("data", (text: Buffer) => {
      tables += text.toString().split("FROM").length - 1;
      if (tables === 2) watching.kill("SIGINT");
    });
    expect(await watching).toMatchObject({ exitCode: 130, stderr: "" });
  });

  test("names a cluster that does not answer, without consequential faults", async () => {
    const nhn = lab.clusters.find(({ name }) => name === "nhn") as ClusterSpec;
    await networkRule(nhn, "-I", "INPUT", "-p", "tcp", "--dport", "6443", "-s", lab.hostIp, "-j", "DROP");
    expect(await status()).toMatchObject({
      code: 1,
      found: ["error clusterSilent nhn", "warning oneGatewayPod ncloud"],
    });
  });

  test("names a missing gateway, and notices its return", async () => {
    const { cluster } = api("nhn");
    const scale = (replicas: number) =>
      cluster.patchDeployment(namespace, "istio-ingressgateway", { spec: { replicas } });
    onTestFinished(() => scale(1));
    await scale(0);
    await waitFor("the finding", 60_000, async () => {
      const { found } = await status();
      return found.includes("error noGatewayPod nhn") || found.join(", ");
    });
    await scale(1);
    expect(await status("--wait=90")).toMatchObject({ code: 0, found: onePod });
  });

  test("names a peer that istiod does not watch", async () => {
    const name = "istio-remote-secret-nhn";
    const { core } = api("ncloud");
    const { apiVersion, kind, type, data, metadata } = await core.readNamespacedSecret({ namespace, name });
    const { labels, annotations } = metadata ?? {};
    const body = { apiVersion, kind, type, data, metadata: { name, labels, annotations } } as V1Secret;
    let isThere = true;
    const putBack = async () => {
      if (!isThere) await core.createNamespacedSecret({ namespace, body });
      isThere = true;
    };
    onTestFinished(putBack);
    await core.deleteNamespacedSecret({ namespace, name });
    isThere = false;
    await waitFor("the finding", 60_000, async () => {
      const { found } = await status();
      return found.includes("error peerUnknown ncloud nhn") || found.join(", ");
    });
    await putBack();
    expect(await status("--wait=90")).toMatchObject({ code: 0, found: onePod });
  });
});

describe("a remote secret", () => {
  const remoteSecret = (peer: string, source: string) =>
    api(peer).core.readNamespacedSecret({ namespace, name: `istio-remote-secret-${source}` });

  test.each([
    ["ncloud", "nhn", () => ["--server", `https://${otherAddress}:6443`, "--tls-server-name", API_NAME]],
    ["nhn", "ncloud", () => []],
  ])("of %s in %s equals istioctl's for the same token", async (source, peer, flags) => {
    const istioctl = await ensureIstioctl();
    const context = lab.clusters.find(({ name }) => name === source)?.kubeconfigName ?? "";
    const global = ["--kubeconfig", join(lab.dir, "kubeconfig"), "--context", context];
    const { stdout } = await execa(istioctl, [...global, "create-remote-secret", "--name", source, ...flags()]);
    const real = parse(stdout.replace(/---\s*$/, "")) as { metadata: object; stringData: Record<string, string> };
    const { type, metadata, data } = await remoteSecret(peer, source);
    const { name, namespace, labels, annotations } = metadata ?? {};
    // In addition to Istio's labels it has the label that marks the program's objects.
    const { "app.kubernetes.io/managed-by": program, ...istios } = labels ?? {};
    expect(program).toBe("csp-mesh");
    expect({ name, namespace, labels: istios, annotations: own(annotations) }).toEqual(real.metadata);
    expect(type).toBe("Opaque");
    expect(Object.keys(data ?? {})).toEqual([source]);
    const ours = parse(Buffer.from(data?.[source] ?? "", "base64").toString());
    expect(ours).toEqual(parse(real.stringData[source] ?? ""));
  });

  /** Removes the annotations that Pulumi adds. */
  function own(annotations: Record<string, string> = {}): Record<string, string> {
    return Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith("networking.istio.io/")));
  }

  test("gets a new token without a failed request, and the old one is rejected", async () => {
    const before = await tokenOf("nhn", "ncloud");
    expect(await statusWith(before)).toBe(200);

    let done = false;
    const asking = Promise.all(
      ["ncloud", "nhn"].map(async (source) => {
        const answers: Answer[] = [];
        while (!done) answers.push(...(await ask(source, 50)));
        return answers;
      }),
    );
    // An API server accepts a token for some seconds after its Secret was deleted, so requests in this time prove
    // nothing.
    let looks = 0;
    const revokedEarly: string[] = [];
    const watching = (async () => {
      for (; !done; looks++) {
        const held = await tokenOf("nhn", "ncloud");
        if ((await tokensIn("ncloud")).includes(held) || held !== (await tokenOf("nhn", "ncloud"))) continue;
        revokedEarly.push(held === before ? "the former one" : "the new one");
      }
    })();
    const output = await upWith((config) => {
      Object.assign(config["csp-mesh:clusters"][0] ?? {}, { tokenGeneration: 2 });
    }).finally(() => {
      done = true;
    });
    await watching;
    expect(looks).toBeGreaterThan(10);
    expect(revokedEarly).toEqual([]);
    expect(output).toMatch(/Resources:\n {4}~ 2 updated\n {4}\+-2 replaced\n/);
    for (const answers of [
      ...(await asking),
      ...(await Promise.all(["ncloud", "nhn"].map((name) => ask(name, 100)))),
    ]) {
      expect(failures(answers)).toEqual([]);
      expect(new Set(versions(answers))).toEqual(new Set(["v1", "v2"]));
    }

    const after = await tokenOf("nhn", "ncloud");
    expect(await statusWith(after)).toBe(200);
    await waitFor("the old token refused", 30_000, async () => {
      const status = await statusWith(before);
      return status === 401 ? true : `HTTP ${status}`;
    });
    expect(await tokensIn("ncloud")).toEqual([after]);
    await expectProof();
  });

  async function tokenOf(peer: string, source: string): Promise<string> {
    const { data } = await remoteSecret(peer, source);
    const config = new KubeConfig();
    config.loadFromString(Buffer.from(data?.[source] ?? "", "base64").toString());
    return config.getCurrentUser()?.token ?? "";
  }

  /** Tokens in the Secrets from which they were issued. */
  async function tokensIn(cluster: string): Promise<string[]> {
    const { items } = await api(cluster).core.listNamespacedSecret({ namespace });
    const issued = items.filter(({ type }) => type === "kubernetes.io/service-account-token");
    return issued.map(({ data }) => Buffer.from(data?.token ?? "", "base64").toString());
  }

  /** Status of ncloud's API server for a request of istiod with the token. */
  function statusWith(token: string): Promise<number | undefined> {
    const config = new KubeConfig();
    config.loadFromFile(join(lab.dir, "kubeconfig"));
    const { server, caData = "" } = clusterOf(config, "ncloud");
    return new Promise((resolve, reject) => {
      const url = `${server}/api/v1/namespaces/istio-system/endpoints`;
      const headers = { authorization: `Bearer ${token}` };
      request(url, { ca: Buffer.from(caData, "base64"), headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
  }
});

function clusterOf(config: KubeConfig, name: string) {
  const wanted = lab.clusters.find((cluster) => cluster.name === name)?.kubeconfigName ?? "";
  const found = config.getCluster(config.getContextObject(wanted)?.cluster ?? "");
  if (found === null) throw new Error(`${name}: not in the lab's kubeconfig`);
  return found;
}

describe("failover", () => {
  test("keeps requests in their own cluster, as the proof expects", async () => {
    await setTraffic({ kind: "failover" });
    await expectProof();
  });

  test("loses none of 1,000 requests while a cluster's pods are deleted and recreated", async () => {
    const { cluster } = api("ncloud");
    const scale = (replicas: number) => cluster.patchDeployment("sample", "reviews-v1", { spec: { replicas } });

    const up = await ask("ncloud", 250);
    expect(new Set(versions(up))).toEqual(new Set(["v1"]));

    const [going] = await Promise.all([ask("ncloud", 300), scale(0)]);
    expect(versions(going).at(-1)).toBe("v2");

    const down = await ask("ncloud", 100);
    expect(new Set(versions(down))).toEqual(new Set(["v2"]));

    const [coming] = await Promise.all([ask("ncloud", 100), scale(1)]);
    await readyAgain("ncloud", "reviews-v1");
    let back: readonly Answer[] = [];
    const returning: Answer[] = [];
    await waitFor("ncloud answers its own requests again", 60_000, async () => {
      back = await ask("ncloud", 10);
      returning.push(...back);
      return versions(back).every((version) => version === "v1") ? true : versions(back).join(" ");
    });
    const again = await ask("ncloud", 250);
    expect(new Set(versions(again))).toEqual(new Set(["v1"]));

    expect(failures([...up, ...going, ...down, ...coming, ...returning, ...again])).toEqual([]);
  });

  test("after a killed proof, pulumi up restores the replicas", async () => {
    await api("ncloud").cluster.patchDeployment("sample", "reviews-v1", toNone(1));
    expect(await pulumiUp(lab)).toContain("sample/reviews-v1 was scaled to 0 by a killed proof: scaled back");
    await readyAgain("ncloud", "reviews-v1");
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  });

  test("loses no request while ready pods do not answer, because the second retry uses another cluster", async () => {
    await setTraffic({ kind: "failover", retries: 2 });
    const [ncloud] = lab.clusters as [ClusterSpec];
    const { cluster, core } = api("ncloud");
    // More pods than tries, so that no pod is ejected before each of the tries has failed.
    await cluster.patchDeployment("sample", "reviews-v1", { spec: { replicas: 3 } });
    await readyAgain("ncloud", "reviews-v1", 3);
    const { items } = await core.listNamespacedPod({ namespace: "sample", labelSelector: "app=reviews" });
    for (const { status } of items) {
      // The kubelet's probes take another path.
      const to = ["-d", status?.podIP ?? "", "-p", "tcp"];
      await networkRule(ncloud, "-I", "FORWARD", ...to, "-j", "REJECT", "--reject-with", "tcp-reset");
    }
    const answers = await ask("ncloud", 100);
    expect(new Set(versions(answers))).toEqual(new Set(["v2"]));
    await readyAgain("ncloud", "reviews-v1", 3);
  });

  async function readyAgain(name: string, deployment: string, replicas = 1): Promise<void> {
    await waitFor(`${deployment} ready`, 60_000, async () => {
      const { readyReplicas } = await api(name).cluster.deployment("sample", deployment);
      return readyReplicas === replicas ? true : `${readyReplicas} replicas ready`;
    });
  }
});

// From 1.31 on, istiod also sends endpoints that are not ready, which proxies must skip.
test("pods that are not ready get no requests from any cluster", async () => {
  await setTraffic({ kind: "none" });
  const { cluster } = api("ncloud");
  const strategy = { type: "Recreate", rollingUpdate: null };
  const template = { spec: { readinessGates: [{ conditionType: "csp-mesh.io/never" }] } };
  await cluster.patchDeployment("sample", "reviews-v1", { spec: { replicas: 1, strategy, template } });
  await waitFor("reviews-v1 runs and is not ready", 60_000, async () => {
    const { items } = await api("ncloud").core.listNamespacedPod({ namespace: "sample", labelSelector: "app=reviews" });
    const ready = items.map(({ status }) =>
      status?.conditions
        ?.filter(({ type }) => type === "ContainersReady" || type === "Ready")
        .map(({ status }) => status),
    );
    return JSON.stringify(ready.map((each) => each?.toSorted())) === '[["False","True"]]' || JSON.stringify(ready);
  });
  for (const source of ["ncloud", "nhn"]) {
    await waitFor(`${source} knows it`, 60_000, async () => {
      const seen = versions(await ask(source, 10));
      return seen.every((version) => version === "v2") ? true : seen.join(" ");
    });
    expect(new Set(versions(await ask(source, 200)))).toEqual(new Set(["v2"]));
  }
});
