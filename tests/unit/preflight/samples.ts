import type { FindingOf, PreflightFinding } from "../../../mesh/preflightFindings.ts";

type Sample<Id extends PreflightFinding["id"]> = Omit<FindingOf<Id>, "id" | "severity" | "cluster">;

const room = { cpu: 1500, memory: 2816 };
const free = { cpu: 700, memory: 1024 };

const taint = { taint: "«taint»", toleration: "«toleration»", nodes: 3 };
const kept = { grows: false, nodes: 7, taints: [taint], unselected: 2, cordoned: 1 };

/** One finding of each kind. Its values are recognisable in a text. */
const facts: { readonly [Id in PreflightFinding["id"]]: Sample<Id> } = {
  reached: { server: "«server»", command: "«command»" },
  commandFailed: { command: "«command»", said: "«said»" },
  notReached: { server: "«server»", said: "«said»" },
  noApiServer: { server: "«server»", status: 502 },
  notLetIn: { server: "«server»", command: "«command»" },
  sameCluster: { peer: "«peer»", uid: "uid" },
  supported: { istio: "«istio»", kubernetes: "«kubernetes»" },
  unsupported: { istio: "«istio»", kubernetes: "«kubernetes»", supported: "«supported»", lines: ["«lines»"] },
  istioNotListed: { istio: "«istio»", listed: "«listed»" },
  istioAtEndOfLife: { istio: "«istio»", date: "«date»", lines: ["«lines»"] },
  allowed: { rights: 7 },
  notAllowed: { rights: ["«rights»"] },
  notAllowedForRotation: { rights: ["«rights»"] },
  notSeen: { paths: ["«paths»"] },
  notChecked: { said: ["«said»"] },
  nodesReady: { nodes: 3 },
  nodesNotReady: { names: ["«names»"], usable: 2 },
  noNode: { notReady: ["«notReady»"], cordoned: ["«cordoned»"] },
  room: { pods: 4, needed: room, free },
  noRoom: { pods: ["«pods»"], needed: room, free, ...kept },
  noNodeForPods: { pods: ["«pods»"], ...kept },
  refusedInDefault: {
    ...{ objects: ["«objects»"], namespace: "«namespace»", said: "«said»" },
    by: { is: "webhook", name: "«name»" },
  },
  refused: { objects: ["«objects»"], namespace: "«namespace»", said: "«said»", by: { is: "podSecurity" } },
  namesTaken: { namespace: "«namespace»", objects: ["«objects»"] },
  dryRunsRefused: { webhooks: ["«webhooks»"] },
  clusterDomain: { domain: "«domain»" },
  clusterDomainUnknown: { domain: "«domain»" },
  clusterDomainDiffers: { domains: ["«domains»"], source: "«source»", configured: "«configured»", shared: "«shared»" },
  clusterDomainsDiffer: {
    domains: ["«domains»"],
    source: "«source»",
    configured: "«configured»",
    peer: "«peer»",
    peerDomains: ["«peerDomains»"],
  },
  loadBalancer: { address: "unknown", provider: "«provider»" },
  externalAddress: { address: "«address»" },
  nodePortTaken: { port: 31443, service: "«service»", field: "«field»" },
  loadBalancersPending: { services: ["«services»"] },
  storageClass: { names: ["«names»"] },
  storageClassComes: { name: "«name»" },
  noStorageClass: { field: "«field»" },
  metrics: {},
  metricsCome: {},
  noMetrics: {},
  metricsNotServed: { said: "«said»" },
  cni: { name: "«name»" },
  ciliumReady: {},
  ciliumChanges: { settings: ["«settings»"] },
  ciliumNotForIstio: { settings: ["«settings»"], field: "«field»" },
  ciliumChangedByOthers: { said: ["«said»"] },
  ciliumChangedSince: { settings: ["«settings»"] },
  ciliumL7InUse: { uses: ["«uses»"], key: "«key»", field: "«field»" },
  ciliumWithoutConfig: { namespace: "«namespace»", field: "«field»" },
  ciliumSeveral: { daemonSets: ["«daemonSets»"], field: "«field»" },
  claimed: { owner: "«owner»" },
  claimedByOther: { owner: "«owner»", mesh: "«mesh»", name: "«name»" },
  claimedAsOther: { name: "«name»" },
  openShift: {},
  openShiftRefuses: {},
  noIstio: {},
  ownIstio: {},
  othersIstio: { parts: ["«parts»"] },
  othersResources: { resources: ["«resources»"] },
  namespaceComes: { namespace: "«namespace»" },
  namespaceOurs: { namespace: "«namespace»" },
  namespaceLent: { namespace: "«namespace»" },
  namespaceEnds: { namespace: "«namespace»", said: "«said»" },
  systemKeepsProxiesOut: { namespace: "«namespace»", label: "«label»" },
  namespaceKeepsSidecarsOut: { namespace: "«namespace»", label: "«label»" },
  gatewayApi: { release: "«release»", ours: true },
  gatewayApiComes: { release: "«release»", from: "«from»" },
  noGatewayApi: {},
  endedRegistry: { images: ["«images»"] },
  endedHub: { hub: "«hub»" },
  istioFaults: { istio: "«istio»", faults: [{ id: "gatewaysLost", issue: 60920 }], mended: "«mended»" },
  gatewayApiKindsIgnored: {
    release: "«release»",
    istio: "«istio»",
    kinds: ["«kinds»"],
    wanted: "«wanted»",
    ours: true,
  },
  gatewayApiDiffers: { releases: ["«releases»"], wanted: "«wanted»", is: "newer" },
  rootKept: { root: "«root»" },
  rootWouldChange: { field: "«field»", live: "«live»", wanted: "«wanted»" },
  rootsDiffer: { peer: "«peer»", root: "«root»", peerRoot: "«peerRoot»" },
  rootStepSkipped: { live: "trust", wanted: "done" },
  rootUnreadable: {},
  sampleMoves: { version: 11, wanted: 22, field: "«field»" },
  rootEnds: { date: "«date»", days: 44 },
  clock: { accuracy: 0.7 },
  clockDiffers: { peer: "«peer»", seconds: 130, is: "behind", bound: 120 },
};

const OK = new Set([
  ...["reached", "supported", "allowed", "nodesReady", "room", "loadBalancer", "externalAddress", "storageClass"],
  ...[
    "storageClassComes",
    "metrics",
    "metricsCome",
    "cni",
    "ciliumReady",
    "ciliumChanges",
    "claimed",
    "noIstio",
    "ownIstio",
  ],
  ...[
    "namespaceComes",
    "namespaceOurs",
    "namespaceLent",
    "gatewayApi",
    "gatewayApiComes",
    "noGatewayApi",
    "clock",
    "clusterDomain",
    "rootKept",
    "dryRunsRefused",
  ],
]);

export const samples = Object.entries(facts).map(
  ([id, more]) => ({ id, severity: OK.has(id) ? "ok" : "error", cluster: "«cluster»", ...more }) as PreflightFinding,
);

export function sample<Id extends PreflightFinding["id"]>(id: Id, more: object = {}): FindingOf<Id> {
  return { ...samples.find((finding) => finding.id === id), ...more } as FindingOf<Id>;
}
