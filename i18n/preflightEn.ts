// The preflight's findings in English.

import type { FaultId } from "../mesh/istioFaults.ts";
import { ENFORCE } from "../mesh/podSecurity.ts";
import type { NodeExclusions, RefusedBy, RefusedByName } from "../mesh/preflightFindings.ts";
import { countsEn } from "./counts.ts";
import type { PreflightMessages } from "./messages.ts";

const FIXED = { means: "", do: "" };
const list = (items: readonly string[]) => items.join(", ");

const FAULTS: Readonly<Record<FaultId, string>> = {
  secretDeadlock: "istiod hangs when a remote secret changes",
  secretPanic: "istiod crashes when a remote secret changes twice in a row",
  secretIgnored: "istiod does not use a changed remote secret until it is restarted",
  gatewaysLost: "after a token rotation or the removal of a cluster, istiod loses gateways of other clusters",
  endpointsWiped: "after a token rotation, istiod loses that cluster's endpoints",
  webhookLate: "istiod is ready before its webhook serves, so the first pods after its start can fail",
};

/** Why nodes do not accept pods, apart from free CPU and memory. */
function keptBy({ nodes, taints, unselected, cordoned }: NodeExclusions): string[] {
  const of = (count: number) => `on ${count} of ${nodes} ${nodes === 1 ? "node" : "nodes"}`;
  return [
    ...taints.map(({ taint, nodes: count }) => `taint ${taint} ${of(count)}`),
    ...(unselected > 0 ? [`labels that their node selector or affinity requires are missing ${of(unselected)}`] : []),
    ...(cordoned > 0 ? [`kubectl cordon ${of(cordoned)}`] : []),
  ];
}

function remediesOf({ taints, unselected, cordoned }: NodeExclusions): string[] {
  const tolerations = taints.map(({ toleration }) => toleration);
  return [
    ...(tolerations.length > 0
      ? [
          `tolerate it, or any of them: pods.tolerations: [${list(tolerations)}], or the same in clusters[].pods or gateway`,
        ]
      : []),
    ...(unselected > 0
      ? ["label nodes, or change pods.nodeSelector, gateway.nodeSelector or istio.values.istiod.pilot"]
      : []),
    ...(cordoned > 0 ? ["kubectl uncordon a node"] : []),
  ];
}

/** What to do about each kind of admission check that has a name. */
const remedies = (name: string): Readonly<Record<RefusedByName["is"], string>> => ({
  webhook: `ask the operators of the webhook ${name} to allow the object`,
  brokenWebhook: `repair the webhook ${name}, which does not answer: the cluster refuses every such object until then`,
  policy: `ask the owner of the ValidatingAdmissionPolicy ${name} to allow the object`,
});

const nameOf = (by: RefusedBy) => ("name" in by ? by.name : "");

