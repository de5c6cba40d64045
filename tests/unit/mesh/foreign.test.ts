import type { KubernetesObject } from "@kubernetes/client-node";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isByproduct } from "../../../mesh/byproducts.ts";
import { foreignAmong } from "../../../mesh/foreign.ts";
import { isOurs, MANAGED_BY, PROGRAM } from "../../../mesh/ownership.ts";

type Metadata = NonNullable<KubernetesObject["metadata"]>;

const API_VERSIONS: Record<string, string> = {
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  ReplicaSet: "apps/v1",
  ControllerRevision: "apps/v1",
  Ingress: "networking.k8s.io/v1",
  NetworkPolicy: "networking.k8s.io/v1",
  EndpointSlice: "discovery.k8s.io/v1",
  Lease: "coordination.k8s.io/v1",
  PostgresCluster: "db.example.com/v1",
  PodMetrics: "metrics.k8s.io/v1beta1",
};

/** An object in the namespace `istio-system`, given as `Kind name`. Its UID is this text. */
function thing(text: string, metadata: Metadata = {}): KubernetesObject {
  const [kind = "", name = ""] = text.split(" ");
  const apiVersion = API_VERSIONS[kind] ?? "v1";
  return { apiVersion, kind, metadata: { name, namespace: "istio-system", uid: text, ...metadata } };
}

const labels = { [MANAGED_BY]: PROGRAM };
const ofOurs = (text: string, metadata: Metadata = {}) => thing(text, { ...metadata, labels });
const owned = (by: string, ...others: string[]): Metadata => ({
  ownerReferences: [by, ...others].map((text) => {
    const [kind = "", name = ""] = text.split(" ");
    return { apiVersion: API_VERSIONS[kind] ?? "v1", kind, name, uid: text };
  }),
});
const ending: Metadata = { deletionTimestamp: new Date(0) };

/** `Kind name` of each foreign object, then ` < ` and its owner if that is missing or being deleted. */
const found = (...objects: KubernetesObject[]) =>
  foreignAmong(objects, isOurs).map(({ object, missingOwner }) =>
    [`${object.kind} ${object.metadata?.name}`, ...(missingOwner ? [missingOwner] : [])].join(" < "),
  );

