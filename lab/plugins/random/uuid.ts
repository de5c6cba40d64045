import { randomUUID } from "node:crypto";
import type { ResourceType } from "../resource.ts";

export const randomUuid: ResourceType = {
  computed: ["result"],
  async create() {
    const result = randomUUID();
    return { id: result, outputs: { result } };
  },
};
