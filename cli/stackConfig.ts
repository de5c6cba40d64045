// The config of a stack as the program would read it, without running the program.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { type MeshConfig, parseConfig } from "../config/parse.ts";
import { PROJECT, structured } from "../config/raw.ts";
import { accessSchema } from "../config/schema.ts";
import type { Options, World } from "./command.ts";
import type { Messages } from "./messages.ts";

/** Options of every command that reads a stack's config. */
export const stackOptions = { stack: { type: "string" }, "config-file": { type: "string" } } as const;

type Raw = Readonly<Record<string, unknown>>;

interface RawConfig {
  /** Values of the keys under `csp-mesh:`, decrypted. */
  readonly raw: Raw;
  readonly isSecret: (key: string) => boolean;
}

/** @throws Error that lists all that is wrong with the config, or says why it cannot be read */
export async function stackConfig(options: Options, messages: Messages, world: World): Promise<MeshConfig> {
  const pulumi = pulumiOf(messages, world);
  const { raw, isSecret } = await rawConfig(options, messages, world, pulumi);
  const outputs = new Map<string, unknown>();
  for (const { stack, output } of stackOutputs(raw)) {
    const args = ["stack", "output", output, "--stack", stack, "--json", "--show-secrets"];
    outputs.set(key(stack, output), JSON.parse(await pulumi(args, messages.pulumiFor.stackOutput(stack, output))));
  }
  return parseConfig(raw, world.root, { isSecret, stackOutput: (stack, output) => outputs.get(key(stack, output)) });
}

const key = (stack: string, output: string) => JSON.stringify([stack, output]);

type Pulumi = (args: readonly string[], why: string) => Promise<string>;

function pulumiOf(messages: Messages, { pulumi }: World): Pulumi {
  return async (args, why) => {
    try {
      return await pulumi([...args, "--non-interactive"]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new Error(messages.noPulumi(why));
      throw error;
    }
  };
}

async function rawConfig(
  options: Options,
  messages: Messages,
  { root, env }: World,
  pulumi: Pulumi,
): Promise<RawConfig> {
  const stack = String(options.stack ?? env.PULUMI_STACK ?? "");
  const configFile = options["config-file"];
  const name = async () => stack || (await pulumi(["stack", "--show-name"], messages.pulumiFor.selectedStack)).trim();
  const file = configFile === undefined ? join(root, `Pulumi.${await name()}.yaml`) : resolve(root, String(configFile));
  const config = ofProject(read(file, messages));
  const secrets = new Set(Object.keys(config).filter((key) => isEncrypted(config[key])));
  if (secrets.size === 0) {
    const raw = mapValues(config, (value) => (typeof value === "string" ? structured(value) : value));
    return { raw, isSecret: () => false };
  }
  const args = ["config", "--json", "--show-secrets", "--stack", await name(), "--config-file", file];
  const shown: unknown = JSON.parse(await pulumi(args, messages.pulumiFor.secrets));
  const raw = mapValues(
    ofProject(shownSchema.parse(shown)),
    ({ value, objectValue }) => objectValue ?? structured(value),
  );
  return { raw, isSecret: (key) => secrets.has(key) };
}

/** What `pulumi config --json` prints. */
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
    // The parser's own message would quote lines of the file, and there may be secrets in them.
    throw new Error(messages.notAStackFile(file));
  }
}

function ofProject<Value>(config: Readonly<Record<string, Value>>): Record<string, Value> {
  const prefix = `${PROJECT}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

const mapValues = <From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

/** Whether any part of a value is as `pulumi config set --secret` leaves it: `secure: v1:…`. */
function isEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return typeof (value as Raw).secure === "string" || Object.values(value).some(isEncrypted);
}

/** Outputs of other stacks that the clusters' kubeconfigs refer to. */
function stackOutputs({ clusters }: Raw): readonly { readonly stack: string; readonly output: string }[] {
  return (Array.isArray(clusters) ? clusters : []).flatMap((cluster) => {
    const kubeconfig = accessSchema.safeParse(cluster).data?.kubeconfig;
    return typeof kubeconfig === "object" ? [kubeconfig] : [];
  });
}
