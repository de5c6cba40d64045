import { expect, test } from "vitest";
import type { Named } from "../../../kube/objects.ts";
import { prepare } from "../../../provider/metricsServerManifest.ts";

const apiService: Named = {
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
  metadata: { name: "v1beta1.metrics.k8s.io" },
};
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "metrics-server", namespace: "kube-system", labels: { "k8s-app": "metrics-server" } },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: "metrics-server",
            image: "registry.k8s.io/metrics-server/metrics-server:v0.7.2",
            args: ["--cert-dir=/tmp", "--kubelet-certificate-authority=/ca.crt"],
          },
        ],
      },
    },
  },
} as Named;

const container = (objects: readonly Named[]) =>
  (
    objects.find(({ kind }) => kind === "Deployment") as typeof deployment & {
      spec: { template: { spec: { containers: object[] } } };
    }
  ).spec.template.spec.containers[0];

test("labels the objects, and changes nothing else", () => {
  const label = { "csp-mesh.io/metrics-server": "true" };
  const { labels } = deployment.metadata as { labels: object };
  expect(prepare([apiService, deployment], { kubeletInsecureTls: false }, "source")).toEqual([
    { ...apiService, metadata: { ...apiService.metadata, labels: label } },
    { ...deployment, metadata: { ...deployment.metadata, labels: { ...labels, ...label } } },
  ]);
});

test("sets --kubelet-insecure-tls and the registry from the config", () => {
  for (const registry of ["registry.example:5000/k8s", "registry.example:5000/k8s/"]) {
    const prepared = prepare([apiService, deployment], { kubeletInsecureTls: true, registry }, "source");
    expect(container(prepared)).toEqual({
      name: "metrics-server",
      image: "registry.example:5000/k8s/metrics-server/metrics-server:v0.7.2",
      args: ["--cert-dir=/tmp", "--kubelet-insecure-tls"],
    });
  }
});

test.each([
  [[deployment], "source holds no APIService v1beta1.metrics.k8s.io"],
  [
    [apiService, { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "n" } }],
    "source contains objects that are not part of metrics-server: Pod n/p",
  ],
])("rejects a manifest that is not metrics-server's: %#", (manifest, problem) => {
  expect(() => prepare(manifest, { kubeletInsecureTls: false }, "source")).toThrow(
    new Error(`${problem}; set metricsServer.source to the components.yaml of a release`),
  );
});

test("adds the node settings for the program's pods to those in the manifest", () => {
  const own = structuredClone(deployment) as never as { spec: { template: { spec: Record<string, unknown> } } };
  own.spec.template.spec.tolerations = [{ key: "theirs", operator: "Exists" }];
  const options = {
    kubeletInsecureTls: false,
    nodeSelector: { pool: "infra" },
    tolerations: [{ key: "dedicated", operator: "Exists" }],
  };
  const [, made] = prepare([apiService, own as never], options, "m.yaml");
  expect(made).toMatchObject({
    spec: {
      template: {
        spec: {
          nodeSelector: { pool: "infra" },
          tolerations: [{ key: "theirs" }, { key: "dedicated" }],
        },
      },
    },
  });
});
