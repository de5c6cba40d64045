import * as z from "zod";
import type { MeshConfig } from "../config/parse.ts";
import type { Messages } from "../i18n/messages.ts";
import { jsonIn } from "../mesh/json.ts";
import type { Options, World } from "./command.ts";
import { namedStack, pulumiOf } from "./stackConfig.ts";
import { outputArgs } from "./stackOutput.ts";

const outputSchema = z.object({ clusters: z.array(z.object({ name: z.string(), gatewayAddress: z.string() })) });

/**
 * Gateway addresses from the config, and from the outputs of the stack's last `pulumi up`. Contacts no cluster. Empty
 * if both are missing, if Pulumi is not installed, or if only a config file is given.
 */
export async function gatewayAddresses(
  options: Options,
  { istio }: Pick<MeshConfig, "istio">,
  messages: Messages,
  world: World,
): Promise<ReadonlyMap<string, string>> {
  const stack = namedStack(options, world.env);
  // With a config file, the selected stack may be another one.
  const isKnown = stack !== "" || options["config-file"] === undefined;
  const args = outputArgs("mesh", stack || undefined);
  const text = isKnown ? await pulumiOf(messages, world)(args, messages.pulumiFor.gateways).catch(() => "") : "";
  const seen = outputSchema.safeParse(jsonIn(text)).data?.clusters ?? [];
  const given = Map.groupBy(istio.externalGateways, ({ cluster }) => cluster);
  return new Map([
    ...seen.map(({ name, gatewayAddress }) => [name, gatewayAddress] as const),
    ...[...given].map(([name, all]) => [name, all.map(({ address }) => address).join(", ")] as const),
  ]);
}
