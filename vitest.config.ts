import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { slots } from "./tests/e2e/slots.ts";

const unit = {
  globalSetup: "tests/unit/plugins/build.ts",
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // Many of these tests wait for a time-out, and another one uses the processor meanwhile.
  maxWorkers: availableParallelism() + 1,
};
/** Pulumi's runtime is global, and each of these files sets its own. */
const OF_PULUMI = ["tests/unit/program/**/*.test.ts"];

const e2e = { testTimeout: 600_000, hookTimeout: 5_400_000 };
const besideOthers = { ...e2e, globalSetup: "tests/e2e/toolchain.ts", maxWorkers: slots.length };
/** It compares the machine before its lab and after it: no other lab may come or go meanwhile. */
const ALONE = ["tests/e2e/mesh.test.ts"];
/** Walks of many minutes each, of which `npm test` runs none: `npm run test:long`. */
const LONG = ["tests/e2e/long/*.test.ts"];

/** Files that take longest, in this order. Started last, each would leave a processor or a lab idle at the end. */
const LONGEST = [
  ...["config/fuzz", "probe/probe", "package/example", "cli/upgrade"].map((name) => `unit/${name}`),
  ...["guide", "standing", "threeClusters", "traffic", "kinds", "gateway"].map((name) => `e2e/${name}`),
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return place < 0 ? LONGEST.length : place;
    };
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    return (await super.sort(files)).toSorted((a, b) => group(a) - group(b) || rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...unit,
          name: "unit",
          include: ["tests/unit/**/*.test.ts"],
          exclude: OF_PULUMI,
          // The files share what they import.
          isolate: false,
        },
      },
      { test: { ...unit, name: "unit-program", include: OF_PULUMI } },
      {
        test: {
          ...besideOthers,
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          exclude: [...ALONE, ...LONG],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: { ...e2e, name: "e2e-alone", include: ALONE, fileParallelism: false, sequence: { groupOrder: 2 } },
      },
      { test: { ...besideOthers, name: "long", include: LONG, sequence: { groupOrder: 3 } } },
    ],
  },
});
