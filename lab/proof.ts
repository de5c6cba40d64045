// The program's own proof, on the lab's mesh.
import { parseMesh } from "../checks/mesh.ts";
import { prove } from "../checks/prove.ts";
import { allPassed, reportLine, summaryLine } from "../checks/report.ts";
import { meshOutput } from "./pulumi.ts";
import type { Lab } from "./up.ts";

/** Prints a line for each check; true when all passed. */
export async function printProof(lab: Lab): Promise<boolean> {
  const mesh = parseMesh(await meshOutput(lab));
  const results = await prove(mesh, { onResult: (result) => console.log(reportLine(result)) });
  console.log(summaryLine(mesh, results));
  return allPassed(results);
}
