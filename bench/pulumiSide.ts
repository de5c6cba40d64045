// The program, run as a person runs it: preview and all.

import { meshOutput, pulumiDestroy, pulumiUp } from "../lab/pulumi.ts";
import type { Lab } from "../lab/up.ts";
import { parseMesh } from "../proof/mesh.ts";
import type { Side } from "./side.ts";

export function pulumiSide(lab: Lab): Side {
  return {
    name: "pulumi",
    steps: () => [],
    async install() {
      await pulumiUp(lab);
    },
    mesh: async () => parseMesh(await meshOutput(lab)),
    async repeat() {
      await pulumiUp(lab, "--expect-no-changes");
    },
    async remove() {
      await pulumiDestroy(lab);
    },
  };
}
