import type { V1CustomResourceDefinition as Crd } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import type { ApiServer } from "../../../kube/apiServer.ts";
import { othersUnder } from "../../../provider/gatewayApiObjects.ts";

const definition = {
  metadata: { name: "gateways.gateway.networking.k8s.io" },
  spec: { names: { kind: "Gateway", plural: "gateways" }, versions: [{ name: "v1", served: true }] },
} as Crd;

function serverOf(answers: Readonly<Record<string, readonly number[]>>): Pick<ApiServer, "get"> {
  const left = new Map(Object.entries(answers).map(([path, statuses]) => [path, [...statuses]]));
  return {
    get: async (path) => {
      const status = left.get(path)?.shift() ?? 404;
      const items = [{ metadata: { name: "front", namespace: "shop" } }];
      return { status, body: status === 200 ? { items } : {} } as Awaited<ReturnType<ApiServer["get"]>>;
    },
  };
}

const LIST = "/apis/gateway.networking.k8s.io/v1/gateways";
const DEFINITION = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata?.name}`;

test("finds no objects of a CRD that was just deleted", async () => {
  expect(await othersUnder(serverOf({}) as ApiServer, [definition])).toEqual([]);
});

test("retries while a CRD exists but is not served yet", async () => {
  const server = serverOf({ [LIST]: [404, 200], [DEFINITION]: [200] });
  expect(await othersUnder(server as ApiServer, [definition])).toEqual(["Gateway shop/front"]);
});
