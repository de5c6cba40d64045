import { isBlock, pathText, problem } from "./problems.ts";
import { structured } from "./raw.ts";

type Raw = Readonly<Record<string, unknown>>;

/** A place of the config that may hold a secret. */
interface Place {
  readonly path: readonly PropertyKey[];
  readonly what: string;
  readonly isSecret: (value: unknown) => boolean;
}

/**
 * Texts that belong encrypted into the stack file and are not.
 *
 * @param isEncrypted whether any part of a key's value, such as that of `clusters`, is
 * @param written the values as the stack file has them, if that is known: they tell an encrypted text from a plain one beside it
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
    // Of these even a text of one line is a secret: a key that was pasted badly.
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

/** Whether a stack file has a text as it is; not where it has another one, because then the config came from elsewhere. */
function isPlain(written: Raw, [key, ...rest]: readonly PropertyKey[], text: unknown): boolean {
  const value = written[String(key)];
  return at(typeof value === "string" ? structured(value) : value, rest) === text;
}

const isText = (value: unknown) => typeof value === "string" && value !== "";

/** Whether a text is a URL that tells a password. */
export function holdsPassword(value: unknown): boolean {
  return typeof value === "string" && URL.canParse(value) && new URL(value).password !== "";
}
