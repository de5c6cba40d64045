// The program's own proof, on the lab's mesh.
import { languageOf } from "../i18n/language.ts";
import { parseMesh } from "../proof/mesh.ts";
import { prove } from "../proof/prove.ts";
import { allPassed, reportLine, summaryLine } from "../proof/report.ts";
import { inWords } from "./log.ts";
import { meshOutput } from "./pulumi.ts";
import type { Lab } from "./up.ts";

/** Prints a line for each check; true when all passed. */
export async function printProof(lab: Lab): Promise<boolean> {
  const language = languageOf(process.env);
  const mesh = parseMesh(await meshOutput(lab));
  const results = await prove(mesh, {
    say: (line) => console.error(inWords(line)),
    disruption: true,
    onResult: (result) => console.log(reportLine(result, language)),
  });
  console.log(summaryLine(mesh, results, language));
  return allPassed(results);
}
