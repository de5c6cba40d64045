import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { runCommandLine } from "../../../cli/commandLine.ts";
import { type FirewallRule, firewallRules } from "../../../cli/firewallRules.ts";
import { parseConfig } from "../../../config/parse.ts";
import { folder, kubeconfig } from "../config/fixtures.ts";
import { runProgram, writeKubeconfig } from "../program/recorder.ts";

const root = folder({ kubeconfig: kubeconfig(["ncloud", "nhn", "kt"]) });
const cluster = (csp: string, more: object = {}) => ({
  name: csp,
  csp,
  kubeconfig: "kubeconfig",
  context: csp,
  ...more,
});
const ncloud = cluster("ncloud", { egressCidrs: ["203.0.113.0/28"] });
const nhn = cluster("nhn", { egressCidrs: ["198.51.100.7/32", "2001:db8:1::/48"] });
const kt = cluster("kt", { gateway: { externalAddress: "192.0.2.20" } });

function rulesOf(name: string, clusters: object[], mesh: object = {}): readonly FirewallRule[] {
  const config = parseConfig({ clusters, ...mesh }, root);
  const all = firewallRules(config.clusters, config.istio.externalGateways);
  expect(all.map(({ cluster }) => cluster)).toEqual(config.clusters.map(({ name }) => name));
  return all.find(({ cluster }) => cluster === name)?.rules ?? [];
}

const at = (rules: readonly FirewallRule[], place: string, port: string) =>
  rules.filter((rule) => rule.at === place && rule.port === port);

