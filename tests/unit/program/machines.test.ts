// The state must not depend on a home directory or on the checkout's folder, so that another person's preview shows no
// change.
import { chmodSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { authority } from "../../../lab/pki.ts";
import { ROOT } from "../../root.ts";
import { folder, kubeconfig } from "../config/fixtures.ts";
import { runProgram } from "./recorder.ts";

const { HOME } = process.env;
afterEach(() => {
  process.env.HOME = HOME;
  vi.restoreAllMocks();
});

const clusters = [
  { name: "one", kubeconfig: "~/.kube/config", context: "one" },
  { name: "two", kubeconfig: "kubeconfigs/two.yaml", context: "two" },
  { name: "three", kubeconfig: "~/files/config", context: "three" },
  { name: "four", kubeconfig: "files/config", context: "three", apiServer: "https://four.example" },
];

const pair = await (await authority("clients")).issue({ commonName: "me" });

/** Runs the program in a separate checkout and home. */
async function machine() {
  const withFiles = (prefix: string) => ({
    [`${prefix}/config`]: kubeconfig(["three"], {
      exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "./login" },
      "client-certificate": "crt.pem",
      "client-key": "key.pem",
    }),
    [`${prefix}/login`]: "#!/bin/sh\n",
    [`${prefix}/crt.pem`]: pair.certPem,
    [`${prefix}/key.pem`]: pair.keyPem,
  });
  const home = folder({ ".kube/config": kubeconfig(["one"]), ...withFiles("files") });
  const project = folder({ "kubeconfigs/two.yaml": kubeconfig(["two"]), ...withFiles("files"), "crds.yaml": "" });
  for (const path of [home, project]) chmodSync(join(path, "files", "login"), 0o755);
  process.env.HOME = home;
  vi.spyOn(process, "cwd").mockReturnValue(project);
  const { resources, outputs } = await runProgram({
    clusters,
    gatewayApi: { source: "./crds.yaml" },
    metricsServer: { source: "crds.yaml" },
  });
  // The program itself is in neither checkout.
  const text = JSON.stringify(resources).replaceAll(`./${relative(project, ROOT)}`, ".");
  return { home, project, text, outputs };
}

test("registers the same resources on two machines, without their folders", async () => {
  const [one, other] = [await machine(), await machine()];
  for (const { home, project, text, outputs } of [one, other]) {
    for (const place of [home, project]) {
      expect(text).not.toContain(place);
      expect(JSON.stringify(outputs)).not.toContain(place);
    }
  }
  expect(JSON.parse(other.text)).toEqual(JSON.parse(one.text));
  expect(one.outputs.mesh).toMatchObject({ clusters: clusters.map(({ name, kubeconfig }) => ({ name, kubeconfig })) });
});
