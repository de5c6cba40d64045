// Against the SDK's own messages of the same type.
import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, encode, type Properties, type Value } from "../../../config/structCodec.ts";

const require = createRequire(import.meta.resolve("@pulumi/pulumi"));
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
const sdk = {
  encode: (properties: Properties): Uint8Array => Struct.fromJavaScript(properties).serializeBinary(),
  decode: (bytes: Uint8Array): Properties => Struct.deserializeBinary(bytes).toJavaScript(),
};

const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme", minLength: 100, maxLength: 400 }));
const scalar = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
const { properties } = fc.letrec<{ value: Value; properties: Properties }>((tie) => ({
  value: fc.oneof({ withCrossShrink: true }, scalar, fc.array(tie("value"), { maxLength: 5 }), tie("properties")),
  // The SDK loses this one name.
  properties: fc.dictionary(
    text.filter((name) => name !== "__proto__"),
    tie("value"),
    { maxKeys: 6 },
  ),
}));

test("each reads what the other wrote, in as many bytes and in the same order of names", () => {
  fc.assert(
    fc.property(properties, (given) => {
      const [ours, theirs] = [encode(given), sdk.encode(given)];
      expect(ours).toHaveLength(theirs.length);
      expect(sdk.decode(ours)).toEqual(given);
      expect(decode(theirs)).toEqual(given);
      expect(JSON.stringify(decode(ours))).toBe(JSON.stringify(sdk.decode(ours)));
    }),
    { numRuns: 2_000 },
  );
});

test("large properties, and what follows them", () => {
  const large = { chart: "ß".repeat(3_000_000), list: Array.from({ length: 100_000 }, (_, index) => ({ index })) };
  expect(decode(encode(large))).toEqual(large);
  expect(sdk.decode(encode({ small: 1 }))).toEqual({ small: 1 });
});

test("what no property can hold is refused as the SDK refuses it, and leaves nothing behind", () => {
  for (const value of [undefined, 1n, () => {}, Symbol("s")]) {
    const given = { before: "it", list: [{ value }] } as unknown as Properties;
    expect(() => sdk.encode(given)).toThrow("Unexpected struct type");
    expect(() => encode(given)).toThrow("Unexpected struct type");
    expect(sdk.decode(encode({ after: "it" }))).toEqual({ after: "it" });
  }
});

test("fields of a later version are left out, and a value without a kind is refused", () => {
  const bytes = (...parts: readonly (number | readonly number[])[]) => Uint8Array.from(parts.flat());
  const key = [0x0a, 1, 0x61];
  // A varint, eight bytes and a text.
  const unknown = [0x78, 0x96, 0x01, 0x79, 0, 0, 0, 0, 0, 0, 0, 0, 0x7a, 2, 0x68, 0x69];
  const value = [...unknown, 0x20, 1];
  const field = [...key, 0x12, value.length, ...value];
  const whole = bytes(unknown, 0x0a, field.length, field);
  expect(decode(whole)).toEqual({ a: true });
  expect(sdk.decode(whole)).toEqual({ a: true });
  // Beside a name and its value the SDK knows of none.
  expect(decode(bytes(0x0a, unknown.length + field.length, unknown, field))).toEqual({ a: true });
  const none = bytes(0x0a, 5, key, 0x12, 0);
  expect(() => sdk.decode(none)).toThrow("Unexpected struct type");
  expect(() => decode(none)).toThrow("Unexpected struct type");
});
