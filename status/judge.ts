// Derives findings from the state of a mesh: one finding for each fault, at its cause.
import { shownIn } from "../kube/shown.ts";
import { type CertificateRole, ENDS, type StatusFinding } from "../mesh/statusFindings.ts";
import { type ClusterFacts, isSeen, isSilent, type Look, type SampleAnswers } from "./facts.ts";

/**
 * The findings quote pods, proxies and istiods, whose texts are made safe to print.
 *
 * @param sampleAnswers answers to the sample's callers, for each cluster with a ready caller; undefined without a sample
 */
export function judge(looks: readonly Look[], sampleAnswers?: readonly SampleAnswers[]): StatusFinding[] {
  const seen = looks.filter(isSeen);
  const withoutCaller =
    sampleAnswers === undefined ? [] : seen.filter(({ name }) => !sampleAnswers.some(({ from }) => from === name));
  return shownIn([
    ...looks.filter(isSilent).map(({ name, failure }): StatusFinding => {
      return { id: "clusterSilent", severity: "error", cluster: name, peer: "", said: failure };
    }),
    ...seen.flatMap(aboutOne),
    ...(sampleAnswers ?? [])
      .filter(({ requests }) => requests === 0)
      .map(
        ({ from: cluster, lastFailure }): StatusFinding => ({
          id: "notAsked",
          severity: "error",
          cluster,
          peer: "",
          said: lastFailure,
        }),
      ),
    ...withoutCaller.map(
      ({ name }): StatusFinding => ({ id: "sampleNotReady", severity: "warning", cluster: name, peer: "" }),
    ),
    ...seen.flatMap((from) =>
      looks.filter((to) => to !== from).flatMap((to) => aboutPair(from, to, sampleAnswers ?? [])),
    ),
  ]);
}

function aboutOne(facts: ClusterFacts): StatusFinding[] {
  const { name: cluster, istiods, gateways, notReady, unanswered } = facts;
  const about = { cluster, peer: "" };
  const found: StatusFinding[] = unanswered.map((said) => ({ id: "notAsked", severity: "error", ...about, said }));
  const pods = notReady.istiod;
  if (istiods.length === 0 && unanswered.length === 0) {
    found.push({ id: "noIstiod", severity: "error", ...about, pods });
  } else if (pods.length > 0) found.push({ id: "istiodNotReady", severity: "warning", ...about, pods });
  if (gateways.length === 0 && unanswered.length === 0) {
    found.push({ id: "noGatewayPod", severity: "error", ...about, pods: notReady.gateway });
  } else if (gateways.length === 1) found.push({ id: "oneGatewayPod", severity: "warning", ...about });
  if (!facts.hasWebhook) found.push({ id: "webhookMissing", severity: "error", ...about });
  if (facts.withoutSidecar.length > 0) {
    found.push({ id: "withoutSidecar", severity: "warning", ...about, pods: facts.withoutSidecar });
  }
  return [...found, ...aboutProxies(facts), ...aboutCertificates(facts)];
}

function aboutProxies({ name: cluster, istiods, withSidecar, unanswered }: ClusterFacts): StatusFinding[] {
  // The proxies may be connected to an istiod that was not queried.
  if (istiods.length === 0 || unanswered.length > 0) return [];
  const about = { cluster, peer: "" };
  const proxies = istiods.flatMap(({ proxies }) => proxies);
  const newest =
    istiods
      .map(({ version }) => version)
      .toSorted(byVersion)
      .at(-1) ?? "";
  const behind = Map.groupBy(
    proxies.filter(({ version }) => version !== newest),
    ({ version }) => version,
  );
  const served = new Set(proxies.map(({ pod }) => pod));
  const pods = withSidecar.filter((pod) => !served.has(pod));
  return [
    ...[...behind].map(([version, { length: count }]): StatusFinding => {
      return { id: "proxiesBehind", severity: "warning", ...about, istiod: newest, version, count };
    }),
    ...(pods.length === 0 ? [] : [{ id: "proxiesUnserved", severity: "error", ...about, pods } as const]),
  ];
}

