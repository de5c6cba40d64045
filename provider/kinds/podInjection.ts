// Tests whether the API server reaches istiod's webhook, with a server-side dry run of a pod that should get a sidecar.
// Creates nothing.

import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { messageOf } from "../../kube/apiServer.ts";
import { inShell } from "../../kube/quote.ts";
import { NEXT, NEXT_ISTIOD } from "../../mesh/nextIstiod.ts";
import { SYSTEM_NAMESPACE } from "../../mesh/ownership.ts";
import { REVISION } from "../../mesh/sampleInjection.ts";
import type { Cluster, Kind } from "../kind.ts";

/** Longest wait, in seconds: kube-proxy, and istiod's update of its webhook, take a few seconds. */
const PATIENCE = 60;
/** Timeout of one try, in ms. It must exceed the webhook's own, which is 10 s. */
const TIMEOUT = 20_000;
const INTERVAL = 500;

const PATH = `/api/v1/namespaces/${SYSTEM_NAMESPACE}/pods?dryRun=All`;

/** The webhook replaces this by the proxy's image. */
const IMAGE = "auto";

/** Meets Pod Security's profile "restricted": as a gateway, the pod gets no init container. */
const podOf = (revision: string | undefined) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "csp-mesh-injection",
    namespace: SYSTEM_NAMESPACE,
    labels: { "sidecar.istio.io/inject": "true", ...(revision !== undefined && { [REVISION]: revision }) },
    annotations: { "inject.istio.io/templates": "gateway" },
  },
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "istio-proxy",
        image: IMAGE,
        imagePullPolicy: "IfNotPresent",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
      },
    ],
  },
});

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Undefined if the answer says nothing about the webhook: the account may not create pods, or a policy refuses the pod.
 */
type Verdict = "injected" | { readonly said: string } | undefined;

export function verdictOf({ status, body }: Answered): Verdict {
  const said = messageOf(body) ?? `HTTP ${status}`;
  if (status === 201 || status === 200) {
    const { spec } = body as { spec?: { containers?: { image?: string }[] } };
    return spec?.containers?.some(({ image }) => image === IMAGE) === false
      ? "injected"
      : { said: "the API server created the pod without a proxy: it did not call istiod's webhook" };
  }
  return /failed calling webhook "[^"]*sidecar-injector\.istio\.io"/.test(said) ? { said } : undefined;
}

const inputs = z.strictObject({
  /** Revision of the release `istiod`. A new revision repeats the test. */
  revision: z.number(),
  awaitSeconds: z.number(),
  /** Istio's revision whose webhook is called. @default the default one */
  istioRevision: z.string().optional(),
});
type Inputs = z.output<typeof inputs>;

export const podInjection: Kind<Inputs, Record<string, never>> = {
  inputs,
  identity: ({ awaitSeconds: _, ...rest }) => rest,

  async create({ cluster: { name, server, context }, inputs: { awaitSeconds, istioRevision }, signal }) {
    const pod = podOf(istioRevision);
    const deployment = istioRevision === NEXT ? NEXT_ISTIOD : "istiod";
    const seconds = Math.min(awaitSeconds, PATIENCE);
    const end = Date.now() + seconds * 1_000;
    const look = async (): Promise<Verdict> => {
      try {
        return verdictOf(await server.post(PATH, pod, { tries: 1, timeout: TIMEOUT, signal }));
      } catch (error) {
        signal.throwIfAborted();
        return { said: (error as Error).message };
      }
    };
    for (;;) {
      const verdict = await look();
      if (verdict === undefined || verdict === "injected") return {};
      if (Date.now() >= end) throw new Error(unreached({ name, context }, deployment, seconds, verdict.said));
      await pause(INTERVAL, undefined, { signal }).catch(() => {});
      signal.throwIfAborted();
    }
  },

  delete: async () => {},
};

const HOST_NETWORK = JSON.stringify({
  spec: { template: { spec: { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" } } },
});

function unreached(
  { name, context }: Pick<Cluster, "name" | "context">,
  deployment: string,
  seconds: number,
  said: string,
): string {
  return [
    `${name}: istiod is ready, but its webhook injected no proxy into a new pod within ${seconds} s: ${said}`,
    "The API server must reach istiod's pods at TCP 15017. Open 15017 from the control plane to the nodes, and 10250 for logs and exec " +
      "(npm run mesh -- firewall).",
    "If the control plane has no route to pods, as on EKS with another CNI than its own, run istiod on the host network: " +
      `kubectl --context ${inShell(context)} -n ${SYSTEM_NAMESPACE} patch deployment ${deployment} -p '${HOST_NETWORK}'`,
    `A label istio-injection or istio.io/rev of namespace ${SYSTEM_NAMESPACE} also excludes its pods from the webhook.`,
    'Correct that, then run "pulumi up" again.',
  ].join("\n  ");
}
