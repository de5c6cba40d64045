import { keyOf } from "../config/edits.ts";
import type { Messages } from "../i18n/messages.ts";
import { handOverClaim } from "../kube/claims.ts";
import { shown } from "../kube/shown.ts";
import { type Adoption, adoptionOf } from "./adoption.ts";
import type { Command, Options, World } from "./command.ts";
import { applyEdits } from "./configEdits.ts";
import { isConfirmed } from "./confirmation.ts";
import { firstLine, observe } from "./existingMesh.ts";
import { type Pulumi, pulumiOf, rawConfig, stackConfig, stackOptions } from "./stackConfig.ts";
import { stackOwner } from "./stackOwner.ts";

/** `npm run mesh -- adopt`: takes over a mesh whose state or passphrase is lost. */
export const adopt: Command = {
  options: { ...stackOptions, "dry-run": { type: "boolean" }, yes: { type: "boolean" } },
  async run(options, messages, world) {
    const { adopt: texts } = messages;
    const pulumi = pulumiOf(messages, world);
    const stack = await rawConfig(options, messages, world, pulumi);
    // Ignore the config's CA, because it will be replaced.
    const { ca: _, ...raw } = stack.raw;
    const config = await stackConfig(options, messages, world, { ...stack, raw });
    const target = await stack.target();
    const owner = await stackOwner(target.slice(0, 2), pulumi, messages);
    const observed = await Promise.all(config.clusters.map(observe));
    const claims = observed.flatMap(({ existing }) => existing?.claim ?? []);
    const isMaybeOurs = claims.some((claim) => claim.owner === owner && claim.id !== "");
    const ids = isMaybeOurs ? await claimIds(target.slice(0, 2), pulumi, messages) : new Set<string>();
    if (claims.length === observed.length && claims.every(({ id }) => ids.has(id))) {
      world.stdout(`${texts.notLost(owner)}\n`);
      return 0;
    }
    const adoption = adoptionOf(observed, { ...stack, owner, config, ids }, messages);
    if (adoption.problems.length > 0) {
      world.stderr(`${[texts.refused, ...adoption.problems.map((problem) => shown(problem))].join("\n  - ")}\n`);
      return 1;
    }
    if (adoption.edits.length > 0 || adoption.handovers.length > 0) {
      world.stdout(plan(adoption, owner, messages));
      if (options["dry-run"] === true) return 0;
      if (!(await isAgreed(adoption, options, messages, world))) {
        world.stderr(`${texts.declined}\n`);
        return 1;
      }
      // Write the config before the claims are handed over. Otherwise an interrupted run would let pulumi up create
      // another CA.
      await applyEdits(adoption.edits, target, pulumi, messages);
      await handOver(adoption, owner, messages);
    } else world.stdout(`${texts.done(owner)}\n`);
    if (options["dry-run"] !== true) world.stdout(texts.next);
    return 0;
  },
};

/** Names of the keys that will change, without their values. */
function plan({ edits, handovers }: Adoption, owner: string, { adopt }: Messages): string {
  const lines = [
    ...edits.map(({ is, path }) => (is === "set" ? adopt.sets : adopt.removes)(keyOf(path))),
    ...handovers.map(({ cluster, claim }) => adopt.handsOver(cluster, claim.owner, owner)),
  ];
  return `${lines.map((line) => `  - ${shown(line)}`).join("\n")}\n`;
}

/** Ask, because the former owner's state may still be in use, which cannot be detected. */
async function isAgreed({ handovers }: Adoption, { yes }: Options, { adopt }: Messages, world: World) {
  if (yes === true) return true;
  if (world.ask === undefined) throw new Error(adopt.noTerminal);
  const [former] = handovers;
  return isConfirmed(former === undefined ? adopt.askConfig : adopt.ask(shown(former.claim.owner)), world);
}

/** @throws Error that names each claim that could not be handed over; the others stay handed over */
async function handOver({ handovers }: Adoption, owner: string, { adopt }: Messages): Promise<void> {
  const failures = await Promise.all(
    handovers.map(({ cluster, claim, objects }) =>
      handOverClaim(objects, claim, owner).then(
        () => [],
        (error: unknown) => [adopt.notHandedOver(cluster, firstLine(error))],
      ),
    ),
  );
  if (failures.flat().length > 0) throw new Error(failures.flat().join("\n"));
}

interface Deployment {
  readonly deployment?: {
    readonly resources?: readonly { readonly type?: string; readonly outputs?: { readonly hex?: unknown } }[];
  };
}

/** Ids of claims in the stack's state; see components/clusterClaim.ts. They are not secret. */
async function claimIds(target: readonly string[], pulumi: Pulumi, { pulumiFor }: Messages): Promise<Set<string>> {
  const { deployment }: Deployment = JSON.parse(await pulumi(["stack", "export", ...target], pulumiFor.owner));
  const random = (deployment?.resources ?? []).filter(({ type }) => type === "random:index/randomId:RandomId");
  return new Set(random.flatMap(({ outputs }) => (typeof outputs?.hex === "string" ? outputs.hex : [])));
}
