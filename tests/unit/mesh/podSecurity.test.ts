import { describe, expect, test } from "vitest";
import { istiodPod, withProxyImage, withSidecar } from "../../../mesh/chartPods.ts";
import { defaultGateway } from "../../../mesh/gatewayOptions.ts";
import { eastWestIdentity, gatewayPod } from "../../../mesh/gatewayPod.ts";
import { defaultIstiod } from "../../../mesh/istiodOptions.ts";
import { istiodReleaseValues } from "../../../mesh/istiodRelease.ts";
import { anywhere } from "../../../mesh/podParts.ts";
import { enforcedLevel, violations } from "../../../mesh/podSecurity.ts";
import type { PodTemplate } from "../../../mesh/podTemplate.ts";
import { sampleWorkloads } from "../../../mesh/samplePods.ts";
import type { Values } from "../../../mesh/values.ts";
import { podOf } from "../../../probe/manifests.ts";

const settings = {
  ...{ cluster: "one", network: "one", meshId: "mesh1", trustDomain: "cluster.local", hub: "hub.example", tag: "1" },
  ...{ istiod: defaultIstiod, externalGateways: [] },
};
const release = (more: Values = {}) => istiodReleaseValues(settings, anywhere, more);
const images = { "reviews-v1": "r1", "reviews-v2": "r2", "reviews-v3": "r3", curl: "c" };
const sample = sampleWorkloads({ cluster: "one", version: 1, images, pullSecrets: [], pods: anywhere });

describe("Pod Security's level restricted", () => {
  test("admits istiod, the gateway and the probe", () => {
    expect(violations(istiodPod(release()), "restricted")).toEqual([]);
    const gateway = withProxyImage(gatewayPod(eastWestIdentity("one"), defaultGateway, []), release());
    expect(violations(gateway, "restricted")).toEqual([]);
    expect(
      violations(podOf({ image: "i", pullSecrets: [], awaitSeconds: 1 }) as unknown as PodTemplate, "restricted"),
    ).toEqual([]);
  });

  test("rejects istiod if the values remove its seccomp profile", () => {
    const pod = istiodPod(release({ seccompProfile: { type: "Unconfined" } }));
    expect(violations(pod, "restricted")).toEqual(["no seccompProfile (container discovery)"]);
  });

  test("admits sidecars only with istio-cni", () => {
    for (const { template } of sample) {
      for (const level of ["baseline", "restricted"] as const)
        expect(violations(withSidecar(template, release()), level)).toContain(
          "capabilities NET_ADMIN, NET_RAW (container istio-init)",
        );
      const cni = release({ pilot: { cni: { enabled: true } } });
      expect(violations(withSidecar(template, cni), "restricted")).toEqual([]);
    }
  });
});

const container = { name: "c", image: "i" };
const fit = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};
test.each<[string, PodTemplate["spec"], string[], string[]]>([
  ["only an image", { containers: [container] }, [], ["allowPriv", "capabilities not", "runAsNonRoot", "no secc"]],
  ["all required fields", { containers: [{ ...container, securityContext: fit }] }, [], []],
  [
    "user and seccomp profile at pod level",
    {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "Localhost" } },
      containers: [
        { ...container, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
      ],
    },
    [],
    [],
  ],
  [
    "a safe sysctl",
    { securityContext: { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start" }] }, containers: [] },
    [],
    [],
  ],
  [
    "another sysctl",
    { securityContext: { sysctls: [{ name: "kernel.msgmax" }] }, containers: [] },
    ["sysctl"],
    ["sysctl"],
  ],
  ["the host's network", { hostNetwork: true, containers: [] }, ["hostNetwork"], ["hostNetwork"]],
  ["a path of the host", { volumes: [{ name: "v", hostPath: {} }], containers: [] }, ["hostPath"], ["hostPath"]],
  ["a volume of NFS", { volumes: [{ name: "v", nfs: {} }], containers: [] }, [], ["volumes nfs"]],
  [
    "a port of the host",
    { containers: [{ ...container, securityContext: fit, ports: [{ containerPort: 1, hostPort: 1 }] }] },
    ["host ports"],
    ["host ports"],
  ],
  [
    "root",
    { containers: [{ ...container, securityContext: { ...fit, runAsUser: 0, privileged: true } }] },
    ["privileged"],
    ["privileged", "runAsUser 0"],
  ],
])("judges a pod with %s", (_, spec, baseline, restricted) => {
  const starts = (found: string[], expected: string[]) => {
    expect(found).toHaveLength(expected.length);
    for (const [index, start] of expected.entries()) expect(found[index]?.startsWith(start)).toBe(true);
  };
  starts(violations({ spec }, "baseline"), baseline);
  starts(violations({ spec }, "restricted"), restricted);
});

test("istiod's pod has the priority class in the values", () => {
  expect(istiodPod(release()).spec).not.toHaveProperty("priorityClassName");
  expect(istiodPod(release({ global: { priorityClassName: "high" } })).spec.priorityClassName).toBe("high");
});

test("a namespace enforces the level in its label", () => {
  const label = "pod-security.kubernetes.io/enforce";
  expect(["baseline", "restricted", "privileged", "other"].map((level) => enforcedLevel({ [label]: level }))).toEqual([
    "baseline",
    "restricted",
    undefined,
    undefined,
  ]);
  expect(enforcedLevel()).toBeUndefined();
});
