import { expect, test } from "vitest";
import { edited, keyOf } from "../../../config/edits.ts";
import { editsFor, recordEdits, statesOf } from "../../../operations/state.ts";

const clusters = ["one", "two", "three", "four"].map((name) => ({ name }));
const [, removed] = statesOf({ kind: "remove", cluster: "two", reached: 0 });

const written = (values: Record<string, unknown>) =>
  editsFor(removed as never, values).map((edit) =>
    edit.is === "set" ? `${keyOf(edit.path)}=${edit.value}` : keyOf(edit.path),
  );

test("removing a cluster removes its intermediates as well", () => {
  const ca = { source: "intermediates", intermediates: { one: {}, two: { key: "k" } } };
  expect(written({ clusters, ca })).toEqual([
    "csp-mesh:clusters[2].sampleVersion=3",
    "csp-mesh:clusters[3].sampleVersion=1",
    "csp-mesh:clusters[1]",
    "csp-mesh:ca.intermediates.two",
  ]);
  // As after a kill between the two edits.
  const both = written({ clusters: clusters.slice(2), ca, rootRotation: { ca } });
  expect(both).toEqual(["csp-mesh:ca.intermediates.two", "csp-mesh:rootRotation.ca.intermediates.two"]);
  expect(written({ clusters: clusters.slice(2), ca })).toEqual(["csp-mesh:ca.intermediates.two"]);
});

test("does not overwrite sample versions in the config", () => {
  const own = clusters.map((cluster) => ({ ...cluster, sampleVersion: 2 }));
  expect(written({ clusters: own })).toEqual(["csp-mesh:clusters[1]"]);
});

test("the edits of a record produce the record", () => {
  const record = { kind: "rotate-tokens" as const, tokens: [{ cluster: "one", generation: 2 }], reached: 0 };
  expect(edited({ clusters }, recordEdits(record))).toEqual({ clusters, operation: record });
});

test("rejects an edit inside of a string, encrypted or not", () => {
  const edits = [{ is: "set" as const, path: ["ca", "root"], value: "x", secret: false }];
  expect(() => edited({ ca: "{}" }, edits)).toThrow("csp-mesh:ca");
  expect(() => edited({ ca: { secure: "v1:" } }, edits)).toThrow("csp-mesh:ca");
});
