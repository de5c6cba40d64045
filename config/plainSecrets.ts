import { isBlock, pathText, problem } from "./problems.ts";
import { structured } from "./raw.ts";

type Raw = Readonly<Record<string, unknown>>;

/** A field of the config that may contain a secret. */
interface Place {
  readonly path: readonly PropertyKey[];
  readonly what: string;
  readonly isSecret: (value: unknown) => boolean;
}

/**
 * Fields with a plain text that should be encrypted in the stack file.
 *
 * @param isEncrypted whether any part of a key's value, such as that of `clusters`, is encrypted
 * @param written the values as in the stack file, if known: they distinguish encrypted texts from plain ones
 */
export function plainSecrets(raw: Raw, isEncrypted: (key: string) => boolean, written: Raw = {}): string[] {
  return places(raw)
    .filter(({ path, isSecret }) => isSecret(at(raw, path)))
    .filter(({ path }) => !isEncrypted(String(path[0])) || isPlain(written, path, at(raw, path)))
    .map(({ path, what }) =>
      problem(
        path,
        `${what} is not encrypted in the stack file; put it there by: pulumi config set --secret --path '${pathText(path)}' < FILE`,
      ),
    );
}

function places(raw: Raw): Place[] {
  const positions = (key: string) => (Array.isArray(raw[key]) ? [...raw[key].keys()] : []);
  const clusters = positions("clusters");
  const hosts = at(raw, ["vmAccount", "hosts"]);
  const machines = Array.isArray(hosts) ? [...hosts.keys()] : [];
  const keys = [["ca"], ["rootRotation", "ca"]].flatMap((ca) => [
    [...ca, "key"],
    ...Object.keys((at(raw, [...ca, "intermediates"]) as Raw | undefined) ?? {}).map((name) => [
      ...[...ca, "intermediates", name],
      "key",
    ]),
  ]);
  return [
    ...clusters.map((index) => ({
      path: ["clusters", index, "kubeconfig"],
      what: "the text of a kubeconfig",
      isSecret: isBlock,
    })),
    ...clusters.map((index) => ({
      path: ["clusters", index, "proxyUrl"],
      what: "a proxy's password",
      isSecret: holdsPassword,
    })),
    ...keys.map((path) => ({
      path,
      what: "a private key",
      isSecret: isBlock,
    })),
    ...[
      ["istio", "chartAccess", "password"],
      ["gatewayApi", "access", "password"],
      ["metricsServer", "access", "password"],
      ...machines.map((index) => ["vmAccount", "hosts", index, "password"]),
      ...positions("pullSecrets").map((index) => ["pullSecrets", index, "password"]),
    ].map((path) => ({ path, what: "a password", isSecret: isText })),
    // For these fields even a single line counts as a secret: it may be a badly pasted key.
    ...[["vmAccount", "privateKey"], ...machines.map((index) => ["vmAccount", "hosts", index, "privateKey"])].map(
      (path) => ({
        path,
        what: "a private key",
        isSecret: isText,
      }),
    ),
  ];
}

function at(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((part, key) => (part as Record<PropertyKey, unknown> | null | undefined)?.[key], tree);
}

/**
 * Whether the stack file has the text in plain form. False if it has another text, because then the config came from
 * elsewhere.
 */
function isPlain(written: Raw, [key, ...rest]: readonly PropertyKey[], text: unknown): boolean {
  const value = written[String(key)];
  return at(typeof value === "string" ? structured(value) : value, rest) === text;
}

const isText = (value: unknown) => typeof value === "string" && value !== "";

/** Whether a text is a URL with a password. */
export function holdsPassword(value: unknown): boolean {
  return typeof value === "string" && URL.canParse(value) && new URL(value).password !== "";
}
