import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { fetchChart } from "../net/chart.ts";
import { sha256, verifySha256 } from "../net/digest.ts";
import type { Access } from "../net/download.ts";
import { quote } from "./problems.ts";

/** Location of a chart; the fields are those of a Pulumi `Release`. */
export interface ChartSource {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

/**
 * Finds one of Istio's charts in a chart repository (`https://…`), a registry (`oci://…`) or a local folder that holds
 * it as a folder `version/name/` or `name/`, or an archive `name-version.tgz`.
 *
 * @param root folder at which a relative path starts
 * @param isOther whether it is another version than the mesh's: then a folder `name/` must be of that version @default false
 * @throws Error that names the paths tried
 */
export function chartSource(charts: string, name: string, version: string, root: string, isOther = false): ChartSource {
  if (charts.startsWith("https://")) return { chart: name, version, repositoryOpts: { repo: charts } };
  if (charts.startsWith("oci://")) return { chart: `${charts.replace(/\/+$/, "")}/${name}`, version };

  const exists = (path: string) => existsSync(resolve(root, path));
  const ofVersion = join(charts, version, name);
  if (exists(join(ofVersion, "Chart.yaml"))) return { chart: ofVersion };
  const folder = join(charts, name);
  const isFolder = exists(join(folder, "Chart.yaml"));
  if (isFolder && versionIn(resolve(root, folder)) === version) return { chart: folder };
  const archive = join(charts, `${name}-${version}.tgz`);
  if (exists(archive)) return { chart: archive };
  if (isFolder && !isOther) return { chart: folder };
  throw new Error(
    `${quote(charts)} contains neither ${isOther ? `${version}/` : ""}${name}/Chart.yaml nor ${name}-${version}.tgz; ` +
      "give a folder with Istio's charts, an https:// repository or an oci:// registry",
  );
}

const versionIn = (folder: string) =>
  /^version: *"?([^"\s]+)/m.exec(readFileSync(join(folder, "Chart.yaml"), "utf8"))?.[1];

/** @throws Error if a chart in a local folder has another digest, or has none because it is not packed */
export function verifyLocalChart({ chart }: ChartSource, digest: string, root: string): void {
  if (!chart.endsWith(".tgz"))
    throw new Error(`${quote(chart)} is not a packed chart, and only packed charts have a digest; remove it`);
  verifySha256(readFileSync(resolve(root, chart)), digest, chart);
}

/**
 * Cache folder for packed charts. The path is relative, because it is in the stack's state and must be the same on
 * every machine.
 */
const CACHE = join("node_modules", ".cache", "csp-mesh", "charts");

/**
 * Downloads one of Istio's charts with a login or CA. Helm then gets a file, named by its content, so that the state
 * contains no password.
 *
 * @param root folder that contains the cache, and to which the returned path is relative
 * @param expected its SHA-256 digest @default not checked
 * @throws Error that names the chart and the cause
 */
export async function fetchedChart(
  charts: string,
  name: string,
  version: string,
  root: string,
  access: Access,
  expected?: string,
): Promise<ChartSource> {
  const archive = await fetchChart(charts, name, version, access);
  const shown = `${charts.replace(/\/+$/, "")}/${name} ${version}`;
  if (expected !== undefined) verifySha256(archive, expected, shown);
  await refuseBomb(archive, shown);
  const digest = sha256(archive).slice(0, 12);
  const chart = join(CACHE, `${name}-${version}-${digest}.tgz`);
  const file = resolve(root, chart);
  if (!existsSync(file)) {
    await mkdir(dirname(file), { recursive: true });
    // Rename atomically, because another run may read the file.
    await writeFile(`${file}.${process.pid}`, archive);
    await rename(`${file}.${process.pid}`, file);
  }
  return { chart };
}

const MIB = 2 ** 20;
/** Helm's own limit, which Helm only applies late (pkg/chart/loader, MaxDecompressedChartSize). */
const MOST_UNPACKED = 100 * MIB;

async function refuseBomb(archive: Buffer, shown: string): Promise<void> {
  try {
    await promisify(gunzip)(archive, { maxOutputLength: MOST_UNPACKED });
  } catch (error) {
    // Helm reports any other fault of an archive.
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      throw new Error(`${shown} has more than ${MOST_UNPACKED / MIB} MiB unpacked, more than any chart of Istio`);
  }
}
