// Runs the probe like a person would, in a separate process that a test can interrupt. Its argument is a stack file. It
// prints the findings as JSON.

import { runProbe } from "../../cli/probe.ts";
import { stackConfig } from "../../cli/stackConfig.ts";
import { catalogue } from "../../i18n/language.ts";
import { asTable, countOf } from "../../i18n/preflightReport.ts";
import { Interrupted } from "../../probe/interruption.ts";
import { ROOT } from "../root.ts";

const messages = catalogue.en;
const world = {
  stdout: (text: string) => process.stdout.write(text),
  stderr: (text: string) => process.stderr.write(text),
  env: process.env,
  root: ROOT,
  pulumi: () => Promise.reject(new Error("nothing in the lab's stack file is encrypted")),
};
const config = await stackConfig({ "config-file": process.argv[2] }, messages, world);
const findings = await runProbe(config, messages, world);
if (findings instanceof Interrupted) process.exitCode = findings.exitCode;
else {
  process.stderr.write(asTable(findings, messages));
  process.stdout.write(JSON.stringify(findings));
  process.exitCode = countOf(findings).errors > 0 ? 1 : 0;
}