/** Compares version numbers numerically, part by part. */
const byVersion = (a: string, b: string) => a.localeCompare(b, "en", { numeric: true });

function aboutCertificates({ name: cluster, gateways, issuer }: ClusterFacts): StatusFinding[] {
  const about = { cluster, peer: "" };
  const unloaded: StatusFinding[] =
    issuer === undefined || issuer.unloaded.length === 0
      ? []
      : [{ id: "intermediateNotLoaded", severity: "error", ...about, pods: issuer.unloaded }];
  const chains = [...gateways, ...(issuer?.proxies ?? [])].flatMap(({ pod, problems }): StatusFinding[] =>
    problems.length === 0 ? [] : [{ id: "chainBroken", severity: "error", ...about, pod, said: problems.join(", ") }],
  );
  const broken = [...unloaded, ...chains];
  const verified = gateways.filter(({ problems }) => problems.length === 0);
  if (verified.length === 0) return broken;
  const ending = (Object.keys(ENDS) as CertificateRole[]).flatMap((role): StatusFinding[] => {
    const days = Math.min(...verified.map(({ daysLeft }) => daysLeft[role]));
    if (days >= ENDS[role].warning) return [];
    return [{ id: "certificateEnds", severity: days < ENDS[role].error ? "error" : "warning", ...about, role, days }];
  });
  return [...broken, ...ending];
}

function aboutPair(from: ClusterFacts, to: Look, sampleAnswers: readonly SampleAnswers[]): StatusFinding[] {
  const about = { cluster: from.name, peer: to.name };
  const { istiods } = from;
  const podsWhere = (is: (istiod: (typeof istiods)[number]) => boolean) => istiods.filter(is).map(({ pod }) => pod);

  const withoutPeer = podsWhere(({ watched }) => watched[to.name] === undefined);
  if (withoutPeer.length > 0) return [{ id: "peerUnknown", severity: "error", ...about, pods: withoutPeer }];
  const unsynced = podsWhere(({ watched }) => watched[to.name] !== "synced");
  // If the peer does not answer, that is the cause.
  if (unsynced.length > 0) {
    const status = istiods.find(({ pod }) => pod === unsynced[0])?.watched[to.name] ?? "";
    return isSilent(to) ? [] : [{ id: "peerNotSynced", severity: "error", ...about, pods: unsynced, status }];
  }
  const unregistered = podsWhere(({ networks }) => (networks[to.network] ?? []).length === 0);
  if (unregistered.length > 0) {
    return isSilent(to) || to.gateways.length === 0
      ? []
      : [{ id: "gatewayUnregistered", severity: "error", ...about, pods: unregistered, network: to.network }];
  }
  if (isSilent(to)) return [];
  const roots = untrusted(from, to);
  if (roots !== undefined) return [{ id: "rootUntrusted", severity: "error", ...about, root: roots }];
  const expected = Math.min(...to.istiods.map(({ endpoints }) => endpoints[to.name] ?? 0));
  const short = istiods.find(({ endpoints }) => (endpoints[to.name] ?? 0) < expected);
  if (short !== undefined && Number.isFinite(expected)) {
    const { pod, endpoints } = short;
    return [{ id: "endpointsMissing", severity: "error", ...about, pod, seen: endpoints[to.name] ?? 0, expected }];
  }
  const answers = sampleAnswers.find((one) => one.from === from.name);
  if (!answers?.expected.includes(to.name) || answers.requests === 0 || to.gateways.length === 0) return [];
  if ((answers.answered.get(to.name) ?? 0) > 0) return [];
  const { requests, lastFailure } = answers;
  return [{ id: "noAnswer", severity: "error", ...about, requests, said: lastFailure }];
}

/** A root of the peer's gateways that one of this cluster's gateways does not trust. */
function untrusted({ gateways }: ClusterFacts, { gateways: peers }: ClusterFacts): string | undefined {
  return peers
    .map(({ root }) => root)
    .find((root) => root !== "" && gateways.some(({ trusted }) => !trusted.includes(root)));
}
