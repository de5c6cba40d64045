import { examine } from "../preflight/examine.ts";
import { type Command, outputOf } from "./command.ts";
import { adviceOf, asTable, countOf } from "./preflightReport.ts";
import { stackConfig, stackOptions } from "./stackConfig.ts";

/** `npm run mesh -- preflight`: what would keep the mesh from working, looked for in the clusters. */
export const preflight: Command = {
  options: { ...stackOptions, output: { type: "string" } },
  async run(options, messages, world) {
    const output = outputOf(options, messages);
    const config = await stackConfig(options, messages, world);
    // The probe's findings go behind these: [...(await examine(config)), ...(await probe(…))].
    const findings = await examine(config);
    const count = countOf(findings);
    if (output === "json") {
      // For programs: ids and values stay the same in every language, the three texts are for people.
      const told = findings.map((finding) => ({ ...finding, ...adviceOf(finding, messages.preflight) }));
      world.stdout(`${JSON.stringify(told, null, 2)}\n`);
    } else {
      world.stdout(`${asTable(findings, messages)}${messages.preflight.result(count)}\n`);
    }
    return count.errors > 0 ? 1 : 0;
  },
};
