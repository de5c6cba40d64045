// Parses ASN.1 in DER (X.690) as far as needed for certificates that a library has already parsed: one-byte tags,
// definite lengths.

export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** Including tag and length. */
  readonly encoded: Buffer;
}

/** The consecutive elements in the bytes. */
export function elements(bytes: Buffer): DerElement[] {
  const found: DerElement[] = [];
  for (let start = 0; start < bytes.length; ) {
    const [tag = 0, first = 0] = bytes.subarray(start, start + 2);
    const more = first > 127 ? first - 128 : 0;
    const body = start + 2 + more;
    const end = body + (more === 0 ? first : bytes.readUIntBE(start + 2, more));
    found.push({ tag, content: bytes.subarray(body, end), encoded: bytes.subarray(start, end) });
    start = end;
  }
  return found;
}

/** The elements inside a sequence, set or explicit tag. */
export const inside = (bytes: Buffer): DerElement[] => elements(elements(bytes)[0]?.content ?? Buffer.alloc(0));

/** An object identifier in dotted notation, such as 2.5.29.37. */
export function objectId(content: Buffer | undefined): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content ?? []) {
    number = number * 128 + (byte & 127);
    if (byte > 127) continue;
    numbers.push(number);
    number = 0;
  }
  const [first = 0, ...rest] = numbers;
  const top = Math.min(Math.floor(first / 40), 2);
  return [top, first - 40 * top, ...rest].join(".");
}
