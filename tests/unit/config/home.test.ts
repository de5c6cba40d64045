import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { basename } from "node:path";
import { afterEach, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const { HOME } = process.env;
afterEach(() => {
  process.env.HOME = HOME;
});

test("a kubeconfig that only $HOME leads to is not found by Kubernetes' plugin", () => {
  const place = folder({ config: kubeconfig(["one", "two"]) });
  const name = `.${basename(place)}`;
  const home = folder({ [name]: kubeconfig(["one", "two"]) });
  process.env.HOME = home;
  const { homedir } = userInfo();
  expect(existsSync(`${homedir}/${name}`)).toBe(false);
  const clusters = [
    { name: "gone", context: "gone", kubeconfig: `~/${name}`, state: "gone" },
    { name: "one", context: "one", kubeconfig: `~/${name}` },
    { name: "two", context: "two", kubeconfig: "config" },
  ];
  expect(parseConfig({ clusters }, place).warnings).toEqual([
    `clusters[1].kubeconfig: Pulumi's Kubernetes plugin looks for "~/${name}" in the account's home directory, ${homedir}, ` +
      `and HOME is ${home}; set HOME to ${homedir}, or give a path that is relative to the project`,
  ]);
});
