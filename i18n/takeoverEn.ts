import type { AdoptMessages, ForgetMessages } from "./messages.ts";

export const adoptEn: AdoptMessages = {
  refused: "The mesh cannot be taken over. Nothing was changed. Correct all of this, then run again:",
  problems: {
    unreachable: (cluster, error) => `${cluster}: cannot be read: ${error}`,
    noClaim: (cluster) =>
      `${cluster}: has no mesh of this program (no ClusterRole csp-mesh-claim). Correct its context, or remove its entry and add it again after the takeover`,
    unreadable: (cluster) =>
      `${cluster}: the annotation csp-mesh.io/claim of ClusterRole csp-mesh-claim is invalid. Restore it`,
    name: (cluster, live, field) =>
      `${cluster}: its mesh uses another name for it. Set ${field} to "${live}", or correct its context`,
    network: (cluster, live, field) => `${cluster}: its mesh uses another network for it. Set ${field} to "${live}"`,
    uid: (cluster, claimed, live) =>
      `${cluster}: its claim belongs to another cluster (kube-system has the UID ${live}, the claim ${claimed}): the cluster was rebuilt, or the claim was restored from a backup. Delete the claim by kubectl delete clusterrole csp-mesh-claim, remove the entry, and add it again after the takeover`,
    member: (cluster, peer) =>
      `${cluster}: its istiod also watches the cluster "${peer}", which is not in the config. Add its entry; if it is gone, delete its Secret istio-system/istio-remote-secret-… instead`,
    setting: (field, live, configured) =>
      `the config has "${configured}", but the mesh has another value. Set ${field} to "${live}"`,
    meshes: (list) =>
      `the clusters belong to different meshes (${list}). Put only clusters of one mesh into the config`,
    trustDomains: (list) =>
      `the clusters have different trust domains (${list}). Put only clusters of one mesh into the config`,
    owners: (list) =>
      `the clusters belong to different stacks (${list}). Put only clusters of one stack into the config`,
    noCa: (cluster) => `${cluster}: Secret istio-system/cacerts is missing. Restore it, because the CA is read from it`,
    otherCa: (cluster, entry) =>
      `${cluster}: ${entry} of Secret istio-system/cacerts is missing or differs from what this program writes. Restore it`,
    roots: (list) => `the clusters have different root certificates (${list}), so they are not one mesh`,
    unusable: (line) => `the CA of the clusters is invalid in the config: ${line}`,
    lostKey: (field) =>
      `csp-mesh:${field} is a private key that no cluster uses, and this command would remove it from the config. Save it (pulumi config get --path), then remove csp-mesh:ca (pulumi config rm csp-mesh:ca)`,
  },
  sets: (field) => `config: set ${field}`,
  removes: (field) => `config: remove ${field}`,
  handsOver: (cluster, former, owner) => `${cluster}: claim of ${former} -> ${owner}`,
  ask: (former) =>
    `The stack ${former} loses this mesh, and its next run is refused. Continue only if its state or passphrase is lost. Continue? (y/N)`,
  askConfig: "Change the config of this stack? (y/N)",
  noTerminal: "confirmation needs a terminal; if the former state is lost, add --yes",
  declined: "Declined. Nothing was changed.",
  notHandedOver: (cluster, error) => `${cluster}: the claim was not handed over: ${error}. Run the same command again`,
  notLost: (owner) => `The state of ${owner} already contains this mesh, so there is nothing to take over.`,
  done: (owner) => `The claims are already handed over to ${owner}, and its config has the CA.`,
  next: `
Next:
  1. Run pulumi up. Its preview shows every resource as created, because the state is new; existing objects are taken over unchanged.
     Nothing restarts.
  2. Run npm run proof.
If you find the former state again, do not use it: the claims refuse its runs. Delete it by pulumi stack rm --force --preserve-config in its backend.
Not taken over:
  - The root's private key, which is in no cluster if the program created it. The mesh works without it, but a new cluster
    needs an intermediate signed by this root: if the key is lost, rotate the root before you add a cluster.
  - The former stack's token Secrets istio-system/istio-reader-service-account-istio-remote-secret-token-…: they stay until
    pulumi destroy. You can delete the older ones once pulumi up has distributed new tokens.
`,
};

export const forgetEn: ForgetMessages = {
  unknown: (cluster, known) => `${cluster}: not in csp-mesh:clusters, which has ${known}`,
  already: (cluster) => `${cluster} is already marked as gone.`,
  answers: (cluster, who) =>
    `${cluster} still answers (${who}). Nothing was changed. To remove a living cluster from the mesh, run npm run mesh -- remove NAME. If another cluster now answers at its address, add --force`,
  silent: (cluster, error) => `${cluster} does not answer: ${error}`,
  written: (field) => `Set ${field} to gone.`,
  next: (fields) => `
Next:
  1. Run pulumi up: the other clusters forget it, and its resources are removed from the state. Run it also to remove the whole
     mesh: pulumi destroy does not read the config, and deletes nothing while the state has a cluster that does not answer.
  2. To remove the whole mesh, run pulumi destroy now.
  3. To keep the mesh, remove the entry at any time: npm run mesh -- remove. It removes ${fields}
     and keeps the samples of the other clusters as they are.
`,
};