describe("the rules of a cluster", () => {
  test("allow each peer's nodes or NAT at port 15443 and the API server, and mark missing addresses", () => {
    const rules = rulesOf("ncloud", [ncloud, nhn, kt]);
    const missing = { of: "egressCidrs", cluster: "kt", field: "clusters[2].egressCidrs" };
    expect(at(rules, "gateway", "15443")).toEqual([
      {
        action: "allow",
        at: "gateway",
        port: "15443",
        from: ["198.51.100.7/32", "2001:db8:1::/48"],
        reason: { id: "sidecars", peer: "nhn", refused: [] },
      },
      {
        action: "allow",
        at: "gateway",
        port: "15443",
        from: [],
        fillIn: missing,
        reason: { id: "sidecars", peer: "kt", refused: [] },
      },
    ]);
    expect(at(rules, "apiServer", "6443")).toEqual([
      {
        action: "allow",
        at: "apiServer",
        address: "ncloud.example",
        port: "6443",
        from: ["198.51.100.7/32", "2001:db8:1::/48"],
        reason: { id: "istiod", peer: "nhn", list: "IP ACL" },
      },
      {
        action: "allow",
        at: "apiServer",
        address: "ncloud.example",
        port: "6443",
        from: [],
        fillIn: missing,
        reason: { id: "istiod", peer: "kt", list: "IP ACL" },
      },
    ]);
  });

  test("use the addresses in the config for the gateway and for the API server", () => {
    const rules = rulesOf("kt", [ncloud, { ...kt, apiServer: "https://api.example" }]);
    expect(at(rules, "gateway", "15443")).toMatchObject([{ address: "192.0.2.20", from: ["203.0.113.0/28"] }]);
    expect(at(rules, "apiServer", "443")).toMatchObject([{ address: "api.example", reason: { list: undefined } }]);
  });

  test("name peers that the gateway's sourceRanges exclude", () => {
    const [rule] = at(
      rulesOf("ncloud", [{ ...ncloud, gateway: { sourceRanges: ["198.51.100.0/24"] } }, nhn]),
      "gateway",
      "15443",
    );
    expect(rule?.reason).toEqual({ id: "sidecars", peer: "nhn", refused: ["2001:db8:1::/48"] });
    // A range that covers only a part does not count.
    const narrow = rulesOf("nhn", [ncloud, { ...nhn, gateway: { sourceRanges: ["203.0.113.0/29"] } }]);
    expect(at(narrow, "gateway", "15443")[0]?.reason).toMatchObject({ refused: ["203.0.113.0/28"] });
  });

  test("allow the load balancer's health checks, and its traffic to node ports", () => {
    const rules = rulesOf("nhn", [ncloud, nhn]);
    const rest = { action: "allow", from: [], fillIn: { of: "loadBalancer" } };
    expect(at(rules, "gateway", "15021")).toEqual([
      { ...rest, at: "gateway", port: "15021", reason: { id: "healthChecks" } },
    ]);
    expect(at(rules, "nodes", "30000-32767")).toEqual([
      { ...rest, at: "nodes", port: "30000-32767", reason: { id: "nodePorts" } },
    ]);
  });

  test("follow the configured ports, and fixed node ports if all are fixed", () => {
    const gateway = { ports: ["tls"], nodePorts: { tls: 31443 } };
    const rules = rulesOf("ncloud", [ncloud, nhn], { gateway });
    const ofControlPlane = ["nodes 15017", "nodes 10250"];
    expect(rules.map(({ at, port }) => `${at} ${port}`)).toEqual([
      "gateway 15443",
      "apiServer 6443",
      "nodes 31443",
      ...ofControlPlane,
    ]);
    const half = rulesOf("ncloud", [ncloud, nhn], { gateway: { nodePorts: gateway.nodePorts } });
    expect(at(half, "nodes", "30000-32767")).toHaveLength(1);
    const ingress = { enabled: true, ports: ["https"], nodePorts: { https: 31444 } };
    const both = rulesOf("ncloud", [ncloud, nhn], { gateway, ingress });
    expect(both.flatMap(({ at, port }) => (at === "ingress" || at === "nodes" ? [`${at} ${port}`] : []))).toEqual([
      "nodes 31443",
      "nodes 31444",
      ...ofControlPlane,
      "ingress 443",
    ]);
  });

  test("have IPv6 addresses without brackets, and all addresses of a gateway", () => {
    const gateway = { externalAddress: ["192.0.2.20", "[2001:db8::20]"] };
    const rules = rulesOf("kt", [ncloud, { ...kt, gateway, apiServer: "https://[2001:db8::1]:6443" }]);
    expect(at(rules, "gateway", "15443")).toMatchObject([{ address: "192.0.2.20, 2001:db8::20" }]);
    expect(at(rules, "apiServer", "6443")).toMatchObject([{ address: "2001:db8::1" }]);
  });

  test("allow the control plane to reach istiod's webhook and the kubelets", () => {
    const rest = { action: "allow", at: "nodes", from: [], fillIn: { of: "controlPlane" } };
    const rules = rulesOf("ncloud", [ncloud, nhn]);
    expect(at(rules, "nodes", "15017")).toEqual([{ ...rest, port: "15017", reason: { id: "webhook" } }]);
    expect(at(rules, "nodes", "10250")).toEqual([{ ...rest, port: "10250", reason: { id: "kubelet" } }]);
  });

  test("close unneeded ports, with the reason", () => {
    const closed = rulesOf("ncloud", [ncloud, nhn]).filter(({ action }) => action === "close");
    expect(closed.map(({ at, port, from, reason }) => [at, port, from, reason.id])).toEqual([
      ["gateway", "80", [], "noCallers"],
      ["gateway", "443", [], "noCallers"],
      ["gateway", "31400", [], "noListener"],
      ["gateway", "15012", [], "ownIstiod"],
      ["gateway", "15017", [], "ownWebhook"],
    ]);
  });

  test("open the public ports only to sourceRanges that are not the peers'", () => {
    const ranges = ["198.51.100.0/24", "2001:db8:1::/48", "192.0.2.0/24"];
    const rules = rulesOf("ncloud", [ncloud, nhn], { gateway: { sourceRanges: ranges } });
    for (const port of ["80", "443"]) {
      expect(at(rules, "gateway", port)).toMatchObject([
        {
          action: "allow",
          from: ["198.51.100.0/24", "192.0.2.0/24"],
          reason: { id: "callers", field: "gateway.sourceRanges" },
        },
      ]);
    }
    const peersOnly = rulesOf("ncloud", [ncloud, nhn], {
      gateway: { sourceRanges: ["198.51.100.7/32", "2001:db8:1::/48"] },
    });
    expect(at(peersOnly, "gateway", "80")).toMatchObject([{ action: "close", reason: { id: "noCallers" } }]);
  });

  test("open the ingress gateway instead if there is one", () => {
    const open = rulesOf("ncloud", [ncloud, nhn], { ingress: { enabled: true } });
    expect(at(open, "ingress", "443")).toMatchObject([{ from: ["0.0.0.0/0", "::/0"], reason: { id: "everyone" } }]);
    expect(at(open, "ingress", "15021")).toMatchObject([{ reason: { id: "healthChecks" } }]);
    expect(at(open, "gateway", "443")).toMatchObject([{ action: "close", reason: { id: "otherGateway" } }]);
    const some = rulesOf("ncloud", [ncloud, nhn], { ingress: { enabled: true, sourceRanges: ["192.0.2.0/24"] } });
    expect(at(some, "ingress", "80")).toMatchObject([{ from: ["192.0.2.0/24"], reason: { id: "callers" } }]);
  });

  test("cover each port of the Services of gateway and ingress", async () => {
    const file = writeKubeconfig("ncloud", "nhn");
    const clusters = [ncloud, nhn].map((entry) => ({ ...entry, kubeconfig: file }));
    const { resources } = await runProgram({ clusters, ingress: { enabled: true } });
    const portsOf = (name: string) => {
      const inputs = resources.find((resource) => resource.name === name)?.inputs as {
        spec: { ports: { port: number }[] };
      };
      return inputs.spec.ports.map(({ port }) => `${port}`).sort();
    };
    const rules = rulesOf("ncloud", [ncloud, nhn], { ingress: { enabled: true } });
    const decided = (place: string) =>
      [...new Set(rules.filter(({ at }) => at === place).map(({ port }) => port))].sort();
    expect(decided("gateway")).toEqual(portsOf("ncloud-gateway-service"));
    expect(decided("ingress")).toEqual(portsOf("ncloud-ingress-service"));
  });

  test("never both open and close a port, and always have a source", () => {
    const cidrs = fc.subarray(["203.0.113.0/28", "198.51.100.0/24", "2001:db8::/32", "0.0.0.0/0"], { minLength: 1 });
    const optional = fc.option(cidrs, { nil: undefined });
    fc.assert(
      fc.property(
        optional,
        optional,
        fc.option(cidrs, { nil: [] }),
        fc.boolean(),
        (egress, others, sourceRanges, enabled) => {
          const clusters = [
            { ...ncloud, egressCidrs: egress, gateway: { sourceRanges } },
            { ...nhn, egressCidrs: others },
          ];
          const rules = rulesOf("ncloud", clusters, { ingress: { enabled } });
          const allowed = new Set(
            rules.filter(({ action }) => action === "allow").map(({ at, port }) => `${at} ${port}`),
          );
          for (const { action, at, port, from, fillIn } of rules) {
            if (action === "close") expect(allowed).not.toContain(`${at} ${port}`);
            else expect(from.length > 0).toBe(fillIn === undefined);
          }
        },
      ),
    );
  });
});

