import * as z from "zod";
import type { MeshConfig } from "../config/parse.ts";
import type { Messages } from "../i18n/messages.ts";
import { jsonIn } from "../mesh/json.ts";
import type { Options, World } from "./command.ts";
import { namedStack, pulumiOf } from "./stackConfig.ts";
import { outputArgs } from "./stackOutput.ts";

const outputSchema = z.object({ clusters: z.array(z.object({ name: z.string(), gatewayAddress: z.string() })) });

/**
 * Addresses of the clusters' gateways: those of the config, and those that the stack's last `pulumi up` has seen. No cluster is asked.
 * Empty where there is neither, or no Pulumi, or only a config file is named.
 */
export async function gatewayAddresses(
  options: Options,
  { istio }: Pick<MeshConfig, "istio">,
  messages: Messages,
  world: World,
): Promise<ReadonlyMap<string, string>> {
  const stack = namedStack(options, world.env);
  // The selected stack need not be that of the file.
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
