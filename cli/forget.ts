import { keyOf } from "../config/edits.ts";
import { accessSchema } from "../config/schema.ts";
import type { Messages } from "../i18n/messages.ts";
import { type ApiServer, apiServer } from "../kube/apiServer.ts";
import { readClaim } from "../kube/claims.ts";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import { objectsOf } from "../kube/objects.ts";
import { shown } from "../kube/shown.ts";
import { intermediatePaths } from "../operations/state.ts";
import { entriesOf } from "./adoption.ts";
import type { Command, World } from "./command.ts";
import { firstLine } from "./existingMesh.ts";
import { type Pulumi, pulumiOf, rawConfig, stackOptions } from "./stackConfig.ts";

/** `npm run mesh -- forget NAME`: removes a permanently gone cluster from the mesh, without contacting it. */
export const forget: Command = {
  options: { ...stackOptions, force: { type: "boolean" } },
  argument: "NAME",
  async run(options, messages, world) {
    const { forget: texts } = messages;
    const pulumi = pulumiOf(messages, world);
    const name = String(options.NAME);
    const { raw, target } = await rawConfig(options, messages, world, pulumi);
    const entries = entriesOf(raw);
    const index = entries.findIndex((entry) => entry.name === name);
    if (index === -1) throw new Error(texts.unknown(name, entries.map((entry) => entry.name).join(", ")));
    if (entries[index]?.state === "gone") world.stdout(`${texts.already(name)}\n`);
    else {
      if (options.force !== true) {
        const answer = await answerOf(entries[index], messages, world, pulumi);
        if (answer.from !== undefined) {
          world.stderr(`${texts.answers(name, answer.from)}\n`);
          return 1;
        }
        world.stdout(`${texts.silent(name, answer.failure)}\n`);
      }
      const key = keyOf(["clusters", index, "state"]);
      await pulumi(
        ["config", "set", "--path", "--plaintext", key, "gone", ...(await target())],
        messages.pulumiFor.write,
      );
      world.stdout(`${texts.written(key)}\n`);
    }
    const issued = intermediatePaths(name, raw).map(keyOf);
    world.stdout(texts.next([keyOf(["clusters", index]), ...issued].join(", ")));
    return 0;
  },
};

/** Longest wait for a cluster that is expected to be gone, in ms. */
const LOOK = 10_000;

type Answer =
  | { readonly from: string; readonly failure?: undefined }
  | { readonly from?: undefined; readonly failure: string };

/** What answers at the cluster's address, or why nothing does. */
export async function answerOf(entry: unknown, messages: Messages, { root }: World, pulumi: Pulumi): Promise<Answer> {
  let server: ApiServer | undefined;
  try {
    const { kubeconfig, context } = accessSchema.parse(entry);
    server = await apiServer(await textOrPath(kubeconfig, messages, root, pulumi), context);
    const { body, status } = await server.get("/version", { timeout: LOOK });
    const { gitVersion, kind } = (body ?? {}) as Readonly<Record<string, unknown>>;
    // A provider's load balancer may still answer for a deleted cluster.
    if (typeof gitVersion !== "string" && kind !== "Status") return { failure: shown(`${server.url}: HTTP ${status}`) };
    const claim = await readClaim(objectsOf(server))
      .then((found) => found?.claim)
      .catch(() => undefined);
    const version = typeof gitVersion === "string" ? [`Kubernetes ${gitVersion.replaceAll(/[^\w.+-]/g, "")}`] : [];
    const claimed = claim === undefined ? [] : [`cluster "${claim.cluster}" of ${claim.owner}`];
    return { from: shown([server.url, ...version, ...claimed].join(", ")) };
  } catch (error) {
    return { failure: shown(firstLine(error)) };
  } finally {
    server?.close();
  }
}

async function textOrPath(
  kubeconfig: string | { readonly stack: string; readonly output: string },
  { pulumiFor }: Messages,
  root: string,
  pulumi: Pulumi,
): Promise<string> {
  if (typeof kubeconfig === "string") return kubeconfigPath(kubeconfig, root);
  const { stack, output } = kubeconfig;
  const args = ["stack", "output", output, "--stack", stack, "--json", "--show-secrets"];
  const value: unknown = JSON.parse(await pulumi(args, pulumiFor.stackOutput(stack, output)));
  return `${typeof value === "string" ? value : JSON.stringify(value)}\n`;
}
