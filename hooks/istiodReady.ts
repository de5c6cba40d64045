// Waits until istiod is ready, and says why when it is not. Helm looks every two seconds, and says only that the time is over.
import type { CoreV1Event, V1Deployment, V1Pod } from "@kubernetes/client-node";
import { until } from "../checks/until.ts";
import { podsMessage, rolledOut } from "./gatewayPods.ts";
import { runHook } from "./hook.ts";

interface Settings {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  readonly namespace: string;
  readonly awaitSeconds: number;
}

await runHook<Settings, null>({
  async create({ objects }, { cluster, namespace, awaitSeconds }) {
    const look = () => objects.existing<V1Deployment>("apps/v1", "Deployment", "istiod", namespace);
    const istiod = await until(look, rolledOut, { deadline: awaitSeconds * 1_000 });
    if (rolledOut(istiod)) return null;
    const events = await objects.list<CoreV1Event>("v1", "Event", { namespace });
    const pods = await objects.list<V1Pod>("v1", "Pod", { namespace });
    throw new Error(
      `${cluster}: istiod is not ready after ${awaitSeconds} s\n  ${podsMessage(istiod, pods, events)}\n` +
        'Mend that, then run "pulumi up" again.',
    );
  },
  async delete() {},
});
