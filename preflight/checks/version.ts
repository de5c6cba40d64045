// Whether the selected Istio supports the cluster's Kubernetes version.

import { faultsOf } from "../../mesh/istioFaults.ts";
import { isAtEndOfLife, istioLines, lineOf, linesFor, supports } from "../../mesh/istioLines.ts";
import type { Check } from "../cluster.ts";

export const version: Check = async ({ name: cluster, settings, read }, { istio, clusters }) => {
  const { allowUnsupported } = istio;
  const { gitVersion } = (await read<{ gitVersion: string }>("/version")) ?? { gitVersion: "" };
  const { next, ...own } = settings.istio;
  const istiods = next === undefined || next.version === own.version ? [own] : [own, next];
  return istiods.flatMap(({ version, tag }) => {
    // The image tag determines the running release, if it contains one.
    const running = lineOf(tag) === undefined ? version : tag;
    const found = faultsOf(running, clusters.length);
    return [
      ...versionFindings(cluster, { istio: version, kubernetes: gitVersion, allowUnsupported }, today()),
      ...(found
        ? [
            {
              id: "istioFaults",
              severity: "warning",
              cluster,
              istio: running,
              faults: found.faults,
              mended: found.fixedRelease,
            } as const,
          ]
        : []),
    ];
  });
};

const today = () => new Date().toISOString().slice(0, 10);

interface Versions {
  readonly istio: string;
  readonly kubernetes: string;
  readonly allowUnsupported: boolean;
}

export function versionFindings(
  cluster: string,
  { istio, kubernetes, allowUnsupported }: Versions,
  day: string,
): Awaited<ReturnType<Check>> {
  const line = istioLines.find((entry) => entry.istio === lineOf(istio));
  if (line === undefined) {
    const [newest, oldest] = [istioLines[0]?.istio, istioLines.at(-1)?.istio];
    return [{ id: "istioNotListed", severity: "warning", cluster, istio, listed: `${oldest} - ${newest}` }];
  }
  const lines = linesFor(kubernetes);
  const [first, last] = line.kubernetes;
  const supported = `1.${first} - 1.${last}`;
  return [
    supports(line, kubernetes)
      ? { id: "supported", severity: "ok", cluster, istio, kubernetes }
      : {
          id: "unsupported",
          severity: allowUnsupported ? "warning" : "error",
          cluster,
          istio,
          kubernetes,
          supported,
          lines,
        },
    ...(isAtEndOfLife(line, day)
      ? [
          {
            id: "istioAtEndOfLife",
            severity: "warning",
            cluster,
            istio: line.istio,
            date: line.endOfLife,
            lines: istioLines
              .filter((other) => supports(other, kubernetes) && !isAtEndOfLife(other, day))
              .map((other) => other.istio),
          } as const,
        ]
      : []),
  ];
}
