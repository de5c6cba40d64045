// After a remote secret has changed, and before a former token is revoked: does istiod use what it holds now?
import { open } from "../checks/cluster.ts";
import { type RemoteSecretSettings, remoteSecretInUse } from "../checks/remoteSecretInUse.ts";
import { runHook } from "./hook.ts";

await runHook<RemoteSecretSettings, null>({
  create: async (config, settings) => {
    await remoteSecretInUse(open(config.getCurrentContext(), config), settings);
    return null;
  },
  delete: async () => {},
});
