import type { AdoptMessages, ForgetMessages } from "./messages.ts";

export const adoptEn: AdoptMessages = {
  refused: "The mesh cannot be taken over. Nothing was changed. Correct all of this, then run again:",
  problems: {
    unreachable: (cluster, error) => `${cluster}: cannot be read: ${error}`,
    noClaim: (cluster) =>
      `${cluster}: has no mesh of this program (no ClusterRole csp-mesh-claim). Correct its context, or remove its entry and add it again after the takeover`,
    unreadable: (cluster) =>
      `${cluster}: the annotation csp-mesh.io/claim of ClusterRole csp-mesh-claim is not readable. Restore it`,
    name: (cluster, live, field) =>
      `${cluster}: its mesh knows it by another name. Set ${field} to "${live}", or correct its context`,
    network: (cluster, live, field) => `${cluster}: its mesh has another network for it. Set ${field} to "${live}"`,
    uid: (cluster, claimed, live) =>
      `${cluster}: its claim is of another cluster (kube-system had the UID ${claimed}, and has ${live}): the cluster was rebuilt, or the claim was restored from a backup. Delete the claim by kubectl delete clusterrole csp-mesh-claim, remove the entry, and add it again after the takeover`,
    member: (cluster, peer) =>
      `${cluster}: its istiod also watches the cluster "${peer}", which the config lacks. Add its entry; where it is gone, delete its Secret istio-system/istio-remote-secret-… instead`,
    setting: (field, live, configured) =>
      `the config says "${configured}", and the mesh has another value. Set ${field} to "${live}"`,
    meshes: (list) => `the clusters are of different meshes (${list}). Name clusters of one mesh in the config`,
    trustDomains: (list) =>
      `the clusters have different trust domains (${list}). Name clusters of one mesh in the config`,
    owners: (list) => `the clusters belong to different stacks (${list}). Name clusters of one stack in the config`,
    noCa: (cluster) => `${cluster}: Secret istio-system/cacerts is missing. Restore it: the CA is read from there`,
    otherCa: (cluster, entry) =>
      `${cluster}: ${entry} of Secret istio-system/cacerts is missing or not as this program writes it. Restore it`,
    roots: (list) => `the clusters have different root certificates (${list}), so they are not one mesh`,
    unusable: (line) => `the CA of the clusters is not usable in the config: ${line}`,
    lostKey: (field) =>
      `csp-mesh:${field} is a private key that no cluster uses, and this command would remove it from the config. Save it (pulumi config get --path), then remove the whole of csp-mesh:ca (pulumi config rm csp-mesh:ca)`,
  },
  sets: (field) => `config: set ${field}`,
  removes: (field) => `config: remove ${field}`,
  handsOver: (cluster, former, owner) => `${cluster}: claim of ${former} -> ${owner}`,
  ask: (former) =>
    `The stack ${former} loses this mesh. Do it only if its state or passphrase is lost: its next run is refused. Go on? (y/N)`,
  askConfig: "Change the config of this stack? (y/N)",
  noTerminal: "there is no terminal to confirm on; where the former state is certainly lost, add --yes",
  declined: "Declined. Nothing was changed.",
  notHandedOver: (cluster, error) => `${cluster}: the claim was not handed over: ${error}. Run the same command again`,
  notLost: (owner) => `The state of ${owner} has this mesh already. There is nothing to take over.`,
  done: (owner) => `The claims are open to ${owner} already, and its config has the CA.`,
  next: `
Next:
  1. Run pulumi up. Its preview shows every resource as created: the state is new, the objects are taken over as they are.
     Nothing restarts.
  2. Run npm run proof.
Do not use the former state if it turns up: the claims refuse its runs. Delete it by pulumi stack rm --force --preserve-config in its backend.
Not taken over:
  - The root's private key, which is in no cluster if the program made it. The mesh runs on without it, but a new cluster
    needs an intermediate that this root signed: where nobody has the key, exchange the root before you add a cluster.
  - The former stack's token Secrets istio-system/istio-reader-service-account-istio-remote-secret-token-…: they stay until
    pulumi destroy. After pulumi up has handed out new tokens, each of them that is older can be deleted.
`,
};

export const forgetEn: ForgetMessages = {
  unknown: (cluster, known) => `${cluster}: no such cluster in csp-mesh:clusters; it has ${known}`,
  already: (cluster) => `${cluster} is marked as gone already.`,
  answers: (cluster, who) =>
    `${cluster} still answers (${who}). Nothing was changed. To take a living cluster out of the mesh, run npm run mesh -- remove NAME. If another cluster answers there now, add --force`,
  silent: (cluster, error) => `${cluster} does not answer: ${error}`,
  written: (field) => `Set ${field} to gone.`,
  next: (fields) => `
Next:
  1. Run pulumi up: the other clusters forget it, and its resources leave the state. Run it also where the whole mesh shall
     go: pulumi destroy does not read the config, and deletes nothing while the state has a cluster that does not answer.
  2. To remove the whole mesh, run pulumi destroy now.
  3. To keep the mesh, take the entry out where you want to: npm run mesh -- remove. It removes ${fields}
     and keeps the samples of the other clusters as they are.
`,
};
