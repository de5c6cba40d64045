// A resource's properties as `google.protobuf.Struct`: what Pulumi's SDK and its engine tell each other, byte by byte.

export type Value = null | number | string | boolean | readonly Value[] | Properties;
export interface Properties {
  readonly [name: string]: Value;
}

// Tags of google/protobuf/struct.proto: number of the field and how its value is written.
const VARINT = 0;
const DOUBLE = 1;
const LENGTH = 2;
const FIELD = (1 << 3) | LENGTH;
const KEY = (1 << 3) | LENGTH;
const VALUE = (2 << 3) | LENGTH;
const NULL = (1 << 3) | VARINT;
const NUMBER = (2 << 3) | DOUBLE;
const STRING = (3 << 3) | LENGTH;
const BOOLEAN = (4 << 3) | VARINT;
const STRUCT = (5 << 3) | LENGTH;
const LIST = (6 << 3) | LENGTH;
const ELEMENT = (1 << 3) | LENGTH;

/** From the end to the beginning: the length of what is written is known when it has to be written before it. */
class Encoder {
  #bytes = Buffer.allocUnsafe(1 << 13);
  #start = this.#bytes.length;

  /** What was written, which is empty again. */
  take(): Uint8Array {
    const taken = Buffer.from(this.#bytes.subarray(this.#start));
    this.#start = this.#bytes.length;
    return taken;
  }

  struct(properties: Properties): void {
    for (const [key, value] of Object.entries(properties).reverse()) {
      this.#message(FIELD, () => {
        this.#message(VALUE, () => this.#value(value));
        this.#message(KEY, () => this.#text(key));
      });
    }
  }

  #value(value: Value): void {
    if (value === null) this.#short(NULL, 0);
    else if (typeof value === "boolean") this.#short(BOOLEAN, Number(value));
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "string") this.#message(STRING, () => this.#text(value));
    else if (Array.isArray(value)) this.#message(LIST, () => this.#list(value));
    else if (typeof value === "object") this.#message(STRUCT, () => this.struct(value as Properties));
    // As the SDK says it.
    else throw new Error("Unexpected struct type.");
  }

  #list(values: readonly Value[]): void {
    for (const value of values.toReversed()) this.#message(ELEMENT, () => this.#value(value));
  }

  #message(tag: number, content: () => void): void {
    const end = this.#bytes.length - this.#start;
    content();
    let length = this.#bytes.length - this.#start - end;
    const digits = [];
    for (; length > 0x7f; length = Math.floor(length / 0x80)) digits.push((length & 0x7f) | 0x80);
    digits.push(length);
    const at = this.#room(1 + digits.length);
    this.#bytes[at] = tag;
    this.#bytes.set(digits, at + 1);
  }

  #text(text: string): void {
    const at = this.#room(Buffer.byteLength(text));
    this.#bytes.write(text, at);
  }

  #number(value: number): void {
    const at = this.#room(9);
    this.#bytes[at] = NUMBER;
    this.#bytes.writeDoubleLE(value, at + 1);
  }

  #short(tag: number, value: number): void {
    const at = this.#room(2);
    this.#bytes[at] = tag;
    this.#bytes[at + 1] = value;
  }

  /** Where the next `size` bytes are written. */
  #room(size: number): number {
    if (size > this.#start) {
      const used = this.#bytes.subarray(this.#start);
      const larger = Buffer.allocUnsafe(2 * (used.length + size));
      larger.set(used, larger.length - used.length);
      this.#start = larger.length - used.length;
      this.#bytes = larger;
    }
    this.#start -= size;
    return this.#start;
  }
}

let encoder = new Encoder();

/** Properties as a `google.protobuf.Struct`. @throws where a value is of no kind that one can hold */
export function encode(properties: Properties): Uint8Array {
  try {
    encoder.struct(properties);
    return encoder.take();
  } catch (error) {
    encoder = new Encoder();
    throw error;
  }
}

/** Properties of a `google.protobuf.Struct`. @throws where a value is of no kind */
export function decode(bytes: Uint8Array): Properties {
  return new Decoder(bytes).struct(bytes.length);
}

class Decoder {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  struct(end: number): Properties {
    const fields: [string, Value][] = [];
    while (this.#at < end) {
      const tag = this.#varint();
      if (tag === FIELD) fields.push(this.#field(this.#end()));
      else this.#skip(tag);
    }
    // The engine sends them in any order, and the SDK has them in this one.
    return Object.fromEntries(fields.sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  #field(end: number): [string, Value] {
    let name = "";
    let value: Value | undefined;
    while (this.#at < end) {
      const tag = this.#varint();
      if (tag === KEY) name = this.#text();
      else if (tag === VALUE) value = this.#value(this.#end());
      else this.#skip(tag);
    }
    return [name, known(value)];
  }

  #value(end: number): Value | undefined {
    let value: Value | undefined;
    while (this.#at < end) {
      const tag = this.#varint();
      if (tag === NULL) {
        this.#varint();
        value = null;
      } else if (tag === NUMBER) {
        value = this.#bytes.readDoubleLE(this.#at);
        this.#at += 8;
      } else if (tag === STRING) value = this.#text();
      else if (tag === BOOLEAN) value = this.#varint() !== 0;
      else if (tag === STRUCT) value = this.struct(this.#end());
      else if (tag === LIST) value = this.#list(this.#end());
      else this.#skip(tag);
    }
    return value;
  }

  #list(end: number): Value[] {
    const values: Value[] = [];
    while (this.#at < end) {
      const tag = this.#varint();
      if (tag === ELEMENT) values.push(known(this.#value(this.#end())));
      else this.#skip(tag);
    }
    return values;
  }

  #text(): string {
    const end = this.#end();
    const text = this.#bytes.toString("utf8", this.#at, end);
    this.#at = end;
    return text;
  }

  /** Where what begins with its length ends. */
  #end(): number {
    const length = this.#varint();
    return this.#at + length;
  }

  #varint(): number {
    let value = 0;
    for (let place = 1; ; place *= 0x80) {
      const digit = this.#bytes.readUInt8(this.#at++);
      value += (digit & 0x7f) * place;
      if (digit < 0x80) return value;
    }
  }

  /** What a later version of these messages may have. */
  #skip(tag: number): void {
    const kind = tag & 7;
    if (kind === VARINT) this.#varint();
    else if (kind === DOUBLE) this.#at += 8;
    else if (kind === LENGTH) this.#at = this.#end();
    else throw new Error(`Unexpected wire type ${kind} in a struct`);
  }
}

function known(value: Value | undefined): Value {
  // As the SDK says it.
  if (value === undefined) throw new Error("Unexpected struct type");
  return value;
}
