import type { V1StorageClass } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { planStorageClass } from "../../../mesh/storageClassPlan.ts";

const fields = {
  provisioner: "cinder.csi.openstack.org",
  parameters: {},
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: false,
};
const wanted = { name: "csi", ...fields };

const labels = { "app.kubernetes.io/managed-by": "csp-mesh" };
const defaultKey = "storageclass.kubernetes.io/is-default-class";
const isDefault = { [defaultKey]: "true" };

/** A StorageClass as the API server returns it, without empty parameters. */
function live(metadata: V1StorageClass["metadata"] = {}, changes: Partial<V1StorageClass> = {}): V1StorageClass {
  const { parameters: _, ...rest } = fields;
  return { metadata: { name: "csi", ...metadata }, ...rest, ...changes };
}
const ours = (changes: Partial<V1StorageClass> = {}, annotations: Record<string, string> = isDefault) =>
  live({ labels, annotations }, changes);
const theirs = live({ name: "block", annotations: isDefault });
const beta = live({ name: "block", annotations: { "storageclass.beta.kubernetes.io/is-default-class": "true" } });

/** Short descriptions of the planned steps. */
const plan = (...found: V1StorageClass[]) => {
  const { steps, notice } = planStorageClass(wanted, found);
  const words = steps.map((step) =>
    step.kind === "create"
      ? `create ${step.body.metadata?.name}`
      : `${step.kind} ${step.live.metadata?.name}${step.kind === "change" ? ` ${step.isDefault} ${step.allowVolumeExpansion}` : ""}`,
  );
  return [words, notice];
};

describe("a cluster", () => {
  test.each([
    ["without a default gets the program's class", [live({ name: "nas" })], [["create csi"], undefined]],
    ["with the program's class keeps it", [ours()], [[], undefined]],
    [
      "with a default of another owner keeps only that",
      [theirs],
      [[], "the cluster has a default StorageClass, block: csi is not created"],
    ],
    [
      "with a default that has the beta annotation keeps only that",
      [beta],
      [[], expect.stringContaining("block: csi is not created")],
    ],
    [
      "with a later default of another owner: the program's class stops being the default",
      [ours(), theirs],
      [["change csi false false"], "the cluster has a default StorageClass, block: csi is none"],
    ],
    [
      "with another default and the program's class that is no default: nothing changes",
      [ours({}, { [defaultKey]: "false" }), theirs],
      [[], "the cluster has a default StorageClass, block: csi is none"],
    ],
    [
      "without the other default: the program's class becomes the default again",
      [ours({}, { [defaultKey]: "false" })],
      [["change csi true false"], undefined],
    ],
    [
      "with a class that allows expansion, unlike the config: the class is changed",
      [ours({ allowVolumeExpansion: true })],
      [["change csi true false"], undefined],
    ],
    [
      "with a foreign class of the same name keeps it, and reports that there is no default",
      [live()],
      [
        [],
        "StorageClass csi is not this program's, and stays unchanged; the cluster has no default: set storageClass.name to another name",
      ],
    ],
    [
      "with a foreign default of the same name keeps it",
      [live({ annotations: isDefault })],
      [[], "StorageClass csi is not this program's, and stays unchanged"],
    ],
    [
      "with another driver in the program's class: the class is recreated",
      [ours({ provisioner: "other" })],
      [["remove csi"], undefined],
    ],
    [
      "with other parameters in the program's class: the class is recreated",
      [ours({ parameters: { type: "a" } })],
      [["remove csi"], undefined],
    ],
    [
      "with the program's class under a former name: that class is deleted",
      [live({ name: "former", labels, annotations: isDefault })],
      [["remove former"], undefined],
    ],
  ] as const)("%s", (_, found, expected) => {
    expect(plan(...found)).toEqual(expected);
  });

  test("creates the default class with all settings in the config, and with the program's label", () => {
    const [step] = planStorageClass({ ...wanted, parameters: { type: "SSD" } }, []).steps;
    expect(step).toEqual({
      kind: "create",
      body: {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "csi", labels, annotations: isDefault },
        ...fields,
        parameters: { type: "SSD" },
      },
    });
  });
});
