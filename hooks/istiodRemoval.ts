// Uninstalls istiod while the kinds that it made objects of are still there.
import { uninstall } from "./helmReleases.ts";
import { runHook } from "./hook.ts";
import { removeIstiodsOwn } from "./istiodsOwn.ts";
import { objectsOf } from "./objects.ts";

await runHook<Record<string, never>, null>({
  create: async () => null,

  async delete(cluster) {
    const objects = objectsOf(cluster);
    await uninstall(objects, ["istiod"]);
    await removeIstiodsOwn(objects);
  },
});
