// Uninstalls istiod while the kinds that it made objects of are still there.
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
