// Kubernetes' Pod Security Standards, as far as the program's own pods can violate them.
import type { Container, PodTemplate } from "./podTemplate.ts";

/** Namespace label with the level that its pods must meet. */
export const ENFORCE = "pod-security.kubernetes.io/enforce";

const LEVELS = ["baseline", "restricted"] as const;
export type Level = (typeof LEVELS)[number];

/** Undefined if every pod is accepted. */
export function enforcedLevel(labels: Readonly<Record<string, string>> = {}): Level | undefined {
  return LEVELS.find((level) => level === labels[ENFORCE]);
}

/** Capabilities that the level "baseline" allows containers to add; "restricted" only allows the last one. */
const ADDABLE = new Set(
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  ),
);
const SYSCTLS = new Set([
  ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"],
  ...["net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"],
  ...["net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"],
  "net.ipv4.tcp_keepalive_probes",
]);
const VOLUMES = new Set([
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"],
]);

/** Violations of a level; empty if the pod is accepted. */
export function violations({ spec }: PodTemplate, level: Level): string[] {
  const { securityContext: ofPod = {}, volumes = [] } = spec;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const volumeTypes = volumes.flatMap((volume) => Object.keys(volume).filter((key) => key !== "name"));
  const sysctls = (ofPod.sysctls ?? []).map(({ name }) => name).filter((name) => !SYSCTLS.has(name));
  const baseline = [
    ...(spec.hostNetwork ? ["hostNetwork"] : []),
    ...(volumeTypes.includes("hostPath") ? ["hostPath volumes"] : []),
    ...sysctls.map((name) => `sysctl ${name}`),
    ...of(containers, "privileged", ({ securityContext }) => securityContext?.privileged === true),
    ...of(containers, "host ports", ({ ports = [] }) => ports.some(({ hostPort }) => hostPort)),
    ...containers.flatMap(({ name, securityContext }) => {
      const added = (securityContext?.capabilities?.add ?? []).filter((capability) => !ADDABLE.has(capability));
      return added.length > 0 ? [`capabilities ${added.join(", ")} (container ${name})`] : [];
    }),
  ];
  if (level === "baseline") return baseline;
  const withPod = ({ securityContext }: Container) => ({ ...ofPod, ...securityContext });
  const profiles = new Set(["RuntimeDefault", "Localhost"]);
  return [
    ...baseline,
    ...volumeTypes.filter((type) => !VOLUMES.has(type) && type !== "hostPath").map((type) => `volumes ${type}`),
    ...of(
      containers,
      "allowPrivilegeEscalation not false",
      ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
    ),
    ...of(
      containers,
      "capabilities not dropped",
      ({ securityContext }) => securityContext?.capabilities?.drop?.includes("ALL") !== true,
    ),
    ...of(containers, "runAsNonRoot not true", (container) => withPod(container).runAsNonRoot !== true),
    ...of(containers, "runAsUser 0", (container) => withPod(container).runAsUser === 0),
    ...of(containers, "no seccompProfile", (container) => !profiles.has(withPod(container).seccompProfile?.type ?? "")),
  ];
}

function of(containers: readonly Container[], what: string, breaks: (container: Container) => boolean): string[] {
  const names = containers.filter(breaks).map(({ name }) => name);
  return names.length > 0 ? [`${what} (container ${names.join(", ")})`] : [];
}
