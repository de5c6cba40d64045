import type { Messages, OperationMessages } from "./messages.ts";

export const operationsEn: OperationMessages = {
  states: {
    token: (cluster, generation) =>
      `${cluster}: the other clusters get a new token (generation ${generation}); once their istiods use it, the old one is revoked`,
    intermediate: (cluster, generation) =>
      `${cluster}: a new key and intermediate CA (generation ${generation}) under the same root, with which its istiods sign`,
    joined: (cluster) =>
      `${cluster}: gets Istio, a gateway and the sample; from then on, it and the other clusters watch each other`,
    leaving: (cluster) => `${cluster}: the other clusters forget it; everything in it stays`,
    removed: (cluster) => `${cluster}: Istio and the mesh's other objects are removed from it`,
    root: {
      trust: "all clusters: every proxy and istiod trusts both roots",
      issue: "all clusters: every istiod signs with an intermediate of the new root",
      renew: "all clusters: every workload gets a certificate of the new root, without a restart",
      drop: "all clusters: istiods restart and no longer trust the former root; from here on, the operation cannot go back",
      done: "all clusters: no proxy trusts the former root, and the stack no longer has it",
    },
    istio: [
      (cluster, version) => `${cluster}: only Istio ${version}, as before; CRDs keep the newer version`,
      (cluster, version) =>
        `${cluster}: CRDs of Istio ${version}, and a second istiod of that version beside the first`,
      (cluster, version) => `${cluster}: the sample gets its proxies from the second istiod, ${version}`,
      (cluster, version) =>
        `${cluster}: the gateways get their proxies from the second istiod, ${version}; Services and addresses stay`,
      (cluster, version) =>
        `${cluster}: the first istiod is upgraded to ${version}; pods of other namespaces get its proxies when they restart`,
      (cluster, version) => `${cluster}: sample and gateways get their proxies from the first istiod, now ${version}`,
      (cluster, version) => `${cluster}: the second istiod is removed; the first, ${version}, stays`,
    ],
    inPlace: (cluster, version) => `${cluster}: CRDs, istiod, gateways and sample are upgraded to ${version} in place`,
    workloads: (cluster, version) => `${cluster}: workloads whose proxies are not ${version} are restarted`,
    upgraded: (version) =>
      `all clusters: istio.version is ${version}, and the Gateway API is the release that this Istio was built with`,
  },
  sets: (field) => `config: set ${field}`,
  inserts: (field) => `config: insert ${field}`,
  removes: (field) => `config: remove ${field}`,
  plan: (command, states) =>
    `${command}: ${states} states to reach. Each one is written into the config, applied by pulumi up, and checked by a gate.`,
  resumes: (command, reached, states) =>
    `${command} is under way, with ${reached} of ${states} states reached. It continues.`,
  ask: (command) => `Run ${command}? (y/N)`,
  noTerminal: "confirmation needs a terminal; add --yes to run without it",
  declined: "Declined. Nothing was changed.",
  takenBack: (state) => `revert: ${state}`,
  notUnderWay: (command, instead) =>
    `${command} is not under way, so there is nothing to revert. Nothing was changed. ${instead}`,
  noWayBack: (command, instead) =>
    `The operation can no longer go back. Nothing was changed. ${instead} To finish the operation, run: ${command}`,
  goesBack: (command, back) =>
    `The operation is going back. Nothing was changed. Finish going back first: ${back}. Then start it again: ${command}`,
  instead: {
    upgrade: "A finished upgrade is not reverted. To have another version, upgrade to it.",
    "rotate-tokens":
      "A former token is revoked as soon as the new one is in use. To have other tokens, rotate them again.",
    "rotate-root": "The former root is no longer trusted. To have another root, rotate it again.",
    distrust: "The former root is no longer trusted. To have another root, rotate it again.",
    "renew-intermediates":
      "The former key is deleted when the new one is created. To have another key, renew it again.",
    add: "To remove what was created in the cluster, run npm run mesh -- remove NAME.",
    remove:
      "Everything that the program created in the cluster is removed with its entry. To have it back, add it as a new cluster.",
  },
  running: (running, reached, states) =>
    `Another operation is under way: ${running} (${reached} of ${states} states reached). Nothing was changed. Finish it first: run it again`,
  otherMeanwhile: (running) =>
    `Another run has changed the config meanwhile: ${running}. This run has stopped. Run that command again when no other run is active`,
  noneMeanwhile: "Another run has finished or cancelled this operation meanwhile. This run has stopped.",
  undeclared: (fields, command) =>
    `The config was changed during the operation: it no longer declares a state that the operation has written. The mesh is as the last pulumi up left it. Restore these fields:\n${fields}\nThen run it again: ${command}`,
  badState: (state, problems) =>
    `the config would be invalid in this state, so nothing was changed: ${state}\n${problems}`,
  badRecord: (problems) =>
    `the operation recorded in the config is invalid:\n${problems}\nCorrect it, or cancel the operation: pulumi config rm csp-mesh:operation`,
  notSettable: (field) =>
    `${field} is a single string or encrypted as a whole, so Pulumi cannot change a part of it. Write it as a list or map, and encrypt only the secret values in it`,
  badSeconds: (option, value) => `${option}: "${value}" is not a number of seconds; give a whole number, such as 600`,
  up: "pulumi up",
  upFailed: "pulumi up failed; correct the errors above",
  staleLock: "a killed run on this machine left the stack locked; the lock was removed",
  locked: (said, stack, checks) =>
    [
      `the stack is locked by another run:\n${said}`,
      "Wait until it ends. A killed run leaves its lock, which you may remove once none of its processes runs any more. Check first:",
      ...(checks === "" ? [] : [checks]),
      "  - no pipeline and no colleague is running pulumi on this stack",
      `Then: pulumi cancel --stack ${stack}, and this command again`,
    ].join("\n"),
  holder: (host, pid) => `on ${host}: ps -p ${pid} shows no pulumi`,
  holderHere: (pid) => `here: ps -p ${pid} shows no pulumi`,
  failed: (error, command) =>
    `${error}\nThe operation has stopped; the config records how far it got. Correct the cause, then run it again: ${command}`,
  gate: (seconds) => `gate: checking the live mesh, for at most ${seconds} s`,
  open: "gate: open",
  notWhole: (obstacles) =>
    `The mesh has faults that this operation depends on or could make worse, so it was not started:\n${obstacles}\nCorrect this first (npm run mesh -- status says how), then run the command again. If it cannot wait, add --force: the gates then ignore these faults`,
  tolerated: (obstacles) => `The gates ignore these faults, because they existed before the operation:\n${obstacles}`,
  stopped: (seconds, obstacles, command) =>
    `The gate did not open within ${seconds} s:\n${obstacles}\nNothing more was changed. Correct this (npm run mesh -- status says how), then run it again: ${command}\nIf a cluster is lost for good, run npm run mesh -- forget NAME, then the same command again`,
  obstacles: {
    notForgotten: (cluster, peer) => `${cluster}: its istiod still watches ${peer} or has endpoints of it`,
    notLooked: (error) => `the mesh could not be checked: ${error}`,
    withoutAgent: (cluster, pods) =>
      `${cluster}: these pods were created before PROXY_CONFIG_XDS_AGENT was set, so they would not accept the new root; restart them: ${pods}`,
    signsByOther: (cluster, pods) =>
      `${cluster}: these istiods do not have the intermediate and root of this phase yet: ${pods}`,
    acceptsFormer: (cluster, pods) =>
      `${cluster}: these istiods started before the former root was dropped, and still accept its certificates: ${pods}`,
    trustsOthers: (cluster, pods) =>
      `${cluster}: these proxies do not trust exactly the roots of this phase yet: ${pods}`,
    leafOfOther: (cluster, pods) => `${cluster}: the certificates of these pods still chain to the other root: ${pods}`,
    proxyNotAsked: (cluster, pods, error) =>
      `${cluster}: the proxy of ${pods} could not be asked for its certificates: ${error}`,
    istiodVersion: (cluster, wanted, found) =>
      `${cluster}: the first istiod must have version ${wanted}, but a pod of it has ${found}`,
    notServed: (cluster, pods) => `${cluster}: the second istiod does not serve ${pods} yet`,
    stillServed: (cluster, pods) =>
      `${cluster}: the second istiod, which is removed next, still serves ${pods}. Where a namespace or pod has the label istio.io/rev=next, remove it and restart the workload`,
    nextMissing: (cluster) => `${cluster}: no second istiod (istiod-next) of the new version is ready`,
    nextThere: (cluster) => `${cluster}: the second istiod (istiod-next) is still there`,
  },
  noVersion: "--to is missing; give the version of Istio for all clusters, such as --to 1.31.0",
  badVersion: (version) => `--to: "${version}" is not a version of Istio's charts, such as 1.31.0`,
  alreadyThere: (version) => `istio.version is already ${version}. Nothing was changed`,
  cannotFollow: {
    older: (from, to) =>
      `Istio ${to} is older than ${from}, which the mesh has. Nothing was changed. To revert an upgrade that is under way, use --back`,
    tooFar: (from, to) =>
      `${to} is more than two minor releases after ${from}, which Istio does not support. Nothing was changed. Upgrade to a release between them first`,
  },
  otherUpgrade: (cluster, version) =>
    `${cluster} has Istio ${version} (csp-mesh:clusters[].istio), from another upgrade. Nothing was changed. Finish that one first`,
  unsupported: (cluster, kubernetes, lines) =>
    `${cluster}: this Istio does not support its Kubernetes ${kubernetes}; minor releases of Istio that do: ${lines || "none"}. Nothing was changed. Upgrade Kubernetes first, choose another version, or set istio.allowUnsupported`,
  restarts: (workload) => `restart ${workload}`,
  notRestarted: (pod) => `not restarted, because no Deployment, StatefulSet or DaemonSet owns it: ${pod}`,
  oldProxies: (list) => `
Afterwards: these pods have proxies of another version until they restart. Restart their workloads, each at a time that suits
it; npm run mesh -- status counts them:
${list}
`,
  noOldProxies: "Every proxy has the new version.",
  interrupted: (signal, command) =>
    `Stopped by ${signal}. The config records how far the operation got. To continue, run: ${command}`,
  proof: "proof",
  notProved: "The operation is done, but the proof did not pass. Run npm run proof",
  done: (command) => `Done: ${command}`,
  gone: (cluster, command) =>
    `${cluster} is gone (csp-mesh:clusters[].state), so no cluster has its token. To remove its entry, run ${command}`,
  rootMissing: (source) =>
    `ca.source is "${source}", so the program cannot create another root. Nothing was changed. Put the new settings into csp-mesh:rootRotation.ca, then run the command again`,
  rootUnderWay: (phase) =>
    `csp-mesh:rootRotation.phase is "${phase}", and the config records no operation. Nothing was changed. Continue by hand, one phase after the other, or go back to "prepared" the same way`,
  distrustUnknown: (cluster, clusters) =>
    `"${cluster}" is not in csp-mesh:clusters: ${clusters}. To invalidate the intermediate of a cluster that has left the mesh, rotate the root: npm run mesh -- rotate-root`,
  distrusted: (cluster) => `
Afterwards:
  - Connections that the thief has open stay open until one side closes them: restart workloads for which that is too late.
  - Whoever read Secret cacerts in ${cluster} could read the other clusters' tokens in the same namespace: npm run mesh -- rotate-tokens.
  - ${cluster} has its new intermediate in the same Secret: check who may read Secrets in istio-system there.
`,
  silent: (cluster, error, command) =>
    `${cluster} does not answer, so its objects cannot be deleted: ${error}. Nothing was changed. If it is lost for good, run ${command}, then this command again`,
  ownIntermediates: (cluster) =>
    `csp-mesh:ca.source is "intermediates", so the program creates no keys. Put another certificate and key into csp-mesh:ca.intermediates.${cluster} and run pulumi up`,
  add: {
    exists: (cluster, field, options) =>
      `${cluster} is already in the config (${field}), so ${options} would change nothing. Change the entry there, then run the command with only the name`,
    leaves: (cluster, field) =>
      `${cluster} leaves the mesh or is gone (${field}). Remove that field if the cluster shall join again, or remove the old entry by npm run mesh -- remove`,
    member: (cluster) =>
      `${cluster} is already in the mesh. Nothing was changed. To check it, run npm run mesh -- status`,
    needs: (option) => `${option} is required, because the cluster is not in csp-mesh:clusters yet`,
    noText:
      "an option has several lines. Give the path of a kubeconfig, not its content. To store its content, put the entry into csp-mesh:clusters, encrypt the content (pulumi config set --secret --path), then run the command without options",
    badPosition: (value, last) => `--at: "${value}" is not a position in csp-mesh:clusters; give 1 to ${last}`,
    intermediate: (cluster) =>
      `csp-mesh:ca.source is "intermediates", and the new cluster has none. Nothing was changed. Put its entry into csp-mesh:clusters, and its certificate and key into csp-mesh:ca.intermediates.${cluster} (the key by pulumi config set --secret --path KEY < FILE), then run the command with only the name`,
    silent: (cluster, error) =>
      `${cluster} does not answer: ${error}. Nothing was changed. Correct --kubeconfig or --context, or make its API server reachable from this machine`,
    added: (cluster) => `
Afterwards:
  - Firewall rules between ${cluster} and the others: npm run mesh -- firewall.
  - Its sample answers requests from every cluster. Your pods that already ran in it get a sidecar when they restart.
`,
  },
  removed: (cluster) => `
Afterwards:
  - ${cluster} had the other clusters' tokens. If its administrators must not read your Secrets any more, run
    npm run mesh -- rotate-tokens.
  - Its intermediate CA was signed by the mesh's root and stays trusted until it expires. A copy of its key can issue identities until
    then, or until the root is rotated.
  - Firewalls still have rules for it: npm run mesh -- firewall shows which rules the mesh needs now.
`,
  intermediate: (cluster) =>
    `  - csp-mesh:ca.intermediates.${cluster}, certificate and key, was removed from the config.
`,
};

