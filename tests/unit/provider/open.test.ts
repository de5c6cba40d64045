import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { opener } from "../../../provider/open.ts";
import { folder } from "../config/fixtures.ts";

test.each([
  ["once if its failure takes long", 0, 1],
  ["again after a quick failure", 60_000, 2],
])("a credentials command runs %s", async (_, slow, runs) => {
  const file = join(folder(), "runs");
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    interactiveMode: "Never",
    command: "sh",
    args: ["-c", `echo run >> ${file}; exit 3`],
  };
  const kubeconfig = stringify({
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: { exec } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  });
  const open = opener(slow);
  for (const name of ["one", "two"])
    await expect(open(name, { kubeconfig, context: "x" })).rejects.toThrow("exit code 3");
  expect(readFileSync(file, "utf8").split("\n")).toHaveLength(runs + 1);
});
