import { totalmem } from "node:os";

/** Memory for two labs, one of them with three clusters, and for the tests themselves, in bytes. */
const TWO_LABS = 14 * 1024 ** 3;

const { CSP_MESH_TEST_SLOTS: given = totalmem() < TWO_LABS ? "1" : "1,2" } = process.env;

/**
 * Numbers of the labs for tests, one for each concurrent file. For example `CSP_MESH_TEST_SLOTS=3,4` for a second
 * checkout.
 */
export const slots: readonly number[] = given.split(",").map(Number);
