// Runs `pulumi up` with Pulumi's Automation API.
import { hostname } from "node:os";
import { ConcurrentUpdateError, type EngineEvent, LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";
import { LANGUAGE_VARIABLE, languageIn } from "../i18n/language.ts";
import type { Messages } from "../i18n/messages.ts";
import { holders, isStale } from "./staleLock.ts";

export interface UpTarget {
  /** Folder of Pulumi.yaml. */
  readonly root: string;
  readonly stack: string;
  readonly configFile: string;
}

export interface UpOptions {
  readonly signal: AbortSignal;
  /** Called with a line for each changed resource, and with complete errors. */
  readonly say: (line: string) => void;
  readonly messages: Messages;
}

export type Up = (target: UpTarget, options: UpOptions) => Promise<void>;

/**
 * Uses backend and passphrase from the environment. Removes a lock that a killed run on this machine left.
 *
 * @throws Error with one line if errors were already printed; otherwise with Pulumi's output
 */
export const pulumiUp: Up = async ({ root, stack: name, configFile }, { signal, say, messages }) => {
  const { operations } = messages;
  const envVars = { [LANGUAGE_VARIABLE]: languageIn(messages) };
  const workspace = await LocalWorkspace.create({ workDir: root, envVars });
  // Do not use Pulumi's own method: it would change the selected stack for all later commands of the user.
  workspace.selectStack = async () => {};
  const stack = await Stack.select(name, workspace);
  let shown = 0;
  let said = "";
  const onEvent = (event: EngineEvent) => {
    const line = lineOf(event);
    if (line === undefined) return;
    if (event.diagnosticEvent) shown++;
    say(line);
  };
  const onError = (text: string) => {
    said += text;
  };
  // To show secrets of its history, Pulumi would rewrite the stack's default config file, even if this run uses another
  // one.
  const showSecrets = false;
  const run = () =>
    stack.up({ configFile, showSecrets, color: "never", suppressProgress: true, onEvent, onError, signal });
  try {
    await run().catch(async (error: unknown) => {
      if (!(error instanceof ConcurrentUpdateError) || !isStale(error.message)) throw error;
      say(operations.staleLock);
      said = "";
      await stack.cancel();
      await run();
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ConcurrentUpdateError) throw new Error(lockedBy(said.trim(), name, operations));
    throw new Error(shown > 0 ? operations.upFailed : said.trim() || (error as Error).message);
  }
};

/**
 * Commands for the machines that the lock names, with which a person can check whether the lock's holders still run.
 */
export function lockedBy(said: string, stack: string, texts: Messages["operations"]): string {
  const checks = holders(said).map(({ host, pid }) =>
    host === hostname() ? texts.holderHere(String(pid)) : texts.holder(host, String(pid)),
  );
  return texts.locked(said, stack, checks.map((check) => `  - ${check}`).join("\n"));
}

/** The line to print for an engine event; undefined for most events. */
export function lineOf({ diagnosticEvent, resOutputsEvent, resOpFailedEvent }: EngineEvent): string | undefined {
  if (diagnosticEvent) {
    const { severity, message, urn, ephemeral } = diagnosticEvent;
    if (ephemeral === true || (severity !== "warning" && severity !== "error")) return undefined;
    // Remove Pulumi's colour markers.
    const text = message.replaceAll(/<\{%.*?%\}>/g, "").trim();
    return text === "" ? undefined : `${severity}: ${urn ? `${nameOf(urn)}: ` : ""}${text}`;
  }
  const { metadata } = resOutputsEvent ?? resOpFailedEvent ?? {};
  if (metadata === undefined || ["same", "read", "refresh"].includes(metadata.op)) return undefined;
  const isCustom = metadata.new?.custom ?? metadata.old?.custom;
  if (isCustom !== true || metadata.type.startsWith("pulumi:")) return undefined;
  return `${resOpFailedEvent ? "failed: " : ""}${metadata.op} ${nameOf(metadata.urn)}`;
}

/** `urn:pulumi:stack::project::parent$package:module/x:Kind::name` as `Kind name`. */
function nameOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split(/[:$/]/).at(-1)} ${name.join("::")}`;
}
