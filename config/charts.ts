import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fetchChart } from "../net/chart.ts";
import type { Access } from "../net/download.ts";
import { quote } from "./problems.ts";

/** Where Helm finds one chart; the fields are those of a Pulumi `Release`. */
export interface ChartSource {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

/**
 * Finds one of Istio's charts in a chart repository (`https://…`), a registry (`oci://…`) or a local folder that holds
 * it as a folder `name/` or an archive `name-version.tgz`.
 *
 * @param root folder at which a relative path starts
 * @throws Error that names the paths tried
 */
export function chartSource(charts: string, name: string, version: string, root: string): ChartSource {
  if (charts.startsWith("https://")) return { chart: name, version, repositoryOpts: { repo: charts } };
  if (charts.startsWith("oci://")) return { chart: `${charts.replace(/\/+$/, "")}/${name}`, version };

  const folder = join(charts, name);
  if (existsSync(resolve(root, folder, "Chart.yaml"))) return { chart: folder };
  const archive = join(charts, `${name}-${version}.tgz`);
  if (existsSync(resolve(root, archive))) return { chart: archive };
  throw new Error(
    `${quote(charts)} holds neither ${name}/Chart.yaml nor ${name}-${version}.tgz; ` +
      "give a folder with Istio's charts, an https:// repository or an oci:// registry",
  );
}

/** Where packed charts are kept: a path that is the same on every machine, because it is in the stack's state. */
const CACHE = join("node_modules", ".cache", "csp-mesh", "charts");

/**
 * Fetches one of Istio's charts with a login or a CA of one's own. Helm gets a file, named by its contents, and the state
 * no password.
 *
 * @param root folder below which the file is kept, and at which its path starts
 * @throws Error that names the chart and why it cannot be had
 */
export async function fetchedChart(
  charts: string,
  name: string,
  version: string,
  root: string,
  access: Access,
): Promise<ChartSource> {
  const archive = await fetchChart(charts, name, version, access);
  const digest = createHash("sha256").update(archive).digest("hex").slice(0, 12);
  const chart = join(CACHE, `${name}-${version}-${digest}.tgz`);
  const file = resolve(root, chart);
  if (!existsSync(file)) {
    await mkdir(dirname(file), { recursive: true });
    // In one step: another run may just look for it.
    await writeFile(`${file}.${process.pid}`, archive);
    await rename(`${file}.${process.pid}`, file);
  }
  return { chart };
}
