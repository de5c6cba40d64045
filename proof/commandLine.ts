import { parseArgs } from "node:util";
import { hasSecretKubeconfigs, type Mesh, parseKubeconfigs, parseMesh } from "./mesh.ts";
import type { prove } from "./prove.ts";
import { allPassed, jsonReport, reportLine, summaryLine } from "./report.ts";

export const usage = `Proves that the mesh works: asks its sample from every cluster, and looks at istiod, identities and certificates.

npm run proof -- [options]
  --stack NAME      stack whose output "mesh" to read (default: the selected one)
  --mesh FILE       read that output from a JSON file instead
  --disruption      also scale a Deployment of each cluster to none for a moment, one cluster after the other: its gateway, or with
                    failover its reviews, and see that the others go on
  --json            one JSON document instead of lines
  --help            this text

An interrupted run puts back what it scaled before it ends; after a kill the next proof or pulumi up does.

Exit code: 0 all checks passed, 1 a check failed, 2 it could not run.
`;

/** What the command needs of the world. */
export interface World {
  /** The project's folder, at which relative paths of the config start. */
  readonly root: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** An output as JSON, of the selected stack where none is named. */
  readonly stackOutput: (output: "mesh" | "kubeconfigs", stack: string | undefined) => Promise<string>;
  readonly readFile: (path: string) => Promise<string>;
  readonly prove: typeof prove;
  readonly signal: AbortSignal;
}

/** Runs the command. @returns its exit code. */
export async function runCommand(args: readonly string[], world: World): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.help) {
      world.stdout(usage);
      return 0;
    }
    const mesh = options.mesh
      ? parseMesh(await world.readFile(options.mesh), {}, world.root)
      : await meshOf(options.stack, world);
    const results = await world.prove(mesh, {
      disruption: options.disruption,
      signal: world.signal,
      onResult: (result) => options.json || world.stdout(`${reportLine(result)}\n`),
    });
    world.stdout(`${options.json ? jsonReport(mesh, results) : summaryLine(mesh, results)}\n`);
    return allPassed(results) ? 0 : 1;
  } catch (error) {
    world.stderr(`proof: ${(error as Error).message}\n`);
    return 2;
  }
}

async function meshOf(stack: string | undefined, { root, stackOutput }: World): Promise<Mesh> {
  const json = await stackOutput("mesh", stack);
  const texts = hasSecretKubeconfigs(json) ? parseKubeconfigs(await stackOutput("kubeconfigs", stack)) : {};
  return parseMesh(json, texts, root);
}

function parseOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: "string" },
      mesh: { type: "string" },
      disruption: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.stack !== undefined && values.mesh !== undefined) throw new Error("--stack and --mesh exclude each other");
  return values;
}
