// What the preflight finds, in English.

import type { FaultId } from "../mesh/istioFaults.ts";
import { ENFORCE } from "../mesh/podSecurity.ts";
import type { NodesKept, RefusedBy, RefusedByName } from "../mesh/preflightFindings.ts";
import { countsEn } from "./counts.ts";
import type { PreflightMessages } from "./messages.ts";

const FIXED = { means: "", do: "" };
const list = (items: readonly string[]) => items.join(", ");

const FAULTS: Readonly<Record<FaultId, string>> = {
  secretDeadlock: "istiod hangs when a remote secret changes",
  secretPanic: "istiod crashes when a remote secret changes twice in a row",
  secretIgnored: "istiod does not use a changed remote secret until it is restarted",
  gatewaysLost: "after a token is exchanged or a cluster is removed, istiod loses gateways of other clusters",
  endpointsWiped: "after a token is exchanged, istiod loses that cluster's endpoints",
  webhookLate: "istiod is ready before its webhook serves, so the first pods after its start can fail",
};

/** Why nodes do not accept pods, apart from room. */
function keptBy({ nodes, taints, unselected, cordoned }: NodesKept): string[] {
  const of = (count: number) => `on ${count} of ${nodes} ${nodes === 1 ? "node" : "nodes"}`;
  return [
    ...taints.map(({ taint, nodes: count }) => `taint ${taint} ${of(count)}`),
    ...(unselected > 0 ? [`labels that their node selector or affinity wants are missing ${of(unselected)}`] : []),
    ...(cordoned > 0 ? [`kubectl cordon ${of(cordoned)}`] : []),
  ];
}

