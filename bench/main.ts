// `npm run bench`: compares the procedure with istioctl and `pulumi up`, alternating on the same clusters.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { connect } from "../kube/cluster.ts";
import { labDown } from "../lab/down.ts";
import { say, step } from "../lab/log.ts";
import { pulumi } from "../lab/pulumi.ts";
import { labSpec } from "../lab/spec.ts";
import { ensureIstioctl, ensureKubectl, versions } from "../lab/toolchain/index.ts";
import { type Lab, labUp } from "../lab/up.ts";
import { cleanSlate } from "./cleanSlate.ts";
import { commitOf } from "./commit.ts";
import { istioctlProcedure } from "./istioctlProcedure.ts";
import { type Options, parseOptions, USAGE } from "./options.ts";
import { plot } from "./plot.ts";
import { pulumiSide } from "./pulumiSide.ts";
import { compare, type Measurement, summaryLines } from "./result.ts";
import { measure, orderOf } from "./rounds.ts";
import { readSettings } from "./settings.ts";

const ROOT = join(import.meta.dirname, "..");

async function bench({ clusters, rounds, slot, output }: Options): Promise<void> {
  const where = { slot, clusters, dir: join(ROOT, slot === 0 ? ".lab" : `.lab-${slot}`) };
  const [istioctl, kubectl] = [await ensureIstioctl(), await ensureKubectl()];
  // An existing lab may contain an incomplete mesh.
  await labDown(labSpec(where));
  const lab = await labUp(where);
  const measurements = await measureSides(lab, rounds, { istioctl, kubectl });

  const comparisons = compare(measurements);
  const result = {
    at: new Date().toISOString(),
    commit: await commitOf(ROOT),
    clusters,
    machine,
    versions,
    comparisons,
    measurements,
  };
  const title = `csp-mesh, ${clusters} clusters on ${machine.processors} cores, medians of ${rounds}`;
  mkdirSync(output, { recursive: true });
  const name = join(output, `${clusters}-clusters`);
  writeFileSync(`${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${name}.svg`, plot(comparisons, title));
  for (const line of summaryLines(comparisons)) console.log(line);
  console.log(`${name}.json, ${name}.svg`);
  // Last, so that a failure does not lose the results.
  await labDown(lab);
}

async function measureSides(
  lab: Lab,
  rounds: number,
  tools: { readonly istioctl: string; readonly kubectl: string },
): Promise<Measurement[]> {
  const slate = await cleanSlate(lab);
  const program = await pulumiSide(lab);
  // One unmeasured run of each side reads programs and images from the disk. It also creates the objects that the
  // procedure applies.
  await step("pulumi, not measured", () => program.install());
  const stack = JSON.parse(await pulumi(lab, ["stack", "export"], { quiet: true }));
  const config = readSettings(lab);
  const clusters = (await program.mesh()).clusters.map(connect);
  await program.remove();
  const cilium = new Set(lab.clusters.filter(({ provider }) => provider.hasCilium).map(({ name }) => name));
  const procedure = await istioctlProcedure({ config, cilium, stack, ...tools, folder: join(lab.dir, "bench") });
  await step("istioctl, not measured", () => procedure.install());
  await procedure.remove();
  procedure.steps();

  const measurements: Measurement[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const side of orderOf(round, [procedure, program])) {
      measurements.push(await measure(round, side, clusters, config.sample.namespace, slate));
    }
  }
  return measurements;
}

const machine = {
  processors: cpus().length,
  model: cpus()[0]?.model ?? "",
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  kernel: release(),
};

try {
  const options = parseOptions(process.argv.slice(2), ROOT);
  if (options === undefined) console.log(USAGE);
  else await bench(options);
} catch (error) {
  say(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
