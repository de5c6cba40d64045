// Stand-in for the official `command` plugin, for the lab where that one cannot be downloaded. It runs local commands;
// nothing in the lab has an SSH server, so the remote types are missing, and so are files as outputs.
import manifest from "@pulumi/command/package.json" with { type: "json" };
import { localCommand } from "./command/local.ts";
import { endAll } from "./command/run.ts";
import { serve } from "./provider.ts";

await serve({
  name: "command",
  version: manifest.version,
  types: { "command:local:Command": localCommand },
  cancel: endAll,
});
