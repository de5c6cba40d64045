import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { slots } from "./tests/e2e/slots.ts";

const e2e = { testTimeout: 600_000, hookTimeout: 5_400_000 };
/** Compares the machine before its lab and after it: no other lab may come or go meanwhile. */
const ALONE = "tests/e2e/mesh.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.ts"],
          globalSetup: "tests/unit/plugins/build.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // By default one processor is left free, and many of these tests wait.
          maxWorkers: availableParallelism(),
        },
      },
      {
        test: {
          ...e2e,
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          exclude: [ALONE],
          globalSetup: "tests/e2e/toolchain.ts",
          maxWorkers: slots.length,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: { ...e2e, name: "e2e-alone", include: [ALONE], fileParallelism: false, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
