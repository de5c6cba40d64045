import manifest from "@pulumi/random/package.json" with { type: "json" };
import { afterAll, beforeAll, expect, test } from "vitest";
import { Engine, secret, UNKNOWN } from "./engine.ts";

const ID = "random:index/randomId:RandomId";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const STRING = "random:index/randomString:RandomString";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start("random");
});
afterAll(() => engine.stop());

test("has the version of the SDK in use", async () => {
  expect(await engine.version()).toBe(manifest.version);
});

test("encodes the same bytes in four ways", async () => {
  const { id, state } = await engine.make(ID, { byteLength: 6, prefix: "p-" });
  const bytes = Buffer.from(id, "base64url");
  expect(bytes).toHaveLength(6);
  expect(state).toEqual({
    byteLength: 6,
    prefix: "p-",
    b64Url: `p-${id}`,
    b64Std: `p-${bytes.toString("base64")}`,
    hex: `p-${bytes.toString("hex")}`,
    dec: `p-${BigInt(`0x${bytes.toString("hex")}`)}`,
  });
  expect((await engine.make(ID, { byteLength: 6 })).id).not.toBe(id);
});

test("replaces after changed keepers, and for unknown ones in a preview", async () => {
  const inputs = { byteLength: 4, keepers: { mesh: "a" } };
  expect(await engine.diff(ID, inputs, inputs)).toEqual({ changes: [], replaces: [] });
  for (const mesh of ["b", UNKNOWN])
    expect(await engine.diff(ID, inputs, { ...inputs, keepers: { mesh } })).toEqual({
      changes: ["keepers"],
      replaces: ["keepers"],
    });
  expect(await engine.diff(ID, inputs, { byteLength: 4 })).toEqual({ changes: ["keepers"], replaces: ["keepers"] });
});

test("ignores that a value became secret", async () => {
  const inputs = { byteLength: 4, keepers: { mesh: "a" } };
  expect(await engine.diff(ID, inputs, { byteLength: 4, keepers: { mesh: secret("a") } })).toEqual({
    changes: [],
    replaces: [],
  });
});

test("returns unknown outputs in a preview", async () => {
  expect(await engine.create(ID, { byteLength: 4 }, true)).toEqual({
    id: "",
    state: { byteLength: 4, b64Std: UNKNOWN, b64Url: UNKNOWN, dec: UNKNOWN, hex: UNKNOWN },
  });
});

test("marks a password as secret, and keeps it out of the id", async () => {
  const { inputs } = await engine.check(PASSWORD, { length: 12 });
  const { id, state } = await engine.create(PASSWORD, inputs);
  expect(id).toBe("none");
  expect(state.result).toEqual(secret(expect.stringMatching(/^.{12}$/)));
});

test("respects character classes, minimums and special characters", async () => {
  const news = { length: 40, upper: false, numeric: false, minSpecial: 10, overrideSpecial: "#~" };
  for (let round = 0; round < 20; round++) {
    const { result = "" } = (await engine.make(STRING, news)).state;
    expect(result).toMatch(/^[a-z#~]{40}$/);
    expect(result.replace(/[a-z]/g, "").length).toBeGreaterThanOrEqual(10);
  }
});

test("rejects invalid strings with the original plugin's messages", async () => {
  expect((await engine.check(STRING, { length: 0 })).failures).toEqual(["length: value must be at least 1, got: 0"]);
  expect((await engine.check(STRING, { length: 3, minUpper: 2, minLower: 2 })).failures).toEqual([
    "length: value must be at least sum of minUpper + minLower + minNumeric + minSpecial = 4, got: 3",
  ]);
  const none = { length: 3, upper: false, lower: false, special: false, numeric: false };
  expect((await engine.check(STRING, none)).failures).toEqual([
    "numeric: at least one of special, upper, lower, numeric must be true",
  ]);
});

test("treats null as a missing input", async () => {
  const { inputs } = await engine.check(STRING, { length: 8, special: null, upper: null, lower: null, numeric: null });
  expect((await engine.create(STRING, inputs)).state.result).toMatch(/^.{8}$/);
});

test("keeps serving after a failure", async () => {
  const characters = { upper: UNKNOWN, lower: UNKNOWN, special: UNKNOWN, numeric: UNKNOWN };
  await expect(engine.create(STRING, { length: 8, ...characters })).rejects.toThrow(
    /^the lab's stand-in for the random plugin: /,
  );
  expect((await engine.make(STRING, { length: 8 })).state.result).toMatch(/^.{8}$/);
});

test("creates UUIDs of version 4, and integers within their bounds", async () => {
  const uuid = await engine.make("random:index/randomUuid:RandomUuid", {});
  expect(uuid.state.result).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuid.id).toBe(uuid.state.result);
  const { state } = await engine.make("random:index/randomInteger:RandomInteger", { min: 7, max: 7 });
  expect(state.result).toBe(7);
});

test("rejects an unknown type, and lists the known ones", async () => {
  await expect(engine.check("random:index/randomPet:RandomPet", {})).rejects.toThrow(
    new Error(
      'the lab\'s stand-in for the random plugin has no resource type "random:index/randomPet:RandomPet" (it has random:index/randomId:RandomId, random:index/randomInteger:RandomInteger, random:index/randomPassword:RandomPassword, random:index/randomString:RandomString, random:index/randomUuid:RandomUuid): put the official pulumi-resource-random on PATH',
    ),
  );
});
