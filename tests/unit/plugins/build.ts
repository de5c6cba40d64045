// Builds the lab's stand-ins once, before concurrent test files need them. The first build on a machine takes a minute
// or two.
import { ensureStandIn } from "../../../lab/toolchain/index.ts";

export default async function build(): Promise<void> {
  for (const name of ["tls", "random", "command"]) await ensureStandIn(name);
}
