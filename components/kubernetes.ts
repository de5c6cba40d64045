// The package's index loads every API group, Helm and Kustomize, which takes about 110 ms of each start. These imports
// take 10 ms.
export { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
export { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
export { NamespacePatch } from "@pulumi/kubernetes/core/v1/namespacePatch.js";
export { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
export { Service } from "@pulumi/kubernetes/core/v1/service.js";
export { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
export { Release } from "@pulumi/kubernetes/helm/v3/release.js";
export { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
export { Provider } from "@pulumi/kubernetes/provider.js";
export { Role } from "@pulumi/kubernetes/rbac/v1/role.js";
export { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
export { CustomResource } from "./customResource.ts";
