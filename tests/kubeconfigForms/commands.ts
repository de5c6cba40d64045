import { type Form, type Given, kubeconfig, pair, withUser } from "./form.ts";

const VERSION = "client.authentication.k8s.io";
const login = ({ token }: Given, version = "v1", status: object = { token }) => ({
  login: `#!/bin/sh\nprintf %s "$KUBERNETES_EXEC_INFO" > "$(dirname "$0")/info"\nprintf %s '${JSON.stringify({ kind: "ExecCredential", apiVersion: `${VERSION}/${version}`, status })}'\n`,
});
const exec = (more: object = {}) => ({
  exec: { apiVersion: `${VERSION}/v1`, interactiveMode: "Never", command: "./login", ...more },
});

export const COMMANDS: readonly Form[] = [
  {
    form: "`exec` of v1, `command` relative to the kubeconfig",
    config: withUser(() => exec()),
    files: login,
    kubectl: "token",
  },
  {
    form: "`exec` of v1beta1 without `interactiveMode`",
    config: withUser(() => exec({ apiVersion: `${VERSION}/v1beta1`, interactiveMode: undefined })),
    files: (given) => login(given, "v1beta1"),
    kubectl: "token",
  },
  {
    form: "`exec` that gives a certificate",
    config: withUser(() => exec()),
    files: (given) => login(given, "v1", { clientCertificateData: given.cert, clientKeyData: given.key }),
    kubectl: "certificate",
  },
  {
    form: "`exec` with `provideClusterInfo: true` and an extension for the command",
    config: (given) =>
      kubeconfig(given, {
        user: exec({ provideClusterInfo: true }),
        cluster: {
          "tls-server-name": given.serverName,
          "disable-compression": true,
          extensions: [{ name: `${VERSION}/exec`, extension: { audience: "a" } }],
        },
      }),
    files: login,
    kubectl: "token",
  },
  {
    form: "the same with `certificate-authority` and `proxy-url`",
    config: (given) =>
      kubeconfig(given, {
        user: exec({ provideClusterInfo: true }),
        cluster: {
          "certificate-authority-data": "",
          "certificate-authority": "ca",
          "proxy-url": given.httpProxy,
        },
      }),
    files: (given) => ({ ...login(given), ca: given.ca }),
    kubectl: "token",
  },
  {
    form: "`args` and `env`",
    config: withUser(({ token }) =>
      exec({
        command: "sh",
        args: ["-c", `printf '{"kind":"ExecCredential","apiVersion":"${VERSION}/v1","status":{"token":"%s"}}' "$T"`],
        env: [{ name: "T", value: token }],
      }),
    ),
    kubectl: "token",
  },
  {
    form: "`env` with an entry without a name",
    config: withUser(() => exec({ env: [{ value: "x" }] })),
    files: login,
    kubectl: "refused",
  },
  {
    form: "`exec` of v1alpha1",
    config: withUser(() => exec({ apiVersion: `${VERSION}/v1alpha1` })),
    files: login,
    kubectl: "refused",
  },
  {
    form: "`exec` without `apiVersion`",
    config: withUser(() => exec({ apiVersion: undefined })),
    files: login,
    kubectl: "refused",
  },
  {
    form: "`exec` of v1 without `interactiveMode`",
    config: withUser(() => exec({ interactiveMode: undefined })),
    files: login,
    kubectl: "refused",
  },
  {
    form: "`interactiveMode: Always`, without a terminal",
    config: withUser(() => exec({ interactiveMode: "Always" })),
    files: login,
    kubectl: "refused",
  },
  {
    form: "`interactiveMode: Perhaps`",
    config: withUser(() => exec({ interactiveMode: "Perhaps" })),
    files: login,
    kubectl: "refused",
  },
  {
    form: "a command that answers in another version than asked",
    config: withUser(() => exec()),
    files: (given) => login(given, "v1beta1"),
    kubectl: "refused",
  },
  {
    form: "a script without `#!`",
    config: withUser(() => exec()),
    files: (given) => ({ login: login(given).login.replace("#!/bin/sh\n", "") }),
    kubectl: "refused",
  },
  {
    form: "a script with a byte order mark",
    config: withUser(() => exec()),
    files: (given) => ({ login: `\ufeff${login(given).login}` }),
    kubectl: "refused",
  },
  {
    form: "`args: [null]`, which is an empty text",
    config: withUser(() => exec({ args: [null] })),
    files: login,
    kubectl: "token",
  },
  {
    form: "a command that answers without `kind`",
    config: withUser(() => exec()),
    files: (given) => ({ login: login(given).login.replace('"kind":"ExecCredential",', "") }),
    kubectl: "token",
  },
  {
    form: "a command that gives two JSON objects",
    config: withUser(() => exec()),
    files: (given) => ({ login: login(given).login.repeat(2) }),
    kubectl: "refused",
  },
  {
    form: "a command that gives a certificate with a byte order mark",
    config: withUser(() => exec()),
    files: (given) => login(given, "v1", { clientCertificateData: `\ufeff${given.cert}`, clientKeyData: given.key }),
    kubectl: "refused",
  },
  ...["", "2030-02-30T00:00:00Z", "2030-02-20t00:00:00z"].map(
    (expirationTimestamp): Form => ({
      form: `a command whose \`expirationTimestamp\` is \`"${expirationTimestamp}"\``,
      config: withUser(() => exec()),
      files: (given) => login(given, "v1", { token: given.token, expirationTimestamp }),
      kubectl: "refused",
    }),
  ),
  {
    form: "a command that gives nothing",
    config: withUser(() => exec()),
    files: (given) => login(given, "v1", {}),
    kubectl: "refused",
  },
  {
    form: "a command that gives a token that is no text",
    config: withUser(() => exec()),
    files: (given) => login(given, "v1", { token: 5 }),
    kubectl: "refused",
  },
  {
    form: "a command whose `expirationTimestamp` is no time",
    config: withUser(() => exec()),
    files: (given) => login(given, "v1", { token: given.token, expirationTimestamp: "tomorrow" }),
    kubectl: "refused",
  },
  {
    form: "a command that fails",
    config: withUser(() => exec({ command: "false" })),
    kubectl: "refused",
  },
  { form: "a command that is not there", config: withUser(() => exec()), kubectl: "refused" },
  { form: "`exec: {}`", config: withUser((given) => ({ ...pair(given), exec: {} })), kubectl: "refused" },
  {
    form: "`exec: null`, `auth-provider: null`",
    config: withUser((given) => ({ ...pair(given), exec: null, "auth-provider": null })),
    kubectl: "certificate",
  },
  {
    form: "`exec` and `token`: no command is run, and none need be there",
    config: withUser(({ token }) => ({ ...exec(), token })),
    kubectl: "token",
  },
  {
    form: "`exec` and a certificate, likewise",
    config: withUser((given) => ({ ...exec(), ...pair(given) })),
    kubectl: "certificate",
  },
  {
    form: "`exec` and `auth-provider`",
    config: withUser(() => ({ ...exec(), "auth-provider": { name: "oidc" } })),
    files: login,
    kubectl: "refused",
  },
  ...["gcp", "azure", "openstack"].map(
    (name): Form => ({
      form: `\`auth-provider\` ${name}`,
      config: withUser(() => ({ "auth-provider": { name } })),
      kubectl: "refused",
    }),
  ),
  {
    form: "`auth-provider` oidc without `idp-issuer-url`",
    config: withUser(() => ({ "auth-provider": { name: "oidc", config: { "client-id": "c", "id-token": "t" } } })),
    kubectl: "refused",
  },
  {
    form: "`auth-provider` oidc whose `idp-certificate-authority` is missing, and `token`",
    config: withUser(({ token }) => ({
      token,
      "auth-provider": {
        name: "oidc",
        config: { "idp-issuer-url": "https://idp.test", "client-id": "c", "idp-certificate-authority": "/nowhere/ca" },
      },
    })),
    kubectl: "refused",
  },
  {
    form: "`auth-provider` oidc with `null` in its `config`, which is an empty text, and `token`",
    config: withUser(({ token }) => ({
      token,
      "auth-provider": {
        name: "oidc",
        config: { "idp-issuer-url": "https://idp.test", "client-id": "c", "id-token": null },
      },
    })),
    kubectl: "token",
  },
  {
    form: "`auth-provider` oidc without tokens, and `token`",
    config: withUser(({ token }) => ({
      token,
      "auth-provider": { name: "oidc", config: { "idp-issuer-url": "https://idp.test", "client-id": "c" } },
    })),
    kubectl: "token",
  },
];
