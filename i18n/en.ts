import { takeoverCommandEn, takeoverEn } from "./formerMeshEn.ts";
import type { Messages } from "./messages.ts";
import { operationCommandsEn, operationsEn } from "./operationsEn.ts";
import { preflightEn } from "./preflightEn.ts";
import { probeEn } from "./probeEn.ts";
import { statusEn } from "./statusEn.ts";
import { adoptEn, forgetEn } from "./takeoverEn.ts";

const PORT_NOTES_EN: Readonly<Record<number, string>> = {
  15443: " (needed: the other clusters come in here)",
  15021: " (for health checks: HTTP, /healthz/ready)",
};

const output = "  --output KIND       table or json (default: table)";

export const en: Messages = {
  usage: (commands) => `Checks, firewall rules, rights and operations of a mesh, from its stack file and its clusters.

npx mesh COMMAND [options], or npm run mesh -- COMMAND [options]
${commands}
  --lang ko|en        language of all texts (default: LC_ALL, LC_MESSAGES or LANG)
  --help, -h          this text, or that of a command (also: help COMMAND)
  --version           version of csp-mesh

Exit code: 0 done, 1 what was looked at is not as it should be, 2 it could not run.
`,
  commands: {
    ...operationCommandsEn,
    takeover: takeoverCommandEn,
    adopt: {
      summary: "take over a standing mesh whose state or passphrase is lost",
      usage: `Makes a mesh that this program built the selected stack's, when the state or the passphrase of its former stack is lost.
Nothing restarts and no request is lost. First csp-mesh:ca in the stack's config becomes the intermediates of the clusters,
with their keys encrypted; then each cluster's claim is handed over to this stack. It can be interrupted and run again.

npm run mesh -- adopt [options]
  --dry-run           only show what would change
  --yes               do not ask: the former stack's state is certainly lost
  --stack NAME        stack that takes the mesh over (default: the selected one)
  --config-file FILE  use this config file instead of Pulumi.NAME.yaml
  --lang ko|en        language of all texts

Exit code: 0 done, 1 refused or declined, 2 it could not run.
`,
    },
    firewall: {
      summary: "the rules of each provider's security groups",
      usage: `Shows for each cluster which connections its provider's security groups must let in, from where and why, and which not.
No cluster is asked: only the stack's config and the kubeconfigs that it names.

npm run mesh -- firewall [options]
  --stack NAME        stack whose config to read (default: the selected one)
  --config-file FILE  read the config from this file instead of Pulumi.NAME.yaml
  --output KIND       table, json, csv or markdown (default: table). csv and markdown are one list for a firewall request: with
                      the connections that go out, and with the gateways' addresses where pulumi up has run (npm: --silent run)
  --lang ko|en        language of all texts
`,
    },
    forget: {
      summary: "mark a cluster that is gone for good",
      usage: `Sets the state of a cluster in the stack's config to "gone". pulumi up then makes the other clusters forget it, and
contacts it no more. Run pulumi up also before pulumi destroy, which does not read the config. A cluster that still answers is refused: remove takes such a one out of the mesh.

npm run mesh -- forget NAME [options]
  --force             do not look whether the cluster answers
  --stack NAME        stack whose config to change (default: the selected one)
  --config-file FILE  use this config file instead of Pulumi.NAME.yaml
  --lang ko|en        language of all texts

Exit code: 0 done, 1 the cluster answers, 2 it could not run.
`,
    },
    preflight: {
      summary: "what in the clusters would keep the mesh from working",
      usage: `Looks at every cluster for what would keep the mesh from working, as pulumi up does before it makes anything:
found, what it means, what to do. Reads only; nothing is changed.

npm run mesh -- preflight [options]
  --probe             also have a short-lived pod in each cluster try the other clusters' API servers and, where the
                      mesh stands, their gateways
  --stack NAME        stack whose config to read (default: the selected one)
  --config-file FILE  read the config from this file instead of Pulumi.NAME.yaml
${output}
  --lang ko|en        language of all texts

Exit code: 0 the mesh can work, 1 it cannot, 2 the config cannot be used.
`,
    },
    proof: {
      summary: "proof that the mesh works, tried from every cluster",
      usage: `Proves that the mesh works: sends requests to its sample from every cluster, and checks istiod, identities and certificates.

npx mesh proof [options], or npm run proof -- [options]
  --stack NAME        stack whose output "mesh" to read (default: the selected one)
  --mesh FILE         read that output from a JSON file instead
  --disruption        also scale a Deployment of each cluster to zero for a moment, one cluster after the other: its gateway, or
                      with failover its reviews, and check that the others continue
  --json              one JSON document instead of lines
  --lang ko|en        language of all texts

An interrupted run restores the Deployments that it scaled before it ends; after a kill the next proof or pulumi up does.

Exit code: 0 all checks passed, 1 a check failed, 2 it could not run.
`,
    },
    providers: {
      summary: "what is known of each provider, and from which document",
      usage: `Shows what the program knows of each provider's clusters and load balancers, and the document that says so.

npm run mesh -- providers [options]
${output}
  --lang ko|en        language of all texts
`,
    },
    rights: {
      summary: "what the account of each kubeconfig must be allowed",
      usage: `Shows what the account with which the program works in a cluster must be allowed, for everything from preflight to
pulumi destroy, as a list or as a ClusterRole. Without --kubeconfig no cluster is asked: only the stack's config and the kubeconfigs that it
names.

npm run --silent mesh -- rights [options]
  --stack NAME        stack whose config to read (default: the selected one)
  --config-file FILE  read the config from this file instead of Pulumi.NAME.yaml
  --cluster NAME      this cluster alone (default: all; as yaml one ClusterRole that is enough in each)
  --kubeconfig FILE   with the stack's kubeconfigs, write a kubeconfig for ServiceAccount kube-system/csp-mesh instead: a context
                      for each cluster, with a new token; readable by its owner alone
  --hours N           how long these tokens hold (default: 24; an API server may give less)
  --output KIND       table, json or yaml (default: table)
  --lang ko|en        language of all texts
`,
    },
    status: {
      summary: "whether the mesh works now, in each direction",
      usage: `Looks at the live mesh: each istiod's view of each other cluster, gateways, proxies, certificates, tokens, and who
answers the sample. Reads only; the sample gets a few requests.

npm run mesh -- status [options]
  --wait[=SECONDS]    look again until the mesh is whole (default: 120 seconds)
  --watch             look again and again until Ctrl-C
  --timeout SECONDS   longest wait for an API server's first answer (default: 1.2)
  --stack NAME        stack whose config to read (default: the selected one)
  --config-file FILE  read the config from this file instead of Pulumi.NAME.yaml
${output}
  --lang ko|en        language of all texts

Exit code: 0 the mesh is whole, 1 it is not, 2 it could not be looked at.
`,
    },
  },
  unknownCommand: (name, known, meant) =>
    `${name}: no such command; ${meant === undefined ? "" : `did you mean ${meant}? `}there are ${known}`,
  unknownOption: (option, known, meant) =>
    `${option}: no such option; ${meant === undefined ? "" : `did you mean ${meant}? `}there are ${known}`,
  takenByNpm: (options, command) =>
    `npm took ${options} for an option of its own. Put options behind --: npm run mesh -- ${command}, or use npx mesh ${command}`,
  troubleshooting: "Causes and remedies, by message: docs/troubleshooting.md",
  noArgument: (argument) => `${argument} is missing; see --help`,
  unexpectedArgument: (argument) => `${argument}: one argument too many; options begin with --`,
  optionWithoutValue: (option) => `${option} needs a value`,
  optionTakesNoValue: (option) => `${option} takes no value`,
  optionValue: (option, value, allowed) => `${option}: "${value}" is none of ${allowed}`,
  excluded: (one, other) => `${one} and ${other} exclude each other`,
  interrupted: (signal) => `interrupted by ${signal}`,
  noStackFile: (file) =>
    `${file} cannot be read; name a stack that has such a file by --stack, or the file by --config-file`,
  notAStackFile: (file) => `${file} is not a stack file: it has no "config" that can be read`,
  noPulumi: (why) =>
    `pulumi is not on PATH; it is needed ${why}. Install it by curl -fsSL https://get.pulumi.com | sh, see https://www.pulumi.com/docs/install/`,
  pulumiFor: {
    selectedStack: "to tell which stack is selected; name it by --stack",
    secrets: "to decrypt the secrets of the config",
    stackOutput: (stack, output) => `to read output "${output}" of stack "${stack}"`,
    owner: "to tell the stack's full name and what is in its state",
    write: "to change the stack's config",
    proof: 'to read output "mesh" of the stack; or give the mesh by proof --mesh FILE',
    gateways: "to read the gateways' addresses",
  },
  firewall: {
    columns: ["ACTION", "AT", "TCP PORT", "FROM", "WHY"],
    actions: { allow: "allow", close: "close" },
    places: {
      gateway: "gateway",
      ingress: "ingress gateway",
      nodes: "nodes",
      apiServer: "API server",
    },
    targets: {
      gateway: (peer) => `gateway of ${peer}`,
      apiServer: (peer) => `API server of ${peer}`,
      registry: () => "image registry",
    },
    purposes: {
      gateway: (peer) => `mutual TLS of sidecars to ${peer}`,
      apiServer: (peer) => `istiod watches the API server of ${peer}`,
      registry: () => "nodes pull Istio's and the sample's images; a registry may redirect to other hosts",
    },
    nobody: "-",
    request: ["CLUSTER", "DIRECTION", "ACTION", "PROTOCOL", "SOURCE", "DESTINATION", "PORT", "REASON"],
    directions: { in: "in", out: "out" },
    nodesOf: (cluster) => `nodes of ${cluster}`,
    fillIn: {
      egressCidrs: (cluster, field) => `<nodes or NAT of ${cluster}: set ${field}>`,
      loadBalancer: "<the load balancer's own subnet>",
      controlPlane: "<the control plane's own addresses>",
    },
    reasons: {
      sidecars: ({ peer, refused }) =>
        `mutual TLS of ${peer}'s sidecars, which dial from their nodes or NAT, not from ${peer}'s gateway${
          refused.length === 0 ? "" : `; gateway.sourceRanges keeps ${refused.join(", ")} out: add it there`
        }`,
      istiod: ({ peer, list }) =>
        `${peer}'s istiod watches this API server${list === undefined ? "" : `; also to be entered in its "${list}"`}`,
      healthChecks: () => "health checks of the load balancer",
      nodePorts: () => "how a load balancer reaches the gateway's pods (Kubernetes' usual range of node ports)",
      webhook: () => "injection of sidecars: the API server calls the webhook in istiod's pods",
      kubelet: () => "logs, exec and port-forward: the API server calls the kubelet",
      callers: ({ field }) => `callers outside the mesh, as ${field} says`,
      everyone: ({ field }) => `callers outside the mesh; without ${field} that is everyone`,
      noCallers: ({ field }) => `no callers outside the mesh are named: list them in ${field}, or set ingress.enabled`,
      otherGateway: () => "callers outside the mesh come through the ingress gateway",
      noListener: () => "Istio's example port for TCP: nothing listens there",
      ownIstiod: () => "for proxies without an istiod in their own cluster: here each cluster has one",
      ownWebhook: () => "the injection webhook: only the cluster's own API server calls it, from inside",
    },
  },
  providers: {
    columns: ["FACT", "VALUE", "SOURCE"],
    facts: {
      loadBalancer: "a load balancer's address",
      layer4: "layer 4 by annotation",
      scope: "public or internal by annotation",
      storageClass: "default StorageClass",
      provisioner: "block storage driver",
      cni: "CNI",
      addons: "add-ons",
      apiServerAccess: "access list of the API server",
      execPlugin: "command that kubeconfigs need",
    },
    none: "none",
    unknown: "unknown",
  },
  adopt: adoptEn,
  forget: forgetEn,
  takeover: takeoverEn,
  operations: operationsEn,
  todo: {
    loadBalancer: (addresses) =>
      `In the provider's console, have a TCP load balancer at ${addresses} pass these ports on to these node ports of all nodes:`,
    port: (port, nodePort) =>
      `port ${port} -> node port ${nodePort ?? "(known once the Service is made)"}${PORT_NOTES_EN[port] ?? ""}`,
    firewall: "Let the peers' nodes in on 15443, and the load balancer on the node ports: npm run mesh -- firewall",
    notFixed: (field) =>
      `pulumi destroy and up would give other node ports; to keep these, set them in csp-mesh:${field}`,
    prove: "Where this is done, prove it: npm run proof",
  },
  preflight: preflightEn,
  rights: {
    columns: ["API GROUP", "RESOURCE", "NAMESPACE", "NAME", "VERBS"],
    core: "(core)",
    everywhere: "all",
    comment: (clusters) => `What csp-mesh needs in: ${clusters}`,
    forRotation: "Besides, for npm run mesh -- rotate-root alone, in every namespace with sidecars:",
    tokenEnds: (when) => `its token ends at ${when}`,
    written: (file, cluster, when) => `${file}: context ${cluster}, token until ${when}`,
    notOurs: (file) => `${file} is there and was not written by this command; give the path of a new file`,
    noAccount: (cluster, context) =>
      `${cluster}: there is no ServiceAccount csp-mesh in kube-system. Make it as docs/rights.md describes: kubectl --context ${context} -n kube-system create serviceaccount csp-mesh`,
    noToken: (cluster, error) => `${cluster}: no token could be made: ${error}`,
    badHours: (value) => `--hours: "${value}" is not a number of hours, at least 1`,
    needs: (option, other) => `${option} is only for ${other}`,
  },
  probe: probeEn,
  status: statusEn,
};
