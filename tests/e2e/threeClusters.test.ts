// One cluster of each provider: the mesh over all three, and the operations on it. They share a lab, because it takes two
// minutes of processor time to create one with its mesh.
import { afterAll, beforeAll, describe } from "vitest";
import { end, start } from "./three/lab.ts";
import { testOperations } from "./three/operations.ts";
import { testProviders } from "./three/providers.ts";

beforeAll(() => start());

afterAll(end);

describe("a mesh over three providers", testProviders);
describe("operations", testOperations);
