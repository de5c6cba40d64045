// Objects of others whose kind is one of the Gateway API CRDs that this program installed, and which would be deleted
// with these CRDs.

import type { V1CustomResourceDefinition as Crd } from "@kubernetes/client-node";
import { type ApiServer, succeeded } from "../kube/apiServer.ts";
import type { Named, Objects } from "../kube/objects.ts";
import { inShell } from "../kube/quote.ts";
import { isDnsName } from "../kube/shown.ts";
import { until } from "../kube/until.ts";
import { GROUP, INSTALLED, isOurs } from "../mesh/gatewayApiPlan.ts";
import { listed } from "./istioCrds.ts";
import { isIstiods } from "./istiodsOwn.ts";

export const CRDS = ["apiextensions.k8s.io/v1", "CustomResourceDefinition"] as const;

/** CRDs that this program installed: `ours`, and those (`taken`) over which others have installed another release. */
export async function installedCrds(objects: Objects): Promise<Record<"ours" | "taken", (Crd & Named)[]>> {
  const installed = await objects.list<Crd>(...CRDS, { labels: INSTALLED });
  return { ours: installed.filter(isOurs), taken: installed.filter((crd) => !isOurs(crd)) };
}

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly spec?: { readonly controllerName?: string };
  }[];
}

/** Objects of these CRDs that istiod did not create, such as `HTTPRoute shop/front`. */
export async function othersUnder(server: ApiServer, crds: readonly Crd[]): Promise<string[]> {
  return (await Promise.all(crds.map((crd) => foreignObjects(server, crd)))).flat();
}

async function foreignObjects(server: ApiServer, { metadata: definition, spec }: Crd): Promise<string[]> {
  const { kind, plural } = spec.names;
  const version = spec.versions.find(({ served }) => served)?.name ?? "";
  const list = await until<Listed>(
    async () => {
      const answer = await server.get(`/apis/${GROUP}/${version}/${plural}`);
      // A killed run may have deleted the CRD, and its objects with it, a moment ago.
      if (answer.status === 404 && (await isGone(server, definition?.name))) return { items: [] };
      // Shortly after a CRD is established, the API server still prepares its storage and answers with an error.
      return succeeded(answer);
    },
    () => true,
    { deadline: 20_000 },
  );
  return list.items
    .filter((object) => !(kind === "GatewayClass" && isIstiods(object)))
    .map(({ metadata: { namespace, name } }) => `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`);
}

async function isGone(server: ApiServer, name = ""): Promise<boolean> {
  const { status } = await server.get(`/apis/${CRDS[0]}/customresourcedefinitions/${name}`);
  return status === 404;
}

/** Message: why these CRDs stay, and the remedy. */
export function gatewayApiRefusal(context: string, ours: readonly Crd[], others: readonly string[]): string {
  const names = ours.map(({ metadata }) => metadata?.name ?? "");
  return (
    `deleting the program's Gateway API CRDs would also delete these objects of others:${listed(others)}\n` +
    "Delete them, or keep them and the CRDs, then run the same command again." +
    (names.every(isDnsName)
      ? ` To keep them:\n  kubectl --context ${inShell(context)} label crd ${names.join(" ")} ${INSTALLED}-`
      : "")
  );
}
