// Uninstalls istiod before what it needs goes, and what it made where the Gateway API stays.
import { uninstall } from "./helmReleases.ts";
import { runHook } from "./hook.ts";
import { removeIstiodsOwn } from "./istiodsOwn.ts";

await runHook<Record<string, never>, null>({
  create: async () => null,

  async delete({ objects }) {
    await uninstall(objects, ["istiod"]);
    await removeIstiodsOwn(objects);
  },
});
