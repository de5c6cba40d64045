const { CSP_MESH_TEST_SLOT: only } = process.env;

/** Numbers of the labs that tests use; `CSP_MESH_TEST_SLOT` names the only one, for a checkout beside others. */
export const slots: readonly number[] = only === undefined ? [1, 2] : [Number(only)];