export const preflightEn: PreflightMessages = {
  columns: ["", "CLUSTER", "FOUND", "MEANS", "DO"],
  severities: { ok: "ok", warning: "warning", error: "error" },
  result: ({ errors, warnings }) =>
    errors > 0
      ? `${countsEn(errors, warnings)}. Fix the errors, then run again.`
      : warnings > 0
        ? `${countsEn(errors, warnings)}. The mesh can work.`
        : "No errors, no warnings. The mesh can work.",
  refused: 'the clusters are not ready for the mesh; nothing was created. Fix the errors, then run "pulumi up" again',
  warned: "the mesh can work, with these warnings (all findings: npm run mesh -- preflight)",
  findings: {
    reached: ({ server, command }) => ({
      found: `${server} answers${command === undefined ? "" : `, with credentials from ${command}`}`,
      ...FIXED,
    }),
    commandFailed: ({ command, said }) => ({
      found: `${command} gives no credentials: ${said}`,
      means: "nothing can be created in the cluster",
      do: `run ${command} by hand, as the kubeconfig does, and correct the error that it prints`,
    }),
    notReached: ({ server, said }) => ({
      found: `${server} cannot be reached: ${said}`,
      means: "nothing can be created in the cluster",
      do: "check that the kubeconfig is current, that this machine may reach the API server (access list, VPN), and HTTPS_PROXY",
    }),
    noApiServer: ({ server, status }) => ({
      found: `${server} answers HTTP ${status}, but not as a Kubernetes API server`,
      means: "another server is at this address, or in front of the API server",
      do: "check that `server` in the kubeconfig is the API server, and that no proxy or login page is in between",
    }),
    notLetIn: ({ server, command }) => ({
      found: `${server} refuses the credentials${command === undefined ? "" : ` from ${command}`}`,
      means: "nothing can be created in the cluster",
      do:
        command === undefined
          ? "get a new kubeconfig: its token or certificate has expired or was revoked"
          : `check as which account ${command} logs in, and that the cluster accepts it`,
    }),
    sameCluster: ({ peer }) => ({
      found: `it is the same cluster as ${peer}: namespace kube-system has the same UID in both`,
      means: "the cluster would be its own peer, but a mesh needs different clusters",
      do: "give each entry of clusters the kubeconfig and context of a different cluster",
    }),
    supported: ({ istio, kubernetes }) => ({ found: `Istio ${istio} supports Kubernetes ${kubernetes}`, ...FIXED }),
    unsupported: ({ istio, kubernetes, supported, lines, severity }) => ({
      found: `Istio ${istio} does not support Kubernetes ${kubernetes}; it supports ${supported}`,
      means: "Istio does not test this combination, and does not fix its faults",
      do: [
        lines.length > 0
          ? `set istio.version to a release of ${list(lines)}`
          : "change the cluster to a Kubernetes version that Istio supports",
        ...(severity === "error" ? ["or set istio.allowUnsupported to true to try it anyway"] : []),
      ].join("; "),
    }),
    istioNotListed: ({ istio, listed }) => ({
      found: `this program does not know which Kubernetes Istio ${istio} supports; it knows ${listed}`,
      means: "the combination may not be supported",
      do: "see https://istio.io/latest/docs/releases/supported-releases/",
    }),
    istioAtEndOfLife: ({ istio, date, lines }) => ({
      found: `Istio ${istio} is past its end of life (${date})`,
      means: "it gets no security fixes any more",
      do:
        lines.length > 0
          ? `set istio.version to a release of ${list(lines)}`
          : "set istio.version to a newer minor release; upgrade the cluster's Kubernetes first if that release requires it",
    }),
    istioFaults: ({ istio, faults, mended }) => ({
      found: `Istio ${istio} has known faults: ${faults.map(({ id, issue }) => `${FAULTS[id]} (istio#${issue})`).join("; ")}`,
      means: "requests between clusters, or new pods, can fail until an istiod is restarted",
      do: `set istio.version to ${mended} or a later one`,
    }),
    allowed: ({ rights }) => ({
      found:
        rights === "all" ? "the account may do everything" : `the account has all ${rights} rights that are needed`,
      ...FIXED,
    }),
    notAllowed: ({ rights }) => ({
      found: `the account may not: ${rights.join("; ")}`,
      means: "pulumi up or pulumi destroy would fail half-way",
      do: "npm run --silent mesh -- rights --output yaml prints the ClusterRole with all rights: ask an administrator to apply it, or use another account's kubeconfig (docs/rights.md)",
    }),
    notAllowedForRotation: ({ rights }) => ({
      found: `the account may not: ${rights.join("; ")}`,
      means:
        "npm run mesh -- rotate-root stops at its gate, because it cannot ask the sidecars in these namespaces for their certificates; pulumi up does not need it",
      do: "grant it in every namespace with sidecars during the root rotation (docs/rights.md)",
    }),
    notSeen: ({ paths }) => ({
      found: `the account may not read ${list(paths)}`,
      means: "checks that need these are skipped",
      do: "allow the account to read them, or check them yourself",
    }),
    notChecked: ({ said }) => ({
      found: `not everything could be checked: ${said.join("; ")}`,
      means: "the cluster's control plane is faulty or overloaded",
      do: "run it again; if this persists, repair the cluster first",
    }),
    endedRegistry: ({ images }) => ({
      found: `nodes have images from a registry of Istio that shuts down in 2026-12: ${list(images)}`,
      means: "a pod with such an image cannot start on another node after that",
      do: "make their users, such as an add-on or a former mesh, pull from docker.io/istio, or remove them",
    }),
    endedHub: ({ hub }) => ({
      found: `istio.hub is ${hub}, which shuts down in 2026-12`,
      means: "after that no pod of the mesh can start on a node that has no copy of its image",
      do: "set istio.hub to docker.io/istio, or remove it",
    }),
    nodesReady: ({ nodes }) => ({ found: `nodes that accept pods: ${nodes}`, ...FIXED }),
    nodesNotReady: ({ names, usable }) => ({
      found: `nodes not ready: ${list(names)}; ${usable} accept pods`,
      means: "the cluster has less capacity than intended, and may lose more",
      do: "check these nodes: kubectl describe node",
    }),
    noNode: ({ notReady, cordoned }) => ({
      found: [
        "no node accepts pods",
        ...(notReady.length > 0 ? [`not ready: ${list(notReady)}`] : []),
        ...(cordoned.length > 0 ? [`cordoned: ${list(cordoned)}`] : []),
      ].join("; "),
      means: "istiod and gateway would stay Pending",
      do: "add a node, repair one (kubectl describe node), or kubectl uncordon one",
    }),
    room: ({ pods, needed, free }) => ({
      found: `room for ${pods} pods: ${needed.cpu}m CPU and ${needed.memory}Mi of ${free.cpu}m and ${free.memory}Mi free`,
      ...FIXED,
    }),
    noRoom: (finding) => {
      const { pods, needed, free, grows } = finding;
      const kept = keptBy(finding);
      return {
        found: [
          `no node has room for ${list(pods)}: ${needed.cpu}m CPU and ${needed.memory}Mi are requested in all, ${free.cpu}m and ${free.memory}Mi free`,
          ...(kept.length > 0 ? [`other nodes do not accept them: ${list(kept)}`] : []),
        ].join("; "),
        means: grows ? "they wait until the cluster autoscaler adds a node" : "they would stay Pending",
        do: [
          "add nodes, or request less: istiod.resources, gateway.resources, sample.resources, istio.values.istiod.global.proxy.resources",
          ...remediesOf(finding).map((remedy) => `or ${remedy}`),
        ].join("; "),
      };
    },
    noNodeForPods: (finding) => ({
      found: `no node accepts ${list(finding.pods)}: ${list(keptBy(finding))}`,
      means: finding.grows
        ? "they wait until the cluster autoscaler adds a node that accepts them, if it can"
        : "they would stay Pending, even if the nodes have free CPU and memory",
      do: remediesOf(finding).join("; "),
    }),
    clusterDomain: ({ domain }) => ({ found: `cluster domain: ${domain}`, ...FIXED }),
    clusterDomainUnknown: ({ domain }) => ({
      found: "neither a Corefile in kube-system nor a kubelet shows the cluster's DNS domain",
      means: `if it is not ${domain}, Services of the other clusters are not found`,
      do: `run kubectl run domain -it --rm --restart=Never --image=busybox -- cat /etc/resolv.conf; if svc.${domain} is not among the search domains, set csp-mesh:clusterDomain to the domain behind svc.`,
    }),
    clusterDomainDiffers: ({ domains, source, configured, shared }) => ({
      found: `the cluster's DNS domain is ${domains.join(", ")} (${source}), the config's ${configured}`,
      means:
        "sidecars and gateways would know Services by names that do not exist, and requests between clusters would fail",
      do: `set csp-mesh:clusterDomain to ${shared}`,
    }),
    clusterDomainsDiffer: ({ domains, source, configured, peer, peerDomains }) => ({
      found: `the cluster's DNS domain is ${domains.join(", ")} (${source}), that of ${peer} ${peerDomains.join(", ")}, the config's ${configured}`,
      means: "a Service would have a different name in each cluster, and requests between clusters would fail",
      do: "create the clusters with the same domain (kubeadm: networking.dnsDomain; k3s, RKE2: cluster-domain), or remove this one from the mesh",
    }),
    loadBalancer: ({ address, provider }) => ({
      found: {
        hostname: `${provider} gives load balancers a hostname`,
        ip: `${provider} gives load balancers an IP`,
        unknown: `whether load balancers get an IP or a hostname is known once the gateway has one (${provider})`,
      }[address],
      ...FIXED,
    }),
    externalAddress: ({ address }) => ({ found: `the config sets the gateway's address: ${address}`, ...FIXED }),
    nodePortTaken: ({ port, service, field }) => ({
      found: `node port ${port} of ${field} is already used by Service ${service}`,
      means: "the API server would refuse the gateway's Service",
      do: `choose another node port in ${field}, or change that Service`,
    }),
    loadBalancersPending: ({ services }) => ({
      found: `Services without a load balancer: ${list(services)}`,
      means: "the gateway's Service may stay Pending as well, and pulumi up would time out",
      do: "kubectl describe these Services (quota, subnet, missing controller), or set the cluster's gateway.externalAddress",
    }),
    storageClass: ({ names }) => ({ found: `default StorageClass: ${list(names)}`, ...FIXED }),
    storageClassComes: ({ name }) => ({ found: `no default StorageClass; ${name} will be created`, ...FIXED }),
    noStorageClass: ({ field }) => ({
      found: "no default StorageClass",
      means: "the mesh needs none, but workloads with volumes would stay Pending",
      do: `set ${field}, if the provider has a driver`,
    }),
    metrics: () => ({ found: "metrics are served", ...FIXED }),
    metricsCome: () => ({ found: "no metrics API; metrics-server will be installed", ...FIXED }),
    noMetrics: () => ({
      found: "no metrics API",
      means: "autoscalers of gateways and istiods stay at their minimum",
      do: "set metricsServer.source",
    }),
    metricsNotServed: ({ said }) => ({
      found: `metrics are not served: ${said}`,
      means: "autoscalers of gateways and istiods stay at their minimum, and deleted namespaces do not end",
      do: "check its metrics-server: kubectl get apiservice v1beta1.metrics.k8s.io",
    }),
    cni: ({ name }) => ({ found: `CNI: ${name}, compatible with Istio`, ...FIXED }),
    ciliumReady: () => ({ found: "Cilium is configured for Istio", ...FIXED }),
    ciliumChanges: ({ settings }) => ({
      found: `Cilium gets ${list(settings)} and one restart, until pulumi destroy`,
      ...FIXED,
    }),
    ciliumNotForIstio: ({ settings, field }) => ({
      found: `Cilium lacks settings that Istio needs, and the config forbids changing it; needed: ${list(settings)}`,
      means: "requests may bypass the sidecars",
      do: `set them yourself, or ${field} to true`,
    }),
    ciliumChangedByOthers: ({ said }) => ({
      found: `Cilium settings changed by others: ${said.join("; ")}`,
      means: "requests may bypass the sidecars",
      do: "make the tool or person that sets it keep the value that Istio needs",
    }),
    ciliumChangedSince: ({ settings }) => ({
      found: `Cilium lacks ${list(settings)}, although the mesh exists: they were reverted, or Cilium was reinstalled`,
      means: "requests may bypass the sidecars; without --refresh an unchanged stack leaves Cilium as it is",
      do: 'run "pulumi up --refresh": it sets them again and restarts Cilium once; add a setting that shall stay as it is to cilium.leave',
    }),
    ciliumL7InUse: ({ uses, key, field }) => ({
      found: `Cilium's layer 7 proxy is in use: ${list(uses)}`,
      means: `Istio needs ${key}=false: these would stop working, and agents of some Cilium releases do not start with it`,
      do: `add ${key} to ${field}, or remove these objects from the cluster`,
    }),
    ciliumWithoutConfig: ({ namespace, field }) => ({
      found: `Cilium is installed, but ConfigMap ${namespace}/cilium-config does not exist`,
      means: "its settings for Istio cannot be read or changed",
      do: `configure Cilium for Istio yourself, and set ${field}.patch to false`,
    }),
    ciliumSeveral: ({ daemonSets, field }) => ({
      found: `several DaemonSets have Cilium's label: ${list(daemonSets)}`,
      means: "the program cannot tell which of them to configure for Istio",
      do: `set ${field}`,
    }),
    openShift: () => ({
      found: "OpenShift; Istio has the values for it",
      means: "the dry run does not apply its SecurityContextConstraints",
      do: "check that Istio's chart cni is installed",
    }),
    openShiftRefuses: () => ({
      found: "OpenShift: its SecurityContextConstraints (SCC) admit pods, and the dry run does not apply them",
      means:
        "the default restricted-v2 refuses gateways and sidecars, which run as user 1337, and the init containers of sidecars (NET_ADMIN)",
      do: "install Istio's chart cni with global.platform openshift, and set istio.values.istiod.global.platform to openshift; or grant an SCC that admits them, such as: oc adm policy add-scc-to-group privileged system:serviceaccounts:istio-system, and likewise for each namespace with sidecars",
    }),
    noIstio: () => ({ found: "Istio is not installed yet", ...FIXED }),
    claimed: ({ owner }) => ({ found: `the cluster belongs to this stack, ${owner}`, ...FIXED }),
    claimedByOther: ({ owner, mesh, name }) => ({
      found: `the cluster belongs to the mesh "${mesh}" of the stack ${owner}, as its cluster "${name}"`,
      means: "two stacks would overwrite and delete each other's Istio, so nothing is changed",
      do: "use that stack, or destroy it first; if its state is lost, or after pulumi stack rename, run: npm run mesh -- adopt",
    }),
    claimedAsOther: ({ name }) => ({
      found: `the context is for the cluster "${name}" of this mesh`,
      means: "a cluster cannot have two names, and cannot be renamed while it is in the mesh",
      do: "correct clusters[].context; to rename a cluster, remove it from the config, run pulumi up, and add it under its new name",
    }),
    ownIstio: () => ({ found: "Istio is installed by this mesh", ...FIXED }),
    istiodMissing: ({ webhook }) => ({
      found: `the mesh's istiod does not exist, but its ValidatingWebhookConfiguration ${webhook} does`,
      means:
        "the API server refuses Istio's resources, in the dry runs of a preview as well, and new pods get no sidecar",
      do: 'run "pulumi up --refresh --skip-preview": it creates istiod again before the resources that the webhook validates',
    }),
    othersIstio: ({ parts }) => ({
      found: `an Istio that this program did not install: ${list(parts)}`,
      means: "two overwrite each other's webhooks and roles",
      do: 'if the former script installed it, take it over: docs/guide.en.md, section 8; if it is an add-on of the provider, remove it in the console; otherwise use "helm uninstall" or "kubectl delete". It may be only the remains of an old installation',
    }),
    othersResources: ({ resources }) => ({
      found: `custom resources of an earlier Istio: ${list(resources)}`,
      means: "this mesh's istiod would apply them, and pulumi destroy would delete them with Istio's CRDs",
      do: "delete them, or set istio.keepCrds to true to use and keep them",
    }),
    namespaceComes: ({ namespace }) => ({ found: `namespace ${namespace} will be created`, ...FIXED }),
    namespaceOurs: ({ namespace }) => ({ found: `namespace ${namespace} belongs to this mesh`, ...FIXED }),
    namespaceLent: ({ namespace }) => ({
      found: `namespace ${namespace} exists; it keeps its labels, and stays when the mesh is destroyed`,
      ...FIXED,
    }),
    namespaceEnds: ({ namespace, said }) => ({
      found: `namespace ${namespace} is being deleted${said === "" ? "" : `: ${said}`}`,
      means: "nothing can be created in it",
      do: `wait until it is gone; if it stays, correct the causes in its conditions (kubectl get namespace ${namespace} -o yaml)`,
    }),
    namespaceKeepsSidecarsOut: ({ namespace, label }) => ({
      found: `namespace ${namespace} is not the program's own, and has the label ${label}`,
      means: "the sample's pods would get no sidecars of this mesh",
      do: "set sample.namespace to another name",
    }),
    systemKeepsProxiesOut: ({ namespace, label }) => ({
      found: `namespace ${namespace} has the label ${label}`,
      means: "the gateways in it get no proxy, and their pods do not start",
      do: `remove the label: kubectl label namespace ${namespace} ${label.replace(/=.*/, "")}-`,
    }),
    refused: ({ objects, namespace = "", said, by }) => ({
      found: `the cluster refuses ${list(objects)} in a dry run: ${said}`,
      means: "pulumi up would fail, or wait for pods that are never created",
      do: {
        podSecurity: `give namespace ${namespace} a level that admits these pods: kubectl label namespace ${namespace} --overwrite ${ENFORCE}=baseline, or privileged`,
        podSecurityOfSidecars: `injected pods set up their network in an init container with NET_ADMIN: install Istio's chart cni in the cluster and set istio.values.istiod.pilot.cni.enabled to true; or label namespace ${namespace} ${ENFORCE}=privileged. The same holds for your own namespaces with sidecars`,
        quota:
          "raise the quota or the LimitRange, or set requests and limits: istiod.resources, gateway.resources, ingress.resources, sample.resources, istio.values.istiod.global.proxy.resources",
        ...remedies(nameOf(by)),
        other: "correct the cause in this message, or ask the cluster's administrator to allow the object",
      }[by.is],
    }),
    refusedInDefault: ({ objects, namespace, said, by }) => ({
      found: `the cluster refuses ${list(objects)} in a dry run in namespace default, because ${namespace} does not exist yet: ${said}`,
      means: `pulumi up fails if the same holds for namespace ${namespace}`,
      do: remedies(by.name)[by.is],
    }),
    namesTaken: ({ namespace, objects, severity }) => ({
      found: `namespace ${namespace} has objects of others with names that the mesh needs: ${list(objects)}`,
      means:
        severity === "error" ? "pulumi up does not change them, and fails" : "pulumi up may fail, or overwrite them",
      do:
        namespace === "istio-system"
          ? "remove them, if nothing uses them"
          : "set sample.namespace to another name, or remove them",
    }),
    dryRunsRefused: ({ webhooks }) => ({
      found: `webhooks that do not support dry runs: ${list(webhooks)}; whether they would refuse the objects is unknown`,
      ...FIXED,
    }),
    gatewayApi: ({ release, ours }) => ({
      found: `Gateway API ${release}, ${ours ? "installed by this program" : "the cluster's own, which stays unchanged"}`,
      ...FIXED,
    }),
    gatewayApiComes: ({ release, from }) => ({
      found: [
        `Gateway API ${release ?? "as in gatewayApi.source"}`,
        from === undefined ? "will be installed" : `will replace ${from}`,
      ].join(" "),
      ...FIXED,
    }),
    noGatewayApi: () => ({ found: "no Gateway API, and the config installs none", ...FIXED }),
    gatewayApiKindsIgnored: ({ release, istio, kinds, wanted, ours }) => ({
      found: `Istio ${istio} ignores ${list(kinds)} of Gateway API ${release}; it was built with ${wanted}`,
      means: "resources of these kinds have no effect, and nothing reports it",
      do: ours
        ? `set gatewayApi.source to the manifest of ${wanted}, or remove it`
        : `nothing, unless you use these kinds: then change the cluster's own Gateway API to ${wanted}`,
    }),
    gatewayApiDiffers: ({ releases, wanted, is }) => ({
      found: `the cluster has its own Gateway API ${list(releases)}; the config's release (gatewayApi.source): ${wanted}`,
      means: {
        newer: "it stays unchanged; this Istio may not know all of it",
        older: "it stays unchanged; Istio ignores resources of kinds that are too old for it",
        mixed: "it stays unchanged; CRDs of several releases may not work together",
      }[is],
      do: "nothing, unless you use the Gateway API's kinds: then check which release your Istio needs",
    }),
    rootKept: ({ root }) => ({ found: `the mesh keeps its root certificate, ${root}…`, ...FIXED }),
    rootWouldChange: ({ field, live, wanted }) => ({
      found: `${field} would replace the mesh's root certificate: the live one has ${live}, the config wants ${wanted}`,
      means:
        "the root would change in one step, but an istiod takes a new root only when it restarts: until all istiods and workloads have restarted, the clusters refuse each other's certificates",
      do: `restore the former value of ${field}. For another root, put the new settings into csp-mesh:rootRotation.ca and run npm run mesh -- rotate-root`,
    }),
    rootsDiffer: ({ root, peer, peerRoot }) => ({
      found: `its root certificate is ${root}…, and that of ${peer} is ${peerRoot}…`,
      means: "the clusters refuse each other's certificates, at the latest when an istiod or a workload restarts",
      do: "compare both with rootCertificate in `pulumi stack output mesh`; in the cluster that differs, run `kubectl -n istio-system delete secret cacerts`, then pulumi up --refresh, then restart its istiod and its workloads",
    }),
    rootStepSkipped: ({ live, wanted }) => ({
      found: `the config skips a phase of the root rotation: the cluster is in phase "${live}", the config has "${wanted}"`,
      means: "workloads that still have the certificates or roots of the phase before would be refused",
      do: "run npm run mesh -- rotate-root, which goes through all phases and checks the mesh after each, or rotate-root --back",
    }),
    rootUnreadable: () => ({
      found: "root-cert.pem in Secret istio-system/cacerts is missing or not a certificate",
      means:
        "istiod may fail at its next start, and the preflight cannot check whether the config keeps the mesh's root",
      do: "run `kubectl -n istio-system delete secret cacerts`, then pulumi up --refresh, which creates it again",
    }),
    sampleMoves: ({ version, wanted, field }) => ({
      found: `its sample is reviews-v${version}, but the entry's position in the list makes it v${wanted}`,
      means: "the sample is recreated, and traffic weights that name its version apply to another cluster",
      do: `to keep it, set ${field} to ${version}`,
    }),
    rootEnds: ({ date, days }) => ({
      found: `the mesh's root CA expires on ${date}, in ${days} days`,
      means: "after that all requests in the mesh fail, and pulumi up does not renew it",
      do: "rotate the root before that day (guide, section 6.4); npm run mesh -- status reports an error from 14 days before the end",
    }),
    clock: ({ accuracy }) => ({ found: `its clock and this machine's differ by ${accuracy} s at most`, ...FIXED }),
    clockDiffers: ({ cluster, peer, seconds, is, bound, severity }) => ({
      found: `its clock is ${seconds} s ${is === "ahead" ? "ahead of" : "behind"} ${peer ?? "this machine's"}, more than ${bound} s`,
      means:
        peer === undefined
          ? is === "behind"
            ? `certificates that this machine creates are not yet valid in ${cluster} for ${seconds} s`
            : "certificates and tokens expire early in that cluster"
          : severity === "error"
            ? "sidecars refuse each other's certificates, which Istio makes valid from 120 s before their issue"
            : "from a difference of 120 s on, sidecars refuse each other's certificates",
      do: "synchronize the time (NTP, chrony) on nodes, control planes and this machine",
    }),
  },
};
