// A thief has the key of a cluster's intermediate. Certificates signed with it are accepted by every sidecar and istiod,
// and after `mesh distrust` by none, while each cluster sends requests to both.
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { labDown } from "../../lab/down.ts";
import { pulumi, pulumiUp } from "../../lab/pulumi.ts";
import { type ClusterSpec, labSpec } from "../../lab/spec.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { ROOT } from "../root.ts";
import { type Api, apiOf } from "./kubectl.ts";
import { meshCommand, underRequests } from "./meshCommand.ts";
import { configured } from "./stackConfig.ts";
import { options } from "./testLab.ts";
import { forged } from "./thief.ts";

let lab: Lab;
let apis: readonly Api[];

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp(options);
  apis = lab.clusters.map((cluster) => apiOf(lab, cluster));
  await pulumiUp(lab, "--skip-preview");
});

afterAll(() => labDown(labSpec(options)));

/** Five phases, in each of which kubelets may take up to a minute and a half to update mounted Secrets. */
const WALK = { timeout: 1_200_000 };

type Forged = Awaited<ReturnType<typeof forged>>;

async function stolenFrom({ core }: Api): Promise<Forged> {
  const { data = {} } = await core.readNamespacedSecret({ namespace: "istio-system", name: "cacerts" });
  const pem = (key: string) => Buffer.from(data[key] ?? "", "base64").toString();
  return forged({ certificate: pem("ca-cert.pem"), key: pem("ca-key.pem") });
}

/** Whether each sidecar of `reviews` and each istiod of every cluster accepts the certificate. */
async function acceptedBy(certificate: Forged): Promise<Record<string, string>> {
  const asked = lab.clusters.flatMap((cluster, index) =>
    [
      { app: "reviews", namespace: "sample", port: 9080, protocol: "istio" },
      { app: "istiod", namespace: "istio-system", port: 15012, protocol: "h2" },
    ].map(async ({ app, namespace, port, protocol }) => {
      const { core } = apis[index] as Api;
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${app}` });
      const answers = await Promise.all(
        items
          .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
          .map(({ status }) => tried(cluster, { host: status?.podIP ?? "", port, protocol, ...certificate })),
      );
      return [`${app} of ${cluster.name}`, [...new Set(answers)].join(", ")] as const;
    }),
  );
  return Object.fromEntries(await Promise.all(asked));
}

/** Connects from the node of a cluster. */
async function tried({ netns }: ClusterSpec, connection: object): Promise<string> {
  const { stdout } = await execa("ip", ["netns", "exec", netns, process.execPath, "tests/e2e/thiefMain.ts"], {
    cwd: ROOT,
    input: JSON.stringify(connection),
  });
  return stdout;
}

const everywhere = (answer: unknown) =>
  Object.fromEntries(
    lab.clusters.flatMap(({ name }) => [
      [`reviews of ${name}`, answer],
      [`istiod of ${name}`, answer],
    ]),
  );

test("a stolen intermediate's certificates are refused everywhere afterwards, and no request fails", WALK, async () => {
  const stolen = await stolenFrom(apis[0] as Api);
  expect(await acceptedBy(stolen)).toEqual(everywhere("accepted"));
  await underRequests(apis, async () => {
    const { exitCode, all } = await meshCommand(lab, "distrust", lab.clusters[0]?.name ?? "");
    expect(exitCode, all).toBe(0);
    expect(all).toContain("all 4 checks passed");
  });
  expect(await acceptedBy(stolen)).toEqual(everywhere(expect.stringMatching(/^refused: /)));
  // Without this, a refusal would prove nothing.
  expect(await acceptedBy(await stolenFrom(apis[1] as Api))).toEqual(everywhere("accepted"));
  expect(await configured(lab, "operation")).toBeUndefined();
  expect(await configured(lab, "ca")).toMatchObject({ rootGeneration: 2 });
  expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  expect(JSON.parse(await pulumi(lab, ["stack", "output", "mesh", "--json"], { quiet: true }))).not.toHaveProperty(
    "rotation",
  );
});