const options = `  --back              revert the operation under way, as long as it can go back
  --dry-run           only show the states
  --yes               do not ask
  --force             start in spite of faults that the operation depends on; the gates ignore them
  --wait SECONDS      longest wait at a gate (default: csp-mesh:awaitSeconds)
  --stack NAME        stack of the mesh (default: the selected one)
  --config-file FILE  use this config file instead of Pulumi.NAME.yaml
  --output KIND       table or json (default: table); with json, progress goes to the standard error
  --lang ko|en        language of all texts

After a stop or a kill, run the same command again to continue, also as another person: csp-mesh:operation in the config
records how far it got. A gate opens when the live mesh has no errors except those that existed before and do not affect the
operation.

Exit code: 0 done, 1 refused, declined, or a gate did not open, 2 the command could not run or pulumi up failed.
`;

export const operationCommandsEn: Pick<
  Messages["commands"],
  "add" | "distrust" | "remove" | "renew-intermediates" | "rotate-root" | "rotate-tokens" | "upgrade"
> = {
  add: {
    summary: "bring a cluster into the mesh",
    usage: `Brings a cluster into the mesh, anywhere in the list: writes its entry into csp-mesh:clusters, runs pulumi up, which checks the
cluster before it creates anything, and tests each direction from and to it. The samples of the other clusters stay as they are.
Write settings that have no option here (load balancer, node selectors and so on) into an entry by hand, then run the command with
only the name.

npm run mesh -- add NAME --context CONTEXT [options]
  --context CONTEXT   context of the kubeconfig
  --kubeconfig PATH   kubeconfig file (default: ~/.kube/config)
  --csp KIND          cloud provider: ncloud, nhn, kt or generic (default: generic)
  --network NAME      network of its pods (default: the cluster's name)
  --api-server URL    API server as the other clusters reach it (default: the kubeconfig's)
  --external-address ADDRESS
                      address of its gateway, if the provider gives load balancers none (kt)
  --at POSITION       position in the list, from 1 (default: the end)
${options}
If pulumi up refuses the cluster, correct the cause and run the command again. To cancel before anything was created: pulumi config rm
csp-mesh:operation, and remove the entry. To cancel later, run the same command, then npm run mesh -- remove NAME.
`,
  },
  distrust: {
    summary: "invalidate a stolen intermediate CA",
    usage: `Invalidates the intermediate CA of a cluster whose key was stolen, by rotating the root as rotate-root does: every cluster gets an
intermediate of the new root, every workload a new certificate, and certificates of the former root are no longer accepted. No
request fails. Istiods restart, because they accept clients of the former root until then. A revocation list would not be enough:
istiods ignore it, and would sign a certificate of the new intermediate for the thief. First end the thief's access to the cluster's
Secrets. If ca.source is not generated, csp-mesh:rootRotation.ca must contain the new root.

npm run mesh -- distrust NAME [options]
${options}`,
  },
  "renew-intermediates": {
    summary: "renew keys and intermediate CAs under the same root",
    usage: `Gives the istiods of a cluster, or of all clusters one after the other, a new key and intermediate CA under the same root. No
request fails. After each cluster, the gate checks that every istiod signs with its new intermediate, and verifies the chains of the
cluster's gateways and sample up to the root. Proxies get certificates of the new intermediate when theirs are renewed, within half a
day. The old intermediate stays valid until it expires: for a stolen key see distrust.

npm run mesh -- renew-intermediates [NAME] [options]
${options}`,
  },
  remove: {
    summary: "remove a living cluster from the mesh",
    usage: `Removes a cluster from the mesh, anywhere in the list: first the other clusters forget it, which a gate checks; then everything that
the program created in it is deleted. The samples of the other clusters stay as they are. Also removes a cluster that is gone (forget).

npm run mesh -- remove NAME [options]
${options}`,
  },
  "rotate-root": {
    summary: "rotate the mesh's root CA",
    usage: `Rotates the root CA by which all clusters trust each other, in phases, each in all clusters before the next starts in any: all trust
both roots; every istiod signs with an intermediate of the new root; every workload gets a new certificate; the former root is
dropped. Only istiods restart. csp-mesh:rootRotation.ca can contain the new root's settings: another algorithm, organization, or your
own root.

npm run mesh -- rotate-root [options]
${options}`,
  },
  "rotate-tokens": {
    summary: "rotate the tokens with which clusters watch each other",
    usage: `Rotates the token with which the other clusters watch a cluster, or those of all clusters, one after the other. No request fails:
the new token is created and distributed, a gate checks that each istiod uses it, then the old one is revoked.

npm run mesh -- rotate-tokens [NAME] [options]
${options}`,
  },
  upgrade: {
    summary: "upgrade Istio, one cluster after the other",
    usage: `Upgrades Istio, one cluster after the other in the order of the list. For another minor release, the CRDs come first, with a second
istiod of the new version; the sample moves to it, then the gateways; then the first istiod is upgraded, sample and gateways move
back, and the second is removed. A patch release is installed in place. Istio must support each cluster's Kubernetes.

npm run mesh -- upgrade --to VERSION [options]
  --to VERSION        version of Istio's charts, such as 1.31.0; at most two minor releases later
  --restart-workloads restart other namespaces' workloads with older proxies; otherwise they are listed at the end
${options}`,
  },
};
