import { describe, expect, test } from "vitest";
import { startState } from "../../../kube/podState.ts";
import { bootstrap, ENVOY_PORT, unconnected } from "../../../probe/envoy.ts";
import { podOf } from "../../../probe/manifests.ts";

const refusal = (details: string, transport: string | null = null) =>
  JSON.stringify({ details, flags: "UF", transport });
const reset = (why: string) => `upstream_reset_before_response_started{${why}}`;

describe("classifies Envoy's answer to CONNECT", () => {
  test.each([
    // The message of Envoy 1.37, then those of other versions.
    [refusal("dns_resolution_failure{cares_norecords:Domain_name_not_found}"), "nameUnknown", "Domain name not found"],
    [refusal(reset("remote_connection_failure|x"), "delayed_connect_error:_Connection_refused"), "refused", "refused"],
    [refusal(reset("remote_connection_failure|delayed_connect_error:_111"), null), "refused", "111"],
    [refusal(reset("connection_timeout")), "silent", "connection timeout"],
    [refusal(reset("x"), "delayed_connect_error:_110"), "silent", "110"],
    [refusal(reset("x"), "delayed_connect_error:_No_route_to_host"), "unreachable", "No route to host"],
    [refusal(reset("x"), "delayed_connect_error:_113"), "unreachable", "113"],
    ["no healthy upstream", "unreachable", "no healthy upstream"],
  ])("%s", (body, kind, said) => {
    expect(unconnected(body)).toEqual({ kind, said: expect.stringContaining(said) });
  });
});

test("defines a pod that passes Pod Security, accepts only local connections, and has a deadline", () => {
  const { metadata, spec } = podOf({ image: "r/proxyv2:1", pullSecrets: [{ name: "login" }], awaitSeconds: 60 });
  const [container] = spec?.containers ?? [];
  expect(metadata?.labels).toMatchObject({ "sidecar.istio.io/inject": "false" });
  expect(spec).toMatchObject({
    activeDeadlineSeconds: 240,
    automountServiceAccountToken: false,
    imagePullSecrets: [{ name: "login" }],
    restartPolicy: "Never",
    securityContext: { runAsNonRoot: true, runAsUser: 1337, seccompProfile: { type: "RuntimeDefault" } },
  });
  expect(container?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(container?.args).toContain(JSON.stringify(bootstrap));
  expect(bootstrap.static_resources.listeners.map(({ address }) => address.socket_address)).toEqual([
    { address: "127.0.0.1", port_value: ENVOY_PORT },
  ]);
});

describe("classifies the state of a pod", () => {
  const waiting = (reason: string, message = "") => ({
    status: { phase: "Pending", containerStatuses: [{ state: { waiting: { reason, message } } }] },
  });
  test.each([
    [{}, { kind: "waiting", said: "" }],
    [waiting("ContainerCreating"), { kind: "waiting", said: "ContainerCreating" }],
    [waiting("ErrImagePull", "not found "), { kind: "failed", said: "ErrImagePull: not found", isPull: true }],
    [waiting("ImagePullBackOff", "x"), { kind: "failed", said: "ImagePullBackOff: x", isPull: true }],
    [{ status: { containerStatuses: [{ state: { running: {} } }] } }, { kind: "running" }],
    [
      { status: { containerStatuses: [{ state: { terminated: { reason: "Error", exitCode: 1 } } }] } },
      { kind: "failed", said: "Error (exit code 1)" },
    ],
    [
      { status: { phase: "Failed", reason: "Evicted", message: "low on memory" } },
      { kind: "failed", said: "Evicted: low on memory" },
    ],
    [
      {
        status: {
          phase: "Pending",
          conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes" }],
        },
      },
      { kind: "waiting", said: "Unschedulable: 0/3 nodes" },
    ],
  ])("%j", (pod, state) => {
    expect(startState(pod as never)).toEqual(state);
  });
});