function remediesOf({ taints, unselected, cordoned }: NodesKept): string[] {
  const tolerations = taints.map(({ toleration }) => toleration);
  return [
    ...(tolerations.length > 0
      ? [
          `tolerate it, or one of them: pods.tolerations: [${list(tolerations)}], or the same in clusters[].pods or gateway`,
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
  refused: 'the clusters are not ready for the mesh; nothing was made. Fix the errors, then run "pulumi up" again',
  warned: "the mesh can work, with these warnings (all findings: npm run mesh -- preflight)",
  findings: {
    reached: ({ server, command }) => ({
      found: `${server} answers${command === undefined ? "" : `, with credentials from ${command}`}`,
      ...FIXED,
    }),
    commandFailed: ({ command, said }) => ({
      found: `${command} gives no credentials: ${said}`,
      means: "nothing can be made in the cluster",
      do: `run ${command} by hand, as the kubeconfig does, and mend what it says`,
    }),
    notReached: ({ server, said }) => ({
      found: `${server} is not reached: ${said}`,
      means: "nothing can be made in the cluster",
      do: "see that the kubeconfig is the cluster's current one, that this machine may reach its API server (access list, VPN), and HTTPS_PROXY",
    }),
    noApiServer: ({ server, status }) => ({
      found: `${server} answers HTTP ${status}, and not as Kubernetes does`,
      means: "something else is at this address, or stands before the API server",
      do: "see that `server` in the kubeconfig is the API server, and that no proxy or login page is between",
    }),
    notLetIn: ({ server, command }) => ({
      found: `${server} refuses the credentials${command === undefined ? "" : ` from ${command}`}`,
      means: "nothing can be made in the cluster",
      do:
        command === undefined
          ? "get the cluster's kubeconfig anew: its token or certificate is over, or was revoked"
          : `see whom ${command} logs in as, and that the cluster lets that account in`,
    }),
    sameCluster: ({ peer }) => ({
      found: `it is the same cluster as ${peer}: both have the UID of one kube-system`,
      means: "a mesh needs two clusters; here one would be its own peer",
      do: "give each entry of clusters the kubeconfig and the context of a cluster of its own",
    }),
    supported: ({ istio, kubernetes }) => ({ found: `Istio ${istio} supports Kubernetes ${kubernetes}`, ...FIXED }),
    unsupported: ({ istio, kubernetes, supported, lines, severity }) => ({
      found: `Istio ${istio} does not support Kubernetes ${kubernetes}; it supports ${supported}`,
      means: "Istio never tested this pair and mends nothing that fails in it",
      do: [
        lines.length > 0
          ? `set istio.version to a release of ${list(lines)}`
          : "bring the cluster to a Kubernetes that Istio supports",
        ...(severity === "error" ? ["or set istio.allowUnsupported to true, to try it all the same"] : []),
      ].join("; "),
    }),
    istioNotListed: ({ istio, listed }) => ({
      found: `it is not known here which Kubernetes Istio ${istio} supports; known are ${listed}`,
      means: "the pair may not be supported",
      do: "look at https://istio.io/latest/docs/releases/supported-releases/",
    }),
    istioAtEndOfLife: ({ istio, date, lines }) => ({
      found: `Istio ${istio} is past its end of life (${date})`,
      means: "it gets no security fixes any more",
      do:
        lines.length > 0
          ? `set istio.version to a release of ${list(lines)}`
          : "set istio.version to a newer line, after raising the cluster's Kubernetes where it needs that",
    }),
    istioFaults: ({ istio, faults, mended }) => ({
      found: `Istio ${istio} has known faults: ${faults.map(({ id, issue }) => `${FAULTS[id]} (istio#${issue})`).join("; ")}`,
      means: "requests between clusters, or new pods, can fail until an istiod is restarted",
      do: `set istio.version to ${mended} or a later one`,
    }),
    allowed: ({ rights }) => ({
      found: rights === "all" ? "the account may do everything" : `the account may do all ${rights} things needed`,
      ...FIXED,
    }),
    notAllowed: ({ rights }) => ({
      found: `the account may not: ${rights.join("; ")}`,
      means: "pulumi up or pulumi destroy would stop half-way",
      do: "npm run mesh -- rights --output yaml prints the ClusterRole with all rights: have an administrator apply it, or use another account's kubeconfig (docs/rights.md)",
    }),
    notAllowedForRotation: ({ rights }) => ({
      found: `the account may not: ${rights.join("; ")}`,
      means:
        "npm run mesh -- rotate-root stops at its gate, because it cannot ask the sidecars in these namespaces for their certificates; pulumi up does not need it",
      do: "grant it in every namespace with sidecars while the root is exchanged (docs/rights.md)",
    }),
    notSeen: ({ paths }) => ({
      found: `the account may not read ${list(paths)}`,
      means: "what these would have told is not checked",
      do: "grant it to read them, or be sure of it yourself",
    }),
    notChecked: ({ said }) => ({
      found: `not all could be looked at: ${said.join("; ")}`,
      means: "the cluster's control plane is in trouble, or busy",
      do: "run it again; if it stays, see to the cluster first",
    }),
    endedRegistry: ({ images }) => ({
      found: `nodes hold images of a registry of Istio's that ends in 2026-12: ${list(images)}`,
      means: "a pod with such an image cannot start on another node after that",
      do: "have what uses them, an add-on or a former mesh, take its images from docker.io/istio, or remove it",
    }),
    endedHub: ({ hub }) => ({
      found: `istio.hub is ${hub}, which ends in 2026-12`,
      means: "after that no pod of the mesh can start on a node that has no copy of its image",
      do: "set istio.hub to docker.io/istio, or leave it out",
    }),
    nodesReady: ({ nodes }) => ({ found: `nodes that take pods: ${nodes}`, ...FIXED }),
    nodesNotReady: ({ names, usable }) => ({
      found: `nodes not ready: ${list(names)}; ${usable} take pods`,
      means: "the cluster has less room than it should, and may lose more",
      do: "see to these nodes: kubectl describe node",
    }),
    noNode: ({ notReady, cordoned }) => ({
      found: [
        "no node takes pods",
        ...(notReady.length > 0 ? [`not ready: ${list(notReady)}`] : []),
        ...(cordoned.length > 0 ? [`cordoned: ${list(cordoned)}`] : []),
      ].join("; "),
      means: "istiod and gateway would stay Pending",
      do: "add a node, mend one (kubectl describe node), or kubectl uncordon one",
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
          ...(kept.length > 0 ? [`other nodes are kept from them: ${list(kept)}`] : []),
        ].join("; "),
        means: grows ? "they wait until the cluster autoscaler has added a node" : "they would stay Pending",
        do: [
          "add nodes, or request less: istiod.resources, gateway.resources, sample.resources, istio.values.istiod.global.proxy.resources",
          ...remediesOf(finding).map((remedy) => `or ${remedy}`),
        ].join("; "),
      };
    },
    noNodeForPods: (finding) => ({
      found: `no node takes ${list(finding.pods)}: ${list(keptBy(finding))}`,
      means: finding.grows
        ? "they wait until the cluster autoscaler has added a node that takes them, if it can"
        : "they would stay Pending, however much room the nodes have",
      do: remediesOf(finding).join("; "),
    }),
    clusterDomain: ({ domain }) => ({ found: `cluster domain: ${domain}`, ...FIXED }),
    clusterDomainUnknown: ({ domain }) => ({
      found: "neither a Corefile in kube-system nor a kubelet tells the cluster's DNS domain",
      means: `if it is not ${domain}, Services of the other clusters are not found`,
      do: `compare it: kubectl run -it --rm --image=busybox domain -- cat /etc/resolv.conf shows svc.${domain} among the search domains`,
    }),
    clusterDomainDiffers: ({ domains, source, configured, shared }) => ({
      found: `the cluster's DNS domain is ${domains.join(", ")} (${source}), the config's ${configured}`,
      means: "sidecars and gateways would know Services by names that do not exist, and no request would cross",
      do: `set csp-mesh:clusterDomain to ${shared}`,
    }),
    clusterDomainsDiffer: ({ domains, source, configured, peer, peerDomains }) => ({
      found: `the cluster's DNS domain is ${domains.join(", ")} (${source}), that of ${peer} ${peerDomains.join(", ")}, the config's ${configured}`,
      means: "one Service would have two names, for Istio two Services, and no request would cross",
      do: "make the clusters with one domain (kubeadm: networking.dnsDomain; k3s, RKE2: cluster-domain), or leave this one out",
    }),
    loadBalancer: ({ address, provider }) => ({
      found: {
        hostname: `${provider} gives load balancers a hostname`,
        ip: `${provider} gives load balancers an IP`,
        unknown: `what load balancers get is known once the gateway's is there (${provider})`,
      }[address],
      ...FIXED,
    }),
    externalAddress: ({ address }) => ({ found: `config says where the gateway is reached: ${address}`, ...FIXED }),
    nodePortTaken: ({ port, service, field }) => ({
      found: `node port ${port} of ${field} is already that of Service ${service}`,
      means: "the API server would refuse the gateway's Service",
      do: `choose another one in ${field}, or change that Service`,
    }),
    loadBalancersPending: ({ services }) => ({
      found: `Services that have no load balancer: ${list(services)}`,
      means: "the gateway's may stay Pending as well, and pulumi up would fail when its time is over",
      do: "kubectl describe these Services (quota, subnet, missing controller), or set the cluster's gateway.externalAddress",
    }),
    storageClass: ({ names }) => ({ found: `default StorageClass: ${list(names)}`, ...FIXED }),
    storageClassComes: ({ name }) => ({ found: `no default StorageClass; ${name} will be made`, ...FIXED }),
    noStorageClass: ({ field }) => ({
      found: "no default StorageClass",
      means: "the mesh needs none, but workloads with volumes would wait for ever",
      do: `set ${field}, where the provider has a driver`,
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
      do: "see to its metrics-server: kubectl get apiservice v1beta1.metrics.k8s.io",
    }),
    cni: ({ name }) => ({ found: `pods' network: ${name}, as Istio needs it`, ...FIXED }),
    ciliumReady: () => ({ found: "Cilium is set up for Istio", ...FIXED }),
    ciliumChanges: ({ settings }) => ({
      found: `Cilium gets ${list(settings)} and one restart, until pulumi destroy`,
      ...FIXED,
    }),
    ciliumNotForIstio: ({ settings, field }) => ({
      found: `Cilium has other settings than Istio needs, and is not to be changed; needed: ${list(settings)}`,
      means: "requests may bypass the sidecars",
      do: `set them yourself, or ${field} to true`,
    }),
    ciliumChangedByOthers: ({ said }) => ({
      found: `of Cilium's settings, ${said.join("; ")}`,
      means: "requests may bypass the sidecars",
      do: "have whoever sets it leave it as Istio needs it",
    }),
    ciliumChangedSince: ({ settings }) => ({
      found: `Cilium lacks ${list(settings)}, although the mesh stands: they were set back, or Cilium was installed again`,
      means: "requests may bypass the sidecars; without --refresh an unchanged stack leaves Cilium as it is",
      do: 'run "pulumi up --refresh": it sets them again and restarts Cilium once; a setting that is to stay goes into cilium.leave',
    }),
    ciliumL7InUse: ({ uses, key, field }) => ({
      found: `Cilium's layer 7 proxy is in use: ${list(uses)}`,
      means: `Istio needs ${key}=false: these would stop working, and agents of some Cilium releases do not start with it`,
      do: `add ${key} to ${field}, or remove these from the cluster`,
    }),
    ciliumWithoutConfig: ({ namespace, field }) => ({
      found: `Cilium is there, but no ConfigMap ${namespace}/cilium-config`,
      means: "its settings for Istio cannot be made or seen",
      do: `set up Cilium for Istio yourself, and ${field}.patch to false`,
    }),
    ciliumSeveral: ({ daemonSets, field }) => ({
      found: `several DaemonSets have Cilium's label: ${list(daemonSets)}`,
      means: "it is not known which is to be set up for Istio",
      do: `set ${field}`,
    }),
    openShift: () => ({
      found: "OpenShift; Istio's values are those for it",
      means: "its SecurityContextConstraints are not seen by the dry run",
      do: "see that Istio's chart cni is installed",
    }),
    openShiftRefuses: () => ({
      found: "OpenShift: its SecurityContextConstraints (SCC) decide on pods, and the dry run does not see them",
      means:
        "the default restricted-v2 refuses gateways and sidecars, which run as user 1337, and the init containers of sidecars (NET_ADMIN)",
      do: "install Istio's chart cni with global.platform openshift, and set istio.values.istiod.global.platform to openshift; or grant an SCC that lets them in, such as: oc adm policy add-scc-to-group privileged system:serviceaccounts:istio-system, and likewise for each namespace with sidecars",
    }),
    noIstio: () => ({ found: "no Istio is there yet", ...FIXED }),
    claimed: ({ owner }) => ({ found: `the cluster belongs to this stack, ${owner}`, ...FIXED }),
    claimedByOther: ({ owner, mesh, name }) => ({
      found: `the cluster belongs to the mesh "${mesh}" of the stack ${owner}, as its cluster "${name}"`,
      means: "two stacks would overwrite and delete each other's Istio, so nothing is changed",
      do: "use that stack, or destroy it first; where its state is lost, or this is that stack after a pulumi stack rename, run: npm run mesh -- adopt",
    }),
    claimedAsOther: ({ name }) => ({
      found: `the context leads to the cluster "${name}" of this mesh`,
      means: "a cluster cannot have two names, and cannot be renamed while the mesh stands",
      do: "correct clusters[].context; to rename a cluster, take it out of the config, run pulumi up, and add it by its new name",
    }),
    ownIstio: () => ({ found: "this mesh's own Istio is there", ...FIXED }),
    othersIstio: ({ parts }) => ({
      found: `an Istio that this program did not install: ${list(parts)}`,
      means: "two overwrite each other's webhooks and roles",
      do: 'take it over where the former script built it: docs/guide.en.md, section 8; an add-on of the provider: remove it in its console; any other: "helm uninstall" or "kubectl delete". An old one may have left parts only',
    }),
    othersResources: ({ resources }) => ({
      found: `custom resources of an Istio that was here before: ${list(resources)}`,
      means: "this mesh's istiod would obey them, and pulumi destroy would delete them with Istio's CRDs",
      do: "delete them, or set istio.keepCrds to true if that is meant",
    }),
    namespaceComes: ({ namespace }) => ({ found: `namespace ${namespace} will be made`, ...FIXED }),
    namespaceOurs: ({ namespace }) => ({ found: `namespace ${namespace} is this mesh's`, ...FIXED }),
    namespaceLent: ({ namespace }) => ({
      found: `namespace ${namespace} is there, keeps its labels and stays when the mesh goes`,
      ...FIXED,
    }),
    namespaceEnds: ({ namespace, said }) => ({
      found: `namespace ${namespace} is being deleted${said === "" ? "" : `: ${said}`}`,
      means: "nothing can be made in it",
      do: `wait until it is gone; where it does not go, mend what it says (kubectl get namespace ${namespace} -o yaml)`,
    }),
    namespaceKeepsSidecarsOut: ({ namespace, label }) => ({
      found: `namespace ${namespace} was there before, and has the label ${label}`,
      means: "it keeps this mesh's sidecars out of the sample",
      do: "set sample.namespace to another name",
    }),
    systemKeepsProxiesOut: ({ namespace, label }) => ({
      found: `namespace ${namespace} has the label ${label}`,
      means: "the gateways in it get no proxy, and their pods do not start",
      do: `remove the label: kubectl label namespace ${namespace} ${label.replace(/=.*/, "")}-`,
    }),
    refused: ({ objects, namespace = "", said, by }) => ({
      found: `the cluster refuses ${list(objects)} in a dry run: ${said}`,
      means: "pulumi up would fail, or wait for pods that never come",
      do: {
        podSecurity: `give namespace ${namespace} a level that lets these pods in: kubectl label namespace ${namespace} --overwrite ${ENFORCE}=baseline, or privileged`,
        podSecurityOfSidecars: `injected pods set up their network in an init container with NET_ADMIN: install Istio's chart cni in the cluster and set istio.values.istiod.pilot.cni.enabled to true; or label namespace ${namespace} ${ENFORCE}=privileged. The same holds for your own namespaces with sidecars`,
        quota:
          "raise the quota or the LimitRange, or set requests and limits: istiod.resources, gateway.resources, ingress.resources, sample.resources, istio.values.istiod.global.proxy.resources",
        ...remedies(nameOf(by)),
        other: "resolve the cause that the cluster names, or ask its administrator to allow the object",
      }[by.is],
    }),
    refusedInDefault: ({ objects, namespace, said, by }) => ({
      found: `the cluster refuses ${list(objects)} in a dry run in namespace default, because ${namespace} does not exist yet: ${said}`,
      means: `pulumi up fails if the same holds for namespace ${namespace}`,
      do: remedies(by.name)[by.is],
    }),
    namesTaken: ({ namespace, objects, severity }) => ({
      found: `objects of names that the mesh needs are in namespace ${namespace} and not this program's: ${list(objects)}`,
      means: severity === "error" ? "pulumi up leaves them alone, and fails" : "pulumi up may fail, or take them over",
      do:
        namespace === "istio-system"
          ? "remove them, where nothing uses them"
          : "set sample.namespace to another name, or remove them",
    }),
    dryRunsRefused: ({ webhooks }) => ({
      found: `webhooks that take no dry runs: ${list(webhooks)}; what they would refuse is not known before`,
      ...FIXED,
    }),
    gatewayApi: ({ release, ours }) => ({
      found: `Gateway API ${release}, ${ours ? "installed by this program" : "the cluster's own: left alone"}`,
      ...FIXED,
    }),
    gatewayApiComes: ({ release, from }) => ({
      found: [
        `Gateway API ${release ?? "as in gatewayApi.source"}`,
        from === undefined ? "will be installed" : `will take the place of ${from}`,
      ].join(" "),
      ...FIXED,
    }),
    noGatewayApi: () => ({ found: "no Gateway API, and none is wanted", ...FIXED }),
    gatewayApiKindsIgnored: ({ release, istio, kinds, wanted, ours }) => ({
      found: `Istio ${istio} ignores ${list(kinds)} of Gateway API ${release}; it was built with ${wanted}`,
      means: "resources of these kinds have no effect, and nothing reports it",
      do: ours
        ? `set gatewayApi.source to the manifest of ${wanted}, or leave it out`
        : `nothing, unless you use these kinds: then have the cluster's own Gateway API changed to ${wanted}`,
    }),
    gatewayApiDiffers: ({ releases, wanted, is }) => ({
      found: `the cluster has Gateway API ${list(releases)} of its own; wanted is ${wanted}`,
      means: {
        newer: "it is left alone; this Istio may not know all of it",
        older: "it is left alone; Istio ignores resources of kinds that are too old for it",
        mixed: "it is left alone; definitions of several releases do not belong together",
      }[is],
      do: "nothing, unless you use the Gateway API's own kinds: then see which release your Istio wants",
    }),
    rootKept: ({ root }) => ({ found: `the mesh keeps its root certificate, ${root}…`, ...FIXED }),
    rootWouldChange: ({ field, live, wanted }) => ({
      found: `${field} would replace the mesh's root certificate: the live one has ${live}, the config wants ${wanted}`,
      means:
        "the root would change in one step, but an istiod takes a new root only when it restarts: until all istiods and workloads have restarted, the clusters refuse each other's certificates",
      do: `put the former value of ${field} back. For another root, put the new settings into csp-mesh:rootRotation.ca and run npm run mesh -- rotate-root`,
    }),
    rootsDiffer: ({ root, peer, peerRoot }) => ({
      found: `its root certificate is ${root}…, and that of ${peer} is ${peerRoot}…`,
      means: "the clusters refuse each other's certificates, at the latest when an istiod or a workload restarts",
      do: "compare both with rootCertificate in `pulumi stack output mesh`; in the cluster that has another one, run `kubectl -n istio-system delete secret cacerts`, then pulumi up --refresh, then restart its istiod and its workloads",
    }),
    rootStepSkipped: ({ live, wanted }) => ({
      found: `a phase of the root's rotation would be left out: the cluster is in phase "${live}", the config wants "${wanted}"`,
      means: "workloads would be refused whose certificates, or whose trust, are still those of the phase before",
      do: "run npm run mesh -- rotate-root, which takes all phases in turn and looks at the mesh after each, or rotate-root --back",
    }),
    rootUnreadable: () => ({
      found: "Secret istio-system/cacerts has no root-cert.pem that is a certificate",
      means: "istiod may not start again, and it is not checked whether the config keeps the mesh's root",
      do: "run `kubectl -n istio-system delete secret cacerts`, then pulumi up --refresh, which makes it again",
    }),
    sampleMoves: ({ version, wanted, field }) => ({
      found: `its sample is reviews-v${version}, and by the entry's place in the list it becomes v${wanted}`,
      means: "the sample is made anew, and weights of traffic that name versions go elsewhere",
      do: `to keep it, set ${field} to that of the sample which runs`,
    }),
    rootEnds: ({ date, days }) => ({
      found: `the mesh's root CA ends on ${date}, in ${days} days`,
      means: "after that day nothing in the mesh reaches anything, and no pulumi up renews it",
      do: "exchange the root before (guide, section 6.4); npm run mesh -- status fails from 14 days before the end",
    }),
    clock: ({ accuracy }) => ({ found: `its clock and this machine's differ by ${accuracy} s at most`, ...FIXED }),
    clockDiffers: ({ cluster, peer, seconds, is, bound, severity }) => ({
      found: `its clock is ${seconds} s ${is === "ahead" ? "ahead of" : "behind"} ${peer ?? "this machine's"}, more than ${bound} s`,
      means:
        peer === undefined
          ? is === "behind"
            ? `${cluster} takes certificates that this machine makes for not yet valid, ${seconds} s long`
            : "certificates and tokens end earlier there than they say"
          : severity === "error"
            ? "sidecars refuse each other's certificates: Istio makes them valid 120 s before they are issued, no more"
            : "certificates are refused once it is 120 s: Istio makes them valid so long before they are issued",
      do: "have the time synchronized (NTP, chrony) on the nodes and control planes, and on this machine",
    }),
  },
};
