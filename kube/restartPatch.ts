/** Makes a controller replace its pods one after the other, as `kubectl rollout restart` does. */
export const restartPatch = () => ({
  spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() } } } },
});
