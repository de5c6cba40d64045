import { expect, test } from "vitest";
import { defaultIstiod } from "../../../mesh/istiodOptions.ts";
import { istiodReleaseValues } from "../../../mesh/istiodRelease.ts";
import { anywhere } from "../../../mesh/podParts.ts";

const settings = {
  ...{ cluster: "one", network: "one", meshId: "mesh1", trustDomain: "cluster.local", hub: "h", tag: "1.31.0" },
  ...{ istiod: defaultIstiod, externalGateways: [], pullSecrets: [] },
};
const given = { revisionTags: ["stable"], pilot: { revisionTags: ["other"] } };

test("the second istiod has its own revision, and no tags of the one that stays", () => {
  const values = istiodReleaseValues({ ...settings, revision: "next" } as never, anywhere, { ...given, revision: "" });
  expect(values).toMatchObject({ revision: "next" });
  expect(JSON.stringify(values)).not.toContain("revisionTags");
});

test("the istiod that stays has the tags", () => {
  expect(JSON.stringify(istiodReleaseValues(settings as never, anywhere, given))).toContain("stable");
});
