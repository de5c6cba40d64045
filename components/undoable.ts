import type * as pulumi from "@pulumi/pulumi";

/** Creates a command that runs only on create or only on delete. */
type Make<Command> = (name: string, only: "create" | "delete", opts: pulumi.CustomResourceOptions) => Command;

/**
 * Registers a command's undo before the command runs. A command that failed or was killed is not in the state, so its
 * changes would outlive `pulumi destroy`. The undo must find out by itself what there is to undo.
 * @returns the command that makes the changes
 */
export function undoable<Command extends pulumi.Resource>(
  make: Make<Command>,
  name: string,
  opts: pulumi.CustomResourceOptions,
): Command {
  const undo = make(`${name}-undo`, "delete", opts);
  return make(name, "create", { ...opts, dependsOn: undo });
}
