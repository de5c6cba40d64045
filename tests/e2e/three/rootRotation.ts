// A rotation of the root in the lab of three clusters, which several tests interrupt.
import { pulumi } from "../../../lab/pulumi.ts";
import { killedOnce, operate } from "../meshCommand.ts";
import { configured } from "../stackConfig.ts";
import { lab } from "./lab.ts";

export const rotateRoot = (...args: string[]) => operate(lab, "rotate-root", ...args);

/** Six phases, in each of which kubelets may take up to a minute and a half to update mounted Secrets. */
export const WALK = { timeout: 1_200_000 };

export const rootOf = async () =>
  JSON.parse(await pulumi(lab, ["stack", "output", "mesh", "--json"], { quiet: true })).rootCertificate as string;
export const phase = async () => ((await configured(lab, "rootRotation")) as { phase?: string } | undefined)?.phase;

/** Kills the command and Pulumi as soon as the config declares a phase. */
export const killedIn = (wanted: string) =>
  killedOnce(rotateRoot(), `phase ${wanted}`, async () => {
    const now = await phase();
    return now === wanted || `phase ${now}`;
  });
