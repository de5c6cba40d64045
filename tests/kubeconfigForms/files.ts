import { stringify } from "yaml";
import { base64, type Form, type Given, kubeconfig, pair, withCluster, withMore, yaml } from "./form.ts";

/** With a merge key among a cluster's own keys; `right` and `wrong` lead to this server and nowhere. */
const merging = (cluster: string) => (given: Given) =>
  [
    `right: &right {server: '${given.server}', certificate-authority-data: ${base64(given.ca)}}`,
    `wrong: &wrong {server: 'https://127.0.0.1:1', certificate-authority-data: ${base64(given.ca)}}`,
    `clusters: [{name: c, cluster: {${cluster}}}]`,
    `users: [{name: u, user: ${JSON.stringify(pair(given))}}]`,
    "contexts: [{name: x, context: {cluster: c, user: u}}]",
  ].join("\n");
const json = (given: Given) => JSON.stringify(kubeconfig(given, { user: pair(given) }));

export const FILES: readonly Form[] = [
  { form: "JSON", config: (given) => JSON.stringify(kubeconfig(given, { user: pair(given) })), kubectl: "certificate" },
  {
    form: "JSON with the escape `\\/`, as PHP writes it",
    config: (given) => json(given).replaceAll("/", "\\/"),
    kubectl: "refused",
  },
  {
    form: "more JSON behind it: only the first object counts",
    config: (given) => `${json(given)}\n${json(given)}x`,
    kubectl: "certificate",
  },
  {
    form: "the context only in the second JSON object",
    config: (given) => `{"a": "}"}${json(given)}`,
    kubectl: "refused",
  },
  {
    form: "without `apiVersion` and `kind`",
    config: withMore({ apiVersion: undefined, kind: undefined }),
    kubectl: "certificate",
  },
  { form: "`kind` other than Config", config: withMore({ kind: "Pod" }), kubectl: "refused" },
  { form: "`apiVersion` other than v1", config: withMore({ apiVersion: "v2" }), kubectl: "refused" },
  {
    form: "half entries of other contexts, such as `kubectl config set-context staging --namespace=web`",
    config: (given) => {
      const whole = kubeconfig(given, { user: pair(given) });
      return {
        ...whole,
        clusters: [...whole.clusters, { name: "half", cluster: null }, {}],
        users: [...whole.users, { name: "bare" }],
        contexts: [...whole.contexts, { name: "staging", context: { namespace: "web" } }, { name: "none" }],
        "current-context": "nowhere",
      };
    },
    kubectl: "certificate",
  },
  {
    form: "`null` among the clusters, users and contexts",
    config: (given) => {
      const whole = kubeconfig(given, { user: pair(given) });
      return {
        clusters: [null, ...whole.clusters],
        users: [null, ...whole.users],
        contexts: [null, ...whole.contexts],
      };
    },
    kubectl: "certificate",
  },
  { form: "an extension without contents", config: withMore({ extensions: [{ name: "a" }] }), kubectl: "certificate" },
  {
    form: "two extensions of one name",
    config: withMore({
      extensions: [
        { name: "a", extension: {} },
        { name: "a", extension: {} },
      ],
    }),
    kubectl: "refused",
  },
  {
    form: "two users of one name, of other contexts",
    config: (given) => {
      const whole = kubeconfig(given, { user: pair(given) });
      return { ...whole, users: [...whole.users, { name: "v" }, { name: "v" }] };
    },
    kubectl: "refused",
  },
  {
    form: "`name: 5` (a number) of a user that the context does not use",
    config: (given) => {
      const whole = kubeconfig(given, { user: pair(given) });
      return { ...whole, users: [...whole.users, { name: 5 }] };
    },
    kubectl: "refused",
  },
  {
    form: '`insecure-skip-tls-verify: "true"`, in quotes',
    config: withCluster(() => ({ "certificate-authority-data": "", "insecure-skip-tls-verify": "true" })),
    kubectl: "refused",
  },
  {
    form: "`insecure-skip-tls-verify: yes`",
    config: (given) =>
      stringify(
        kubeconfig(given, {
          user: pair(given),
          cluster: { "certificate-authority-data": "", "insecure-skip-tls-verify": "YES!" },
        }),
      ).replace(/["']?YES!["']?/, "yes"),
    kubectl: "certificate",
  },
  {
    form: "data that are not base64",
    config: withCluster(() => ({ "certificate-authority-data": "not base64!" })),
    kubectl: "refused",
  },
  {
    form: "unknown keys, `preferences`, `extensions`",
    config: withMore({
      preferences: { colors: true },
      extensions: [{ name: "a", extension: null }],
      other: { any: "thing" },
    }),
    kubectl: "certificate",
  },
  {
    form: "keys in capitals (`Server`) are unknown ones",
    config: withCluster(({ server }) => ({ server: undefined, Server: server })),
    kubectl: "refused",
  },
  {
    form: "YAML anchors and merge keys",
    config: (given) =>
      [
        `base: &base {server: '${given.server}', certificate-authority-data: ${base64(given.ca)}}`,
        "clusters: [{name: c, cluster: {<<: *base, disable-compression: true}}]",
        `users: [{name: u, user: ${JSON.stringify(pair(given))}}]`,
        "contexts: [{name: x, context: {cluster: c, user: u}}]",
      ].join("\n"),
    kubectl: "certificate",
  },
  {
    form: "a merge key behind a key of the same name goes before it",
    config: merging("server: 'https://127.0.0.1:1', <<: *right"),
    kubectl: "certificate",
  },
  {
    form: "two merge keys: the last one counts",
    config: merging("<<: *wrong, <<: *right"),
    kubectl: "certificate",
  },
  {
    form: "a merge key with a list: the first one counts",
    config: merging("<<: [*right, *wrong]"),
    kubectl: "certificate",
  },
  { form: "a merge key without a table", config: merging("<<: text, <<: *right"), kubectl: "refused" },
  {
    form: "`!!binary`",
    config: (given) => {
      const whole = JSON.stringify(kubeconfig(given, { user: { token: "T" } }));
      return whole.replace('{"token":"T"}', `{token: !!binary ${base64(given.token)}}`);
    },
    kubectl: "token",
  },
  {
    form: "a tag of one's own (`!mine`)",
    config: yaml((text) => `${text}other: !mine a\n`),
    kubectl: "certificate",
    program: "refused",
    why: "nothing is known of such tags; remove it",
  },
  { form: "a key that is null", config: yaml((text) => `${text}? \n: a\n`), kubectl: "refused" },
  { form: "a number that JSON has not (`.inf`)", config: yaml((text) => `${text}other: [.inf]\n`), kubectl: "refused" },
  {
    form: "a name that is a number with `_` or of base 2 (`1_000`, `0b1`)",
    config: yaml((text) => `${text.replace("users:", "users:\n  - name: 1_000")}`),
    kubectl: "refused",
  },
  { form: "control characters", config: yaml((text) => `${text}# \u0007\n`), kubectl: "refused" },
  {
    form: "ISO 8859-1",
    config: yaml((text) => Buffer.from(`${text}# caf\u00e9\n`, "latin1")),
    kubectl: "refused",
  },
  { form: "a key twice: the last one counts", config: yaml((text) => `contexts: []\n${text}`), kubectl: "certificate" },
  {
    form: "more YAML documents behind it, even broken ones",
    config: yaml((text) => `---\n${text}---\n{broken\n`),
    kubectl: "certificate",
  },
  {
    form: "the context only in the second YAML document",
    config: yaml((text) => `a: b\n---\n${text}`),
    kubectl: "refused",
  },
  { form: "UTF-8 with a byte order mark", config: yaml((text) => `\ufeff${text}`), kubectl: "certificate" },
  {
    form: "a comment before `---`, with line ends of Windows",
    config: yaml((text) => `# made by a console\n---\n${text}`.replaceAll("\n", "\r\n")),
    kubectl: "certificate",
  },
  { form: "`%YAML 1.2`", config: yaml((text) => `%YAML 1.2\n---\n${text}`), kubectl: "refused" },
  {
    form: "UTF-16, as PowerShell's `>` writes it",
    config: yaml((text) => Buffer.from(`\ufeff${text}`, "utf16le")),
    kubectl: "certificate",
  },
  { form: "an empty file", config: () => "", kubectl: "refused" },
  { form: "a file of comments", config: () => "# nothing\n", kubectl: "refused" },
  { form: "no YAML", config: () => "users: [token: t, {", kubectl: "refused" },
];
