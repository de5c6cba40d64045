import type * as pulumi from "@pulumi/pulumi";

/** Makes a command that acts at one time only. */
type Make<Command> = (name: string, only: "create" | "delete", opts: pulumi.CustomResourceOptions) => Command;

/**
 * A command whose undoing is registered before it acts: one that failed, or was killed half way, is not in the state, and
 * what it had done by then would outlive `pulumi destroy`. For commands that find where they act what there is to undo.
 * @returns the command that acts
 */
export function undoable<Command extends pulumi.Resource>(
  make: Make<Command>,
  name: string,
  opts: pulumi.CustomResourceOptions,
): Command {
  const undo = make(`${name}-undo`, "delete", opts);
  return make(name, "create", { ...opts, dependsOn: undo });
}
