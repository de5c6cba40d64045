import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { folder, kubeconfig } from "../config/fixtures.ts";
import { runOn } from "./runOn.ts";

const root = folder({
  kubeconfig: kubeconfig(["one", "two"]),
  "stack.yaml": stringify({
    config: {
      "csp-mesh:clusters": [
        { name: "one", csp: "ncloud", kubeconfig: "kubeconfig", context: "one", storageClass: {} },
        { name: "two", csp: "nhn", kubeconfig: "kubeconfig", context: "two", cilium: { patch: false } },
      ],
    },
  }),
});

const run = (args: string) => runOn(root, "rights", ...args.split(" ").filter(Boolean));

interface Role {
  readonly rules: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}
const verbsOn = (resource: string, text: string) =>
  (parse(text) as Role).rules.filter(({ resources }) => resources.includes(resource)).flatMap(({ verbs }) => verbs);

test("lists rights by cluster, with all verbs in one line", async () => {
  const { code, stdout } = await run("");
  expect(code).toBe(0);
  const [one = "", two = ""] = stdout.split("\n\n");
  expect(one).toMatch(/^one: NAVER Cloud Kubernetes Service\nAPI GROUP +RESOURCE +NAMESPACE +NAME +VERBS\n/);
  expect(one).toMatch(/^\(core\) +pods\/exec +istio-system, sample +get,create$/m);
  expect(one).toMatch(/^rbac.authorization.k8s.io +roles +istio-system +istiod +bind$/m);
  expect(one).toMatch(/^storage.k8s.io +storageclasses +all +list,create,patch,delete$/m);
  expect(two).toMatch(/^two: NHN Kubernetes Service\n/);
  expect(two).toMatch(/^storage.k8s.io +storageclasses +all +list$/m);
});

test("lists rights that only a root rotation needs separately", async () => {
  const { stdout } = await run("");
  expect(stdout).toMatch(/\n\nAdditional rights .*, only for npm run mesh -- rotate-root: get create pods\/exec\n$/);
  expect((await run("--lang ko")).stdout).toMatch(/\n\nnpm run mesh -- rotate-root에만 .*: get create pods\/exec\n$/);
  const [one] = JSON.parse((await run("--output json")).stdout);
  const exec = { group: "", resource: "pods", subresource: "exec" };
  expect(one.forRotateRoot).toEqual(["get", "create"].map((verb) => ({ verb, ...exec })));
  expect(one.rights).not.toContainEqual({ verb: "create", ...exec });
  expect(verbsOn("pods/exec", (await run("--output yaml")).stdout)).toEqual(["create", "get"]);
});

test("prints one ClusterRole, for all clusters or for the given one", async () => {
  const both = await run("--output yaml");
  expect(both.stdout).toMatch(
    /^# What csp-mesh needs in: one, two\napiVersion: rbac.authorization.k8s.io\/v1\nkind: ClusterRole\n/,
  );
  expect(verbsOn("storageclasses", both.stdout)).toContain("create");
  expect(verbsOn("controllerrevisions", both.stdout)).toEqual(["delete", "list"]);
  const two = await run("--output yaml --cluster two");
  expect(two.stdout).toMatch(/^# What csp-mesh needs in: two\n/);
  expect(verbsOn("storageclasses", two.stdout)).toEqual(["list"]);
  expect(verbsOn("controllerrevisions", two.stdout)).toEqual([]);
});

test("prints the same JSON in each language", async () => {
  const { stdout } = await run("--output json --cluster two");
  const [two] = JSON.parse(stdout);
  expect(two.cluster).toBe("two");
  expect(two.rights).toContainEqual({
    verb: "bind",
    group: "rbac.authorization.k8s.io",
    resource: "roles",
    namespace: "istio-system",
    name: "istiod",
  });
  expect((await run("--output json --cluster two --lang ko")).stdout).toBe(stdout);
});

test.each([
  ["--cluster three", '--cluster: "three" is not one of one, two'],
  ["--output csv", '--output: "csv" is not one of table, json, yaml'],
])("rejects %s", async (args, message) => {
  expect(await run(args)).toEqual({ code: 2, stdout: "", stderr: `mesh: ${message}\n` });
});
