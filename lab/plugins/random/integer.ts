import { randomInt } from "node:crypto";
import type { ResourceType } from "../resource.ts";

export const randomInteger: ResourceType = {
  computed: ["result"],
  check: ({ seed }) =>
    seed === undefined
      ? []
      : [{ property: "seed", reason: "the lab's stand-in has no seeded numbers: leave seed out" }],
  async create({ min, max }) {
    if ((max as number) < (min as number))
      throw new Error("The minimum (min) value needs to be smaller than or equal to maximum (max) value.");
    const result = randomInt(min as number, (max as number) + 1);
    return { id: String(result), outputs: { result } };
  },
};
