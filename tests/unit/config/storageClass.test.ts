import { expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const root = folder({ kubeconfig: kubeconfig(["one", "two"]) });
const clusters = (csp: string, storageClass?: unknown) => [
  { name: "one", kubeconfig: "kubeconfig", context: "one" },
  { name: "two", kubeconfig: "kubeconfig", context: "two", csp, ...(storageClass !== undefined && { storageClass }) },
];
const ofTwo = (csp: string, storageClass?: unknown) =>
  parseConfig({ clusters: clusters(csp, storageClass) }, root).clusters[1]?.storageClass;

const problems = (csp: string, storageClass: unknown) => {
  try {
    ofTwo(csp, storageClass);
  } catch (error) {
    return (error as Error).message.split("\n  - ").slice(1);
  }
  throw new Error("the config was taken");
};

const defaults = {
  name: "csi-storageclass",
  provisioner: "cinder.csi.openstack.org",
  parameters: {},
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: false,
};

test("exists only if the config requests it", () => {
  expect(ofTwo("nhn")).toBeUndefined();
});

test("at NHN equals the guide's, unless the config differs", () => {
  expect(ofTwo("nhn", {})).toEqual(defaults);
  const own = { name: "ssd", parameters: { type: "SSD" }, reclaimPolicy: "Retain", allowVolumeExpansion: true };
  expect(ofTwo("nhn", own)).toEqual({ ...defaults, ...own });
});

test("at NAVER has its driver, and requires one at an unknown provider", () => {
  expect(ofTwo("ncloud", {})).toEqual({ ...defaults, provisioner: "blk.csi.ncloud.com" });
  expect(problems("generic", {})).toEqual([
    'clusters[1].storageClass.provisioner: is required with csp "generic": the program knows no storage driver of an unnamed provider; set the cluster\'s CSI driver, such as "cinder.csi.openstack.org" (kubectl get csidrivers)',
  ]);
  const own = { name: "csi", provisioner: "driver.example" };
  expect(ofTwo("generic", own)).toEqual({ ...defaults, ...own });
});

test.each([
  [
    { name: "CSI_class" },
    'clusters[1].storageClass.name: "CSI_class" is not a name that Kubernetes accepts (lower case letters, digits, "-" and ".", at most 253)',
  ],
  [{ reclaimPolicy: "Keep" }, 'clusters[1].storageClass.reclaimPolicy: must be one of "Delete", "Retain", got "Keep"'],
  [{ parameters: { size: 7 } }, "clusters[1].storageClass.parameters.size: must be of type string, got 7"],
  [true, "clusters[1].storageClass: must be of type object, got true"],
])("%j is rejected", (storageClass, problem) => {
  expect(problems("nhn", storageClass)).toEqual([problem]);
});
