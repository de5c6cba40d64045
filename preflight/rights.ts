import { SYSTEM_NAMESPACE } from "../hooks/ownership.ts";
import type { RightsSettings } from "./rightsSettings.ts";

/** One thing that an account may do, as a SelfSubjectAccessReview asks for it. */
export interface Right {
  readonly verb: string;
  /** API group; empty for the core. */
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** @default all, or the resource has none */
  readonly namespace?: string;
  /** @default all */
  readonly name?: string;
}

const create = (group: string, resource: string, namespace?: string): Right => ({
  verb: "create",
  group,
  resource,
  ...(namespace !== undefined && { namespace }),
});

/** What has to be created in a cluster. */
export function neededRights({ sample }: RightsSettings): readonly Right[] {
  const namespaces = [SYSTEM_NAMESPACE, ...(sample ? [sample.namespace] : [])];
  return [
    create("", "namespaces"),
    create("apiextensions.k8s.io", "customresourcedefinitions"),
    create("rbac.authorization.k8s.io", "clusterroles"),
    create("rbac.authorization.k8s.io", "clusterrolebindings"),
    create("admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
    create("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
    ...namespaces.flatMap((namespace) => [
      create("", "secrets", namespace),
      create("", "services", namespace),
      create("", "serviceaccounts", namespace),
      create("apps", "deployments", namespace),
    ]),
  ];
}
