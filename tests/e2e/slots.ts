import { totalmem } from "node:os";

/** Of two labs, one of them of three clusters, and what tests run besides, in bytes. */
const TWO_LABS = 14 * 1024 ** 3;

const { CSP_MESH_TEST_SLOTS: given = totalmem() < TWO_LABS ? "1" : "1,2" } = process.env;

/** Numbers of the labs that tests use, one for each file at a time: `CSP_MESH_TEST_SLOTS=3,4` for a checkout beside others. */
export const slots: readonly number[] = given.split(",").map(Number);
