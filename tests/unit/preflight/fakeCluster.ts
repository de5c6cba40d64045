// An API server that answers the preflight's requests like a new cluster. Tests change its answers.
import { json } from "node:stream/consumers";
import type { KubernetesObject } from "@kubernetes/client-node";
import { CLAIM, CLAIMED, type Claim } from "../../../mesh/claim.ts";
import type { Right } from "../../../preflight/rights.ts";
import { kubeconfigOf, serve } from "../kube/secureServer.ts";

export interface FakeCluster {
  /** Text of a kubeconfig with context `x`. */
  readonly kubeconfig: string;
  /** Answers by path, without their query; a number is a status. */
  readonly answers: Record<string, object | number>;
  /** Whether the account has a right. */
  allowed: (right: Right) => boolean;
  /** Answer to a dry run of an object. @default accepts all */
  admit: (path: string, object: KubernetesObject) => { status: number; body: object };
  /** Paths whose next request is answered with "retry later". */
  readonly busy: Set<string>;
  /** Offset of its Date, in seconds. */
  ahead: number;
  /** All requests: `GET /version`. */
  readonly asked: string[];
  close(): void;
}

const node = {
  metadata: { name: "n" },
  spec: {},
  status: {
    allocatable: { cpu: "4", memory: "16Gi", pods: "110" },
    conditions: [{ type: "Ready", status: "True" }],
  },
};
const storageClass = {
  metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
};

const corefile = `.:53 {
    errors
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
    }
    forward . /etc/resolv.conf
}
`;
/** Path of CoreDNS' ConfigMap. */
export const COREDNS = "/api/v1/namespaces/kube-system/configmaps/coredns";

/** The claim's path. */
export const ROLE = `/apis/rbac.authorization.k8s.io/v1/clusterroles/${CLAIM}`;

/** Adds a claim to a cluster. @param change changed fields of the claim, or its text */
export function claimedBy(cluster: FakeCluster, change: Partial<Claim> | string = {}): void {
  const [owner, mesh, trustDomain] = ["acme/mesh/prod", "mesh1", "cluster.local"];
  const claim: Claim = { id: "1f", owner, cluster: "two", network: "two", mesh, trustDomain, uid: "second" };
  const text = typeof change === "string" ? change : JSON.stringify({ ...claim, ...change });
  cluster.answers[ROLE] = { metadata: { name: CLAIM, annotations: { [CLAIMED]: text } } };
}

/**
 * Config entries `one` and `two` for the clusters. They are on this machine, so they get an API server name for peers,
 * which is never resolved.
 */
export const entriesOf = (clusters: readonly { readonly kubeconfig: string }[]) =>
  clusters.map(({ kubeconfig }, index) => {
    const name = index === 0 ? "one" : "two";
    return { name, kubeconfig, context: "x", apiServer: `https://${name}.example` };
  });

export async function fakeCluster(uid: string): Promise<FakeCluster> {
  const answers: FakeCluster["answers"] = {
    "/version": { gitVersion: "v1.32.2" },
    "/api/v1/namespaces/kube-system": { metadata: { name: "kube-system", uid } },
    [COREDNS]: { data: { Corefile: corefile } },
    "/api/v1/nodes": { items: [node] },
    "/apis/storage.k8s.io/v1/storageclasses": { items: [storageClass] },
    "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io": {
      status: { conditions: [{ type: "Available", status: "True" }] },
    },
  };
  const asked: string[] = [];
  const server = await serve(async (request, response) => {
    const { method = "", url = "" } = request;
    const path = url.replace(/\?.*/, "");
    asked.push(`${method} ${path}`);
    const date = new Date(Date.now() + cluster.ahead * 1000).toUTCString();
    if (cluster.busy.delete(path)) return response.writeHead(429, { date, "retry-after": "0" }).end("{}");
    if (method === "POST" && new URL(url, "https://fake").searchParams.get("dryRun") === "All") {
      const { status, body } = cluster.admit(path, (await json(request)) as KubernetesObject);
      return response.writeHead(status, { date }).end(JSON.stringify(body));
    }
    if (method === "POST") {
      const { spec } = (await json(request)) as { spec: { resourceAttributes: Right } };
      const status = { allowed: cluster.allowed(spec.resourceAttributes) };
      return response.writeHead(201, { date }).end(JSON.stringify({ status }));
    }
    // Default answers: 404 for a namespace or an object, an empty list otherwise.
    const answer =
      answers[path] ?? (/\/namespaces\/[^/]+$|\/(configmaps|secrets)\//.test(path) ? 404 : { items: null });
    if (typeof answer !== "number") return response.writeHead(200, { date }).end(JSON.stringify(answer));
    return response.writeHead(answer, { date }).end(JSON.stringify({ message: `${path} is ${answer}` }));
  });
  const cluster: FakeCluster = {
    kubeconfig: kubeconfigOf(server),
    answers,
    allowed: () => true,
    admit: (_, object) => ({ status: 201, body: object }),
    busy: new Set(),
    ahead: 0,
    asked,
    close: () => server.close(),
  };
  return cluster;
}
