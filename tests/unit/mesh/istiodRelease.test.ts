import { expect, test } from "vitest";
import { defaultIstiod } from "../../../mesh/istiodOptions.ts";
import { istiodReleaseValues } from "../../../mesh/istiodRelease.ts";
import { anywhere } from "../../../mesh/podParts.ts";

const settings = {
  ...{ cluster: "one", network: "one", meshId: "mesh1", trustDomain: "cluster.local", hub: "h", tag: "1.31.0" },
  ...{ istiod: defaultIstiod, externalGateways: [], pullSecrets: [] },
};
const given = { revisionTags: ["stable"], pilot: { revisionTags: ["other"] } };

test("gives the second istiod its own revision, and no revision tags", () => {
  const values = istiodReleaseValues({ ...settings, revision: "next" } as never, anywhere, { ...given, revision: "" });
  expect(values).toMatchObject({ revision: "next" });
  expect(JSON.stringify(values)).not.toContain("revisionTags");
});

test("gives the remaining istiod the revision tags", () => {
  expect(JSON.stringify(istiodReleaseValues(settings as never, anywhere, given))).toContain("stable");
});
