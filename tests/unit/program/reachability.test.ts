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
const pullSecrets = [{ name: "login", server: "r.example", username: "u", password: "hunter2" }];

test("one command is told all clusters as the peers reach them, and all of that is secret", async () => {
  const config = {
    clusters: [one, two],
    pullSecrets,
    istio: { hub: "r.example/istio", tag: "1.29.1-x" },
    awaitSeconds: 7,
  };
  const { resources } = await runProgram(config, false, ["clusters", "pullSecrets"]);
  const [command, ...more] = resources.filter(({ name }) => name === "reachability-probe");
  expect(more).toEqual([]);
  const { create, update, stdin, ...rest } = (command?.inputs ?? {}) as {
    readonly create: string;
    readonly update: string;
    readonly stdin: { readonly secret: string };
  };
  expect(rest).toEqual({ logging: "stderr" });
  expect(create).toBe("node --import './config/keepCompiled.js' './hooks/reachability.ts'");
  expect(update).toBe(create);
  expect(JSON.parse(stdin.secret)).toEqual({
    image: "r.example/istio/proxyv2:1.29.1-x",
    pullSecrets: [{ name: "login", login: { server: "r.example", username: "u", password: "hunter2" } }],
    awaitSeconds: 7,
    gateways: false,
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
        gatewayAddress: "203.0.113.20",
      },
    ],
  });
});

test("without it nothing is probed, and nothing waits for it", async () => {
  const { resources } = await runProgram({
    clusters: [one, { ...one, name: "two", context: "two" }],
    preflight: { probe: false },
  });
  expect(resources.filter(({ name, dependencies }) => /reachability/.test([name, ...dependencies].join()))).toEqual([]);
});
