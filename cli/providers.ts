import type { Fact, Facts } from "../csp/profile.ts";
import { profiles } from "../csp/profiles.ts";
import type { Messages } from "../i18n/messages.ts";
import { table } from "../i18n/table.ts";
import type { Terminal } from "../i18n/terminal.ts";
import { type Command, outputOf } from "./command.ts";

/** `npm run mesh -- providers`: facts about each provider, with their source documents. */
export const providers: Command = {
  options: { output: { type: "string" } },
  async run(options, messages, { stdout, terminal }) {
    const isJson = outputOf(options, messages) === "json";
    stdout(isJson ? `${JSON.stringify(profiles, null, 2)}\n` : asTable(messages, terminal));
    return 0;
  },
};

function asTable({ providers }: Messages, { columns }: Terminal = {}): string {
  const headingOf = (name: string) => providers.facts[name as keyof Facts];
  return Object.entries(profiles)
    .map(([csp, { title, facts }]) => {
      const all: [string, Fact][] = Object.entries(facts);
      const rows = all.flatMap(([name, fact]) =>
        fact === "unknown" ? [] : [[headingOf(name), fact.value ?? providers.none, fact.source]],
      );
      const unknown = all.flatMap(([name, fact]) => (fact === "unknown" ? [headingOf(name)] : []));
      const known = rows.length === 0 ? "" : table([providers.columns, ...rows], { columns });
      return `${csp}: ${title}\n${known}${unknown.length === 0 ? "" : `${providers.unknown}: ${unknown.join(", ")}\n`}`;
    })
    .join("\n");
}
