import type { Messages, OperationMessages } from "./messages.ts";

export const operationsEn: OperationMessages = {
  states: {
    token: (cluster, generation) =>
      `${cluster}: a new token (generation ${generation}), handed to the other clusters, seen in use; then the old one is revoked`,
    intermediate: (cluster, generation) =>
      `${cluster}: another key and intermediate CA (generation ${generation}), below the same root; its istiods are seen to sign with it`,
    joined: (cluster) =>
      `${cluster}: gets Istio, a gateway and the sample; it and the other clusters watch each other from then on`,
    leaving: (cluster) => `${cluster}: the other clusters forget it; all that is in it stays`,
    removed: (cluster) => `${cluster}: Istio and all else of the mesh is removed from it`,
    root: {
      trust: "all clusters: every proxy and istiod trusts both roots",
      issue: "all clusters: every istiod signs below the new root",
      renew: "all clusters: every workload gets a certificate below the new root, without a restart",
      drop: "all clusters: istiods restart, and none trusts the former root any more; from here on there is no way back",
      done: "all clusters: no proxy trusts the former root, and it leaves the stack",
    },
    istio: [
      (cluster, version) => `${cluster}: Istio ${version} alone, as before; definitions (CRDs) are not lowered`,
      (cluster, version) =>
        `${cluster}: definitions (CRDs) of Istio ${version}, and beside the first istiod a second one of it`,
      (cluster, version) => `${cluster}: the sample gets its proxies from the istiod ${version} beside the first`,
      (cluster, version) =>
        `${cluster}: the gateways get their proxies from the istiod ${version} beside the first; Services and addresses stay`,
      (cluster, version) =>
        `${cluster}: the first istiod becomes ${version}; pods of other namespaces get its proxies when they are made anew`,
      (cluster, version) => `${cluster}: sample and gateways get their proxies from the first istiod, now ${version}`,
      (cluster, version) => `${cluster}: the second istiod goes; one of ${version} stays`,
    ],
    inPlace: (cluster, version) =>
      `${cluster}: definitions (CRDs), istiod, gateways and sample become ${version}, in place`,
    workloads: (cluster, version) => `${cluster}: workloads whose proxies are not ${version} are restarted`,
    upgraded: (version) => `all clusters: istio.version is ${version}, and the Gateway API is what that was built with`,
  },
  sets: (field) => `config: set ${field}`,
  inserts: (field) => `config: insert ${field}`,
  removes: (field) => `config: remove ${field}`,
  plan: (command, states) =>
    `${command}: states ahead: ${states}. Each one is declared in the config, then pulumi up, then the gate.`,
  resumes: (command, reached, states) => `${command} is under way: ${reached} of ${states} states reached. It goes on.`,
  ask: (command) => `Run ${command}? (y/N)`,
  noTerminal: "there is no terminal to confirm on; add --yes",
  declined: "Declined. Nothing was changed.",
  takenBack: (state) => `take back: ${state}`,
  notUnderWay: (command, instead) =>
    `Not under way, so there is nothing to go back from: ${command}. Nothing was changed. ${instead}`,
  noWayBack: (command, instead) =>
    `There is no way back any more. Nothing was changed. ${instead} The operation is finished by ${command}`,
  goesBack: (command, back) =>
    `The operation is on its way back. Nothing was changed. Finish that first: ${back}. Then it can begin anew: ${command}`,
  instead: {
    upgrade: "An upgrade that is finished is not taken back: another version follows by another upgrade.",
    "rotate-tokens":
      "A former token is revoked as soon as the new one is in use: to have other tokens, exchange them again.",
    "rotate-root": "Once the former root is dropped, another rotation is the way to another root.",
    distrust: "Once the former root is dropped, another rotation is the way to another root.",
    "renew-intermediates": "The former key is gone once the new one is declared: to have another, renew it again.",
    add: "What was made in the cluster is taken away by npm run mesh -- remove NAME.",
    remove: "All that the program made in the cluster is removed with its entry: after that, add it as a new cluster.",
  },
  running: (running, reached, states) =>
    `Another operation is under way: ${running} (${reached} of ${states} states reached). Nothing was changed. Finish it first, by running it again`,
  otherMeanwhile: (running) =>
    `Another run has written the config meanwhile: ${running}. This one has stopped. Run that command again when no other run is left`,
  noneMeanwhile: "Another run has finished or given up this operation meanwhile. This one has stopped.",
  undeclared: (fields, command) =>
    `The config was changed during the operation: it no longer declares a state that the operation has written. The mesh is as the last pulumi up left it. Restore these fields:\n${fields}\nThen run it again: ${command}`,
  badState: (state, problems) =>
    `the config would not be usable in this state, so nothing was changed: ${state}\n${problems}`,
  badRecord: (problems) =>
    `the operation in the config is not readable:\n${problems}\nCorrect it, or give the operation up: pulumi config rm csp-mesh:operation`,
  notSettable: (field) =>
    `${field} is one text or encrypted as a whole, and Pulumi cannot change a part of it. Write it as a list or map, with encrypted values where they are secret`,
  badSeconds: (option, value) => `${option}: "${value}" is no number of seconds`,
  up: "pulumi up",
  upFailed: "pulumi up failed; its errors are above",
  staleLock: "a killed run of this machine left the stack locked; the lock is removed",
  locked: (said, stack, checks) =>
    [
      `the stack is locked by another run:\n${said}`,
      "Wait until it ends. If it was killed, its lock stays, and it can be removed once nothing of that run is left. Check first:",
      ...(checks === "" ? [] : [checks]),
      "  - no pipeline and no colleague is running pulumi on this stack",
      `Then: pulumi cancel --stack ${stack}, and this command again`,
    ].join("\n"),
  holder: (host, pid) => `on ${host}: ps -p ${pid} shows no pulumi`,
  holderHere: (pid) => `here: ps -p ${pid} shows no pulumi`,
  failed: (error, command) =>
    `${error}\nThe operation stands where it is, and the config says so. Correct the cause, then run it again: ${command}`,
  gate: (seconds) => `gate: looking at the live mesh, for at most ${seconds} s`,
  open: "gate: open",
  notWhole: (obstacles) =>
    `This operation needs what is broken, or could make it worse, so nothing was begun:\n${obstacles}\nCorrect this first (npm run mesh -- status says how), then run the command again. If it cannot wait, add --force: the gates then leave these faults out`,
  tolerated: (obstacles) => `Faults that the gates leave out, because they are there before it begins:\n${obstacles}`,
  stopped: (seconds, obstacles, command) =>
    `The gate did not open within ${seconds} s:\n${obstacles}\nNothing more was changed. Correct this (npm run mesh -- status says how), then run it again: ${command}\nA cluster that is lost for good: npm run mesh -- forget NAME, then the same command again`,
  obstacles: {
    notForgotten: (cluster, peer) => `${cluster}: its istiod still watches ${peer} or has addresses of it`,
    notLooked: (error) => `the mesh could not be looked at: ${error}`,
    withoutAgent: (cluster, pods) =>
      `${cluster}: these pods were made before PROXY_CONFIG_XDS_AGENT was set, and would not take the new root; restart them: ${pods}`,
    signsByOther: (cluster, pods) =>
      `${cluster}: these istiods do not have the intermediate and root of this phase yet: ${pods}`,
    acceptsFormer: (cluster, pods) =>
      `${cluster}: these istiods run since before the former root was dropped, and still accept its certificates: ${pods}`,
    trustsOthers: (cluster, pods) =>
      `${cluster}: these proxies do not trust exactly the roots of this phase yet: ${pods}`,
    leafOfOther: (cluster, pods) =>
      `${cluster}: the certificates of these pods are still below the other root: ${pods}`,
    proxyNotAsked: (cluster, pods, error) =>
      `${cluster}: the proxy of ${pods} could not be asked for its certificates: ${error}`,
    istiodVersion: (cluster, wanted, found) =>
      `${cluster}: the istiod that stays shall be ${wanted}, and one is ${found}`,
    notServed: (cluster, pods) => `${cluster}: the second istiod does not serve ${pods} yet`,
    stillServed: (cluster, pods) =>
      `${cluster}: the second istiod, which goes next, still serves ${pods}. Where a namespace or pod has the label istio.io/rev=next, remove it and restart the workload`,
    nextMissing: (cluster) => `${cluster}: no second istiod (istiod-next) of the new version is ready`,
    nextThere: (cluster) => `${cluster}: the second istiod (istiod-next) is still there`,
  },
  noVersion: "--to VERSION is missing, the Istio that all clusters shall have",
  badVersion: (version) => `--to: "${version}" is no version of Istio's charts, such as 1.31.0`,
  alreadyThere: (version) => `istio.version is ${version} already. Nothing was changed`,
  cannotFollow: {
    older: (from, to) =>
      `Istio ${to} is older than ${from}, which the mesh has. Nothing was changed. An upgrade that is under way goes back by --back`,
    tooFar: (from, to) =>
      `From ${from} to ${to} are more than two minor releases, which Istio does not support. Nothing was changed. Upgrade to one between them first`,
  },
  otherUpgrade: (cluster, version) =>
    `${cluster} has Istio ${version} (csp-mesh:clusters[].istio), from another upgrade. Nothing was changed. Finish that one first`,
  unsupported: (cluster, kubernetes, lines) =>
    `${cluster}: this Istio does not support its Kubernetes ${kubernetes}; lines that do: ${lines || "none"}. Nothing was changed. Upgrade Kubernetes first, choose another version, or set istio.allowUnsupported`,
  restarts: (workload) => `restart ${workload}`,
  notRestarted: (pod) => `not restarted, because it is of no Deployment, StatefulSet or DaemonSet: ${pod}`,
  oldProxies: (list) => `
Afterwards: these pods have proxies of another version until they are made anew. Restart their workloads, each at a time that suits
it; npm run mesh -- status counts them:
${list}
`,
  noOldProxies: "Every proxy has the new version.",
  interrupted: (signal, command) =>
    `Stopped by ${signal}. The config says where the operation stands. Go on by: ${command}`,
  proof: "proof",
  notProved: "The operation is done, but the proof did not pass. Run npm run proof",
  done: (command) => `Done: ${command}`,
  gone: (cluster, command) =>
    `${cluster} is gone (csp-mesh:clusters[].state): no cluster has its token. Take its entry out by ${command}`,
  rootMissing: (source) =>
    `ca.source is "${source}", so that the program cannot make another root. Nothing was changed. Put the new settings into csp-mesh:rootRotation.ca, then run the command again`,
  rootUnderWay: (phase) =>
    `csp-mesh:rootRotation.phase is "${phase}", and the config records no operation. Nothing was changed. Go on by hand, one phase after the other, or back to "prepared" the same way`,
  distrustUnknown: (cluster, clusters) =>
    `"${cluster}" is no cluster of csp-mesh:clusters: ${clusters}. The intermediate of a cluster that has left the mesh becomes worthless with the root: npm run mesh -- rotate-root`,
  distrusted: (cluster) => `
Afterwards:
  - Connections that the thief has open stay open until one side closes them: restart the workloads that must not wait for that.
  - Whoever read Secret cacerts in ${cluster} could read the other clusters' tokens in the same namespace: npm run mesh -- rotate-tokens.
  - ${cluster} has its new intermediate in the same Secret: see who may read Secrets in istio-system there.
`,
  silent: (cluster, error, command) =>
    `${cluster} does not answer, so nothing can be removed from it: ${error}. Nothing was changed. If it is lost for good, run ${command}, then this command again`,
  ownIntermediates: (cluster) =>
    `csp-mesh:ca.source is "intermediates", so the program makes no keys. Put another certificate and key into csp-mesh:ca.intermediates.${cluster} and run pulumi up`,
  add: {
    exists: (cluster, field, options) =>
      `${cluster} is in the config already (${field}), so ${options} would change nothing. Change the entry there, then run the command with the name alone`,
    leaves: (cluster, field) =>
      `${cluster} leaves the mesh or is gone (${field}). Remove that field if the cluster is to join again, or take the old entry out by npm run mesh -- remove`,
    member: (cluster) => `${cluster} is in the mesh already. Nothing was changed. Look at it by npm run mesh -- status`,
    needs: (option) => `${option} is required, because the cluster is not in csp-mesh:clusters yet`,
    noText:
      "an option holds several lines. A kubeconfig is given by its path. For its text put the entry into csp-mesh:clusters, encrypt the text (pulumi config set --secret --path), then run the command without options",
    badPosition: (value, last) => `--at: "${value}" is no place in csp-mesh:clusters; give 1 to ${last}`,
    intermediate: (cluster) =>
      `csp-mesh:ca.source is "intermediates", and the new cluster has none. Nothing was changed. Put its entry into csp-mesh:clusters, and its certificate and key into csp-mesh:ca.intermediates.${cluster} (the key by pulumi config set --secret --path KEY < FILE), then run the command with the name alone`,
    silent: (cluster, error) =>
      `${cluster} does not answer: ${error}. Nothing was changed. Correct --kubeconfig or --context, or see that this machine reaches its API server`,
    added: (cluster) => `
Afterwards:
  - Firewall rules between ${cluster} and the others: npm run mesh -- firewall.
  - Its sample answers in every cluster. Pods of your own that were there before get a sidecar when they are made anew.
`,
  },
  removed: (cluster) => `
Afterwards:
  - ${cluster} had the other clusters' tokens. If its administrators shall not read your Secrets any more, run
    npm run mesh -- rotate-tokens.
  - Its intermediate CA was signed by the mesh's root and stays trusted until it ends. Who copied its key can issue identities until
    then, or until the root is exchanged.
  - Firewall rules for it are open: npm run mesh -- firewall shows those that are still needed.
`,
  intermediate: (cluster) =>
    `  - csp-mesh:ca.intermediates.${cluster}, certificate and key, was removed from the config.
`,
};

