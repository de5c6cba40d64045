import { profiles } from "../csp/profiles.ts";
import type { Messages } from "../i18n/messages.ts";
import { table } from "../i18n/table.ts";
import { paint, type Terminal } from "../i18n/terminal.ts";
import { type Command, outputOf } from "./command.ts";
import { egressRules } from "./egressRules.ts";
import { asCsv, asMarkdown, type Request, requestRows } from "./firewallRequest.ts";
import { type ClusterRules, firewallRules } from "./firewallRules.ts";
import { originOf, reasonOf } from "./firewallTexts.ts";
import { gatewayAddresses } from "./gatewayAddresses.ts";
import { stackConfig, stackOptions } from "./stackConfig.ts";

/** `npm run mesh -- firewall`: the rules of each provider's security groups. */
export const firewall: Command = {
  options: { ...stackOptions, output: { type: "string" } },
  async run(options, messages, world) {
    const output = outputOf(options, messages, ["table", "json", "csv", "markdown"]);
    const config = await stackConfig(options, messages, world, undefined, false);
    const { clusters, istio } = config;
    const rules = firewallRules(clusters, istio.externalGateways);
    if (output === "csv" || output === "markdown") {
      const gateways = await gatewayAddresses(options, config, messages, world);
      const request: Request = { rules, egress: egressRules(clusters, gateways, config), gateways };
      world.stdout((output === "csv" ? asCsv : asMarkdown)(requestRows(request, messages)));
    } else {
      world.stdout(output === "json" ? asJson(rules, messages) : asTable(rules, messages, world.terminal));
    }
    return 0;
  },
};

function asTable(clusters: readonly ClusterRules[], messages: Messages, terminal: Terminal = {}): string {
  const { firewall } = messages;
  return clusters
    .map(({ cluster, csp, rules }) => {
      const rows = rules.map((rule) => [
        paint(firewall.actions[rule.action], rule.action === "allow" ? "green" : "red", terminal),
        rule.address === undefined ? firewall.places[rule.at] : `${firewall.places[rule.at]} ${rule.address}`,
        rule.port,
        originOf(rule, messages),
        reasonOf(rule.reason, messages),
      ]);
      return `${cluster}: ${profiles[csp].title}\n${table([firewall.columns, ...rows], { columns: terminal.columns })}`;
    })
    .join("\n");
}

/** Output for programs: names and ids are the same in every language; `why` is a text for people. */
function asJson(clusters: readonly ClusterRules[], messages: Messages): string {
  const output = clusters.map(({ cluster, csp, rules }) => ({
    cluster,
    csp,
    rules: rules.map(({ action, at, address, port, from, fillIn, reason }) => ({
      action,
      direction: "in",
      protocol: "TCP",
      at,
      ...(address !== undefined && { address }),
      port,
      from,
      ...(fillIn && { fillIn }),
      reason,
      why: reasonOf(reason, messages),
    })),
  }));
  return `${JSON.stringify(output, null, 2)}\n`;
}
