import { setTimeout as pause } from "node:timers/promises";
import { onlyStaying } from "../config/gone.ts";
import type { Messages } from "../i18n/messages.ts";
import { adviceOf, asTable, countOf } from "../i18n/preflightReport.ts";
import { commandOf, statesOf } from "../operations/state.ts";
import { Interrupted, interruptible } from "../probe/interruption.ts";
import { directionsOf, type LastAnswers } from "../status/directions.ts";
import { isSilent } from "../status/facts.ts";
import { lookAtMesh, type MeshStatus } from "../status/lookAtMesh.ts";
import { statusTables } from "../status/tables.ts";
import { type Command, type Options, outputOf, UsageError } from "./command.ts";
import { stackConfig, stackOptions } from "./stackConfig.ts";

/** Duration of `--wait` without a value, in seconds. */
const WAIT = 120;
/** Interval between two checks, in ms. */
const PAUSE = 1_000;
const CLEAR = "\u001b[2J\u001b[H";

/** `npm run mesh -- status`: whether the mesh works now, and its faults. Only reads. */
export const status: Command = {
  options: {
    ...stackOptions,
    output: { type: "string" },
    timeout: { type: "string" },
    wait: { type: "boolean" },
    watch: { type: "boolean" },
  },
  withOptionalValue: ["wait"],
  async run(options, messages, world) {
    const { status: texts } = messages;
    const output = outputOf(options, messages);
    if (options.wait !== undefined && options.watch !== undefined) {
      throw new UsageError(messages.excluded("--wait", "--watch"));
    }
    const seconds = options.wait === true ? WAIT : secondsOf("--wait", options.wait, messages);
    const first = secondsOf("--timeout", options.timeout, messages);
    const timeout = first === undefined ? undefined : first * 1_000;
    const staying = onlyStaying(await stackConfig(options, messages, world));
    const last: LastAnswers = new Map();
    const { operation } = staying;
    const underWay =
      operation === undefined
        ? ""
        : `${texts.underWay(commandOf(operation), String(operation.reached), String(statesOf(operation).length))}\n`;

    const show = (seen: MeshStatus) => {
      const now = Date.now();
      const directions = directionsOf(seen, last, now);
      if (output === "json") {
        const findings = seen.findings.map((finding) => ({ ...finding, ...adviceOf(finding, messages) }));
        world.stdout(
          `${JSON.stringify({ clusters: seen.looks, directions, findings, operation }, null, options.watch ? 0 : 2)}\n`,
        );
      } else {
        const faults = seen.findings.length === 0 ? "" : `\n${asTable(seen.findings, messages, world.terminal)}`;
        world.stdout(
          `${options.watch ? CLEAR : ""}${statusTables(seen, directions, messages, now, world.terminal)}${faults}\n${underWay}${verdict(seen, messages)}\n`,
        );
      }
    };
    try {
      return await interruptible(async (signal) => {
        const end = Date.now() + (seconds ?? 0) * 1_000;
        for (;;) {
          const seen = await lookAtMesh(staying, { timeout, signal });
          if (options.watch) show(seen);
          else if (exitCodeOf(seen) === 0 || Date.now() >= end) {
            show(seen);
            if (seconds !== undefined && exitCodeOf(seen) !== 0) world.stderr(`${texts.waited(seconds)}\n`);
            return exitCodeOf(seen);
          }
          await pause(PAUSE, undefined, { signal }).catch(() => signal.throwIfAborted());
        }
      });
    } catch (error) {
      if (error instanceof Interrupted) return error.exitCode;
      throw error;
    }
  },
};

/** @throws Error that names the option */
function secondsOf(option: string, value: Options[string], { status: texts }: Messages): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (!(seconds > 0)) throw new UsageError(texts.badSeconds(option, String(value)));
  return seconds;
}

/** Exit code: 0 without errors, 1 with errors, 2 if no cluster answered. */
function exitCodeOf({ looks, findings }: MeshStatus): 0 | 1 | 2 {
  if (looks.every(isSilent)) return 2;
  return countOf(findings).errors > 0 ? 1 : 0;
}

function verdict({ looks, findings }: MeshStatus, { status: texts }: Messages): string {
  if (looks.every(isSilent)) return texts.nobody;
  const { errors, warnings } = countOf(findings);
  if (errors > 0) return texts.broken(errors, warnings);
  return warnings > 0 ? texts.wholeBut(warnings) : texts.whole;
}
