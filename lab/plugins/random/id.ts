import { randomBytes } from "node:crypto";
import { atLeast } from "../checks.ts";
import type { ResourceType } from "../resource.ts";

export const randomId: ResourceType = {
  computed: ["b64Std", "b64Url", "dec", "hex"],
  check: (inputs) => atLeast(inputs, "byteLength", 1),
  async create({ byteLength, prefix = "" }) {
    const bytes = randomBytes(byteLength as number);
    const id = bytes.toString("base64url");
    const outputs = {
      b64Std: `${prefix}${bytes.toString("base64")}`,
      b64Url: `${prefix}${id}`,
      dec: `${prefix}${BigInt(`0x${bytes.toString("hex")}`)}`,
      hex: `${prefix}${bytes.toString("hex")}`,
    };
    return { id, outputs };
  },
};
