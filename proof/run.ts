import type { Language } from "../i18n/language.ts";
import { hasSecretKubeconfigs, type Mesh, parseKubeconfigs, parseMesh } from "./mesh.ts";
import type { prove } from "./prove.ts";
import { allPassed, jsonReport, reportLine, summaryLine, words } from "./report.ts";

export interface ProofOptions {
  /** Stack whose output "mesh" is read. @default the selected one */
  readonly stack?: string | undefined;
  /** Path of a JSON file with that output, used instead of a stack. */
  readonly mesh?: string | undefined;
  /** Whether to also cut off each cluster for a moment. @default false */
  readonly disruption?: boolean;
  /** Print one JSON document instead of lines. @default false */
  readonly json?: boolean;
}

/** Access to files, stacks and the terminal. */
export interface ProofIo {
  /** The project's folder, to which relative paths in the config refer. */
  readonly root: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Language of all lines. It does not affect the JSON document. */
  readonly language: Language;
  /** A stack output as JSON. @default of the selected stack */
  readonly stackOutput: (output: "mesh" | "kubeconfigs", stack: string | undefined) => Promise<string>;
  readonly readFile: (path: string) => Promise<string>;
  readonly prove: typeof prove;
  readonly signal: AbortSignal;
}

/** Proves a mesh and prints the result. @returns the exit code @throws Error if the proof cannot run */
export async function runProof(options: ProofOptions, io: ProofIo): Promise<0 | 1> {
  const { disruption = false, json = false } = options;
  const { language } = io;
  const mesh = options.mesh ? parseMesh(await io.readFile(options.mesh), {}, io.root) : await meshOf(options.stack, io);
  const results = await io.prove(mesh, {
    disruption,
    signal: io.signal,
    onResult: (result) => json || io.stdout(`${reportLine(result, language)}\n`),
    say: (line) => io.stderr(`${words(line, language)}\n`),
  });
  io.stdout(`${json ? jsonReport(mesh, results) : summaryLine(mesh, results, language)}\n`);
  return allPassed(results) ? 0 : 1;
}

async function meshOf(stack: string | undefined, { root, stackOutput }: ProofIo): Promise<Mesh> {
  const json = await stackOutput("mesh", stack);
  const texts = hasSecretKubeconfigs(json) ? parseKubeconfigs(await stackOutput("kubeconfigs", stack)) : {};
  return parseMesh(json, texts, root);
}
