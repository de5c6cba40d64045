import { readFileSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import { throughProxy } from "../net/proxy.ts";
import { kubeconfigPath, startable } from "./kubeconfigPaths.ts";
import { parsedKubeconfig } from "./parsedKubeconfig.ts";

/** For the Kubernetes client. @param kubeconfig path as written, or the text itself, which has more than one line. */
export function kubeConfigOf(kubeconfig: string, context: string): KubeConfig {
  const config = loadKubeConfig(kubeconfig);
  config.setCurrentContext(context);
  throughProxy(config);
  return config;
}

/** The same for a context that is still to be chosen, and without the shell's proxy. @throws Error where it cannot be read */
export function loadKubeConfig(given: string): KubeConfig {
  const kubeconfig = kubeconfigPath(given);
  const config = new KubeConfig();
  // The client's own message would quote the line that is no YAML.
  parsedKubeconfig(kubeconfig.includes("\n") ? kubeconfig : readFileSync(kubeconfig, "utf8"));
  // Entries of other contexts may be half ones, as `kubectl config set-context` leaves them.
  const whole = { onInvalidEntry: "filter" } as const;
  if (kubeconfig.includes("\n")) config.loadFromString(kubeconfig, whole);
  else config.loadFromFile(kubeconfig, whole);
  config.users = config.users.map((user) => startable(user, kubeconfig));
  return config;
}
