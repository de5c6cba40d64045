import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../../config/parse.ts";
import { clusterRole } from "../../../preflight/clusterRole.ts";
import { distinct, rights } from "../../../preflight/right.ts";
import { neededRights, type Right, type RightsSettings } from "../../../preflight/rights.ts";
import { rightsSettings } from "../../../preflight/rightsSettings.ts";
import { folder, kubeconfig } from "../config/fixtures.ts";
import { runProgram, writeKubeconfig } from "../program/recorder.ts";

const least: RightsSettings = {
  gatewayApi: false,
  metricsServer: false,
  storageClass: false,
  cilium: false,
  keepCrds: true,
  sample: false,
  probe: false,
};

const textOf = ({ verb, group, resource, subresource, namespace, name }: Right) =>
  `${verb} ${group}/${resource}${subresource === undefined ? "" : `/${subresource}`} ${namespace ?? "*"} ${name ?? "*"}`;

/** The rights that a setting adds to the minimum. */
function added(more: Partial<RightsSettings>): string[] {
  const before = new Set(neededRights(least).map(textOf));
  return neededRights({ ...least, ...more })
    .map(textOf)
    .filter((text) => !before.has(text));
}

const settings = fc.record<RightsSettings>({
  gatewayApi: fc.boolean(),
  metricsServer: fc.boolean(),
  storageClass: fc.boolean(),
  cilium: fc.constantFrom<RightsSettings["cilium"]>(false, {}, { l7: true }, { namespace: "kube-system" }),
  keepCrds: fc.boolean(),
  sample: fc.oneof(
    fc.constant<false>(false),
    fc.record({ namespace: fc.constantFrom("sample", "proof"), pullSecrets: fc.boolean(), traffic: fc.boolean() }),
  ),
  probe: fc.boolean(),
});

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly resourceNames?: string[];
  readonly verbs: string[];
}

/** Evaluates rules like Kubernetes' RBAC (plugin/pkg/auth/authorizer/rbac). */
const grants = (rules: readonly Rule[], { verb, group, resource, subresource, name }: Right) =>
  rules.some(
    (rule) =>
      rule.verbs.includes(verb) &&
      rule.apiGroups.includes(group) &&
      (rule.resources.includes("*") ||
        rule.resources.includes(subresource === undefined ? resource : `${resource}/${subresource}`)) &&
      (rule.resourceNames === undefined || rule.resourceNames.includes(name ?? "")),
  );

describe("the rights of a cluster", () => {
  test("grow with the config's features", () => {
    expect(added({ keepCrds: false })).toEqual(["delete apiextensions.k8s.io/customresourcedefinitions * *"]);
    expect(added({ storageClass: true })).toEqual(
      ["create", "patch", "delete"].map((verb) => `${verb} storage.k8s.io/storageclasses * *`),
    );
    expect(added({ gatewayApi: true })).toEqual([
      "update apiextensions.k8s.io/customresourcedefinitions * *",
      "delete apiextensions.k8s.io/customresourcedefinitions * *",
      "list gateway.networking.k8s.io/* * *",
    ]);
    expect(added({ cilium: { namespace: "cilium" } })).toEqual([
      ...["get", "patch"].map((verb) => `${verb} apps/daemonsets cilium *`),
      "patch /configmaps cilium cilium-config",
      ...["list", "delete"].map((verb) => `${verb} apps/controllerrevisions cilium *`),
      "list /events cilium *",
    ]);
    expect(added({ cilium: { l7: true } })).toContain("list cilium.io/ciliumclusterwidenetworkpolicies * *");
    expect(added({ cilium: {} })).toContain("patch /configmaps * cilium-config");
    expect(added({ metricsServer: true })).toEqual(
      expect.arrayContaining([
        "create apps/deployments kube-system *",
        "bind rbac.authorization.k8s.io/clusterroles * system:metrics-server",
      ]),
    );
    expect(added({ probe: true })).toEqual(
      expect.arrayContaining([
        "get /pods/portforward * *",
        "create /serviceaccounts/token * *",
        "delete /namespaces * *",
      ]),
    );
  });

  test("include those for the sample only if it is enabled, and only in its namespace", () => {
    const sample = { namespace: "proof", pullSecrets: false, traffic: false };
    const own = added({ sample });
    expect(own.filter((text) => !text.includes(" proof"))).toEqual([]);
    expect(own).not.toContain("create /secrets proof *");
    expect(own).not.toContain("create networking.istio.io/virtualservices proof *");
    expect(added({ sample: { ...sample, pullSecrets: true } })).toContain("create /secrets proof *");
    expect(added({ sample: { ...sample, traffic: true } })).toContain(
      "create networking.istio.io/virtualservices proof *",
    );
  });

  test("include those to explain an unready istiod or gateway, and to prove a mesh without the sample", () => {
    const needed = neededRights(least).map(textOf);
    // The preflight lists pods everywhere. Events are listed with all other objects of a namespace before its deletion.
    for (const right of ["list /pods *", "watch /pods istio-system", "list */* istio-system"])
      expect(needed).toContain(`${right} *`);
    expect(needed).toContain("patch apps/deployments istio-system *");
  });

  test("allow binding a role only by its name", () => {
    for (const { verb, name } of neededRights({ ...least, metricsServer: true, probe: true })) {
      if (verb === "bind") expect(name).toBeDefined();
    }
  });

  test("are listed once each", () => {
    fc.assert(
      fc.property(settings, (any) => {
        const needed = neededRights(any);
        expect(distinct([...needed, ...needed])).toEqual(needed);
      }),
    );
  });

  test("equal the grants of the generated ClusterRole", () => {
    fc.assert(
      fc.property(settings, (any) => {
        const needed = neededRights(any);
        const { rules } = parse(clusterRole(needed, ["for a test"])) as { rules: Rule[] };
        for (const right of needed) expect([textOf(right), grants(rules, right)]).toEqual([textOf(right), true]);
        for (const { apiGroups, resources, resourceNames = [undefined], verbs } of rules) {
          for (const group of apiGroups)
            for (const path of resources)
              for (const name of resourceNames)
                for (const verb of verbs) {
                  const [resource, subresource] = path.split("/");
                  const wanted = needed.some(
                    (right) =>
                      right.verb === verb &&
                      right.group === group &&
                      right.resource === resource &&
                      right.subresource === subresource &&
                      right.name === name,
                  );
                  expect([group, path, name, verb, wanted]).toEqual([group, path, name, verb, true]);
                }
        }
      }),
    );
  });
});

