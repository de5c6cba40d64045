import * as z from "zod";
import { strict, text } from "./fields.ts";
import { isHostname } from "./names.ts";
import { quote } from "./problems.ts";

const objectName = text.refine((name) => isHostname(name) && name === name.toLowerCase(), {
  error: ({ input }) =>
    `${quote(input)} is not a name that Kubernetes accepts (lower case letters, digits, "-" and ".", at most 253)`,
});

/** `clusters[].storageClass`: created if no StorageClass is the default. */
export const storageClassSchema = strict({
  name: objectName.default("csi-storageclass").meta({ description: "Its name.", examples: ["block-storage"] }),
  provisioner: text.optional().meta({
    "x-default": "the provider's, such as `cinder.csi.openstack.org` at csp nhn; required where it is not known",
    description: "The CSI driver that creates its volumes. It must be installed in the cluster.",
    examples: ["cinder.csi.openstack.org"],
  }),
  parameters: z
    .record(text, z.string())
    .default({})
    .meta({ description: "Parameters for the driver.", examples: [{ type: "General SSD" }] }),
  reclaimPolicy: z
    .enum(["Delete", "Retain"])
    .default("Delete")
    .meta({
      description: "Whether a volume is deleted with its claim (`Delete`) or kept (`Retain`).",
      examples: ["Retain"],
    }),
  volumeBindingMode: z
    .enum(["WaitForFirstConsumer", "Immediate"])
    .default("WaitForFirstConsumer")
    .meta({
      description:
        "Whether a volume is created with its first pod, in that pod's zone, or with its claim (`Immediate`).",
      examples: ["Immediate"],
    }),
  allowVolumeExpansion: z
    .boolean()
    .default(false)
    .meta({ description: "Whether claims can be expanded. The driver must support it.", examples: [true] }),
});

export type StorageClassSettings = z.output<typeof storageClassSchema>;
