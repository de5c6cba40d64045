/**
 * Arguments with which `pulumi` prints one of the program's outputs as JSON.
 *
 * @param stack its name @default the selected one
 */
export const outputArgs = (output: "mesh" | "kubeconfigs", stack?: string): readonly string[] => [
  ...["stack", "output", output, "--json"],
  ...(output === "kubeconfigs" ? ["--show-secrets"] : []),
  ...(stack === undefined ? [] : ["--stack", stack]),
];
