// A mesh in two fake clusters, and a fake `pulumi` with a stack file.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import { CLAIM, CLAIMED, type Claim } from "../../../mesh/claim.ts";
import { folder } from "../config/fixtures.ts";
import { answered } from "./runOn.ts";

interface Made {
  readonly certificate: string;
  readonly key: string;
}

/** A CA from openssl, signed by `issuer` if given. */
function authority(dir: string, name: string, issuer?: string): Made {
  const file = (end: string) => join(dir, `${name}.${end}`);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file("key"));
  openssl("req", "-new", "-key", file("key"), "-subj", `/CN=${name}`, "-out", file("csr"));
  writeFileSync(file("ext"), "basicConstraints=critical,CA:TRUE\n");
  const by = issuer
    ? ["-CA", join(dir, `${issuer}.crt`), "-CAkey", join(dir, `${issuer}.key`), "-CAcreateserial"]
    : ["-signkey", file("key")];
  openssl("x509", "-req", "-in", file("csr"), "-extfile", file("ext"), "-days", "400", ...by, "-out", file("crt"));
  return { certificate: readFileSync(file("crt"), "utf8"), key: readFileSync(file("key"), "utf8") };
}

let made: ReturnType<typeof makeAuthorities> | undefined;
function makeAuthorities() {
  const dir = folder();
  const [root, other] = [authority(dir, "root"), authority(dir, "other")];
  const middle = authority(dir, "middle", "root");
  return { root, other, middle, one: authority(dir, "one", "root"), two: authority(dir, "two", "middle") };
}
export const authorities = () => {
  made ??= makeAuthorities();
  return made;
};

/** Entries of a cluster's Secret, as the program writes them. */
export function cacerts(own: Made, root = authorities().root, chain = ""): Record<string, string> {
  return {
    "ca-cert.pem": own.certificate,
    "ca-key.pem": own.key,
    "cert-chain.pem": own.certificate + chain + root.certificate,
    "root-cert.pem": root.certificate,
  };
}

export interface FakeCluster {
  claim: Claim | undefined;
  uid: string;
  ca: Record<string, string> | undefined;
  secrets: string[];
  /** Called before each PATCH. */
  onPatch?: () => void;
  version: number;
}

export const FORMER = "acme/csp-mesh/prod";
export const OWNER = "organization/csp-mesh/new";

function memberCluster(name: string, ca: Record<string, string>, peer: string): FakeCluster {
  return {
    claim: {
      id: `id-${name}`,
      owner: FORMER,
      cluster: name,
      network: `${name}-net`,
      mesh: "mesh1",
      trustDomain: "cluster.local",
      uid: `uid-${name}`,
    },
    uid: `uid-${name}`,
    ca,
    secrets: ["cacerts", `istio-remote-secret-${peer}`],
    version: 1,
  };
}

async function serve(cluster: FakeCluster, note: (line: string) => void): Promise<string> {
  const ROLE = `/apis/rbac.authorization.k8s.io/v1/clusterroles/${CLAIM}`;
  const role = () => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: {
      name: CLAIM,
      resourceVersion: String(cluster.version),
      annotations: { [CLAIMED]: JSON.stringify(cluster.claim) },
    },
  });
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const entries = () => Object.fromEntries(Object.entries(cluster.ca ?? {}).map(([key, pem]) => [key, base64(pem)]));
  const known: Record<string, () => object | undefined> = {
    "/version": () => ({ gitVersion: "v1.32.0" }),
    "/api/v1": () => ({
      resources: [
        { name: "namespaces", kind: "Namespace", namespaced: false },
        { name: "secrets", kind: "Secret", namespaced: true },
      ],
    }),
    "/apis/rbac.authorization.k8s.io/v1": () => ({
      resources: [{ name: "clusterroles", kind: "ClusterRole", namespaced: false }],
    }),
    [ROLE]: () => (cluster.claim === undefined ? undefined : role()),
    "/api/v1/namespaces/kube-system": () => ({ metadata: { name: "kube-system", uid: cluster.uid } }),
    "/api/v1/namespaces/istio-system/secrets": () => ({
      items: cluster.secrets.map((name) => ({ metadata: { name } })),
    }),
    "/api/v1/namespaces/istio-system/secrets/cacerts": () =>
      cluster.ca && { metadata: { name: "cacerts" }, data: entries() },
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { pathname } = new URL(request.url ?? "/", "http://fake");
    const answer = (status: number, content: object = {}) => {
      response.statusCode = status;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(content));
    };
    if (request.method === "PATCH" && pathname === ROLE) {
      cluster.onPatch?.();
      const { resourceVersion, annotations } = JSON.parse(body).metadata;
      if (resourceVersion !== String(cluster.version)) return answer(409, { message: "changed" });
      cluster.claim = JSON.parse(annotations[CLAIMED]);
      cluster.version++;
      note(`claim ${cluster.claim?.cluster}`);
      return answer(200, role());
    }
    if (request.method !== "GET") note(`${request.method} ${pathname}`);
    const content = request.method === "GET" ? known[pathname]?.() : undefined;
    return content ? answer(200, content) : answer(404);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Tree = Record<string, unknown>;

