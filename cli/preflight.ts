import type { Messages } from "../i18n/messages.ts";
import { adviceOf, asTable, countOf } from "../i18n/preflightReport.ts";
import type { Finding } from "../mesh/finding.ts";
import { examine } from "../preflight/examine.ts";
import { Interrupted } from "../probe/interruption.ts";
import { type Command, type Options, outputOf, type World } from "./command.ts";
import { runProbe } from "./probe.ts";
import { namedStack, pulumiOf, stackConfig, stackOptions } from "./stackConfig.ts";
import { stackOwner } from "./stackOwner.ts";

/** `npm run mesh -- preflight`: searches the clusters for obstacles to the mesh. */
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
      // Output for programs: ids and values are the same in every language; the three texts are for people.
      const withAdvice = findings.map((finding) => ({ ...finding, ...adviceOf(finding, messages) }));
      world.stdout(`${JSON.stringify(withAdvice, null, 2)}\n`);
    } else {
      world.stdout(`${asTable(findings, messages, world.terminal)}${messages.preflight.result(count)}\n`);
      if (count.errors > 0 && world.pointsToRemedies) world.stdout(`${messages.troubleshooting}\n`);
    }
    return count.errors > 0 ? 1 : 0;
  },
};

/** The owner in this stack's claims. Undefined if only a config file is given, or if pulumi does not know the stack. */
async function ownerOf(options: Options, messages: Messages, world: World): Promise<string | undefined> {
  const stack = namedStack(options, world.env);
  // With a config file, the selected stack may be another one.
  if (stack === "" && options["config-file"] !== undefined) return undefined;
  const target = stack === "" ? [] : ["--stack", stack];
  return stackOwner(target, pulumiOf(messages, world), messages).catch(() => undefined);
}
