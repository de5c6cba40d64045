import { expect, test } from "vitest";
import { GIVEN_UP, verdictsOn } from "../../../hooks/interruptedReleases.ts";

const revision = (version: number, status: string, more: Record<string, string> = {}) => ({
  name: `v${version}`,
  labels: { version: `${version}`, status, ...more },
});
const given = { [GIVEN_UP]: "true" };

test.each([
  ["an installed one that the stack may not know", false, revision(1, "deployed"), ["failed", true]],
  ["one that is being installed", false, revision(1, "pending-install"), ["failed", false]],
  ["one that is being upgraded", true, revision(1, "pending-upgrade"), ["failed", false]],
  ["one that was given up and yet known", true, revision(1, "failed", given), ["deployed", false]],
])("%s is called something else", (_, isRecorded, only, [status, givenUp]) => {
  expect(verdictsOn([only], isRecorded)).toEqual([{ secret: "v1", status, givenUp }]);
});

test.each([
  ["an installed one that the stack knows", true, revision(1, "deployed")],
  ["one that Helm itself calls failed", true, revision(1, "failed")],
  ["one that Helm calls failed, of a release that the stack may not know", false, revision(1, "failed")],
  ["one that was given up and is still not known", false, revision(1, "failed", given)],
  ["a former one", true, revision(1, "superseded")],
])("%s stays what it is", (_, isRecorded, only) => {
  expect(verdictsOn([only], isRecorded)).toEqual([]);
});

test("one that was given up stays so after another was installed, also from the tenth revision on", () => {
  expect(verdictsOn([revision(9, "failed", given), revision(10, "deployed")], true)).toEqual([]);
});