async function run(
  files: Record<string, string>,
  args: string[],
  pulumi: (args: readonly string[]) => string = () => "",
) {
  let [stdout, stderr] = ["", ""];
  const asked: string[] = [];
  const code = await runCommandLine(["firewall", ...args], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env: {},
    root: folder({ kubeconfig: kubeconfig(["ncloud", "nhn", "kt"]), ...files }),
    pulumi: async (args) => {
      asked.push(args.join(" "));
      return pulumi(args);
    },
  });
  return { code, stdout, stderr, asked };
}

const stackFile = (config: Record<string, unknown>) =>
  stringify({ config: Object.fromEntries(Object.entries(config).map(([key, value]) => [`csp-mesh:${key}`, value])) });

describe("the command firewall", () => {
  test("prints a table for each cluster", async () => {
    const { code, stdout, asked } = await run({ "Pulumi.x.yaml": stackFile({ clusters: [ncloud, kt] }) }, [
      "--stack",
      "x",
    ]);
    expect([code, asked]).toEqual([0, []]);
    const [first = "", second = ""] = stdout.split("\n\n");
    expect(first.split("\n").slice(0, 3)).toEqual([
      "ncloud: NAVER Cloud Kubernetes Service",
      "ACTION  AT                         TCP PORT     FROM                                               WHY",
      "allow   gateway                    15443        <nodes or NAT of kt: set clusters[1].egressCidrs>  mutual TLS of kt's sidecars, which connect from their nodes or NAT, not from kt's gateway",
    ]);
    expect(second).toContain("\nallow   gateway 192.0.2.20     15443        203.0.113.0/28 ");
  });

  test("prints aligned Korean tables", async () => {
    const { stdout } = await run({ "Pulumi.x.yaml": stackFile({ clusters: [ncloud, nhn] }) }, [
      "--stack",
      "x",
      "--lang",
      "ko",
    ]);
    expect(stdout).toContain("동작  위치                     TCP 포트     출발지");
    expect(stdout).toContain("차단  게이트웨이               31400        없음");
  });

  test("prints JSON with the same ids in each language", async () => {
    const files = { "Pulumi.x.yaml": stackFile({ clusters: [ncloud, kt] }) };
    const [english, korean] = await Promise.all(
      ["en", "ko"].map(async (lang) =>
        JSON.parse((await run(files, ["--stack", "x", "--output", "json", "--lang", lang])).stdout),
      ),
    );
    expect(english[1].rules[0]).toEqual({
      action: "allow",
      direction: "in",
      protocol: "TCP",
      at: "gateway",
      address: "192.0.2.20",
      port: "15443",
      from: ["203.0.113.0/28"],
      reason: { id: "sidecars", peer: "ncloud", refused: [] },
      why: "mutual TLS of ncloud's sidecars, which connect from their nodes or NAT, not from ncloud's gateway",
    });
    const withoutTexts = (json: unknown) => JSON.stringify(json, (key, value) => (key === "why" ? undefined : value));
    expect(withoutTexts(korean)).toBe(withoutTexts(english));
  });

  test("reads the selected stack, or the given file", async () => {
    const text = stackFile({ clusters: [ncloud, nhn] });
    const selected = await run({ "Pulumi.chosen.yaml": text }, [], () => "chosen\n");
    expect([selected.code, selected.asked]).toEqual([0, ["stack --show-name --non-interactive"]]);
    const named = await run({ "sub/any.yaml": text }, ["--config-file", "sub/any.yaml"]);
    expect([named.code, named.asked, named.stdout]).toEqual([0, [], selected.stdout]);
  });

  test("lets pulumi decrypt secrets, and knows which keys are encrypted", async () => {
    const secret = { secure: "v1:abc" };
    const files = {
      "Pulumi.x.yaml": stackFile({ clusters: [{ ...ncloud, kubeconfig: secret }, nhn], awaitSeconds: 60 }),
    };
    const clear = [{ ...ncloud, kubeconfig: kubeconfig(["ncloud"]) }, nhn];
    const shown = JSON.stringify({
      "csp-mesh:clusters": { value: JSON.stringify(clear), objectValue: clear, secret: true },
      "csp-mesh:awaitSeconds": { value: "60", secret: false },
    });
    const { code, stderr, stdout, asked } = await run(files, ["--stack", "x"], () => shown);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("API server ncloud.example");
    expect(asked).toEqual([
      expect.stringMatching(/^config --json --show-secrets --stack x --config-file \S+ --non-interactive$/),
    ]);
  });

  test("rejects an unencrypted kubeconfig text, like the program", async () => {
    const files = {
      "Pulumi.x.yaml": stackFile({ clusters: [{ ...ncloud, kubeconfig: kubeconfig(["ncloud"]) }, nhn] }),
    };
    const { code, stderr } = await run(files, ["--stack", "x"]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("clusters[0].kubeconfig: the text of a kubeconfig is not encrypted"),
    ]);
    expect(stderr).not.toContain("hidden");
  });

  test("reads a kubeconfig from another stack's output", async () => {
    const other = { ...ncloud, kubeconfig: { stack: "acme/clusters", output: "nks" } };
    const { code, stdout, asked } = await run(
      { "Pulumi.x.yaml": stackFile({ clusters: [other, nhn] }) },
      ["--stack", "x"],
      () => JSON.stringify(kubeconfig(["ncloud"])),
    );
    expect([code, asked]).toEqual([
      0,
      ["stack output nks --stack acme/clusters --json --show-secrets --non-interactive"],
    ]);
    expect(stdout).toContain("API server ncloud.example");
  });

  test("reports all config errors with the program's messages", async () => {
    const { code, stderr } = await run(
      {
        "Pulumi.x.yaml": stackFile({
          clusters: [
            { ...ncloud, egressCidrs: ["203.0.113.7"] },
            { ...nhn, egressCidrs: [] },
          ],
        }),
      },
      ["--stack", "x"],
    );
    expect(code).toBe(2);
    expect(stderr).toContain(
      'clusters[0].egressCidrs[0]: "203.0.113.7" is not a CIDR, such as 203.0.113.0/24 or 203.0.113.7/32',
    );
    expect(stderr).toContain(
      "clusters[1].egressCidrs: must not be empty; remove it if the addresses are not known yet",
    );
  });

  test.each(["- a list", "config: text", "a: [", ""])("rejects %j as a stack file without quoting it", async (text) => {
    const { code, stderr } = await run({ "Pulumi.x.yaml": text }, ["--stack", "x"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^mesh: \S+\/Pulumi\.x\.yaml is not a stack file: its "config" is missing or invalid; write the settings below "config:", as in Pulumi\.example\.yaml\n$/,
    );
  });

  test("prints CSV with outgoing rules and the gateways' addresses, if known", async () => {
    const files = { "Pulumi.x.yaml": stackFile({ clusters: [ncloud, kt] }) };
    const output = { clusters: [{ name: "ncloud", gatewayAddress: "lb.ncloud.example" }] };
    const { code, stdout, asked } = await run(files, ["--stack", "x", "--output", "csv"], () => JSON.stringify(output));
    expect([code, asked]).toEqual([0, ["stack output mesh --json --stack x --non-interactive"]]);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("CLUSTER,DIRECTION,ACTION,PROTOCOL,SOURCE,DESTINATION,PORT,REASON");
    expect(stdout).toContain(
      "\nkt,in,allow,TCP,203.0.113.0/28,gateway (kt) 192.0.2.20,15443,\"mutual TLS of ncloud's sidecars, which connect",
    );
    expect(stdout).toContain("\nncloud,in,close,TCP,-,gateway (ncloud) lb.ncloud.example,31400,");
    expect(lines).toContain(
      "kt,out,allow,TCP,nodes of kt,gateway of ncloud lb.ncloud.example,15443,mutual TLS of sidecars to ncloud",
    );
    expect(lines).toContain(
      'ncloud,out,allow,TCP,"nodes of ncloud, 203.0.113.0/28",gateway of kt 192.0.2.20,15443,mutual TLS of sidecars to kt',
    );
    expect(stdout).toContain('\nncloud,out,allow,TCP,"nodes of ncloud, 203.0.113.0/28",image registry docker.io,443,');
  });

  test("prints Markdown, even if pulumi knows no addresses", async () => {
    const files = { "Pulumi.x.yaml": stackFile({ clusters: [ncloud, nhn] }) };
    const failing = () => {
      throw new Error("no stack named x");
    };
    const { code, stdout } = await run(files, ["--stack", "x", "--output", "markdown", "--lang", "ko"], failing);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("| 클러스터 | 방향 | 동작 | 프로토콜 | 출발지 | 목적지 | 포트 | 사유 |");
    for (const line of lines) expect(line.match(/(?<!\\)\|/g)).toHaveLength(9);
    expect(stdout).not.toMatch(/[^\\]</);
  });

  test("does not run credentials commands", async () => {
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "no-such-login",
      interactiveMode: "Never",
    };
    const files = {
      kubeconfig: kubeconfig(["ncloud", "nhn"], { exec }),
      "Pulumi.x.yaml": stackFile({ clusters: [ncloud, nhn] }),
    };
    expect(await run(files, ["--stack", "x"])).toMatchObject({ code: 0, stderr: "" });
  });
});
