// Measures the program as a person runs it, including the preview.

import { meshOutput, pulumiDestroy, pulumiUp } from "../lab/pulumi.ts";
import type { Lab } from "../lab/up.ts";
import { parseMesh } from "../proof/mesh.ts";
import { emptyProgram } from "./emptyProgram.ts";
import type { Side } from "./side.ts";

export async function pulumiSide(lab: Lab): Promise<Side> {
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
    repeatEmpty: await emptyProgram(lab),
    async remove() {
      await pulumiDestroy(lab);
    },
  };
}
