import { expect, test } from "vitest";
import { verdictOf } from "../../../preflight/refusal.ts";

// Messages of API servers: Kubernetes 1.32 and 1.35.
test.each<[number, string, object]>([
  [201, "", { is: "accepted" }],
  [
    403,
    'pods "x" is forbidden: violates PodSecurity "restricted:latest": unrestricted capabilities',
    { is: "refused", by: { is: "podSecurity" } },
  ],
  [
    403,
    'pods "x" is forbidden: failed quota: all: must specify limits.cpu for: istio-proxy',
    { is: "refused", by: { is: "quota" } },
  ],
  [
    403,
    'pods "x" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
    { is: "refused", by: { is: "quota" } },
  ],
  [
    422,
    'Pod "x" is invalid: spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 512Mi',
    { is: "refused", by: { is: "quota" } },
  ],
  [
    400,
    'admission webhook "validate.kyverno.svc-fail" denied the request: no',
    { is: "refused", by: { is: "webhook", name: "validate.kyverno.svc-fail" } },
  ],
  [
    500,
    'Internal error occurred: failed calling webhook "a.example": failed to call webhook: Post "https://a.b.svc:443/?timeout=10s": context deadline exceeded',
    { is: "refused", by: { is: "brokenWebhook", name: "a.example" } },
  ],
  [
    422,
    "deployments.apps \"x\" is forbidden: ValidatingAdmissionPolicy 'replicas' with binding 'all' denied request: failed",
    { is: "refused", by: { is: "policy", name: "replicas" } },
  ],
  [422, 'Service "x" is invalid: spec.ports[0].nodePort: Invalid value', { is: "refused", by: { is: "other" } }],
  [400, 'admission webhook "a.example" does not support dry run', { is: "blind", webhook: "a.example" }],
  [
    403,
    'pods is forbidden: User "u" cannot create resource "pods" in API group "" in the namespace "n"',
    { is: "unknown" },
  ],
  [
    403,
    'pods "x" is forbidden: error looking up service account n/default: serviceaccount "default" not found',
    { is: "unknown" },
  ],
  [
    403,
    'pods "x" is forbidden: unable to create new content in namespace n because it is being terminated',
    { is: "unknown" },
  ],
  [404, 'namespaces "n" not found', { is: "unknown" }],
  [409, "the object has been modified", { is: "unknown" }],
  [429, "too many requests", { is: "unknown" }],
  [500, "etcdserver: request timed out", { is: "unknown" }],
])("classifies %i %s", (status, message, verdict) => {
  const said = "by" in verdict ? { said: message } : {};
  expect(verdictOf({ status, body: { message } })).toEqual({ ...verdict, ...said });
});

test("classifies 409 AlreadyExists as a taken name", () => {
  expect(verdictOf({ status: 409, body: { message: "services x already exists", reason: "AlreadyExists" } })).toEqual({
    is: "taken",
  });
});
