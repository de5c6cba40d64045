// An in-memory API server for a few kinds, with versions, conflicts and selectors.
import { randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import type { KubernetesObject } from "@kubernetes/client-node";
import { kubeconfigOf, serve } from "./secureServer.ts";

type Stored = KubernetesObject & {
  metadata: { name: string; namespace?: string; uid?: string; resourceVersion?: string };
};

export interface MemoryApi {
  /** Text of a kubeconfig whose context is `x`. */
  readonly kubeconfig: string;
  /** Stored objects by path. */
  readonly objects: Map<string, Stored>;
  /** `METHOD /path` of all requests, without queries. */
  readonly requests: string[];
  /** Requests, except reads. */
  writes(): string[];
  /** Called before each request. May return another answer, or a promise that never resolves. */
  meet: (request: string) => Promise<{ status: number; body?: object } | undefined> | undefined;
  /** Stores an object as if another client wrote it. */
  put(object: KubernetesObject): void;
  close(): void;
}

/** Plural names, kinds, and whether they are namespaced. */
const KINDS: Readonly<Record<string, readonly (readonly [string, string, boolean])[]>> = {
  "/api/v1": [
    ["namespaces", "Namespace", false],
    ["configmaps", "ConfigMap", true],
    ["secrets", "Secret", true],
    ["services", "Service", true],
    ["serviceaccounts", "ServiceAccount", true],
    ["pods", "Pod", true],
    ["events", "Event", true],
  ],
  "/apis/apps/v1": [
    ["deployments", "Deployment", true],
    ["daemonsets", "DaemonSet", true],
    ["controllerrevisions", "ControllerRevision", true],
  ],
  "/apis/rbac.authorization.k8s.io/v1": [["clusterroles", "ClusterRole", false]],
  "/apis/storage.k8s.io/v1": [["storageclasses", "StorageClass", false]],
  "/apis/apiextensions.k8s.io/v1": [["customresourcedefinitions", "CustomResourceDefinition", false]],
  "/apis/gateway.networking.k8s.io/v1": [["gatewayclasses", "GatewayClass", false]],
  "/apis/networking.istio.io/v1": [
    ["gateways", "Gateway", true],
    ["serviceentries", "ServiceEntry", true],
    ["virtualservices", "VirtualService", true],
    ["destinationrules", "DestinationRule", true],
  ],
  "/apis/admissionregistration.k8s.io/v1": [
    ["mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false],
    ["validatingwebhookconfigurations", "ValidatingWebhookConfiguration", false],
  ],
};

const rootOf = (path: string) => /^(\/api\/v1|\/apis\/[^/]+\/[^/]+)/.exec(path)?.[0] ?? "";

/** Applies a merge patch to an object. */
function merged(object: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(object as object | undefined) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** Evaluates label selectors: `a=b`, `a`, `!a`, `a in (b,c)`, several separated by commas. */
function selects(selector: string | null, labels: Readonly<Record<string, string>>): boolean {
  return (selector ?? "").split(/,(?![^(]*\))/).every((term) => {
    if (term.startsWith("!")) return !(term.slice(1) in labels);
    const [, key = "", , values] = /^([^= ]+)( in |=)?\(?([^)]*)\)?$/.exec(term) ?? [];
    return term === "" || (key in labels && (!values || values.split(",").includes(labels[key] ?? "")));
  });
}

export async function memoryApi(): Promise<MemoryApi> {
  const objects: MemoryApi["objects"] = new Map();
  const requests: string[] = [];
  let version = 0;

  const pathOf = ({ apiVersion = "", kind = "", metadata }: KubernetesObject): string => {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const [plural, , isNamespaced] = KINDS[root]?.find(([, known]) => known === kind) ?? [];
    if (plural === undefined) throw new Error(`the fake knows no ${kind} of ${apiVersion}`);
    const inside = isNamespaced ? `/namespaces/${metadata?.namespace ?? "default"}` : "";
    return `${root}${inside}/${plural}/${metadata?.name}`;
  };
  const put = (object: KubernetesObject) => {
    const known = objects.get(pathOf(object))?.metadata;
    const metadata = { uid: known?.uid ?? randomUUID(), ...object.metadata, resourceVersion: `${++version}` };
    objects.set(pathOf(object), { ...object, metadata } as Stored);
  };
  const failure = (status: number, message: string) => ({ status, body: { kind: "Status", message } });

  function answer(method: string, { pathname: path, searchParams }: URL, body: KubernetesObject, ofMetadata: boolean) {
    const root = rootOf(path);
    if (path === "/api") return { status: 200, body: { kind: "APIVersions", versions: ["v1"] } };
    if (path === "/apis") {
      const versions = Object.keys(KINDS).flatMap((known) => known.split("/apis/")[1] ?? []);
      const groups = versions.map((groupVersion) => ({ versions: [{ groupVersion }] }));
      return { status: 200, body: { kind: "APIGroupList", groups } };
    }
    if (path === root) {
      const verbs = ["list", "delete"];
      const resources = (KINDS[root] ?? []).map(([name, kind, namespaced]) => ({ name, kind, namespaced, verbs }));
      return resources.length > 0 ? { status: 200, body: { resources } } : failure(404, `no ${root}`);
    }
    const found = objects.get(path);
    if (method === "POST") {
      if (objects.has(pathOf(body))) return failure(409, `${body.metadata?.name} already exists`);
      put(body);
      return { status: 201, body };
    }
    if (method === "PATCH" && searchParams.has("force")) {
      put(merged(found, body) as KubernetesObject);
      return { status: 200, body: objects.get(path) };
    }
    if (found === undefined && method !== "GET") return failure(404, `${path} not found`);
    if (method === "DELETE") {
      const { uid } = (body as { preconditions?: { uid?: string } }).preconditions ?? {};
      if (uid !== undefined && uid !== found?.metadata.uid) return failure(409, "the UID in the precondition differs");
      objects.delete(path);
      return { status: 200, body: {} };
    }
    if (method === "PATCH" || method === "PUT") {
      const expected = body.metadata?.resourceVersion;
      if (expected !== undefined && expected !== found?.metadata.resourceVersion) return failure(409, "it was changed");
      put((method === "PUT" ? body : merged(found, body)) as KubernetesObject);
      return { status: 200, body: objects.get(path) };
    }
    if (found !== undefined) return { status: 200, body: found };
    const [plural] = KINDS[root]?.find(([name]) => path.endsWith(`/${name}`)) ?? [];
    if (plural === undefined) return failure(404, `${path} not found`);
    const inside = path.slice(0, -plural.length);
    const [field = "", wanted] = (searchParams.get("fieldSelector") ?? "").split("=");
    const items = [...objects]
      .filter(([own]) => own.startsWith(inside === `${root}/` ? root : inside) && own.split("/").at(-2) === plural)
      .map(([, object]) => object)
      .filter(({ metadata }) => selects(searchParams.get("labelSelector"), metadata.labels ?? {}))
      .filter(({ metadata }) => field !== "metadata.name" || metadata.name === wanted);
    // Like the API server, which has no items in an empty list of metadata.
    return { status: 200, body: { items: ofMetadata && items.length === 0 ? null : items } };
  }

  const server = await serve(async (request, response) => {
    const body = await text(request);
    const url = new URL(request.url ?? "/", "https://fake");
    const asked = `${request.method} ${url.pathname}`;
    requests.push(asked);
    const ofMetadata = request.headers.accept?.includes("PartialObjectMetadataList") === true;
    const { status, body: answered } =
      (await api.meet(asked)) ?? answer(request.method ?? "", url, JSON.parse(body || "{}"), ofMetadata);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answered ?? {}));
  });
  const api: MemoryApi = {
    kubeconfig: kubeconfigOf(server),
    objects,
    requests,
    writes: () => requests.filter((request) => !request.startsWith("GET ")),
    meet: () => undefined,
    put,
    close: () => server.close(),
  };
  api.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } });
  return api;
}