const options = `  --back              go back to where the operation under way began, while there is a way back
  --dry-run           only show the states ahead
  --yes               do not ask
  --force             begin although what the operation needs is broken; the gates leave those faults out
  --wait SECONDS      longest wait at a gate (default: csp-mesh:awaitSeconds)
  --stack NAME        stack whose mesh it is (default: the selected one)
  --config-file FILE  use this config file instead of Pulumi.NAME.yaml
  --output KIND       table or json (default: table); with json, progress goes to the standard error
  --lang ko|en        language of all texts

Stopped or killed, it goes on when the same command is run again, also by another person: csp-mesh:operation in the config
says where it stands. A gate is open when the live mesh shows no error but those that were there before and have nothing to do
with the operation.

Exit code: 0 done, 1 refused, declined, or a gate did not open, 2 it could not run or pulumi up failed.
`;

export const operationCommandsEn: Pick<
  Messages["commands"],
  "add" | "distrust" | "remove" | "renew-intermediates" | "rotate-root" | "rotate-tokens" | "upgrade"
> = {
  add: {
    summary: "bring a cluster into the mesh",
    usage: `Brings a cluster into the mesh, anywhere in the list: its entry is written into csp-mesh:clusters, pulumi up looks at it before it
makes anything, and each direction from and to it is seen to work. The samples of the others stay as they are. What has no option here
(load balancer, node selectors and so on) is written into an entry by hand; the command then takes the name alone.

npm run mesh -- add NAME --context CONTEXT [options]
  --context CONTEXT   context of the kubeconfig
  --kubeconfig PATH   kubeconfig file (default: ~/.kube/config)
  --csp KIND          cloud provider: ncloud, nhn, kt or generic (default: generic)
  --network NAME      network of its pods (default: the cluster's name)
  --api-server URL    API server as the other clusters reach it (default: the kubeconfig's)
  --external-address ADDRESS
                      address of its gateway, where the provider gives load balancers none (kt)
  --at POSITION       place in the list, from 1 (default: the end)
${options}
If pulumi up refuses the cluster, correct the cause and run the command again. To give it up instead before anything was made:
pulumi config rm csp-mesh:operation, and take the entry out. After that: the same, then npm run mesh -- remove NAME.
`,
  },
  distrust: {
    summary: "make a stolen intermediate CA worthless",
    usage: `Makes a cluster's intermediate CA worthless whose key was stolen, by exchanging the root as rotate-root does: every cluster gets an
intermediate below the new root, every workload another certificate, and nothing below the former root is accepted any more. No request
fails. Istiods restart, because they accept clients of the former root until then. A revocation list would not be enough: istiods ignore
it, and would sign a certificate below the new intermediate for the thief. Before that, end the thief's access to the cluster's Secrets.
Where ca.source is not generated, csp-mesh:rootRotation.ca has to hold the new root.

npm run mesh -- distrust NAME [options]
${options}`,
  },
  "renew-intermediates": {
    summary: "exchange keys and intermediate CAs below the same root",
    usage: `Gives a cluster's istiod another key and intermediate CA below the same root, or those of all clusters, one after the other. No
request fails. After each one, every istiod is seen to sign with its new intermediate, and the chains of the cluster's gateways and
sample are followed to the root. Proxies get certificates below the new one as theirs are renewed, within half a day. The old
intermediate stays valid until its end: for a stolen key see distrust.

npm run mesh -- renew-intermediates [NAME] [options]
${options}`,
  },
  remove: {
    summary: "take a living cluster out of the mesh",
    usage: `Takes a cluster out of the mesh, anywhere in the list: the other clusters forget it first, and are seen to; then all that the
program made in it is removed. The others' samples stay as they are. A cluster that is gone (forget) is taken out as well.

npm run mesh -- remove NAME [options]
${options}`,
  },
  "rotate-root": {
    summary: "exchange the mesh's root of trust",
    usage: `Exchanges the root by which all clusters trust each other, in phases, each in all clusters before the next begins in any: all trust
both roots; every istiod signs below the new one; every workload gets another certificate; the former root is dropped. Only istiods
are restarted. csp-mesh:rootRotation.ca may hold the new root's settings: another algorithm, organization, or a root of one's own.

npm run mesh -- rotate-root [options]
${options}`,
  },
  "rotate-tokens": {
    summary: "exchange the tokens with which clusters watch each other",
    usage: `Exchanges the token with which the other clusters watch a cluster, or those of all clusters, one after the other. No request
fails: the new token is made and handed out, each istiod is seen to use it, and then the old one is revoked.

npm run mesh -- rotate-tokens [NAME] [options]
${options}`,
  },
  upgrade: {
    summary: "another version of Istio, one cluster after the other",
    usage: `Upgrades Istio, one cluster after the other in the order of the list. Another minor release: the definitions come first, and beside
istiod a second one of the new version; the sample gets its proxies, then the gateways, then the first istiod is upgraded, all of it
returns there, and the second goes. A patch release is installed in place. Istio has to support each cluster's Kubernetes.

npm run mesh -- upgrade --to VERSION [options]
  --to VERSION        version of Istio's charts, such as 1.31.0; at most two minor releases further
  --restart-workloads restart other namespaces' workloads with older proxies; otherwise they are named at the end
${options}`,
  },
};
