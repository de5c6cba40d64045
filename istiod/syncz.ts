/** A proxy that is connected to an istiod replica. */
export interface ServedProxy {
  /** Its pod, as `namespace/name`. */
  readonly pod: string;
  readonly version: string;
}

/**
 * The proxies in an answer of /debug/syncz (SyncStatus in istio pilot/pkg/xds/debug.go), where a proxy's id is
 * `name.namespace`.
 */
export function servedProxies(text: string): readonly ServedProxy[] {
  const statuses: readonly { proxy?: string; istio_version?: string }[] = JSON.parse(text) ?? [];
  return statuses.map(({ proxy = "", istio_version: version = "" }) => {
    const dot = proxy.lastIndexOf(".");
    return { pod: `${proxy.slice(dot + 1)}/${proxy.slice(0, dot)}`, version };
  });
}
