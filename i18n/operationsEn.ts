import type { Messages, OperationMessages } from "./messages.ts";

export const operationsEn: OperationMessages = {
  states: {
    token: (cluster, generation) =>
      `${cluster}: a new token (generation ${generation}), handed to the other clusters, seen in use; then the old one is revoked`,
    leaving: (cluster) => `${cluster}: the other clusters forget it; all that is in it stays`,
    removed: (cluster) => `${cluster}: Istio and all else of the mesh is removed from it`,
  },
  sets: (field) => `config: set ${field}`,
  removes: (field) => `config: remove ${field}`,
  plan: (command, states) =>
    `${command}: states ahead: ${states}. Each one is declared in the config, then pulumi up, then the gate.`,
  resumes: (command, reached, states) => `${command} is under way: ${reached} of ${states} states reached. It goes on.`,
  ask: (command) => `Run ${command}? (y/N)`,
  noTerminal: "there is no terminal to confirm on; add --yes",
  declined: "Declined. Nothing was changed.",
  running: (running, reached, states) =>
    `Another operation is under way: ${running} (${reached} of ${states} states reached). Nothing was changed. Finish it first, by running it again`,
  otherMeanwhile: (running) =>
    `Another run has written the config meanwhile: ${running}. This one has stopped. Run that command again when no other run is left`,
  noneMeanwhile: "Another run has finished or given up this operation meanwhile. This one has stopped.",
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
  locked: (said, stack, holders) =>
    [
      `the stack is locked by another run:\n${said}`,
      "Wait until it ends. If it was killed, its lock stays, and it can be removed once nothing of that run is left. Check first:",
      ...holders.map(({ host, pid, here }) =>
        here ? `  - here: ps -p ${pid} shows no pulumi` : `  - on ${host}: ps -p ${pid} shows no pulumi`,
      ),
      `  - no pipeline and no colleague is running pulumi on stack ${stack}`,
      `Then: pulumi cancel --stack ${stack}, and this command again`,
    ].join("\n"),
  failed: (error, command) =>
    `${error}\nThe operation stands where it is, and the config says so. Correct the cause, then run it again: ${command}`,
  gate: (seconds) => `gate: looking at the live mesh, for at most ${seconds} s`,
  open: "gate: open",
  notWhole: (obstacles) =>
    `The mesh is not whole, so nothing was begun:\n${obstacles}\nCorrect this first (npm run mesh -- status says how), then run the command again`,
  stopped: (seconds, obstacles, command) =>
    `The gate did not open within ${seconds} s:\n${obstacles}\nNothing more was changed. Correct this (npm run mesh -- status says how), then run it again: ${command}\nA cluster that is lost for good: npm run mesh -- forget NAME, then the same command again`,
  obstacles: {
    notForgotten: (cluster, peer) => `${cluster}: its istiod still watches ${peer} or has addresses of it`,
    notLooked: (error) => `the mesh could not be looked at: ${error}`,
  },
  interrupted: (signal, command) =>
    `Stopped by ${signal}. The config says where the operation stands. Go on by: ${command}`,
  proof: "proof",
  notProved: "The operation is done, but the proof did not pass. Run npm run proof",
  done: (command) => `Done: ${command}`,
  gone: (cluster, command) =>
    `${cluster} is gone (csp-mesh:clusters[].state): no cluster has its token. Take its entry out by ${command}`,
  silent: (cluster, error, command) =>
    `${cluster} does not answer, so nothing can be removed from it: ${error}. Nothing was changed. If it is lost for good, run ${command}, then this command again`,
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

const options = `  --dry-run           only show the states ahead
  --yes               do not ask
  --wait SECONDS      longest wait at a gate (default: csp-mesh:awaitSeconds)
  --stack NAME        stack whose mesh it is (default: the selected one)
  --config-file FILE  use this config file instead of Pulumi.NAME.yaml
  --output KIND       table or json (default: table); with json, progress goes to the standard error
  --lang ko|en        language of all texts

Stopped or killed, it goes on when the same command is run again, also by another person: csp-mesh:operation in the config
says where it stands. A gate is open when the live mesh shows no error.

Exit code: 0 done, 1 refused, declined, or a gate did not open, 2 it could not run or pulumi up failed.
`;

export const operationCommandsEn: Pick<Messages["commands"], "remove" | "rotate-tokens"> = {
  remove: {
    summary: "take a living cluster out of the mesh",
    usage: `Takes a cluster out of the mesh, anywhere in the list: the other clusters forget it first, and are seen to; then all that the
program made in it is removed. The others' samples stay as they are. A cluster that is gone (forget) is taken out as well.

npm run mesh -- remove NAME [options]
${options}`,
  },
  "rotate-tokens": {
    summary: "exchange the tokens with which clusters watch each other",
    usage: `Exchanges the token with which the other clusters watch a cluster, or those of all clusters, one after the other. No request
fails: the new token is made and handed out, each istiod is seen to use it, and then the old one is revoked.

npm run mesh -- rotate-tokens [NAME] [options]
${options}`,
  },
};
