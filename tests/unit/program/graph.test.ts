import { beforeAll, describe, expect, test } from "vitest";
import { type Recorded, runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("nks_kr_one", "two", "three");
const clusters = [
  { name: "one", kubeconfig, context: "nks_kr_one", csp: "ncloud" },
  { name: "two", kubeconfig, context: "two", csp: "nhn", network: "net-two" },
  { name: "three", kubeconfig, context: "three", apiServer: "https://203.0.113.3:6443" },
];

let resources: Recorded[];
beforeAll(async () => {
  ({ resources } = await runProgram({ clusters, awaitSeconds: 77 }));
});

const kind = ({ type }: Recorded) => type.split(":").at(-1);
const isComponent = ({ type }: Recorded) => type.startsWith("csp-mesh:index:");
const isGuard = ({ name }: Recorded) => name.endsWith("-destroy-guard");
const isPart = (resource: Recorded) => !isComponent(resource) && !isGuard(resource);
const named = (name: string) => resources.filter((resource) => resource.name === name);

/** Kind, name, parent, provider and dependencies on one line. */
const line = (resource: Recorded) => {
  const { name, parent, provider, dependencies } = resource;
  return `${kind(resource)} ${name} in ${parent} by ${provider ?? "-"} after ${dependencies.join(" ") || "-"}`;
};

describe("the graph", () => {
  test("has these components, each below the stack or a component", () => {
    expect(
      resources
        .filter(isComponent)
        .map((r) => `${kind(r)} ${r.name} in ${r.parent}`)
        .sort(),
    ).toEqual(
      [
        "MeshCA mesh-ca in Stack/csp-mesh-test",
        "ReachabilityProbe reachability in Stack/csp-mesh-test",
        ...["one", "two", "three"].flatMap((name) => [
          `CiliumIstioPatch ${name} in Stack/csp-mesh-test`,
          `ClusterClaim ${name} in Stack/csp-mesh-test`,
          `GatewayApiCrds ${name} in Stack/csp-mesh-test`,
          `IstioPrimaryCluster ${name} in Stack/csp-mesh-test`,
          `DestroyGuard ${name} in Stack/csp-mesh-test`,
          `EastWestGateway ${name}-gateway in IstioPrimaryCluster/${name}`,
          `ReaderToken ${name}-reader in IstioPrimaryCluster/${name}`,
          `SampleBookinfo ${name} in Stack/csp-mesh-test`,
        ]),
        ...["one-to-two", "one-to-three", "two-to-one", "two-to-three", "three-to-one", "three-to-two"].map(
          (name) => `CrossNetworkLink ${name} in Stack/csp-mesh-test`,
        ),
      ].sort(),
    );
  });

  test("has these resources in one cluster, with the cluster's provider and only necessary dependencies", () => {
    const own = resources.filter((r) => isPart(r) && r.name.startsWith("one-") && !r.name.includes("-to-"));
    expect(own.map(line).sort()).toEqual([
      "CiliumSettings one-cilium in CiliumIstioPatch/one by - after one-claim one-claim-id",
      "ClusterClaim one-claim in ClusterClaim/one by - after one-claim-id one-cleanup",
      "ClusterCleanup one-cleanup in ClusterClaim/one by - after one-claim-id",
      "Deployment one-gateway-deployment in EastWestGateway/one-gateway by one after one-gateway-account one-injection one-istio-system one-istiod-ready",
      "Deployment one-reviews in SampleBookinfo/one by one after one-injection one-istiod-ready one-namespace-sample one-reviews-account",
      "Deployment one-sleep in SampleBookinfo/one by one after one-injection one-istiod-ready one-namespace-sample one-sleep-account",
      "DeploymentReady one-reviews-ready in SampleBookinfo/one by - after one-claim-id one-namespace-sample one-reviews",
      "DeploymentReady one-sleep-ready in SampleBookinfo/one by - after one-claim-id one-namespace-sample one-sleep",
      "Gateway one-gateway-cross-network in EastWestGateway/one-gateway by one after one-definitions one-istio-system one-istiod-ready",
      "GatewayApiDefinitions one-gateway-api in GatewayApiCrds/one by - after one-claim one-claim-id",
      "GatewayReady one-gateway-ready in EastWestGateway/one-gateway by - after one-claim-id one-gateway-deployment one-gateway-service one-istio-system",
      "HorizontalPodAutoscaler one-gateway-autoscaler in EastWestGateway/one-gateway by one after one-istio-system",
      "InterruptedReleases one-interrupted-releases in ClusterClaim/one by - after one-claim one-claim-id",
      "IstiodRemoval one-istiod-removal in IstioPrimaryCluster/one by - after one-claim one-claim-id",
      "NamespacePatch one-istio-system in ClusterClaim/one by one after one-claim",
      "PeerAuthentication one-gateway-strict-mtls in EastWestGateway/one-gateway by one after one-definitions one-istio-system one-istiod-ready",
      "PodDisruptionBudget one-gateway-disruption-budget in EastWestGateway/one-gateway by one after one-istio-system",
      "PodInjection one-injection in IstioPrimaryCluster/one by - after one-cilium one-claim-id one-istiod one-istiod-ready",
      "RandomId one-claim-id in ClusterClaim/one by - after -",
      "RandomId one-reader-id in ReaderToken/one-reader by - after -",
      "Release one-base in IstioPrimaryCluster/one by one after one-claim one-interrupted-releases one-istio-system",
      "Release one-istiod in IstioPrimaryCluster/one by one after one-cacerts one-definitions one-interrupted-releases one-istio-system one-istiod-removal",
      "ReleaseObjects one-definitions in IstioPrimaryCluster/one by - after one-base one-claim-id",
      "ReleaseObjects one-istiod-ready in IstioPrimaryCluster/one by - after one-claim-id one-istiod",
      "Role one-gateway-role in EastWestGateway/one-gateway by one after one-istio-system",
      "RoleBinding one-gateway-role-binding in EastWestGateway/one-gateway by one after one-gateway-account one-gateway-role one-istio-system",
      "SampleNamespace one-namespace-sample in SampleBookinfo/one by - after one-claim one-claim-id one-definitions",
      "Secret one-cacerts in IstioPrimaryCluster/one by one after mesh-ca-one mesh-ca-one-key mesh-ca-root one-istio-system",
      "Secret one-reader-secret in ReaderToken/one-reader by one after one-definitions one-istio-system one-reader-id",
      "Service one-gateway-service in EastWestGateway/one-gateway by one after one-istio-system",
      "Service one-reviews-service in SampleBookinfo/one by one after one-namespace-sample",
      "Service one-sleep-service in SampleBookinfo/one by one after one-namespace-sample",
      "ServiceAccount one-gateway-account in EastWestGateway/one-gateway by one after one-istio-system",
      "ServiceAccount one-reviews-account in SampleBookinfo/one by one after one-namespace-sample",
      "ServiceAccount one-sleep-account in SampleBookinfo/one by one after one-namespace-sample",
      "Telemetry one-access-log in SampleBookinfo/one by one after one-definitions one-istiod-ready one-namespace-sample",
    ]);
  });

  /** All direct and indirect dependencies of a resource. */
  const ancestors = (name: string, seen = new Set<string>()): Set<string> => {
    const found = resources.find((r) => r.name === name && !isComponent(r));
    for (const dependency of found?.dependencies ?? []) {
      if (!seen.has(dependency)) ancestors(dependency, seen.add(dependency));
    }
    return seen;
  };

  test("creates nothing in a cluster before the probe has passed", () => {
    const left = clusters.map(({ name }) => `reachability-${name}-leftovers`).sort();
    expect(named("reachability-probe").map(line)).toEqual([
      `Reachability reachability-probe in ReachabilityProbe/reachability by - after ${left.join(" ")}`,
    ]);
    // Created before the probe, in case the probe is killed.
    for (const name of left) {
      expect(named(name).map(line)).toEqual([`ProbeLeftovers ${name} in ReachabilityProbe/reachability by - after -`]);
    }
    // A component's children also wait for the component's dependencies.
    const claims = resources.filter((r) => isComponent(r) && kind(r) === "ClusterClaim");
    expect(claims.map(({ name, dependencies }) => [name, dependencies])).toEqual(
      clusters.map(({ name }) => [name, ["reachability-probe"]]),
    );
  });

  test("creates everything in a cluster after its claim and its cleanup, which are deleted last", () => {
    for (const { name } of clusters) {
      // Of a link, only the remote secret is in this cluster.
      const own = resources.filter(
        (r) => isPart(r) && (r.provider === name || r.inputs.cluster === name) && !/-(cleanup|leftovers)$/.test(r.name),
      );
      const [claim, ...rest] = own.toSorted(
        (a, b) => Number(kind(b) === "ClusterClaim") - Number(kind(a) === "ClusterClaim"),
      );
      expect(claim?.name).toBe(`${name}-claim`);
      expect(ancestors(`${name}-claim`)).toEqual(new Set([`${name}-claim-id`, `${name}-cleanup`]));
      expect(rest.length).toBeGreaterThan(30);
      for (const part of rest) {
        expect([...ancestors(part.name)], part.name).toEqual(
          expect.arrayContaining([`${name}-claim`, `${name}-claim-id`, `${name}-cleanup`]),
        );
      }
    }
  });

  test("passes the claim to each of the program's own resources, which act only on claimed clusters", () => {
    const beforeClaims = ["Reachability", "ProbeLeftovers"];
    const own = resources.filter(
      (r) => r.type.startsWith("csp-mesh:cluster:") && !beforeClaims.includes(kind(r) ?? ""),
    );
    for (const { name, type, inputs } of own) {
      const cluster = String(inputs.cluster);
      const context = clusters.find(({ name }) => name === cluster)?.context;
      expect(inputs.access, name).toEqual({ kubeconfig, context });
      const isOwner = ["ClusterClaim", "ClusterCleanup", "DestroyGuard"].includes(type.split(":").at(-1) ?? "");
      expect(inputs[isOwner ? "claimId" : "claim"], name).toBe(`hex of ${cluster}-claim-id`);
      expect(inputs, name).not.toHaveProperty(isOwner ? "claim" : "claimId");
    }
    expect(own.length).toBeGreaterThan(30);
  });

  test("creates optional resources after the ones on which a mesh depends", () => {
    const later = resources.filter((r) => isComponent(r) && r.type.includes("GatewayApiCrds"));
    const samples = resources.filter((r) => isPart(r) && r.parent.startsWith("SampleBookinfo/"));
    expect(later.length).toBe(clusters.length);
    for (const { name, dependencies } of later) {
      expect(dependencies).toEqual([`${name}-istiod-ready`, ...samples.map((r) => r.name)].sort());
    }
  });

  test("is the same in every cluster", () => {
    const shape = (cluster: string) => {
      const asOne = (text = "") => text.replace(new RegExp(`\\b${cluster}\\b`, "g"), "one");
      return resources
        .filter((r) => r.name.startsWith(`${cluster}-`) && !r.name.includes("-to-") && !isGuard(r))
        .map(({ name, parent, provider, dependencies, ...rest }) =>
          line({
            ...rest,
            name: asOne(name),
            parent: asOne(parent),
            provider: asOne(provider),
            dependencies: dependencies.map(asOne).sort(),
          }),
        )
        .sort();
    };
    expect(shape("two")).toEqual(shape("one"));
    expect(shape("three")).toEqual(shape("one"));
  });

  test("creates a remote secret after the source's istiod and the target's namespace only", () => {
    expect(named("one-to-two-secret").map(line)).toEqual([
      "Secret one-to-two-secret in CrossNetworkLink/one-to-two by two after one-istiod one-reader-secret one-to-two-forgotten two-istio-system",
    ]);
  });

  test("deletes a cluster's remote secrets in peers before its istiod", () => {
    for (const secret of resources.filter(({ name }) => /^\w+-to-\w+-secret$/.test(name))) {
      const [source, target] = secret.name.split("-to-").map((part) => part.replace("-secret", ""));
      expect(secret.dependencies).toEqual(
        expect.arrayContaining([`${source}-istiod`, `${source}-reader-secret`, `${target}-istio-system`]),
      );
    }
    const releases = resources.filter(({ type }) => type.endsWith(":Release"));
    expect(releases.map(({ name, deletedWith }) => [name, deletedWith])).toEqual(
      releases.map(({ name }) => [name, name.replace(/-base$/, "-claim").replace(/-istiod$/, "-istiod-removal")]),
    );
    expect(releases).toHaveLength(6);
  });

  test("deletes a guard in each cluster before the mesh's resources in any cluster", () => {
    const guards = resources.filter(isGuard);
    expect(guards.map(({ name }) => name).sort()).toEqual(clusters.map(({ name }) => `${name}-destroy-guard`).sort());
    // The probe leaves nothing unless it was killed.
    const rest = resources
      .filter((r) => isPart(r) && !r.type.startsWith("pulumi:") && r.parent !== "ReachabilityProbe/reachability")
      .map(({ name }) => name);
    for (const { name, inputs } of guards) {
      const reached = ancestors(name);
      expect(rest.filter((part) => !reached.has(part))).toEqual([]);
      expect(inputs).toMatchObject({ keepCrds: false, namespaces: ["istio-system", "sample"] });
    }
  });

  test("signs each cluster's intermediate with the same root", () => {
    const own = resources.filter((r) => r.type.startsWith("tls:"));
    expect(own.map(line).sort()).toEqual([
      "CertRequest mesh-ca-one-request in MeshCA/mesh-ca by - after mesh-ca-one-key",
      "CertRequest mesh-ca-three-request in MeshCA/mesh-ca by - after mesh-ca-three-key",
      "CertRequest mesh-ca-two-request in MeshCA/mesh-ca by - after mesh-ca-two-key",
      "LocallySignedCert mesh-ca-one in MeshCA/mesh-ca by - after mesh-ca-key mesh-ca-one-request mesh-ca-root",
      "LocallySignedCert mesh-ca-three in MeshCA/mesh-ca by - after mesh-ca-key mesh-ca-root mesh-ca-three-request",
      "LocallySignedCert mesh-ca-two in MeshCA/mesh-ca by - after mesh-ca-key mesh-ca-root mesh-ca-two-request",
      "PrivateKey mesh-ca-key in MeshCA/mesh-ca by - after -",
      "PrivateKey mesh-ca-one-key in MeshCA/mesh-ca by - after -",
      "PrivateKey mesh-ca-three-key in MeshCA/mesh-ca by - after -",
      "PrivateKey mesh-ca-two-key in MeshCA/mesh-ca by - after -",
      "SelfSignedCert mesh-ca-root in MeshCA/mesh-ca by - after mesh-ca-key",
    ]);
  });

  test("limits the wait for each slow resource", () => {
    const limited = resources.filter(({ timeouts }) => timeouts.length > 0);
    expect(limited.map(({ timeouts }) => timeouts)).toEqual(limited.map(() => ["77s", "77s", "77s"]));
    expect(
      limited
        .filter(({ provider }) => provider === "two")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["two-gateway-deployment", "two-gateway-service", "two-reviews", "two-sleep"]);
    expect(named("two-istiod")[0]?.inputs.timeout).toBe(77);
    expect(named("two-base")[0]?.inputs.timeout).toBe(77);
  });

  test("has one provider per cluster, which keeps its identity and updates Secrets in place", () => {
    const providers = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
    expect(providers.map(({ name, inputs }) => [name, inputs])).toEqual(
      clusters.map(({ name, context }) => [
        name,
        { kubeconfig, context, clusterIdentifier: name, enableSecretMutable: "true" },
      ]),
    );
  });
});

describe("the sample's traffic", () => {
  test("has the same two rules in each cluster, all DestinationRules before any VirtualService", async () => {
    const traffic = { kind: "weights", weights: { v1: 30, v2: 30, v3: 40 } };
    const weighted = await runProgram({ clusters, sample: { traffic } });
    const rules = weighted.resources.filter(({ parent }) => parent === "SampleTraffic/sample-traffic");
    const destinations = "one-reviews-destination three-reviews-destination two-reviews-destination";
    expect(rules.map(line).sort()).toEqual(
      ["one", "three", "two"]
        .flatMap((name) => [
          `DestinationRule ${name}-reviews-destination in SampleTraffic/sample-traffic by ${name} after ${name}-definitions ${name}-istiod-ready ${name}-namespace-sample`,
          `VirtualService ${name}-reviews-route in SampleTraffic/sample-traffic by ${name} after ${[...destinations.split(" "), `${name}-definitions`, `${name}-istiod-ready`, `${name}-namespace-sample`].sort().join(" ")}`,
        ])
        .sort(),
    );
    const spec = (name: string) => rules.find((rule) => rule.name === name)?.inputs.spec;
    const host = "reviews.sample.svc.cluster.local";
    expect(spec("two-reviews-destination")).toEqual({
      host,
      subsets: ["v1", "v2", "v3"].map((version) => ({ name: version, labels: { version } })),
    });
    expect(spec("two-reviews-route")).toEqual({
      hosts: [host],
      http: [
        {
          route: [
            { destination: { host, subset: "v1" }, weight: 30 },
            { destination: { host, subset: "v2" }, weight: 30 },
            { destination: { host, subset: "v3" }, weight: 40 },
          ],
        },
      ],
    });
    expect(weighted.outputs.mesh).toMatchObject({
      sample: { traffic, versions: { one: "v1", two: "v2", three: "v3" } },
    });
  });
});

describe("without the sample", () => {
  test("there are no resources of it", async () => {
    const { resources, outputs } = await runProgram({ clusters, sample: { enabled: false } });
    expect(resources.filter((r) => /sample|reviews|sleep|Sample/.test(`${r.type} ${r.name}`))).toEqual([]);
    expect(outputs.mesh).toMatchObject({ sample: null });
  });
});
