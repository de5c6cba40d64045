// The commit that a result belongs to.
import { execa } from "execa";

/** `unknown` if git does not report one: without git, in an archive's sources, or in a checkout of another user. */
export async function commitOf(folder: string): Promise<string> {
  const said = await execa("git", ["describe", "--always", "--dirty"], { cwd: folder, reject: false });
  return said.failed ? "unknown" : said.stdout;
}
