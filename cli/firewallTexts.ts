import type { Messages } from "../i18n/messages.ts";
import type { FirewallRule, Reason } from "./firewallRules.ts";

/** Source addresses, or a placeholder for them. */
export function originOf(
  { from, fillIn }: Pick<FirewallRule, "from" | "fillIn">,
  { firewall: { fillIn: texts, nobody } }: Messages,
): string {
  if (fillIn?.of === "egressCidrs") return texts.egressCidrs(fillIn.cluster, fillIn.field);
  if (fillIn) return texts[fillIn.of];
  return from.join(", ") || nobody;
}

export function reasonOf<Id extends Reason["id"]>(reason: Extract<Reason, { id: Id }>, { firewall }: Messages): string {
  return firewall.reasons[reason.id as Id](reason);
}
