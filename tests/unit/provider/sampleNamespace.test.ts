import { describe, expect, test } from "vitest";
import { SCALED_TO_NONE } from "../../../mesh/ownership.ts";
import { sampleNamespace } from "../../../provider/kinds/sampleNamespace.ts";
import { kinds, stepAgainst } from "./stepOn.ts";

const DEPLOYMENTS = "/apis/apps/v1/namespaces/sample/deployments";
const inputs = {
  namespace: "sample",
  parts: [
    { apiVersion: "v1", kind: "Service", name: "reviews" },
    { apiVersion: "apps/v1", kind: "Deployment", name: "reviews-v1" },
  ],
};
const deployment = (name: string, replicas: number, mark?: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, ...(mark !== undefined && { annotations: { [SCALED_TO_NONE]: mark } }) },
  spec: { replicas },
});

describe("a Deployment of the sample that has no replicas", () => {
  const looking = async (...items: object[]) => {
    const answers = { "/apis/apps/v1": kinds({ deployments: "Deployment" }), [DEPLOYMENTS]: () => ({ items }) };
    const step = await stepAgainst(answers, inputs);
    return sampleNamespace.look?.(step, { namespace: "sample" });
  };

  test("is scaled back where a proof that was killed left it so", async () => {
    expect(await looking(deployment("reviews-v1", 0, "2"))).toEqual([
      { property: "parts", words: "sample/reviews-v1 is scaled to none by a proof that was killed: scaled back" },
    ]);
  });

  test("is left alone where a person scaled it, it was scaled up since, or it is somebody else's", async () => {
    expect(
      await looking(deployment("reviews-v1", 0), deployment("reviews-v1", 1, "2"), deployment("shop", 0, "2")),
    ).toEqual([]);
  });
});
