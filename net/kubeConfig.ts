import { KubeConfig } from "@kubernetes/client-node";
import { throughProxy } from "./proxy.ts";

/** For the Kubernetes client. @param kubeconfig path, or the text itself, which has more than one line. */
export function kubeConfigOf(kubeconfig: string, context: string): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig.includes("\n")) config.loadFromString(kubeconfig);
  else config.loadFromFile(kubeconfig);
  config.setCurrentContext(context);
  throughProxy(config);
  return config;
}
