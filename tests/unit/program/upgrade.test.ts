import { expect, test } from "vitest";
import { type Recorded, runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("a", "b");
const clusters = ["a", "b"].map((name) => ({ name, kubeconfig, context: name }));
const [FROM, TO] = ["1.30.4", "1.31.0"];

async function run(istio: object | undefined) {
  const entries = [{ ...clusters[0], istio }, clusters[1]];
  const { resources } = await runProgram({
    clusters: entries,
    istio: { version: FROM },
    ingress: { enabled: true },
  });
  const named = (name: string) => resources.find((each) => each.name === name) as Recorded;
  return { named, names: resources.map(({ name }) => name) };
}

type Template = {
  spec: { template: { metadata: { labels: Record<string, string>; annotations: Record<string, string> } } };
};
const podOf = ({ inputs }: Recorded) => {
  const { labels, annotations } = (inputs as Template).spec.template.metadata;
  return [labels["istio.io/rev"], annotations["csp-mesh.io/proxy-image"]];
};
const pods = ["a-reviews", "a-sleep", "a-gateway-deployment", "a-ingress-deployment"];
const [old, fromNext, moved] = [
  [undefined, `docker.io/istio/proxyv2:${FROM}`],
  ["next", `docker.io/istio/proxyv2:${TO}`],
  [undefined, `docker.io/istio/proxyv2:${TO}`],
];

test.each([
  ["without an upgrade", undefined, [old, old, old, old]],
  ["with a second istiod", { next: { version: TO } }, [old, old, old, old]],
  ["with a second istiod for the sample", { next: { version: TO, serves: "sample" } }, [fromNext, fromNext, old, old]],
  [
    "with a second istiod for the gateways",
    { next: { version: TO, serves: "gateways" } },
    [fromNext, fromNext, fromNext, fromNext],
  ],
  ["with the upgraded first istiod", { version: TO, next: { version: TO } }, [moved, moved, moved, moved]],
])("%s, pods get their proxies from the right istiod", async (_, istio, expected) => {
  const { named } = await run(istio);
  expect(pods.map((name) => podOf(named(name)))).toEqual(expected);
  const revision = expected[0]?.[0];
  expect(named("a-namespace-sample").inputs.revision).toBe(revision);
  const ready = revision === undefined ? "a-istiod-ready" : "a-istiod-next-ready";
  expect(named("a-sleep").dependencies).toContain(ready);
});

test("the second istiod is a release of the new version, created after the first and deleted before it", async () => {
  const [before, after] = [await run(undefined), await run({ next: { version: TO } })];
  expect(after.names.filter((name) => !before.names.includes(name)).toSorted()).toEqual([
    "a-injection-next",
    "a-istiod-next",
    "a-istiod-next-ready",
    "a-istiod-next-removal",
  ]);
  const next = after.named("a-istiod-next");
  expect(next.inputs).toMatchObject({
    name: "istiod-next",
    chart: "istiod",
    version: TO,
    values: { revision: "next", global: { tag: TO, network: "a", multiCluster: { clusterName: "a" } } },
  });
  expect(next.deletedWith).toBe("a-istiod-next-removal");
  expect(next.dependencies).toEqual(expect.arrayContaining(["a-istiod-ready", "a-istiod-next-removal"]));
  expect(after.named("a-istiod-next-removal").inputs.only).toBe("istiod-next");
  expect(after.named("a-injection-next").inputs.istioRevision).toBe("next");
  // The CRDs have the newest version, and so does the claim, because CRDs of later releases are not changed.
  expect([after.named("a-base").inputs.version, after.named("a-claim").inputs.istio]).toEqual([TO, TO]);
  expect(after.named("b-base").inputs.version).toBe(FROM);
  expect(after.named("a-istiod").inputs).toEqual(before.named("a-istiod").inputs);
  // Services and addresses stay.
  for (const name of ["a-gateway-service", "a-ingress-service"])
    expect(after.named(name).inputs).toEqual(before.named(name).inputs);
});
