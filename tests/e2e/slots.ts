const { CSP_MESH_TEST_SLOTS: given = "1,2" } = process.env;

/** Numbers of the labs that tests use, one for each file at a time: `CSP_MESH_TEST_SLOTS=3,4` for a checkout beside others. */
export const slots: readonly number[] = given.split(",").map(Number);
