// The real effects of operations, which tests replace. Loaded only when an operation starts, because loading takes a
// second.

import { translated } from "../i18n/translated.ts";
import { crossClusterProxies } from "../operations/crossClusterProxies.ts";
import { restartWorkloads } from "../operations/oldProxies.ts";
import { pulumiUp } from "../operations/pulumiUp.ts";
import { expectedTrust } from "../operations/rootGate.ts";
import { refreshSecrets } from "../operations/secretRefresh.ts";
import { examine } from "../preflight/examine.ts";
import { prove } from "../proof/prove.ts";
import { runProof } from "../proof/run.ts";
import { lookAtMesh } from "../status/lookAtMesh.ts";
import type { Effects, World } from "./command.ts";
import { outputArgs } from "./stackOutput.ts";

export const realEffects = ({ root, pulumi }: Pick<World, "root" | "pulumi">): Effects => ({
  look: lookAtMesh,
  up: pulumiUp,
  refresh: refreshSecrets,
  trust: async (stack) =>
    expectedTrust(await pulumi(["stack", "output", "mesh", "--json", "--non-interactive", "--stack", stack])),
  restart: restartWorkloads,
  examine,
  crossClusterProxies,
  prove: async (stack, say, signal, language) => {
    try {
      const code = await runProof(
        { stack },
        {
          root,
          stdout: (text) => say(text.trimEnd()),
          stderr: (text) => say(text.trimEnd()),
          language,
          signal,
          prove,
          readFile: () => Promise.reject(new Error("no file is asked for")),
          stackOutput: (output) => pulumi([...outputArgs(output, stack), "--non-interactive"]),
        },
      );
      return code === 0;
    } catch (error) {
      say(translated((error as Error).message, language));
      return false;
    }
  },
});
