// Downloads a packed Helm chart from a registry or repository that requires a login or has its own CA. Pulumi's plugin
// up to 4.26 supports neither for registries (pulumi-kubernetes#1914), and a login passed to Helm would be stored in
// the state.
import { load } from "js-yaml";
import { sha256 } from "./digest.ts";
import { type Access, basic, download, get } from "./download.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/**
 * @param charts `https://` repository, or `oci://` registry with a path
 * @throws Error that names the chart and the cause
 */
export async function fetchChart(charts: string, name: string, version: string, access: Access): Promise<Buffer> {
  const base = charts.replace(/\/+$/, "");
  return base.startsWith("oci://") ? pull(`${base}/${name}`, version, access) : find(base, name, version, access);
}

/** Uses the OCI distribution protocol, as `helm pull` does. */
async function pull(chart: string, version: string, access: Access): Promise<Buffer> {
  const { host, pathname } = new URL(chart.replace(/^oci:/, "https:"));
  const [registry, repository] = [`https://${host}/v2`, pathname.slice(1)];
  // A version may contain "+", a tag may not; Helm replaces it by "_".
  const tag = version.replaceAll("+", "_");
  const shown = `${chart}:${tag}`;
  const ask = askRegistry(shown, access);
  const manifest = await ask(`${registry}/${repository}/manifests/${tag}`);
  const { layers = [] }: { layers?: readonly { mediaType: string; digest: string }[] } = JSON.parse(
    manifest.toString(),
  );
  const digest = layers.find(({ mediaType }) => mediaType === CHART)?.digest;
  if (digest === undefined) throw new Error(`${shown} is not a Helm chart; push one by: helm push`);
  return verified(await ask(`${registry}/${repository}/blobs/${digest}`), digest.replace("sha256:", ""), shown);
}

/** Sends the first request without credentials, because the answer says which kind the registry requires. */
function askRegistry(shown: string, access: Access): (url: string) => Promise<Buffer> {
  const failed = (why: string) => new Error(`${shown} cannot be read (${why}); ${ADVICE}`);
  let authorization: string | undefined;
  return async (url) => {
    const attempt = () => get(new URL(url), access, { accept: MANIFEST, ...(authorization && { authorization }) });
    const answer = await attempt()
      .then(async (first) => {
        if (first.status !== 401 || authorization !== undefined) return first;
        authorization = await credentials(first.headers["www-authenticate"] ?? "", access);
        return authorization === undefined ? first : attempt();
      })
      .catch((error: Error) => {
        throw failed(error.message);
      });
    if (answer.status !== 200) throw failed(`HTTP ${answer.status}`);
    return answer.body;
  };
}

/**
 * The Authorization header that a registry's challenge requires: the login itself, or a token that the registry's token
 * server issues for it.
 */
async function credentials(challenge: string, access: Access): Promise<string | undefined> {
  const login = basic(access);
  if (!/^bearer /i.test(challenge)) return login;
  const { realm = "", ...scope } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  );
  const url = new URL(realm);
  for (const key of ["service", "scope"]) if (scope[key] !== undefined) url.searchParams.set(key, scope[key]);
  const { status, body } = await get(url, access, login ? { authorization: login } : {});
  if (status !== 200) throw new Error(`HTTP ${status} from ${url.origin}, which grants its tokens`);
  const { token, access_token } = JSON.parse(body.toString());
  return `Bearer ${token ?? access_token}`;
}

interface Index {
  readonly entries?: Readonly<Record<string, readonly { version: string; urls: readonly string[]; digest?: string }[]>>;
}

/** Uses the index of a chart repository, as `helm pull --repo` does. */
async function find(repository: string, name: string, version: string, access: Access): Promise<Buffer> {
  const index = load((await download(`${repository}/index.yaml`, access, ADVICE)).toString()) as Index;
  const entry = index.entries?.[name]?.find((candidate) => candidate.version === version);
  if (entry?.urls[0] === undefined) throw new Error(`${repository} has no chart ${name} of version ${version}`);
  const url = new URL(entry.urls[0], `${repository}/`);
  // The login is for the repository only. Do not send it to an archive on another host.
  const { ca } = access;
  const archive = await download(url.href, url.origin === new URL(repository).origin ? access : { ca }, ADVICE);
  return entry.digest === undefined ? archive : verified(archive, entry.digest, url.href);
}

function verified(archive: Buffer, digest: string, shown: string): Buffer {
  if (sha256(archive) === digest) return archive;
  throw new Error(`${shown} does not match its digest ${digest.slice(0, 12)}…; it was changed in transit`);
}

const ADVICE = "see istio.charts, and istio.chartAccess for its login and CA";