describe("counts as foreign:", () => {
  test.each<[string, KubernetesObject[], string[]]>([
    ["a Secret", [thing("Secret tls")], ["Secret tls"]],
    ["an Ingress", [thing("Ingress web")], ["Ingress web"]],
    ["a NetworkPolicy", [thing("NetworkPolicy deny")], ["NetworkPolicy deny"]],
    [
      "a Deployment, but not its pods",
      [
        thing("Pod web-1-a", owned("ReplicaSet web-1")),
        thing("ReplicaSet web-1", owned("Deployment web")),
        thing("Deployment web"),
      ],
      ["Deployment web"],
    ],
    [
      "a StatefulSet and its PersistentVolumeClaim",
      [
        thing("StatefulSet db"),
        thing("ControllerRevision db-1", owned("StatefulSet db")),
        thing("Pod db-0", owned("StatefulSet db")),
        thing("PersistentVolumeClaim data-db-0"),
      ],
      ["StatefulSet db", "PersistentVolumeClaim data-db-0"],
    ],
    [
      "a database run by an operator",
      [
        thing("Pod pg-0", owned("StatefulSet pg")),
        thing("StatefulSet pg", owned("PostgresCluster pg")),
        thing("Secret pg-password", owned("PostgresCluster pg")),
        thing("PostgresCluster pg"),
      ],
      ["PostgresCluster pg"],
    ],
    [
      "an object whose owner is not in the namespace",
      [thing("StatefulSet pg", owned("PostgresCluster pg")), thing("Pod pg-0", owned("StatefulSet pg"))],
      ["StatefulSet pg < PostgresCluster pg"],
    ],
    [
      "an object with an owner of the program and one that is not in the namespace",
      [ofOurs("Service reviews"), thing("Secret s", owned("Service reviews", "PostgresCluster pg"))],
      ["Secret s < PostgresCluster pg"],
    ],
    [
      "a dependent of an owner that is being deleted",
      [thing("PostgresCluster pg", ending), thing("StatefulSet pg", owned("PostgresCluster pg"))],
      ["StatefulSet pg < PostgresCluster pg"],
    ],
    [
      "a PersistentVolumeClaim, even with the program's label",
      [ofOurs("PersistentVolumeClaim a")],
      ["PersistentVolumeClaim a"],
    ],
    [
      "a PersistentVolumeClaim that is being deleted, or that a pod of the program owns",
      [ofOurs("Pod p"), thing("PersistentVolumeClaim p-tmp", owned("Pod p")), thing("PersistentVolumeClaim b", ending)],
      ["PersistentVolumeClaim p-tmp", "PersistentVolumeClaim b"],
    ],
    [
      "objects that own each other",
      [thing("Secret a", owned("Secret b")), thing("Secret b", owned("Secret a"))],
      ["Secret b < Secret a"],
    ],
    [
      "Endpoints without a Service",
      [
        thing("Endpoints outside"),
        thing("EndpointSlice outside-1"),
        thing("EndpointSlice outside-2", { labels: { "kubernetes.io/service-name": "gone" } }),
      ],
      ["Endpoints outside < Service outside", "EndpointSlice outside-1", "EndpointSlice outside-2 < Service gone"],
    ],
    ["a Service, but not its Endpoints", [thing("Service db"), thing("Endpoints db")], ["Service db"]],
    [
      "a Service that names its own EndpointSlice as its owner",
      [
        thing("Service db", owned("EndpointSlice db-1")),
        thing("EndpointSlice db-1", {
          labels: {
            "kubernetes.io/service-name": "db",
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
          },
        }),
      ],
      ["EndpointSlice db-1 < Service db"],
    ],
    [
      "ConfigMaps, ServiceAccounts, Leases and releases that neither Kubernetes, istiod nor the program creates",
      [
        thing("ConfigMap settings"),
        thing("ServiceAccount robot"),
        thing("Lease operator"),
        thing("ConfigMap istio-leader"),
        thing("Lease istio-leader", { namespace: "sample" }),
        thing("Secret sh.helm.release.v1.web.v1", { labels: { owner: "helm", name: "web" } }),
        thing("Secret istiod", { labels: { owner: "helm", name: "istiod" }, namespace: "sample" }),
        thing("Secret default-token-prod1", { annotations: { "kubernetes.io/service-account.name": "default" } }),
        thing("Secret my-own-secret-x7x7x", { annotations: { "kubernetes.io/service-account.name": "default" } }),
        thing("Secret web-token-x7x7x", { annotations: { "kubernetes.io/service-account.name": "web" } }),
      ],
      [
        "ConfigMap settings",
        "ServiceAccount robot",
        "Lease operator",
        "ConfigMap istio-leader",
        "Lease istio-leader",
        "Secret sh.helm.release.v1.web.v1",
        "Secret istiod",
        "Secret default-token-prod1",
        "Secret my-own-secret-x7x7x",
        "Secret web-token-x7x7x < ServiceAccount web",
      ],
    ],
    [
      "kinds of other API groups with the same names as Kubernetes' kinds",
      [
        { ...thing("ServiceAccount default"), apiVersion: "example.com/v1" },
        { ...thing("Event e"), apiVersion: "calendar.example.com/v1" },
      ],
      ["ServiceAccount default", "Event e"],
    ],
    [
      "an object that two API groups serve, once",
      [thing("Ingress web"), { ...thing("Ingress web"), apiVersion: "extensions/v1beta1" }],
      ["Ingress web"],
    ],
    [
      "objects without a UID",
      [thing("Secret a", { uid: "" }), thing("Secret b", { uid: "" }), thing("ConfigMap a", { uid: "" })],
      ["Secret a", "Secret b", "ConfigMap a"],
    ],
    [
      "an object with an owner reference without a UID",
      [
        ofOurs("Pod p", { uid: "" }),
        thing("Secret s", { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "" }] }),
      ],
      ["Secret s < Pod p"],
    ],
  ])("%s", (_, objects, expected) => {
    expect(found(...objects)).toEqual(expected);
  });
});