/** The path in `csp-mesh:clusters[0].state`. */
const stepsOf = (key: string) =>
  [...key.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[]+)/g)].map(([, quoted, index, name]) =>
    index === undefined ? (quoted ?? name ?? "") : Number(index),
  );

function change(tree: Tree, key: string, value: unknown): void {
  const steps = stepsOf(key);
  const last = steps.pop() as string;
  let part = tree;
  for (const step of steps) {
    const next = part[step] ?? {};
    if (typeof next !== "object" || typeof (next as Tree).secure === "string") throw new Error("not a map");
    part[step] = next;
    part = next as Tree;
  }
  if (value === undefined) delete part[last];
  else part[last] = value;
}

/** A stand-in for Pulumi's encryption. */
const encrypted = (value: string) => ({ secure: `v1:${Buffer.from(value).toString("base64")}` });
function decrypted(part: unknown): unknown {
  if (typeof part !== "object" || part === null) return part;
  const { secure } = part as { secure?: string };
  if (typeof secure === "string") return Buffer.from(secure.slice(3), "base64").toString("utf8");
  if (Array.isArray(part)) return part.map(decrypted);
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, decrypted(value)]));
}

/** A mesh of the clusters `one` and `two`, and a stack `new` without a state. */
export async function existingMesh(config: Record<string, unknown> = {}) {
  const { one, two, middle } = authorities();
  const journal: string[] = [];
  const argv: string[] = [];
  const clusters: { one: FakeCluster; two: FakeCluster } = {
    one: memberCluster("one", cacerts(one), "two"),
    two: memberCluster("two", cacerts(two, undefined, middle.certificate), "one"),
  };
  const servers = await Promise.all(Object.values(clusters).map((each) => serve(each, (line) => journal.push(line))));
  const names = ["one", "two"];
  const kubeconfig = (urls: readonly string[]) =>
    stringify({
      clusters: names.map((name, index) => ({ name, cluster: { server: urls[index] } })),
      contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
      users: names.map((name) => ({ name, user: { token: "token-of-the-kubeconfig" } })),
    });
  const entry = (name: string) => ({
    name,
    network: `${name}-net`,
    kubeconfig: "kubeconfig",
    context: name,
    apiServer: `https://${name}.example`,
  });
  const root = folder({
    kubeconfig: kubeconfig(servers),
    "Pulumi.new.yaml": stringify({ config: { "csp-mesh:clusters": names.map(entry), ...config } }),
  });
  const file = join(root, "Pulumi.new.yaml");
  const read = (): Tree => parse(readFileSync(file, "utf8")).config;

  const state = { fullName: OWNER, resources: [] as object[], failAt: Number.POSITIVE_INFINITY, answer: "y" };
  let written = 0;
  async function pulumi(given: readonly string[], input = ""): Promise<string> {
    argv.push(given.join(" "));
    const [command, verb] = given;
    const args = given.filter((arg) => !arg.startsWith("--") && arg !== "new" && arg !== file);
    if (command === "stack" && verb === "export") {
      return JSON.stringify({ deployment: { resources: state.resources } });
    }
    if (command === "stack") return `${given.includes("--fully-qualify-stack-names") ? state.fullName : "new"}\n`;
    const tree = read();
    if (verb === "set" || verb === "rm") {
      if (++written > state.failAt) throw new Error("pulumi config: killed");
      const key = args[2] ?? "";
      const [project = "", path = ""] = key.split(/:(.*)/s);
      const value = args[3] ?? input.replace(/\n$/, "");
      const own = {
        [`${project}`]: Object.fromEntries(Object.entries(tree).map(([name, part]) => [name.slice(9), part])),
      };
      change(
        own[project] as Tree,
        path,
        verb === "rm" ? undefined : given.includes("--secret") ? encrypted(value) : value,
      );
      const config = Object.entries(own[project] as Tree).map(([name, part]) => [`${project}:${name}`, part]);
      writeFileSync(file, stringify({ config: Object.fromEntries(config) }));
      journal.push(`${verb} ${key}`);
      return "";
    }
    const shown = Object.entries(tree).map(([name, part]) => {
      const value = decrypted(part);
      return [name, typeof value === "string" ? { value } : { value: JSON.stringify(value), objectValue: value }];
    });
    return JSON.stringify(Object.fromEntries(shown));
  }

  const run = (command: string) => answered(command, "new", { root, pulumi }, () => state.answer);

  return { clusters, journal, argv, state, run, root, file, config: read, decrypted: () => decrypted(read()) as Tree };
}
