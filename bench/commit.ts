// Of which sources a result is.
import { execa } from "execa";

/** `unknown` where git does not say: without git, of sources from an archive, of somebody else's checkout. */
export async function commitOf(folder: string): Promise<string> {
  const said = await execa("git", ["describe", "--always", "--dirty"], { cwd: folder, reject: false });
  return said.failed ? "unknown" : said.stdout;
}
