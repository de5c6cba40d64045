import { PROJECT } from "../config/raw.ts";
import type { Messages } from "../i18n/messages.ts";
import type { Pulumi } from "./stackConfig.ts";

/**
 * `organization/project/stack`, as the program itself says it in claims (config/stackOwner.ts).
 *
 * The engine hands the program the stack's owner as the organization in Pulumi Cloud, and the word "organization" in every other
 * backend (`Organization` of the update's target: pkg/backend/httpstate/state.go and pkg/backend/diy/state.go). A name that is asked
 * for in full has the same two parts: `String()` of httpstate's and of diy's stack references, with FullyQualifyStackNames. Without
 * that option both leave out what is the same for the current project. Only a backend of the layout before projects, which keeps
 * stacks by their bare names, answers with one part; the engine's organization is the fixed word there, too.
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
