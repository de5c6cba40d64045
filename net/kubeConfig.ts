import { KubeConfig } from "@kubernetes/client-node";
import { startable } from "./kubeconfigPaths.ts";
import { throughProxy } from "./proxy.ts";

/** For the Kubernetes client. @param kubeconfig path, or the text itself, which has more than one line. */
export function kubeConfigOf(kubeconfig: string, context: string): KubeConfig {
  const config = loadKubeConfig(kubeconfig);
  config.setCurrentContext(context);
  throughProxy(config);
  return config;
}

/** The same for a context that is still to be chosen, and without the shell's proxy. @throws Error where it cannot be read */
export function loadKubeConfig(kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig.includes("\n")) config.loadFromString(kubeconfig);
  else config.loadFromFile(kubeconfig);
  config.users = config.users.map((user) => startable(user, kubeconfig));
  return config;
}
