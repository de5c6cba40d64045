// Which checkout a standing lab belongs to: links and namespaces are the machine's, so two checkouts can collide.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { LabSpec } from "./spec.ts";

const mark = (lab: LabSpec) => `/run/${lab.id}.owner`;

/** Folder of the lab that stands, or stood until a crash; undefined without one (or after a reboot). */
export function ownerOf(lab: LabSpec): string | undefined {
  return existsSync(mark(lab)) ? readFileSync(mark(lab), "utf8").trim() : undefined;
}

export function takeOwnership(lab: LabSpec): void {
  writeFileSync(mark(lab), `${lab.dir}\n`);
}

export function giveUpOwnership(lab: LabSpec): void {
  rmSync(mark(lab), { force: true });
}

/** Marks of the other labs that stand on this machine, or stood until a crash. */
export function otherLabs(lab: LabSpec): string[] {
  return readdirSync("/run").filter((name) => /^csp-mesh-\d\.owner$/.test(name) && `/run/${name}` !== mark(lab));
}
