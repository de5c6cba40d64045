// Has Pulumi's SDK keep the properties of a resource as the bytes that are sent and received. Otherwise it makes a message of each
// value in them, which it reads and writes character by character: a twelfth of the time of an unchanged mesh.
import { createRequire } from "node:module";
import type { BinaryReader, BinaryWriter } from "google-protobuf";
import { decode, encode, type Properties } from "./structCodec.ts";

/** The version of google-protobuf whose messages these are. With another one the SDK does as it does by itself. */
const KNOWN = "3.21.4";

interface Struct {
  getFieldsMap(...args: unknown[]): unknown;
  toJavaScript(): Properties;
}
interface StructClass {
  new (): Struct;
  readonly prototype: Struct;
  fromJavaScript(properties: Properties): Struct;
  deserializeBinaryFromReader(message: Struct, reader: BinaryReader): Struct;
  serializeBinaryToWriter(message: Struct, writer: BinaryWriter): void;
}

const require = createRequire(import.meta.resolve("@pulumi/pulumi"));
if (versionOf("google-protobuf") === KNOWN) {
  const { BinaryReader } = require("google-protobuf");
  pack(require("google-protobuf/google/protobuf/struct_pb.js").Struct, BinaryReader);
}

function versionOf(name: string): string | undefined {
  try {
    return require(`${name}/package.json`).version;
  } catch {
    return undefined;
  }
}

function pack(Struct: StructClass, BinaryReader: new (bytes: Uint8Array) => BinaryReader): void {
  const { deserializeBinaryFromReader, serializeBinaryToWriter } = Struct;
  const { getFieldsMap, toJavaScript } = Struct.prototype;
  const packed = new WeakMap<Struct, Uint8Array>();

  Struct.fromJavaScript = (properties) => {
    const message = new Struct();
    packed.set(message, encode(properties));
    return message;
  };
  Struct.serializeBinaryToWriter = (message, writer) => {
    const bytes = packed.get(message);
    if (bytes) writer.writeSerializedMessage(bytes, 0, bytes.length);
    else serializeBinaryToWriter(message, writer);
  };
  Struct.deserializeBinaryFromReader = (message, reader) => {
    const start = reader.getCursor();
    while (reader.nextField()) reader.skipField();
    packed.set(message, reader.getBuffer().slice(start, reader.getCursor()));
    return message;
  };
  Struct.prototype.toJavaScript = function () {
    const bytes = packed.get(this);
    return bytes ? decode(bytes) : toJavaScript.call(this);
  };
  // Whoever asks for single fields, or changes them, gets the SDK's own messages. Copies of a message, which the SDK makes none of,
  // have to begin with that.
  Struct.prototype.getFieldsMap = function (...args) {
    const bytes = packed.get(this);
    packed.delete(this);
    if (bytes) deserializeBinaryFromReader(this, new BinaryReader(bytes));
    return getFieldsMap.apply(this, args);
  };
}
