import type { Messages, TakeoverMessages } from "./messages.ts";

export const takeoverEn: TakeoverMessages = {
  refused: "The mesh cannot be taken over. Nothing was changed. Correct all of this, then run again:",
  problems: {
    unreachable: (cluster, error) => `${cluster}: cannot be read: ${error}`,
    claimed: (cluster, owner) => `${cluster}: belongs to the mesh of stack ${owner}. Correct its context`,
    foreign: (cluster, parts) =>
      `${cluster}: this Istio was not installed by istioctl, so it is not removed: ${parts}. Remove it by the tool that installed it (helm uninstall, or the provider's console)`,
    otherGateway: (cluster, services) =>
      `${cluster}: istiods would send requests between the clusters to these Services as well: ${services}. Remove their label topology.istio.io/network`,
    noNetwork: (cluster) =>
      `${cluster}: namespace istio-system has no label topology.istio.io/network, so the former network is unknown. Set the label to the value in its IstioOperator file`,
    noRoot: (cluster) =>
      `${cluster}: no root certificate in Secret istio-system/cacerts or a ConfigMap istio-ca-root-cert. Restore the Secret`,
    newer: (cluster, live, configured) =>
      `${cluster}: has Istio ${live}, and csp-mesh:istio.version is ${configured}. Sidecars must not be newer than istiod: set csp-mesh:istio.version to ${live} or later`,
    sameName: (cluster, other, name) =>
      `${cluster}: its sidecars use the cluster name "${name}", which is also a name of ${other}. Restart its workloads with another name first`,
    badName: (cluster, name) =>
      `${cluster}: the former name "${name}" has a space, a comma or "=", which istiod's cluster aliases do not support. Give the former mesh another name for the cluster (global.multiCluster.clusterName) and restart its workloads first`,
    roots: (list) =>
      `the clusters have different root certificates (${list}), so they are not one mesh. Put only clusters of one mesh into the config`,
    meshes: (list) => `the clusters have different mesh ids (${list}). Put only clusters of one mesh into the config`,
    trustDomains: (list) =>
      `the clusters have different trust domains (${list}). Put only clusters of one mesh into the config`,
    noCa: (field) =>
      `${field} does not contain the root that the sidecars trust. Add --certs FOLDER, the script's folder certs with root-cert.pem and root-ca.key. If the root's key is lost, add --intermediates instead: a cluster that you add later then needs an intermediate signed by this root`,
    otherRoot: "root-cert.pem in --certs is not the root that the sidecars trust. Name the folder of this mesh",
    noAuthority: (cluster) =>
      `${cluster}: Secret istio-system/cacerts does not have a certificate, key and root. Restore it, or use --certs`,
    unusable: (problems) => `the config would be invalid with the former mesh's settings:\n${problems}`,
    badFile: (file, error) =>
      `${file} cannot be read (${error}). Give the former script's folder certs with --certs, or --intermediates if the root's key is lost`,
  },
  notReady: (list) =>
    `The new mesh could not be installed, so nothing was changed:\n${list}\nCorrect this first; npm run mesh -- preflight shows details. To start anyway, add --force`,
  plan: (clusters) => `npm run mesh -- takeover: ${clusters} clusters`,
  cluster: (cluster, server, names) => `${cluster}: ${server}, called ${names || cluster} until now`,
  stages: {
    withdraw: (cluster) => `${cluster}: delete its connections to the other clusters`,
    remove: (cluster) => `${cluster}: delete the former control plane and gateway`,
  },
  deletes: (object) => `delete ${object}`,
  up: "pulumi up, then the gate and the proof",
  workloads: "restart the workloads whose sidecars are old or missing, in one cluster after the other",
  last: "once no sidecar uses a former name: remove these names from the config, then pulumi up",
  stays: (cluster) =>
    `  ${cluster}: these custom resources are not the former mesh's and stay; the new istiod applies them:`,
  ask: (clusters) =>
    `From the first deletion until pulumi up is done, ${clusters} do not reach each other; from the removal of a control plane on, new pods start without a sidecar, and addresses of gateways change. Afterwards the mesh requires mutual TLS (STRICT). Continue? (y/N)`,
  declined: "Declined. Nothing was changed.",
  nothing: "These clusters have no mesh of the former script, or it is already taken over.",
  settings: "write the former mesh's root, networks and names into the config",
  gone: (object) => `deleted ${object}`,
  apart: (seconds) => `gate: no sidecar sends requests to another cluster's gateway; checking for at most ${seconds} s`,
  connected: (cluster, pods) =>
    `${cluster}: these sidecars still have an address at another cluster's gateway (port 15443): ${pods}. Delete the ServiceEntry that names it`,
  silent: (cluster, pods) =>
    `${cluster}: exec into istio-proxy failed in these pods: ${pods}. Correct or delete the pods`,
  left: (cluster, parts) => `${cluster}: still exists, or was recreated by others: ${parts}`,
  stopped: (obstacles, command) =>
    `The takeover stopped:\n${obstacles}\nCorrect this, then run it again. It continues from the state of the clusters: ${command}`,
  failed: (error, command) =>
    `${error}\nThe takeover stopped. Correct the cause, then run it again. It continues from the state of the clusters: ${command}`,
  interrupted: (signal, command) =>
    `Stopped by ${signal}. Run it again soon. It continues from the state of the clusters: ${command}`,
  restart: (cluster) => `${cluster}: restart workloads`,
  notRestarted: (seconds) => `Not all restarted workloads were ready within ${seconds} s.`,
  pods: (cluster, renamed, withoutSidecar) =>
    `  - ${cluster}: old sidecar: ${renamed}; without a sidecar: ${withoutSidecar}`,
  next: (list, command) => `
The new mesh works, and the proof passed. Remaining steps for you:
  1. Restart the workloads of these pods, each at a time that suits it (kubectl rollout restart):
${list}
  2. Then run it again; it removes the former names from the config: ${command}
     With --restart-workloads it does both.
`,
  done: `The mesh is taken over. Remaining steps for you:
  - Update DNS and firewalls with the new addresses of the gateways: npm run mesh -- firewall.
  - The folder certs of the former script contains unencrypted private keys. If you do not go back, keep an encrypted copy of root-ca.key
    elsewhere and delete the files: shred -u.`,
};

