import { takeoverCommandEn, takeoverEn } from "./formerMeshEn.ts";
import type { Messages } from "./messages.ts";
import { operationCommandsEn, operationsEn } from "./operationsEn.ts";
import { preflightEn } from "./preflightEn.ts";
import { probeEn } from "./probeEn.ts";
import { statusEn } from "./statusEn.ts";
import { adoptEn, forgetEn } from "./takeoverEn.ts";

const PORT_NOTES_EN: Readonly<Record<number, string>> = {
  15443: " (required: the other clusters connect here)",
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

Exit code: 0 done, 1 refused, or a check found errors, 2 the command could not run.
`,
  commands: {
    ...operationCommandsEn,
    takeover: takeoverCommandEn,
    adopt: {
      summary: "take over a mesh whose state or passphrase is lost",
      usage: `Moves a mesh that this program built to the selected stack, if the state or the passphrase of its former stack is lost.
Nothing restarts and no request fails. First csp-mesh:ca in the stack's config is set to the intermediates of the clusters,
with their keys encrypted; then each cluster's claim is handed over to this stack. You can interrupt it and run it again.

npm run mesh -- adopt [options]
  --dry-run           only show what would change
  --yes               do not ask for confirmation that the former stack's state is lost
  --stack NAME        stack that takes the mesh over (default: the selected one)
  --config-file FILE  use this config file instead of Pulumi.NAME.yaml
  --lang ko|en        language of all texts

Exit code: 0 done, 1 refused or declined, 2 the command could not run.
`,
    },
    firewall: {
      summary: "show the rules for each provider's security groups",
      usage: `Shows for each cluster which connections its provider's security groups must allow or deny, from where, and why.
Reads only the stack's config and the kubeconfigs that it names; sends no requests to clusters.

npm run mesh -- firewall [options]
  --stack NAME        stack whose config to read (default: the selected one)
  --config-file FILE  read the config from this file instead of Pulumi.NAME.yaml
  --output KIND       table, json, csv or markdown (default: table). csv and markdown are one list for a firewall request, with
                      outgoing connections and, after pulumi up, the gateways' addresses (npm: --silent run)
  --lang ko|en        language of all texts
`,
    },
    forget: {
      summary: "mark a cluster that is gone for good",
      usage: `Sets the state of a cluster in the stack's config to "gone". pulumi up then makes the other clusters forget it, and
no longer contacts it. Run pulumi up also before pulumi destroy, which does not read the config. Refuses a cluster that still answers: to remove such a cluster from the mesh, see remove.

npm run mesh -- forget NAME [options]
  --force             do not check whether the cluster answers
  --stack NAME        stack whose config to change (default: the selected one)
  --config-file FILE  use this config file instead of Pulumi.NAME.yaml
  --lang ko|en        language of all texts

Exit code: 0 done, 1 the cluster answers, 2 the command could not run.
`,
    },
    preflight: {
      summary: "check whether the clusters are ready for the mesh",
      usage: `Checks whether every cluster is ready for the mesh, as pulumi up does before it creates anything, and shows for each finding
what it means and what to do. Changes nothing.

npm run mesh -- preflight [options]
  --probe             also test, from a short-lived pod in each cluster, the other clusters' API servers and, if the
                      mesh exists, their gateways
  --stack NAME        stack whose config to read (default: the selected one)
  --config-file FILE  read the config from this file instead of Pulumi.NAME.yaml
${output}
  --lang ko|en        language of all texts

Exit code: 0 the mesh can work, 1 it cannot, 2 the config cannot be used.
`,
    },
    proof: {
      summary: "prove from every cluster that the mesh works",
      usage: `Proves that the mesh works: sends requests to its sample from every cluster and checks istiods, identities and certificates.

npx mesh proof [options], or npm run proof -- [options]
  --stack NAME        stack whose output "mesh" to read (default: the selected one)
  --mesh FILE         read that output from a JSON file instead
  --disruption        also scale a Deployment of each cluster to zero for a moment, one cluster after the other: its gateway, or
                      with failover its reviews, and check that the others continue
  --json              one JSON document instead of lines
  --lang ko|en        language of all texts

An interrupted run restores the Deployments that it scaled before it ends; after a kill, the next proof or pulumi up restores them.

Exit code: 0 all checks passed, 1 a check failed, 2 the command could not run.
`,
    },
    providers: {
      summary: "show the facts about each provider, with sources",
      usage: `Shows what the program assumes about each provider's clusters and load balancers, with the document that confirms it.

npm run mesh -- providers [options]
${output}
  --lang ko|en        language of all texts
`,
    },
    rights: {
      summary: "show the rights that each kubeconfig's account needs",
      usage: `Shows the rights that the program's account needs in a cluster, for everything from preflight to
pulumi destroy, as a list or as a ClusterRole. Without --kubeconfig it reads only the stack's config and the kubeconfigs that it
names, and sends no requests to clusters.

npm run --silent mesh -- rights [options]
  --stack NAME        stack whose config to read (default: the selected one)
  --config-file FILE  read the config from this file instead of Pulumi.NAME.yaml
  --cluster NAME      only this cluster (default: all; with yaml, one ClusterRole that is sufficient for each)
  --kubeconfig FILE   with the stack's kubeconfigs, write a kubeconfig for ServiceAccount kube-system/csp-mesh instead: a context
                      for each cluster, with a new token; only its owner can read it
  --hours N           lifetime of these tokens (default: 24; an API server may shorten it)
  --output KIND       table, json or yaml (default: table)
  --lang ko|en        language of all texts
`,
    },
    status: {
      summary: "check whether the mesh works now, in each direction",
      usage: `Checks the live mesh: each istiod's view of each other cluster, gateways, proxies, certificates, tokens, and which clusters
answer the sample's requests. Changes nothing; the sample gets a few requests.

npm run mesh -- status [options]
  --wait[=SECONDS]    repeat until the mesh is healthy (default: 120 seconds)
  --watch             repeat until Ctrl-C
  --timeout SECONDS   longest wait for an API server's first answer (default: 1.2)
  --stack NAME        stack whose config to read (default: the selected one)
  --config-file FILE  read the config from this file instead of Pulumi.NAME.yaml
${output}
  --lang ko|en        language of all texts

Exit code: 0 the mesh is healthy, 1 it is not, 2 the command could not run.
`,
    },
  },
  unknownCommand: (name, known, meant) =>
    `${name}: no such command; ${meant === undefined ? "" : `did you mean ${meant}? `}commands: ${known}`,
  unknownOption: (option, known, meant) =>
    `${option}: no such option; ${meant === undefined ? "" : `did you mean ${meant}? `}options: ${known}`,
  takenByNpm: (options, command) =>
    `npm read ${options} as an option of npm. Put options after --: npm run mesh -- ${command}, or use npx mesh ${command}`,
  troubleshooting: "Causes and remedies, by message: docs/troubleshooting.md",
  noArgument: (argument) => `${argument} is missing; see --help`,
  unexpectedArgument: (argument) => `${argument}: unexpected argument; options begin with --`,
  optionWithoutValue: (option) => `${option} needs a value`,
  optionTakesNoValue: (option) => `${option} takes no value`,
  optionValue: (option, value, allowed) => `${option}: "${value}" is not one of ${allowed}`,
  excluded: (one, other) => `${one} and ${other} exclude each other; give only one of them`,
  interrupted: (signal) => `interrupted by ${signal}`,
  noStackFile: (file) =>
    `${file} cannot be read; name a stack that has a stack file with --stack, or give the path of the file with --config-file`,
  notAStackFile: (file) =>
    `${file} is not a stack file: its "config" is missing or invalid; write the settings below "config:", as in Pulumi.example.yaml`,
  noPulumi: (why) =>
    `pulumi is not on PATH; it is needed ${why}. Install it by curl -fsSL https://get.pulumi.com | sh (see https://www.pulumi.com/docs/install/), then put it on PATH: export PATH="$HOME/.pulumi/bin:$PATH"`,
  pulumiFor: {
    selectedStack: "to find the selected stack, unless --stack names it",
    secrets: "to decrypt the secrets of the config",
    stackOutput: (stack, output) => `to read output "${output}" of stack "${stack}"`,
    owner: "to read the stack's full name and its state",
    write: "to change the stack's config",
    proof: 'to read output "mesh" of the stack, unless proof --mesh FILE gives it',
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
        `mutual TLS of ${peer}'s sidecars, which connect from their nodes or NAT, not from ${peer}'s gateway${
          refused.length === 0 ? "" : `; gateway.sourceRanges excludes ${refused.join(", ")}: add it there`
        }`,
      istiod: ({ peer, list }) =>
        `${peer}'s istiod watches this API server${list === undefined ? "" : `; add it to "${list}" as well`}`,
      healthChecks: () => "health checks of the load balancer",
      nodePorts: () => "the load balancer forwards to the gateway's node ports (Kubernetes' default range)",
      webhook: () => "injection of sidecars: the API server calls the webhook in istiod's pods",
      kubelet: () => "logs, exec and port-forward: the API server calls the kubelet",
      callers: ({ field }) => `callers outside the mesh, listed in ${field}`,
      everyone: ({ field }) => `callers outside the mesh: everyone, because ${field} is not set`,
      noCallers: ({ field }) =>
        `no callers outside the mesh are allowed: list them in ${field}, or set ingress.enabled`,
      otherGateway: () => "callers outside the mesh come through the ingress gateway",
      noListener: () => "Istio's example port for TCP: nothing listens there",
      ownIstiod: () => "for proxies without an istiod in their own cluster; in this mesh each cluster has its own",
      ownWebhook: () => "the injection webhook, which only the cluster's own API server calls, from inside",
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
      `In the provider's console, configure a TCP load balancer at ${addresses} to forward these ports to these node ports of all nodes:`,
    port: (port, nodePort) =>
      `port ${port} -> node port ${nodePort ?? "(known once the Service exists)"}${PORT_NOTES_EN[port] ?? ""}`,
    firewall:
      "Allow the other clusters' nodes on 15443, and the load balancer on the node ports: npm run mesh -- firewall",
    notFixed: (field) =>
      `after pulumi destroy and up, the node ports would differ; to keep them, set csp-mesh:${field}`,
    prove: "Then test it: npm run proof",
  },
  preflight: preflightEn,
  rights: {
    columns: ["API GROUP", "RESOURCE", "NAMESPACE", "NAME", "VERBS"],
    core: "(core)",
    everywhere: "all",
    comment: (clusters) => `What csp-mesh needs in: ${clusters}`,
    forRotation: "Additional rights in every namespace with sidecars, only for npm run mesh -- rotate-root:",
    tokenEnds: (when) => `its token expires at ${when}`,
    written: (file, cluster, when) => `${file}: context ${cluster}, token until ${when}`,
    notOurs: (file) => `${file} exists and was not written by this command; give the path of a new file`,
    noAccount: (cluster, context) =>
      `${cluster}: ServiceAccount csp-mesh in kube-system does not exist. Create it as docs/rights.md describes: kubectl --context ${context} -n kube-system create serviceaccount csp-mesh`,
    noToken: (cluster, error) => `${cluster}: no token could be created: ${error}`,
    badHours: (value) => `--hours: "${value}" is not a number of hours, at least 1`,
    needs: (option, other) => `${option} is only for ${other}`,
  },
  probe: probeEn,
  status: statusEn,
};
