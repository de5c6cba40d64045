// What a killed `pulumi up` left of its probe, when the stack goes: its namespaces.
import { ApiError } from "../net/apiServer.ts";
import { PROBE_LABEL } from "../preflight/probe/manifests.ts";
import { runHook } from "./hook.ts";

const LABELS = `${PROBE_LABEL}=up`;

await runHook<unknown, unknown>({
  create: async () => ({}),

  async delete({ objects }) {
    try {
      await objects.remove(await objects.list("v1", "Namespace", { labels: LABELS }));
    } catch (error) {
      // Where the probe was turned off since, the account need not have the right.
      if (!(error instanceof ApiError && error.status === 403)) throw error;
      process.stderr.write(
        `${error.message}\nA probe that was killed may have left one: kubectl delete namespace -l ${LABELS}\n`,
      );
    }
  },
});
