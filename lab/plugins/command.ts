// Stand-in for the official `command` plugin, for the lab where that one cannot be downloaded. It runs commands here and, by
// the SSH library ssh2, on other machines, without a proxy between; files as outputs and the types that copy are missing.
import manifest from "@pulumi/command/package.json" with { type: "json" };
import { localCommand } from "./command/local.ts";
import { hangUp, remoteCommand } from "./command/remote.ts";
import { endAll } from "./command/run.ts";
import { serve } from "./provider.ts";

await serve({
  name: "command",
  version: manifest.version,
  types: { "command:local:Command": localCommand, "command:remote:Command": remoteCommand },
  cancel: () => {
    endAll();
    hangUp();
  },
});
