// The lab's commands: `npm run lab`, `npm run lab:down`, `npm run lab:status`.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { catalogue, isLanguage, LANGUAGE_VARIABLE } from "../i18n/language.ts";
import { labDown } from "./down.ts";
import { inWords, say, step } from "./log.ts";
import { printProof } from "./proof.ts";
import { ensureStack, pulumiUp } from "./pulumi.ts";
import { labSpec, MAX_CLUSTERS, MAX_SLOT } from "./spec.ts";
import { printByHand, printStatus } from "./status.ts";
import { envoyOf, type IstioVersion, otherKubernetes, versions } from "./toolchain/index.ts";
import { labSettingsIn, labUp } from "./up.ts";

const otherIstios = (Object.keys(envoyOf) as IstioVersion[]).filter((version) => version !== versions.istio);

const USAGE = `Usage: npm run lab [-- --clusters N] [-- --clusters-only]
       npm run lab:down
       npm run lab:status

  --clusters N      number of clusters, 2 to ${MAX_CLUSTERS} (default: as many as are running, or 2)
  --kubernetes V,V  Kubernetes versions of the clusters in order, repeated: ${[versions.kubernetes, ...otherKubernetes].join(", ")}
                    default: as they are running, or ${versions.kubernetes}
  --istio V         images and charts of another Istio besides ${versions.istio}: ${otherIstios.join(", ")}; its charts are in .lab/charts-V
  --clusters-only   only the clusters: no pulumi up, no proof
  --slot N          another lab beside the first, 1 to ${MAX_SLOT}; its state is in .lab-N
  --lang ko|en      language of all output (default: the locale's)`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      clusters: { type: "string" },
      kubernetes: { type: "string" },
      istio: { type: "string" },
      "clusters-only": { type: "boolean" },
      slot: { type: "string", default: "0" },
      lang: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [command] = positionals;
  // Also sets the language of all processes that the lab starts.
  if (values.lang !== undefined && isLanguage(values.lang)) process.env[LANGUAGE_VARIABLE] = values.lang;
  else if (values.lang !== undefined) {
    console.error(
      inWords(`--lang: ${values.lang} is not available in the lab; available: ${Object.keys(catalogue).join(", ")}`),
    );
    return 2;
  }
  if (values.help === true || command === undefined) {
    console.log(inWords(USAGE));
    return values.help === true ? 0 : 2;
  }
  const slot = Number(values.slot);
  const dir = join(import.meta.dirname, "..", slot === 0 ? ".lab" : `.lab-${slot}`);
  const made = labSettingsIn(dir);
  const clusters = Number(values.clusters ?? made?.clusters ?? 2);
  const kubernetes = values.kubernetes?.split(",") ?? made?.kubernetes;
  switch (command) {
    case "up": {
      if (!Number.isInteger(clusters) || clusters < 2 || clusters > MAX_CLUSTERS) {
        console.error(inWords(`--clusters: ${values.clusters} is not a whole number from 2 to ${MAX_CLUSTERS}`));
        return 2;
      }
      const named = otherIstios.filter((version) => version === values.istio);
      const istio = values.istio === undefined ? made?.istio : named;
      if (values.istio !== undefined && named.length === 0) {
        console.error(
          inWords(`--istio: ${values.istio} is not available in the lab; available: ${otherIstios.join(", ")}`),
        );
        return 2;
      }
      const lab = await labUp({ slot, clusters, dir, kubernetes, ...(istio && { istio }) });
      if (values["clusters-only"] === true) {
        await ensureStack(lab);
        printByHand(lab);
        return 0;
      }
      await step("pulumi up", () => pulumiUp(lab, "--skip-preview"));
      const passed = await step("proof", () => printProof(lab));
      say(passed ? "The mesh works." : "The proof failed.");
      printByHand(lab);
      return passed ? 0 : 1;
    }
    case "down":
      await step("lab removed", () => labDown(labSpec({ slot, clusters: 1, dir })));
      return 0;
    case "status":
      await printStatus(labSpec({ slot, clusters, dir, kubernetes }));
      return 0;
    default:
      console.error(inWords(`${command}: no such command\n${USAGE}`));
      return 2;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? inWords(error.message) : error);
    process.exitCode = 1;
  },
);
