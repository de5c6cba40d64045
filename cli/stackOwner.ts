import { PROJECT } from "../config/raw.ts";
import type { Messages } from "../i18n/messages.ts";
import type { Pulumi } from "./stackConfig.ts";

/**
 * `organization/project/stack`, as in the claims of the program itself (config/stackOwner.ts).
 * The engine gives the program the stack's owner as organization in Pulumi Cloud, and the word "organization" in every
 * other backend (`Organization` of the update's target: pkg/backend/httpstate/state.go and pkg/backend/diy/state.go). A
 * fully qualified stack name has the same two parts (`String()` of httpstate's and diy's stack references, with
 * FullyQualifyStackNames). Without that option both omit the parts that are the same for the current project. Only a
 * backend from before projects, which stores stacks by their bare names, returns a single part; there the engine's
 * organization is the fixed word as well.
 */
export async function stackOwner(
  target: readonly string[],
  pulumi: Pulumi,
  { pulumiFor }: Pick<Messages, "pulumiFor">,
): Promise<string> {
  const args = ["stack", "--show-name", "--fully-qualify-stack-names", ...target];
  const name = (await pulumi(args, pulumiFor.owner)).trim();
  return name.includes("/") ? name : `organization/${PROJECT}/${name}`;
}
