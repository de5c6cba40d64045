import type { StorageClassOptions } from "../components/defaultStorageClass.ts";
import { type Csp, profiles } from "../csp/profiles.ts";
import { problem, quote } from "./problems.ts";
import type { StorageClassSettings } from "./storageClassSchema.ts";

interface Settings {
  readonly csp: Csp;
  readonly storageClass?: StorageClassSettings | undefined;
}

/**
 * The StorageClass of each cluster's config, by default with its provider's CSI driver.
 *
 * @param problems gets a line for each one without a known driver
 */
export function storageClassesOf(
  clusters: readonly Settings[],
  problems: string[],
): (StorageClassOptions | undefined)[] {
  return clusters.map(({ csp, storageClass: settings }, index) => {
    if (settings === undefined) return undefined;
    const { facts } = profiles[csp];
    const title = csp === "generic" ? "an unnamed provider" : profiles[csp].title;
    const known = facts.provisioner === "unknown" ? null : facts.provisioner.value;
    const provisioner = settings.provisioner ?? known;
    if (provisioner === null) {
      const path = ["clusters", index, "storageClass", "provisioner"];
      problems.push(
        problem(
          path,
          `is required with csp ${quote(csp)}: the program knows no storage driver of ${title}; set the cluster's CSI driver, ` +
            'such as "cinder.csi.openstack.org" (kubectl get csidrivers)',
        ),
      );
    }
    return { ...settings, provisioner: provisioner ?? "" };
  });
}
