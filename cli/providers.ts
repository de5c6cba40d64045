import type { Fact, Facts } from "../csp/profile.ts";
import { profiles } from "../csp/profiles.ts";
import type { Messages } from "../i18n/messages.ts";
import { table } from "../i18n/table.ts";
import { type Command, outputOf } from "./command.ts";

/** `npm run mesh -- providers`: what is known of each provider, and from which document. */
export const providers: Command = {
  options: { output: { type: "string" } },
  async run(options, messages, { stdout }) {
    stdout(outputOf(options, messages) === "json" ? `${JSON.stringify(profiles, null, 2)}\n` : asTable(messages));
    return 0;
  },
};

function asTable({ providers }: Messages): string {
  const row = ([name, fact]: [string, Fact]) => {
    const heading = providers.facts[name as keyof Facts];
    return fact === "unknown" ? [heading, providers.unknown, ""] : [heading, fact.value ?? providers.none, fact.source];
  };
  return Object.entries(profiles)
    .map(
      ([csp, { title, facts }]) => `${csp}: ${title}\n${table([providers.columns, ...Object.entries(facts).map(row)])}`,
    )
    .join("\n");
}
