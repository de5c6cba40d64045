// Checks a kubeconfig's cluster by the rules of kubectl (k8s.io/client-go, tools/clientcmd/validation.go) and of other
// clusters' istiods.
import { isIPv4 } from "node:net";
import type { ClusterEntry } from "../kube/kubeconfig.ts";
import { caCertificates } from "../kube/pem.ts";
import { dataOr } from "../kube/userCredentials.ts";
import { fileProblem } from "./kubeconfigFiles.ts";

/** Faults of a cluster, as predicates of its name. URLs are not quoted, because they may contain a login. */
export function clusterProblems(cluster: ClusterEntry, folder: string): string[] {
  const problems = [serverProblem(cluster.server), caProblem(cluster, folder), proxyProblem(cluster["proxy-url"])];
  return problems.filter((problem) => problem !== undefined);
}

function serverProblem(server: string | undefined): string | undefined {
  if (server === undefined) return "names no server";
  if (/^[a-z]+:\/\/[^/]*@/i.test(server)) return "has a login in its server; move it to the user's credentials";
  if (!/^https?:\/\//i.test(server)) return "has a server without a scheme; write https:// before it";
  if (/\s/.test(server) || !URL.canParse(server))
    return "has a server that is not a URL, such as https://203.0.113.7:6443";
  const { hostname } = new URL(server);
  if (isIPv4(hostname) && !server.includes(hostname))
    return `has a server with an abbreviated form of the address ${hostname}; write it out`;
  if (/[?#]/.test(server)) return "has a server with a query or a fragment; remove it, from ? or # on";
  // Allow http:// for `kubectl proxy`, because the connection stays on this machine.
  if (/^(https:\/\/|http:\/\/(127\.|localhost\b|\[::1\]))/i.test(server)) return undefined;
  return "has a server without TLS (http://): tokens would be sent unencrypted; set an https:// address";
}

function caProblem(cluster: ClusterEntry, folder: string): string | undefined {
  const { "certificate-authority": file, "certificate-authority-data": data } = cluster;
  if (!file && !data) return undefined;
  if (cluster["insecure-skip-tls-verify"])
    return "has a CA and insecure-skip-tls-verify, which contradict each other; remove one";
  if (file && data) return "has both certificate-authority and certificate-authority-data; remove one";
  const problem = file && fileProblem("certificate-authority", file, folder);
  if (problem) return problem;
  return caCertificates(dataOr(data, file, folder)?.toString() ?? "").length > 0
    ? undefined
    : `has a ${file ? "certificate-authority" : "certificate-authority-data"} without a certificate in PEM; copy it again`;
}

function proxyProblem(proxyUrl: string | undefined): string | undefined {
  if (proxyUrl === undefined) return undefined;
  return /^(https?|socks5):\/\/[^/\s]\S*$/i.test(proxyUrl) && URL.canParse(proxyUrl)
    ? undefined
    : "has a proxy-url that is not one of http://, https:// or socks5:// (with its port, such as http://proxy.example:3128)";
}
