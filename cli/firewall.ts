import { profiles } from "../csp/profiles.ts";
import type { Messages } from "../i18n/messages.ts";
import { table } from "../i18n/table.ts";
import { type Command, outputOf } from "./command.ts";
import { type ClusterRules, type FirewallRule, firewallRules, type Reason } from "./firewallRules.ts";
import { stackConfig, stackOptions } from "./stackConfig.ts";

/** `npm run mesh -- firewall`: the rules of each provider's security groups. */
export const firewall: Command = {
  options: { ...stackOptions, output: { type: "string" } },
  async run(options, messages, world) {
    const output = outputOf(options, messages);
    const { clusters, istio } = await stackConfig(options, messages, world);
    const rules = firewallRules(clusters, istio.externalGateways);
    world.stdout(output === "json" ? asJson(rules, messages) : asTable(rules, messages));
    return 0;
  },
};

function asTable(clusters: readonly ClusterRules[], messages: Messages): string {
  const { firewall } = messages;
  return clusters
    .map(({ cluster, csp, rules }) => {
      const rows = rules.map((rule) => [
        firewall.actions[rule.action],
        rule.address === undefined ? firewall.places[rule.at] : `${firewall.places[rule.at]} ${rule.address}`,
        rule.port,
        originOf(rule, messages),
        reasonOf(rule.reason, messages),
      ]);
      return `${cluster}: ${profiles[csp].title}\n${table([firewall.columns, ...rows])}`;
    })
    .join("\n");
}

/** For programs: names and ids stay the same in every language, `why` is for people. */
function asJson(clusters: readonly ClusterRules[], messages: Messages): string {
  const told = clusters.map(({ cluster, csp, rules }) => ({
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
  return `${JSON.stringify(told, null, 2)}\n`;
}

function originOf({ from, fillIn }: FirewallRule, { firewall: { fillIn: texts, nobody } }: Messages): string {
  if (fillIn?.of === "egressCidrs") return texts.egressCidrs(fillIn.cluster, fillIn.field);
  if (fillIn) return texts[fillIn.of];
  return from.join(", ") || nobody;
}

function reasonOf<Id extends Reason["id"]>(reason: Extract<Reason, { id: Id }>, { firewall }: Messages): string {
  return firewall.reasons[reason.id as Id](reason);
}
