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

/** A StorageClass as the API server returns it: without empty parameters. */
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
    ["without a default gets one", [live({ name: "nas" })], [["create csi"], undefined]],
    ["that has ours keeps it", [ours()], [[], undefined]],
    [
      "with somebody's default keeps that alone",
      [theirs],
      [[], "the cluster has a default StorageClass, block: csi is not created"],
    ],
    ["whose default is marked as it was long ago", [beta], [[], expect.stringContaining("block: csi is not created")]],
    [
      "where somebody made a default since has that one only",
      [ours(), theirs],
      [["change csi false false"], "the cluster has a default StorageClass, block: csi is none"],
    ],
    [
      "that goes on so is left as it is",
      [ours({}, { [defaultKey]: "false" }), theirs],
      [[], "the cluster has a default StorageClass, block: csi is none"],
    ],
    [
      "whose other default went has ours again",
      [ours({}, { [defaultKey]: "false" })],
      [["change csi true false"], undefined],
    ],
    [
      "where volumes may not grow any more",
      [ours({ allowVolumeExpansion: true })],
      [["change csi true false"], undefined],
    ],
    [
      "with somebody's of the same name keeps that, and is told that it has no default",
      [live()],
      [
        [],
        "StorageClass csi is not this program's, and stays unchanged; the cluster has no default: set storageClass.name to another name",
      ],
    ],
    [
      "with somebody's default of the same name keeps that",
      [live({ annotations: isDefault })],
      [[], "StorageClass csi is not this program's, and stays unchanged"],
    ],
    ["with ours of another driver has it made anew", [ours({ provisioner: "other" })], [["remove csi"], undefined]],
    ["with ours of other parameters as well", [ours({ parameters: { type: "a" } })], [["remove csi"], undefined]],
    [
      "with ours under its former name loses that one",
      [live({ name: "former", labels, annotations: isDefault })],
      [["remove former"], undefined],
    ],
  ] as const)("%s", (_, found, expected) => {
    expect(plan(...found)).toEqual(expected);
  });

  test("gets a class with all that the config says, that is the default, and ours", () => {
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
