// Parses kubeconfigs as client-go does (k8s.io/client-go, tools/clientcmd). The config's check, connections and
// commands share this parser.
import * as z from "zod";
import { parsedKubeconfig } from "./parsedKubeconfig.ts";
import { quote } from "./quote.ts";

/** Go treats null as absent. */
const maybe = <Part extends z.ZodType>(part: Part) => part.nullish().transform((value) => value ?? undefined);
/** Go treats an empty string as absent as well. */
const text = z
  .string("must be a string; put it in quotes")
  .nullish()
  .transform((value) => value || undefined);
/** An item of a list of strings, where null means an empty string. */
const item = z
  .string("must be a string; put it in quotes")
  .nullable()
  .transform((value) => value ?? "");
const flag = maybe(z.boolean("must be true or false, without quotes"));
const listOf = <Entry extends z.ZodType>(entry: Entry) =>
  z
    .array(entry, "must be a list")
    .nullish()
    .transform((list) => list ?? []);
const group = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape, "must be a map");
/** A list of groups, where null means an empty group. */
const groups = <Shape extends z.ZodRawShape>(shape: Shape) =>
  listOf(z.preprocess((entry) => entry ?? {}, group(shape)));
const base64 = text.refine(
  (value = "") =>
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value.replaceAll(/[\r\n]/g, "")),
  "is not base64",
);
const extensions = groups({ name: text, extension: z.unknown().optional() }).refine(
  (entries) => new Set(entries.map(({ name }) => name)).size === entries.length,
  "has two entries with the same name, which kubectl refuses; remove one",
);

const clusterSchema = group({
  server: text,
  "tls-server-name": text,
  "insecure-skip-tls-verify": flag,
  "certificate-authority": text,
  "certificate-authority-data": base64,
  "proxy-url": text,
  "disable-compression": flag,
  extensions,
});

const execSchema = group({
  apiVersion: text,
  command: text,
  args: listOf(item),
  env: groups({ name: text, value: text }),
  installHint: text,
  interactiveMode: text,
  provideClusterInfo: flag,
});

const userSchema = group({
  "client-certificate": text,
  "client-certificate-data": base64,
  "client-key": text,
  "client-key-data": base64,
  token: text,
  tokenFile: text,
  as: text,
  "as-uid": text,
  "as-groups": listOf(item),
  "as-user-extra": maybe(z.record(z.string(), listOf(item))),
  username: text,
  password: text,
  "auth-provider": maybe(group({ name: text, config: maybe(z.record(z.string(), item)) })),
  exec: maybe(execSchema),
  extensions,
});

const contextSchema = group({ cluster: text, user: text, namespace: text, extensions });

const kubeconfigSchema = group({
  kind: text.refine((kind) => kind === undefined || kind === "Config", 'must be "Config"'),
  apiVersion: text.refine((version) => version === undefined || version === "v1", 'must be "v1"'),
  clusters: groups({ name: text, cluster: maybe(clusterSchema) }),
  users: groups({ name: text, user: maybe(userSchema) }),
  contexts: groups({ name: text, context: maybe(contextSchema) }),
  "current-context": text,
  preferences: maybe(group({ colors: flag, extensions })),
  extensions,
});

export type Kubeconfig = z.output<typeof kubeconfigSchema>;
export type ClusterEntry = z.output<typeof clusterSchema>;
export type UserEntry = z.output<typeof userSchema>;
/** A user's command. */
export type Exec = z.output<typeof execSchema>;

/** The cluster and the user that a context refers to. */
export interface ContextEntries {
  readonly clusterName: string;
  readonly cluster: ClusterEntry;
  /** Undefined if the context has no user. */
  readonly userName: string | undefined;
  readonly user: UserEntry;
}

/** Compiling a zod parser takes longer than parsing a kubeconfig once. */
const JITLESS = { jitless: true };
const known = new Map<string, Kubeconfig>();

/**
 * Parses a whole kubeconfig. As with kubectl, one malformed entry makes the whole file invalid.
 *
 * @throws Error that quotes nothing of it
 */
export function kubeconfigOf(source: string): Kubeconfig {
  const before = known.get(source);
  if (before) return before;
  let content: unknown;
  try {
    content = parsedKubeconfig(source) ?? {};
  } catch (error) {
    throw new Error(`is not a kubeconfig: ${(error as Error).message}`);
  }
  const { data, error } = kubeconfigSchema.safeParse(content, JITLESS);
  const [issue] = error?.issues ?? [];
  if (issue) throw new Error(`is not a kubeconfig: ${placeOf(issue.path)}${issue.message}`);
  const config = data as Kubeconfig;
  for (const list of ["clusters", "users", "contexts"] as const) {
    const names = config[list].map(({ name = "" }) => name);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined)
      throw new Error(`has two ${list} of the name ${quote(twice)}, which kubectl refuses; remove one`);
  }
  known.set(source, config);
  return config;
}

/**
 * The cluster and the user that a context refers to.
 *
 * @param kubeconfigName name of the kubeconfig in messages
 * @throws Error that names what is missing and lists what exists instead
 */
export function entriesOfContext(kubeconfigName: string, source: string, context: string): ContextEntries {
  const refuse = (what: string) => new Error(`${kubeconfigName}${what}`);
  let config: Kubeconfig;
  try {
    config = kubeconfigOf(source);
  } catch (error) {
    throw refuse(` ${(error as Error).message}`);
  }
  const found = config.contexts.find(({ name }) => name === context);
  if (found === undefined) {
    const names = config.contexts.flatMap(({ name, context }) => (name && context ? [quote(name)] : []));
    throw refuse(` has no context ${quote(context)}; it has ${names.join(", ") || "none"}`);
  }
  const { cluster: clusterName, user: userName } = found.context ?? {};
  const of = `: context ${quote(context)} names`;
  if (clusterName === undefined) throw refuse(`${of} no cluster; set one in it`);
  const cluster = config.clusters.find(({ name }) => name === clusterName);
  if (!cluster) throw refuse(`${of} cluster ${quote(clusterName)}, which is not in the file`);
  const user: { user?: UserEntry | undefined } | undefined =
    userName === undefined ? {} : config.users.find(({ name }) => name === userName);
  if (!user) throw refuse(`${of} user ${quote(userName ?? "")}, which is not in the file`);
  return {
    clusterName,
    cluster: cluster.cluster ?? clusterSchema.parse({}, JITLESS),
    userName,
    user: user.user ?? userSchema.parse({}, JITLESS),
  };
}

/** Whether the server uses TLS: kubectl sends credentials only over TLS. */
export const isSecure = ({ server = "" }: ClusterEntry) => !/^http:/i.test(server);

const placeOf = (path: readonly PropertyKey[]) =>
  path.length === 0
    ? "it "
    : `${path.map((key, depth) => (typeof key === "number" ? `[${key}]` : `${depth === 0 ? "" : "."}${String(key)}`)).join("")} `;

/** Whether the user has static credentials. Then neither a command nor an identity provider is asked. */
export const hasOwnCredentials = (user: UserEntry): boolean =>
  [user.token, user.tokenFile, user.username, user["client-certificate"], user["client-certificate-data"]].some(
    Boolean,
  );
