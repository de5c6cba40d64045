import { base64, type Form, kubeconfig, pair, withUser } from "./form.ts";

export const USERS: readonly Form[] = [
  { form: "`token`", config: withUser(({ token }) => ({ token })), kubectl: "token" },
  {
    form: "`tokenFile`, relative to the kubeconfig, with a line break at its end",
    config: withUser(() => ({ tokenFile: "token" })),
    files: ({ token }) => ({ token: `${token}\n` }),
    kubectl: "token",
  },
  {
    form: "`tokenFile` and `token`: the file counts",
    config: withUser(() => ({ tokenFile: "token", token: "old" })),
    files: ({ token }) => ({ token }),
    kubectl: "token",
  },
  {
    form: "`token`, and a `tokenFile` that is missing",
    config: withUser(({ token }) => ({ tokenFile: "missing", token })),
    kubectl: "token",
  },
  { form: "`tokenFile` that is missing", config: withUser(() => ({ tokenFile: "missing" })), kubectl: "refused" },
  {
    form: "`tokenFile` with a byte order mark",
    config: withUser(() => ({ tokenFile: "token" })),
    files: ({ token }) => ({ token: `\ufeff${token}` }),
    kubectl: "nobody",
  },
  {
    form: "`token` with a line break in it",
    config: withUser(({ token }) => ({ token: `${token}\n` })),
    kubectl: "refused",
  },
  { form: "`client-certificate-data`, `client-key-data`", config: withUser(pair), kubectl: "certificate" },
  {
    form: "`client-certificate`, `client-key`, relative to the kubeconfig",
    config: withUser(() => ({ "client-certificate": "pki/crt", "client-key": "./pki/key" })),
    files: ({ cert, key }) => ({ "pki/crt": cert, "pki/key": key }),
    kubectl: "certificate",
  },
  {
    form: "`client-certificate-data`, `client-key-data` with line ends of Windows and blank lines",
    config: withUser(({ cert, key }) => ({
      "client-certificate-data": base64(cert.replaceAll("\n", "\r\n\r\n")),
      "client-key-data": base64(key.replaceAll("\n", "\r\n\r\n")),
    })),
    kubectl: "certificate",
  },
  {
    form: "a certificate's file with `client-key-data`",
    config: withUser((given) => ({ ...pair(given), "client-certificate-data": "", "client-certificate": "crt" })),
    files: ({ cert }) => ({ crt: cert }),
    kubectl: "certificate",
  },
  {
    form: "`client-certificate` and `client-certificate-data`",
    config: withUser((given) => ({ ...pair(given), "client-certificate": "crt" })),
    files: ({ cert }) => ({ crt: cert }),
    kubectl: "refused",
  },
  {
    form: "a certificate without a key",
    config: withUser((given) => ({ ...pair(given), "client-key-data": "" })),
    kubectl: "refused",
  },
  {
    form: "a key without a certificate, beside a token",
    config: withUser((given) => ({ ...pair(given), "client-certificate-data": "", token: given.token })),
    kubectl: "token",
  },
  {
    form: "a certificate and another one's key",
    config: withUser((given) => ({ ...pair(given), "client-key-data": base64(given.otherKey) })),
    kubectl: "refused",
  },
  {
    form: "a client key with a byte order mark",
    config: withUser((given) => ({ ...pair(given), "client-key-data": base64(`\ufeff${given.key}`) })),
    kubectl: "refused",
  },
  {
    form: "`client-certificate: ~/…`: `~` is not the home directory",
    config: withUser((given) => ({ ...pair(given), "client-certificate-data": "", "client-certificate": "~/crt" })),
    kubectl: "refused",
  },
  {
    form: "a certificate and a token",
    config: withUser((given) => ({ ...pair(given), token: given.token })),
    kubectl: "certificate",
  },
  {
    form: "`username`, `password`: shown, but Kubernetes has no such users any more",
    config: withUser(() => ({ username: "me", password: "p" })),
    kubectl: "nobody",
  },
  {
    form: "`token` and `username`",
    config: withUser(({ token }) => ({ token, username: "me", password: "p" })),
    kubectl: "refused",
  },
  {
    form: "`tokenFile` and `username`",
    config: withUser(() => ({ tokenFile: "token", username: "me", password: "p" })),
    files: ({ token }) => ({ token }),
    kubectl: "refused",
  },
  { form: "`password` alone", config: withUser(() => ({ password: "p" })), kubectl: "refused" },
  {
    form: "`as`, `as-uid`, `as-groups`, `as-user-extra`",
    config: withUser((given) => ({
      ...pair(given),
      as: "jane",
      "as-uid": "7",
      "as-groups": ["dev", "ops"],
      "as-user-extra": { "example.org/a b": ["1", "2"] },
    })),
    kubectl: "jane",
  },
  {
    form: "`as-groups` without `as`",
    config: withUser((given) => ({ ...pair(given), "as-groups": ["dev"] })),
    kubectl: "refused",
  },
  {
    form: "`as-groups`, `as-user-extra` with `null` in them, which is an empty text",
    config: withUser((given) => ({
      ...pair(given),
      as: "jane",
      "as-groups": ["dev", null],
      "as-user-extra": { a: [null], b: null },
    })),
    kubectl: "jane",
  },
  {
    form: "`as-groups: [null]` without `as`",
    config: withUser((given) => ({ ...pair(given), "as-groups": [null] })),
    kubectl: "refused",
  },
  { form: "a user with nothing in it, without a terminal", config: withUser(() => ({})), kubectl: "refused" },
  { form: "`user: null`", config: withUser(() => null), kubectl: "refused" },
  {
    form: "a context without a user, without a terminal",
    config: (given) => kubeconfig(given, { user: pair(given), context: { user: "" } }),
    kubectl: "refused",
  },
  {
    form: "a context whose user the file lacks",
    config: (given) => kubeconfig(given, { user: pair(given), context: { user: "v" } }),
    kubectl: "refused",
  },
];