test.each<[string, string, string[]]>([
  ["a wider right covers it", "list", ["list /pods * *"]],
  ["another verb does not", "get", ["list /pods * *", "get /pods here *"]],
])("merges a right: %s", (_, verb, left) => {
  const all = [...rights("list", "", "pods"), ...rights(verb, "", "pods", { namespace: "here" })];
  expect(distinct(all).map(textOf)).toEqual(left);
});

describe("a config", () => {
  const root = folder({ kubeconfig: kubeconfig(["one", "two"]), "crds.yaml": "" });
  const cluster = (name: string, more: object = {}) => ({
    name,
    csp: "generic",
    kubeconfig: "kubeconfig",
    context: name,
    ...more,
  });
  const of = (mesh: object, more: object = {}) => {
    const config = parseConfig({ clusters: [cluster("one", more), cluster("two")], ...mesh }, root);
    return rightsSettings(config, config.clusters[0] as (typeof config.clusters)[0], { probe: false });
  };

  test("determines the needed rights", () => {
    expect(of({})).toEqual({
      gatewayApi: true,
      metricsServer: false,
      storageClass: false,
      cilium: { namespace: undefined, l7: true },
      keepCrds: false,
      sample: { namespace: "sample", pullSecrets: false, traffic: false },
      probe: false,
    });
    expect(
      of(
        {
          gatewayApi: { source: "none" },
          metricsServer: { source: "crds.yaml" },
          istio: { keepCrds: true },
          sample: { enabled: false },
        },
        { cilium: { patch: false }, storageClass: { provisioner: "ebs.csi.aws.com" } },
      ),
    ).toEqual({ ...least, metricsServer: true, storageClass: true });
    expect(
      of(
        {
          pullSecrets: [{ name: "login", server: "registry.example", username: "reader", password: "secret" }],
          sample: { namespace: "proof", traffic: { kind: "failover" } },
        },
        { cilium: { namespace: "cilium", leave: ["enable-l7-proxy"] } },
      ),
    ).toMatchObject({
      cilium: { namespace: "cilium", l7: false },
      sample: { namespace: "proof", pullSecrets: true, traffic: true },
    });
    expect(of({ pullSecrets: [{ name: "there-already" }] })).toMatchObject({ sample: { pullSecrets: false } });
  });

  test("creates only objects that the rights cover", async () => {
    const file = writeKubeconfig("one", "two");
    const clusters = ["one", "two"].map((name) => ({ ...cluster(name), kubeconfig: file }));
    const mesh = { clusters, ingress: { enabled: true }, sample: { traffic: { kind: "failover" } } };
    const config = parseConfig(mesh, root);
    const needed = neededRights(
      rightsSettings(config, config.clusters[0] as (typeof config.clusters)[0], { probe: false }),
    );
    const { resources } = await runProgram(mesh);
    const kept = resources.flatMap(({ type, inputs }) => {
      const [, group = "", kind = ""] = /^kubernetes:([\w.]+)\/\w+:(\w+)$/.exec(type) ?? [];
      // Skip patches of namespaces, and Releases, which are no objects of the API server.
      if (kind === "" || kind === "Release" || kind === "NamespacePatch") return [];
      const { namespace } = (inputs.metadata ?? {}) as { namespace?: string };
      return { group: group === "core" ? "" : group, resource: plural(kind), namespace: namespace ?? "" };
    });
    expect(kept.length).toBeGreaterThan(20);
    for (const { group, resource, namespace } of kept) {
      for (const verb of ["get", "create", "patch", "delete"]) {
        const held = needed.some(
          (right) =>
            right.verb === verb &&
            right.group === group &&
            right.resource === resource &&
            (right.namespace ?? namespace) === namespace,
        );
        expect([verb, group, resource, namespace, held]).toEqual([verb, group, resource, namespace, true]);
      }
    }
  });
});

function plural(kind: string): string {
  const lower = kind.toLowerCase();
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}
