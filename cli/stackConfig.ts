// Loads a stack's config as the program does, without running the program.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { isGone } from "../config/gone.ts";
import { type MeshConfig, parseConfig } from "../config/parse.ts";
import { ofProject, structured } from "../config/raw.ts";
import { accessSchema } from "../config/schema.ts";
import type { Messages } from "../i18n/messages.ts";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import type { Options, World } from "./command.ts";

/** Options of every command that reads a stack's config. */
export const stackOptions = { stack: { type: "string" }, "config-file": { type: "string" } } as const;

type Raw = Readonly<Record<string, unknown>>;

export interface RawConfig {
  /** Values of the keys under `csp-mesh:`, decrypted. */
  readonly raw: Raw;
  /** The same values as in the stack file, where secrets are `secure: …`. */
  readonly written: Raw;
  /** Options with which `pulumi config` finds the stack and its file. */
  readonly target: () => Promise<readonly string[]>;
  readonly isSecret: (key: string) => boolean;
}

/**
 * @param given the config, if already read @default read according to the options
 * @param isContacted whether the command contacts clusters, so that credentials commands are needed
 * @throws Error that lists all mistakes in the config, or the reason why it cannot be read
 */
export async function stackConfig(
  options: Options,
  messages: Messages,
  world: World,
  given?: Pick<RawConfig, "raw" | "written" | "isSecret">,
  isContacted = true,
): Promise<MeshConfig> {
  const pulumi = pulumiOf(messages, world);
  const { raw, written, isSecret } = given ?? (await rawConfig(options, messages, world, pulumi));
  const outputs = new Map<string, unknown>();
  for (const { stack, output } of stackOutputs(raw)) {
    const args = ["stack", "output", output, "--stack", stack, "--json", "--show-secrets"];
    outputs.set(key(stack, output), JSON.parse(await pulumi(args, messages.pulumiFor.stackOutput(stack, output))));
  }
  const stackOutput = (stack: string, output: string) => outputs.get(key(stack, output));
  const config = parseConfig(raw, world.root, { isSecret, written, stackOutput, isContacted });
  // Relative paths refer to the project's folder, but the command may run in another folder.
  const resolved = (kubeconfig: string) => kubeconfigPath(kubeconfig, world.root);
  return {
    ...config,
    clusters: config.clusters.map((cluster) => ({ ...cluster, kubeconfig: resolved(cluster.kubeconfig) })),
  };
}

const key = (stack: string, output: string) => JSON.stringify([stack, output]);

/** @param why purpose, for the error if pulumi is missing @param input standard input */
export type Pulumi = (args: readonly string[], why: string, input?: string) => Promise<string>;

export function pulumiOf(messages: Messages, { pulumi }: World): Pulumi {
  return async (args, why, input) => {
    try {
      return await pulumi([...args, "--non-interactive"], input);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new Error(messages.noPulumi(why));
      throw error;
    }
  };
}

/** The given stack; empty for the stack that is selected in pulumi. */
export const namedStack = (options: Options, env: World["env"]) => String(options.stack ?? env.PULUMI_STACK ?? "");

export async function rawConfig(
  options: Options,
  messages: Messages,
  { root, folder = root, env }: World,
  pulumi: Pulumi,
): Promise<RawConfig> {
  const stack = namedStack(options, env);
  const configFile = options["config-file"];
  const name = async () => stack || (await pulumi(["stack", "--show-name"], messages.pulumiFor.selectedStack)).trim();
  const file =
    configFile === undefined ? join(root, `Pulumi.${await name()}.yaml`) : resolve(folder, String(configFile));
  const config = ofProject(read(file, messages));
  const target = async () => ["--stack", await name(), "--config-file", file];
  const secrets = new Set(Object.keys(config).filter((key) => isEncrypted(config[key])));
  if (secrets.size === 0) {
    const raw = mapValues(config, (value) => (typeof value === "string" ? structured(value) : value));
    return { raw, written: config, target, isSecret: () => false };
  }
  const args = ["config", "--json", "--show-secrets", ...(await target())];
  const shown: unknown = JSON.parse(await pulumi(args, messages.pulumiFor.secrets));
  const raw = mapValues(
    ofProject(shownSchema.parse(shown)),
    ({ value, objectValue }) => objectValue ?? structured(value),
  );
  return { raw, written: config, target, isSecret: (key) => secrets.has(key) };
}

/** Output of `pulumi config --json`. */
const shownSchema = z.record(
  z.string(),
  z.object({ value: z.string().default(""), objectValue: z.unknown().optional() }),
);

const fileSchema = z.object({ config: z.record(z.string(), z.unknown()) });

function read(file: string, messages: Messages): Raw {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new Error(messages.noStackFile(file));
  }
  try {
    return fileSchema.parse(parse(text)).config;
  } catch {
    // Omit the parser's message: it quotes lines of the file, which may contain secrets.
    throw new Error(messages.notAStackFile(file));
  }
}

const mapValues = <From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

/** Whether any part of a value is encrypted, as by `pulumi config set --secret`: `secure: v1:…`. */
function isEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return typeof (value as Raw).secure === "string" || Object.values(value).some(isEncrypted);
}

/** Outputs of other stacks to which the clusters' kubeconfigs refer. */
function stackOutputs({ clusters }: Raw): readonly { readonly stack: string; readonly output: string }[] {
  return (Array.isArray(clusters) ? clusters : []).flatMap((cluster) => {
    const kubeconfig = isGone(cluster) ? undefined : accessSchema.safeParse(cluster).data?.kubeconfig;
    return typeof kubeconfig === "object" ? [kubeconfig] : [];
  });
}