describe("does not count as foreign:", () => {
  test.each<[string, KubernetesObject[]]>([
    [
      "an object of the program with its pods",
      [
        thing("Pod gw-1-a", owned("ReplicaSet gw-1")),
        thing("ReplicaSet gw-1", owned("Deployment gw")),
        ofOurs("Deployment gw"),
        thing("Secret cacerts", { labels }),
      ],
    ],
    [
      "a pod of a Deployment of the program that is being deleted",
      [ofOurs("Deployment gw", ending), thing("Pod p", owned("Deployment gw"))],
    ],
    [
      "a ReplicaSet of the program whose Deployment is gone",
      [
        thing("ReplicaSet istiod-1", {
          ...owned("Deployment istiod"),
          annotations: {
            "meta.helm.sh/release-name": "istiod",
            "meta.helm.sh/release-namespace": "istio-system",
          },
        }),
        thing("Pod istiod-1-a", owned("ReplicaSet istiod-1")),
      ],
    ],
    ["an object that is being deleted", [thing("Secret s", { ...ending, finalizers: ["example.com/f"] })]],
    [
      "the objects that Kubernetes creates in every namespace",
      [
        thing("ConfigMap kube-root-ca.crt"),
        thing("ServiceAccount default"),
        thing("Secret default-token-x7x7x", { annotations: { "kubernetes.io/service-account.name": "default" } }),
      ],
    ],
    [
      "events and metrics",
      [thing("Event e"), { ...thing("Event f"), apiVersion: "events.k8s.io/v1" }, thing("PodMetrics gw-1-a")],
    ],
    [
      "Endpoints of a Service that belongs to the program, is gone, or is being deleted",
      [
        ofOurs("Service gw"),
        thing("Endpoints gw"),
        thing("EndpointSlice gw-1", { labels: { "kubernetes.io/service-name": "gw" } }),
        thing("Service db", ending),
        thing("Endpoints db", { labels: { "endpoints.kubernetes.io/managed-by": "endpoint-controller" } }),
        thing("Endpoints web", { annotations: { "endpoints.kubernetes.io/last-change-trigger-time": "t" } }),
        ...["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"].map((controller, index) =>
          thing(`EndpointSlice web-${index}`, {
            ...owned("Service web"),
            labels: { "kubernetes.io/service-name": "web", "endpointslice.kubernetes.io/managed-by": controller },
          }),
        ),
      ],
    ],
    [
      "the objects that istiod creates",
      [
        thing("ConfigMap istio-ca-root-cert"),
        thing("ConfigMap istio-ca-crl"),
        thing("Lease istio-leader"),
        thing("ConfigMap istio-leader", { annotations: { "control-plane.alpha.kubernetes.io/leader": "{}" } }),
      ],
    ],
    [
      "Helm's Secrets for the program's releases",
      ["istiod", "istio-base"].map((name) => thing(`Secret ${name}`, { labels: { owner: "helm", name } })),
    ],
  ])("%s", (_, objects) => {
    expect(found(...objects)).toEqual([]);
  });
});

/** Random namespaces: objects with any owners, inside or outside of the namespace. */
const namespaces = fc
  .array(
    fc.record({
      kind: fc.constantFrom("Secret", "Pod", "Deployment", "Service", "Endpoints", "EndpointSlice", "ServiceAccount"),
      owners: fc.array(fc.nat(15), { maxLength: 2 }),
      mark: fc.constantFrom("none", "none", "ours", "ending", "slice"),
      service: fc.nat(15),
    }),
    { maxLength: 12 },
  )
  .map((objects) =>
    objects.map(({ kind, owners, mark, service }, index) => ({
      apiVersion: API_VERSIONS[kind] ?? "v1",
      kind,
      metadata: {
        name: `n${index}`,
        uid: `${index}`,
        ...(owners.length > 0 && {
          ownerReferences: owners.map((of) => ({ apiVersion: "v1", kind: "Any", name: `n${of}`, uid: `${of}` })),
        }),
        ...(mark === "ending" && ending),
        ...(mark === "ours" && { labels }),
        ...(mark === "slice" && {
          labels: {
            "kubernetes.io/service-name": `n${service}`,
            "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
          },
        }),
      } as Metadata,
    })),
  );

test("always finds a foreign object without an owner, whatever its dependents", () => {
  const root = thing("PostgresCluster pg", { uid: "0" });
  fc.assert(
    fc.property(namespaces, fc.nat(12), (others, position) => {
      const all = others.filter(({ metadata }) => metadata.uid !== "0") as KubernetesObject[];
      all.splice(position, 0, root);
      expect(foreignAmong(all, isOurs).map(({ object }) => object)).toContain(root);
    }),
  );
});

test("finds each object or an owner of it, except the program's objects, byproducts, and their dependents", () => {
  const isEndpoints = ({ kind }: KubernetesObject) => kind?.startsWith("Endpoint") ?? false;
  fc.assert(
    fc.property(namespaces, (objects) => {
      const all: KubernetesObject[] = objects.filter((object) => !isEndpoints(object));
      const byUid = new Map(all.map((object) => [object.metadata?.uid, object]));
      const ownersOf = ({ metadata }: KubernetesObject) =>
        (metadata?.ownerReferences ?? []).map(({ uid }) => byUid.get(uid));
      const safe = new Set<KubernetesObject | undefined>(all.filter((one) => isOurs(one) || isByproduct(one)));
      for (let before = -1; before < safe.size; ) {
        before = safe.size;
        for (const object of all) {
          const owners = ownersOf(object);
          const isGoing = object.metadata?.deletionTimestamp !== undefined;
          if (!isGoing && owners.length > 0 && owners.every((owner) => safe.has(owner))) safe.add(object);
        }
      }
      const reported = new Set<KubernetesObject | undefined>(foreignAmong(all, isOurs).map(({ object }) => object));
      for (const object of reported) expect(safe).not.toContain(object);
      for (const object of all) {
        if (safe.has(object) || object.metadata?.deletionTimestamp !== undefined) continue;
        const above = new Set<KubernetesObject | undefined>([object]);
        for (const one of above) for (const owner of one ? ownersOf(one) : []) above.add(owner);
        expect([...above].some((one) => reported.has(one))).toBe(true);
      }
    }),
  );
});
