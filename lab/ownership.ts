// Records to which checkout a lab belongs. Links and namespaces are machine-wide, so two checkouts can collide.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { LabSpec } from "./spec.ts";

const mark = (lab: LabSpec) => `/run/${lab.id}.owner`;

/** Folder of the lab that is up, or that crashed; undefined without such a lab, or after a reboot. */
export function ownerOf(lab: LabSpec): string | undefined {
  return existsSync(mark(lab)) ? readFileSync(mark(lab), "utf8").trim() : undefined;
}

export function takeOwnership(lab: LabSpec): void {
  writeFileSync(mark(lab), `${lab.dir}\n`);
}

export function giveUpOwnership(lab: LabSpec): void {
  rmSync(mark(lab), { force: true });
}

/** Marker files of the other labs on this machine that are up, or that crashed. */
export function otherLabs(lab: LabSpec): string[] {
  return readdirSync("/run").filter((name) => /^csp-mesh-\d\.owner$/.test(name) && `/run/${name}` !== mark(lab));
}
