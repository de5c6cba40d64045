// One mesh over a cluster of each provider in the guide. The one without load balancers has an address in the config.
import { execa } from "execa";
import { expect, test } from "vitest";
import { meshOutput, pulumi, pulumiPreview, pulumiUp, stackFile } from "../../../lab/pulumi.ts";
import { type ClusterSpec, reservedAddress } from "../../../lab/spec.ts";
import { parseMesh } from "../../../proof/mesh.ts";
import { prove } from "../../../proof/prove.ts";
import { ROOT } from "../../root.ts";
import { apiOf } from "../kubectl.ts";
import { configureCluster } from "../stackConfig.ts";
import { lab } from "./lab.ts";

/** Both outputs of a run, successful or not. */
const outputsOf = (run: Promise<string>) =>
  run.catch(({ stdout, stderr }: { stdout?: string; stderr?: string }) => `${stdout}\n${stderr}`);

const kt = () => lab.clusters[2] as ClusterSpec;

export function testProviders(): void {
  test("reports a missing gateway address at a provider without load balancers before it creates anything", async () => {
    await configureCluster(lab, "kt", { gateway: undefined });
    expect(await outputsOf(pulumiUp(lab, "--skip-preview"))).toContain(
      'clusters[2].gateway.externalAddress: is required: csp "kt" (KT Cloud K2P) gives Services of type LoadBalancer no address',
    );
    const { resources = [] } = JSON.parse(await pulumi(lab, ["stack", "export"], { quiet: true })).deployment;
    expect(
      resources.map(({ type }: { type: string }) => type).filter((type: string) => type !== "pulumi:pulumi:Stack"),
    ).toEqual([]);
  });

  test("a preview shows the settings from each provider's profile", async () => {
    await configureCluster(lab, "kt", { gateway: { externalAddress: reservedAddress(kt()) } });
    const shown = await pulumiPreview(lab);
    expect(shown).toContain("ncloud: csp ncloud (NAVER Cloud Kubernetes Service) fills in the gateway's annotation");
    expect(shown).toContain("nhn: csp nhn (NHN Kubernetes Service) fills in the gateway's annotation");
    expect(shown).toContain("kt: csp kt (KT Cloud K2P) fills in nothing");
  });

  test("all three clusters reach each other, by host name, by IP and by the address in the config", async () => {
    await pulumiUp(lab, "--skip-preview");
    const mesh = parseMesh(await meshOutput(lab));
    expect(mesh.clusters.map(({ gatewayAddress }) => gatewayAddress)).toEqual([
      expect.stringMatching(/\.kr-gov\.lb\.naverncp\.com$/),
      lab.clusters[1]?.loadBalancerIps[0],
      reservedAddress(kt()),
    ]);
    const service = await apiOf(lab, kt()).core.readNamespacedService({
      namespace: "istio-system",
      name: "istio-ingressgateway",
    });
    expect(service.status).toEqual({ loadBalancer: {} });
    expect(service.metadata?.finalizers).toBeUndefined();

    const results = await prove(mesh);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results.map(({ seen }) => seen)).toContain("ncloud 1 replica, nhn 1 replica, kt 1 replica");
  });

  test("the firewall rules are derived from the same config", async () => {
    const args = ["firewall", "--config-file", stackFile(lab), "--output", "json"];
    const { stdout } = await execa("node", ["cli/main.ts", ...args], { cwd: ROOT });
    const rules = (
      JSON.parse(stdout) as { cluster: string; rules: { at: string; port: string; address?: string }[] }[]
    ).flatMap(({ cluster, rules }) =>
      rules.filter(({ port }) => port === "15443").map(({ at, address }) => [cluster, at, address]),
    );
    expect(rules).toEqual([
      ["ncloud", "gateway", undefined],
      ["ncloud", "gateway", undefined],
      ["nhn", "gateway", undefined],
      ["nhn", "gateway", undefined],
      ["kt", "gateway", reservedAddress(kt())],
      ["kt", "gateway", reservedAddress(kt())],
    ]);
  });
}
