import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
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
