// The lab's images, named as charts and manifests refer to them. Istio, CoreDNS and metrics-server are the real
// programs; reviews, curl, cilium and pause are stand-ins that identify themselves as such.
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { type ImageSpec, makeImage } from "./image.ts";
import type { Toolchain } from "./toolchain/index.ts";
import { CA_BUNDLE, XTABLES } from "./toolchain/packages.ts";
import { versions } from "./toolchain/versions.ts";

const istioImage = (name: "pilot" | "proxyv2", version: string) => `docker.io/istio/${name}:${version}`;

export const images = {
  pause: "registry.k8s.io/pause:3.10",
  coredns: `registry.k8s.io/coredns/coredns:v${versions.coredns}`,
  metricsServer: `registry.k8s.io/metrics-server/metrics-server:v${versions.metricsServer}`,
  pilot: istioImage("pilot", versions.istio),
  proxy: istioImage("proxyv2", versions.istio),
  reviews: (version: 1 | 2 | 3) => `docker.io/istio/examples-bookinfo-reviews-v${version}:1.20.3`,
  curl: "docker.io/curlimages/curl:8.16.0",
  cilium: "quay.io/cilium/cilium:v1.15.9",
} as const;

const ISTIO_USER = "1337:1337";

async function which(program: string): Promise<string> {
  const { stdout } = await execa("sh", ["-c", 'command -v "$0"', program]);
  return realpath(stdout);
}

/**
 * Both variants of iptables with their extensions, as in Istio's own image: pilot-agent selects the one that the kernel
 * supports.
 */
async function iptables(): Promise<Pick<ImageSpec, "programs" | "files" | "links">> {
  const programs: Record<string, string> = {};
  const links: Record<string, string> = {};
  for (const flavour of ["legacy", "nft"]) {
    const multi = `/usr/sbin/xtables-${flavour}-multi`;
    programs[multi] = await which(`xtables-${flavour}-multi`);
    for (const family of ["iptables", "ip6tables"]) {
      for (const suffix of ["", "-save", "-restore"]) links[`/usr/sbin/${family}-${flavour}${suffix}`] = multi;
    }
  }
  for (const family of ["iptables", "ip6tables"]) {
    for (const suffix of ["", "-save", "-restore"]) {
      links[`/usr/sbin/${family}${suffix}`] = `/usr/sbin/${family}-nft${suffix}`;
    }
  }
  const files: Record<string, string> = {};
  for (const file of await readdir(XTABLES)) files[join(XTABLES, file)] = join(XTABLES, file);
  return { programs, links, files };
}

/** Archives of all images, for `ctr images import`. */
export async function makeImages(tools: Toolchain, folder: string): Promise<string[]> {
  const xtables = await iptables();
  const shell = { "/bin/sh": await which("dash"), "/bin/sleep": await which("sleep"), "/bin/cat": await which("cat") };
  const reviews = (version: 1 | 2 | 3, environment: Record<string, string>): ImageSpec => ({
    names: [images.reviews(version)],
    entrypoint: ["/reviews"],
    user: "1001:0",
    environment: { SERVICE_VERSION: `v${version}`, ...environment },
    programs: { "/reviews": tools.reviews },
  });
  const specs: ImageSpec[] = [
    {
      names: [images.pause, images.cilium],
      entrypoint: ["/pause"],
      user: "65535:65535",
      programs: { "/pause": tools.pause },
    },
    { names: [images.coredns], entrypoint: ["/coredns"], programs: { "/coredns": tools.coredns } },
    {
      names: [images.metricsServer],
      entrypoint: ["/metrics-server"],
      programs: { "/metrics-server": tools.metricsServer },
    },
    ...tools.istio.flatMap(({ version, pilotDiscovery, pilotAgent, envoy, envoyBootstrap }): ImageSpec[] => [
      {
        names: [istioImage("pilot", version)],
        entrypoint: ["/usr/local/bin/pilot-discovery"],
        user: ISTIO_USER,
        programs: { "/usr/local/bin/pilot-discovery": pilotDiscovery },
      },
      {
        names: [istioImage("proxyv2", version)],
        entrypoint: ["/usr/local/bin/pilot-agent"],
        user: ISTIO_USER,
        programs: {
          "/usr/local/bin/pilot-agent": pilotAgent,
          "/usr/local/bin/envoy": envoy,
          ...shell,
          ...xtables.programs,
        },
        files: {
          ...xtables.files,
          [CA_BUNDLE]: CA_BUNDLE,
          "/var/lib/istio/envoy/envoy_bootstrap_tmpl.json": envoyBootstrap,
        },
        links: { ...xtables.links },
      },
    ]),
    reviews(1, { ENABLE_RATINGS: "false" }),
    reviews(2, { ENABLE_RATINGS: "true", STAR_COLOR: "black" }),
    reviews(3, { ENABLE_RATINGS: "true", STAR_COLOR: "red" }),
    {
      names: [images.curl],
      entrypoint: ["/usr/bin/curl"],
      user: "100:101",
      programs: { "/usr/bin/curl": await which("curl"), ...shell },
    },
  ];
  const archives: string[] = [];
  for (const spec of specs) archives.push(await makeImage(spec, folder, JSON.stringify(versions)));
  return archives;
}
