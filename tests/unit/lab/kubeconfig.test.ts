import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clusterKubeconfig, userKubeconfig } from "../../../lab/kubeconfig.ts";
import { certPath, writeClusterPki } from "../../../lab/pki.ts";
import { type ClusterSpec, labSpec } from "../../../lab/spec.ts";

const dir = mkdtempSync(join(tmpdir(), "kubeconfig-"));
const { clusters } = labSpec({ slot: 0, clusters: 2, dir });
const [ncloud, nhn] = clusters as [ClusterSpec, ClusterSpec];

beforeAll(async () => {
  for (const { dir, nodeName, nodeIp, apiServiceIp } of clusters) {
    await writeClusterPki(dir, { name: nodeName, ip: nodeIp, apiServiceIp });
  }
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("the user's kubeconfig has the providers' context names and no current context", () => {
  const config = new KubeConfig();
  config.loadFromString(userKubeconfig(clusters));
  const names = [ncloud.kubeconfigName, nhn.kubeconfigName];
  expect(config.getContexts()).toEqual(
    names.map((name) => expect.objectContaining({ name, cluster: name, user: name })),
  );
  expect(config.getClusters().map(({ server }) => server)).toEqual([
    "https://172.30.0.11:6443",
    "https://172.30.0.12:6443",
  ]);
  expect(config.getCurrentContext()).toBeFalsy();
});

test("a component's kubeconfig has a certificate for that component", () => {
  const config = new KubeConfig();
  config.loadFromString(clusterKubeconfig(ncloud, "scheduler"));
  const certificate = Buffer.from(config.getCurrentUser()?.certData ?? "", "base64").toString();
  const subject = execFileSync("openssl", ["x509", "-noout", "-subject"], { input: certificate, encoding: "utf8" });
  expect(subject).toContain("system:kube-scheduler");
});

test("openssl verifies each certificate with its own cluster's CA only", () => {
  const verify = (ca: string, name: string) =>
    execFileSync("openssl", ["verify", "-CAfile", certPath(ca, "ca"), certPath(ncloud.dir, name)], {
      encoding: "utf8",
      stdio: "pipe",
    });
  for (const name of ["apiserver", "kubelet", "admin"]) expect(verify(ncloud.dir, name)).toContain("OK");
  expect(() => verify(nhn.dir, "apiserver")).toThrow();
});
