// After a remote secret has changed, and before a former token is revoked: does istiod use what it holds now?
import { open } from "../checks/cluster.ts";
import { type RemoteSecretSettings, remoteSecretInUse } from "../checks/remoteSecretInUse.ts";
import { kubeConfigOf } from "../net/kubeConfig.ts";
import { runHook } from "./hook.ts";

await runHook<RemoteSecretSettings, null>({
  create: async ({ kubeconfig, context }, settings) => {
    const config = kubeConfigOf(kubeconfig, context);
    await remoteSecretInUse(open(context, config), settings);
    return null;
  },
  delete: async () => {},
});