export const takeoverCommandEn: Messages["commands"]["takeover"] = {
  summary: "take over a mesh that the former script built",
  usage: `Replaces a mesh that the former script built (istioctl install) by one of this program, while its workloads run. In this order:
the root, networks and names of the former mesh are written into the config; in each cluster the connections to the others are
deleted; a gate checks that no sidecar sends to another cluster; each control plane is deleted with its gateway; then pulumi up,
gate and proof; once no sidecar uses a former name, these names are removed from the config. Only objects that are recognised as the former
mesh's by owner or content are deleted, and each is listed before. Your own custom resources, CRDs and the namespace stay.

npm run mesh -- takeover [options]
  --certs FOLDER      the former script's folder certs, with root-cert.pem and root-ca.key
  --intermediates     if the root's key is lost, use the clusters' intermediates instead
  --restart-workloads restart workloads whose sidecars are old or missing; otherwise they are listed at the end
  --dry-run           only show the plan; change nothing
  --yes               do not ask
  --force             start even if the preflight reports errors besides the former mesh
  --wait SECONDS      longest wait at a gate
  --stack NAME        stack that takes the mesh over (default: the selected one)
  --config-file FILE  use this config file instead of Pulumi.NAME.yaml
  --output KIND       table or json (default: table); with json, progress goes to the standard error
  --lang ko|en        language of all texts

After a stop or a kill, run the same command again to continue, also on another machine: the remaining steps follow from the
clusters and the config. Without --restart-workloads, run it a second time after you have restarted the workloads.

Exit code: 0 done, or only workloads remain; 1 refused, declined, or a gate did not open; 2 the command could not run or pulumi up failed.
`,
};
