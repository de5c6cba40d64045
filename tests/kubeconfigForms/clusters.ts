import { base64, type Form, withCluster, withMore } from "./form.ts";

const BROKEN = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

export const CLUSTERS: readonly Form[] = [
  {
    form: "`certificate-authority`, relative to the kubeconfig",
    config: withCluster(() => ({ "certificate-authority-data": "", "certificate-authority": "pki/ca" })),
    files: ({ ca }) => ({ "pki/ca": ca }),
    kubectl: "certificate",
  },
  {
    form: "`certificate-authority` and `certificate-authority-data`",
    config: withCluster(() => ({ "certificate-authority": "ca" })),
    files: ({ ca }) => ({ ca }),
    kubectl: "refused",
  },
  {
    form: "`certificate-authority` that is missing",
    config: withCluster(() => ({ "certificate-authority-data": "", "certificate-authority": "ca" })),
    kubectl: "refused",
  },
  {
    form: "`certificate-authority-data` that is no certificate",
    config: withCluster(() => ({ "certificate-authority-data": base64("ca") })),
    kubectl: "refused",
  },
  {
    form: "`certificate-authority-data` with a certificate that cannot be parsed before the CA",
    config: withCluster(({ ca }) => ({ "certificate-authority-data": base64(`${BROKEN}${ca}`) })),
    kubectl: "certificate",
  },
  {
    form: "`certificate-authority-data` of which no certificate can be parsed",
    config: withCluster(() => ({ "certificate-authority-data": base64(BROKEN) })),
    kubectl: "refused",
  },
  {
    form: "`certificate-authority-data` with a byte order mark",
    config: withCluster(({ ca }) => ({ "certificate-authority-data": base64(`\ufeff${ca}`) })),
    kubectl: "refused",
  },
  ...(
    [
      ["with line ends of Windows and blank lines", (ca) => ca.replaceAll("\n", "\r\n\r\n"), "certificate"],
      ["whose inner lines are indented", (ca) => ca.replaceAll(/^(?!-)/gm, "  "), "certificate"],
      ["all of whose lines are indented", (ca) => ca.replaceAll(/^/gm, "  "), "refused"],
      ["in one line", (ca) => ca.replaceAll("\n", " "), "refused"],
      ["with text behind its end", (ca) => `${ca.trimEnd()}x`, "refused"],
    ] satisfies [string, (ca: string) => string, Form["kubectl"]][]
  ).map(
    ([what, change, kubectl]): Form => ({
      form: `\`certificate-authority-data\` ${what}`,
      config: withCluster(({ ca }) => ({ "certificate-authority-data": base64(change(ca)) })),
      kubectl,
    }),
  ),
  {
    form: "`certificate-authority-data` of OpenSSL's `TRUSTED CERTIFICATE`",
    config: withCluster(({ ca }) => ({
      "certificate-authority-data": base64(ca.replaceAll(" CERTIFICATE", " TRUSTED CERTIFICATE")),
    })),
    kubectl: "refused",
  },
  {
    form: "`certificate-authority-data` that is the server's own certificate",
    config: withCluster(({ serverCert }) => ({ "certificate-authority-data": base64(serverCert) })),
    kubectl: "certificate",
  },
  {
    form: "no CA: this machine's are trusted (`SSL_CERT_FILE`)",
    config: withCluster(() => ({ "certificate-authority-data": "" })),
    isPublic: true,
    kubectl: "certificate",
  },
  {
    form: "`insecure-skip-tls-verify: true`",
    config: withCluster(() => ({ "certificate-authority-data": "", "insecure-skip-tls-verify": true })),
    kubectl: "certificate",
  },
  {
    form: "`insecure-skip-tls-verify: true` with a CA",
    config: withCluster(() => ({ "insecure-skip-tls-verify": true })),
    kubectl: "refused",
  },
  {
    form: "`tls-server-name`",
    config: withCluster(({ serverName }) => ({ "tls-server-name": serverName })),
    kubectl: "certificate",
  },
  {
    form: "`tls-server-name` that is an address",
    config: withCluster(({ server }) => ({ "tls-server-name": new URL(server).hostname })),
    kubectl: "certificate",
  },
  {
    form: "`proxy-url` http://",
    config: withCluster(({ httpProxy }) => ({ "proxy-url": httpProxy })),
    kubectl: "certificate",
  },
  {
    form: "`proxy-url` socks5://",
    config: withCluster(({ socksProxy }) => ({ "proxy-url": socksProxy })),
    kubectl: "certificate",
  },
  {
    form: "`proxy-url` socks5h://",
    config: withCluster(({ socksProxy }) => ({ "proxy-url": socksProxy.replace("socks5", "socks5h") })),
    kubectl: "refused",
  },
  {
    form: "`proxy-url` without a scheme",
    config: withCluster(({ httpProxy }) => ({ "proxy-url": httpProxy.replace("http://", "") })),
    kubectl: "refused",
  },
  {
    form: "`proxy-url` with a space behind it",
    config: withCluster(({ httpProxy }) => ({ "proxy-url": `${httpProxy} ` })),
    kubectl: "refused",
  },
  {
    form: "`disable-compression: true`",
    config: withCluster(() => ({ "disable-compression": true })),
    kubectl: "certificate",
  },
  {
    form: "`server` with a slash at its end",
    config: withCluster(({ server }) => ({ server: `${server}/` })),
    kubectl: "certificate",
  },
  { form: "no `server`", config: withCluster(() => ({ server: "" })), kubectl: "refused" },
  { form: "`cluster: null`", config: withMore({ clusters: [{ name: "c", cluster: null }] }), kubectl: "refused" },
  {
    form: "`server` without a scheme, which kubectl takes for http://",
    config: withCluster(({ server }) => ({ server: server.replace("https://", "") })),
    kubectl: "refused",
  },
  {
    form: "`server` with a login in it",
    config: withCluster(({ server }) => ({ server: server.replace("//", "//me:secret@") })),
    kubectl: "certificate",
    program: "refused",
    why: "the address goes to the other clusters and into messages, the login must not",
  },
  {
    form: "`server` with a query",
    config: withCluster(({ server }) => ({ server: `${server}?a=b` })),
    kubectl: "certificate",
    program: "refused",
    why: "kubectl drops the query in silence; the address goes to the other clusters",
  },
  {
    form: "`server` that is http:// and not on this machine",
    config: withCluster(({ server }) => ({ server: server.replace("https:", "http:") })),
    kubectl: "refused",
  },
];
