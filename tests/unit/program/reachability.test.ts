// The probe as the first step of a mesh.
import { expect, test } from "vitest";
import { kubeconfig as text } from "../config/fixtures.ts";
import { runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const one = { name: "one", kubeconfig, context: "one", csp: "ncloud", egressCidrs: ["203.0.113.0/28"] };
const two = {
  name: "two",
  kubeconfig: text(["two"]),
  context: "two",
  apiServer: "https://api.example:6443",
  tlsServerName: "kubernetes",
  proxyUrl: "http://user:hunter2@proxy.example:3128",
  gateway: { externalAddress: "203.0.113.20" },
};
/** The same without secret marks. */
const opened = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== "object" || value === null) return value;
  if ("secret" in value) return opened(value.secret);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item)]));
};
const pullSecrets = [{ name: "login", server: "r.example", username: "u", password: "hunter2" }];

test("passes all clusters to one resource as secrets, with the addresses for peers", async () => {
  const config = {
    clusters: [one, two],
    pullSecrets,
    istio: { hub: "r.example/istio", tag: "1.29.1-x" },
    awaitSeconds: 7,
  };
  const { resources } = await runProgram(config, false, ["clusters", "pullSecrets"]);
  const [probe, ...more] = resources.filter(({ type }) => type === "csp-mesh:cluster:Reachability");
  expect(more).toEqual([]);
  expect(probe?.name).toBe("reachability-probe");
  expect(probe?.inputs).toEqual({
    owner: "acme/csp-mesh/test",
    image: "r.example/istio/proxyv2:1.29.1-x",
    pullSecrets: expect.anything(),
    awaitSeconds: 7,
    clusters: expect.anything(),
  });
  /** Values of secrets, and whether a value that must be secret was plain. */
  const plain = JSON.stringify(probe?.inputs, (_, part) =>
    part && typeof part === "object" && "secret" in part ? "" : part,
  );
  expect(plain).not.toMatch(/hunter2|hidden/);
  expect(opened(probe?.inputs)).toMatchObject({
    pullSecrets: [{ name: "login", login: { server: "r.example", username: "u", password: "hunter2" } }],
    clusters: [
      {
        name: "one",
        kubeconfig,
        context: "one",
        server: expect.stringMatching(/^https:/),
        egressCidrs: ["203.0.113.0/28"],
        accessList: "IP ACL",
      },
      {
        name: "two",
        kubeconfig: `${text(["two"]).trimEnd()}\n`,
        context: "two",
        server: "https://api.example:6443",
        tlsServerName: "kubernetes",
        proxyUrl: "http://user:hunter2@proxy.example:3128",
        gatewayAddresses: ["203.0.113.20"],
      },
    ],
  });
});

test("has no probe, and no dependencies on it, if it is disabled", async () => {
  const { resources } = await runProgram({
    clusters: [one, { ...one, name: "two", context: "two" }],
    preflight: { probe: false },
  });
  expect(resources.filter(({ name, dependencies }) => /reachability/.test([name, ...dependencies].join()))).toEqual([]);
});
