import type { Messages } from "../i18n/messages.ts";
import { adviceOf, asTable, countOf } from "../i18n/preflightReport.ts";
import type { Finding } from "../mesh/finding.ts";
import { examine } from "../preflight/examine.ts";
import { Interrupted } from "../probe/interruption.ts";
import { type Command, type Options, outputOf, type World } from "./command.ts";
import { runProbe } from "./probe.ts";
import { namedStack, pulumiOf, stackConfig, stackOptions } from "./stackConfig.ts";
import { stackOwner } from "./stackOwner.ts";

/** `npm run mesh -- preflight`: what would keep the mesh from working, looked for in the clusters. */
export const preflight: Command = {
  options: { ...stackOptions, output: { type: "string" }, probe: { type: "boolean" } },
  async run(options, messages, world) {
    const output = outputOf(options, messages);
    const config = await stackConfig(options, messages, world);
    const examined = await examine({ ...config, owner: await ownerOf(options, messages, world) });
    const probed = options.probe === true ? await runProbe(config, messages, world) : [];
    if (probed instanceof Interrupted) return probed.exitCode;
    const findings: Finding[] = [...examined, ...probed];
    const count = countOf(findings);
    if (output === "json") {
      // For programs: ids and values stay the same in every language, the three texts are for people.
      const told = findings.map((finding) => ({ ...finding, ...adviceOf(finding, messages) }));
      world.stdout(`${JSON.stringify(told, null, 2)}\n`);
    } else {
      world.stdout(`${asTable(findings, messages, world.terminal)}${messages.preflight.result(count)}\n`);
      if (count.errors > 0 && world.pointsToRemedies) world.stdout(`${messages.troubleshooting}\n`);
    }
    return count.errors > 0 ? 1 : 0;
  },
};

/** The owner of the claims that this stack makes. Unknown for a config file alone, and where pulumi does not know the stack. */
async function ownerOf(options: Options, messages: Messages, world: World): Promise<string | undefined> {
  const stack = namedStack(options, world.env);
  // The selected stack need not be that of the file.
  if (stack === "" && options["config-file"] !== undefined) return undefined;
  const target = stack === "" ? [] : ["--stack", stack];
  return stackOwner(target, pulumiOf(messages, world), messages).catch(() => undefined);
}
