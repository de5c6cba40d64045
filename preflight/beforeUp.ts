import * as pulumi from "@pulumi/pulumi";
import type { LoadedConfig } from "../config/load.ts";
import { stackOwner } from "../config/stackOwner.ts";
import { catalogue, languageOf } from "../i18n/language.ts";
import { asLines, asTable, countOf } from "../i18n/preflightReport.ts";
import { rootSettings } from "../mesh/caIdentity.ts";
import { isUnreached } from "../mesh/preflightFindings.ts";
import { examine } from "./examine.ts";
import type { MeshSettings } from "./settings.ts";

/**
 * Checks every cluster before anything is created, unless the config disables this. Prints nothing if there are no
 * findings.
 *
 * @returns names of the clusters in an existing mesh that do not answer
 * @throws pulumi.RunError with a table of the errors
 */
export async function preflight(config: LoadedConfig): Promise<ReadonlySet<string>> {
  if (!config.preflight.enabled) return new Set();
  const findings = await examine(await settingsOf(config));
  const messages = catalogue[languageOf(process.env)];
  const wrong = findings.filter(({ severity }) => severity !== "ok");
  if (countOf(wrong).errors > 0) {
    pulumi.log.info(messages.troubleshooting);
    throw new pulumi.RunError(`${messages.preflight.refused}\n\n${asTable(wrong, messages)}`);
  }
  if (wrong.length > 0) pulumi.log.warn([messages.preflight.warned, ...asLines(wrong, messages)].join("\n  - "));
  return new Set(findings.filter(isUnreached).map(({ cluster }) => cluster));
}

/** Settings without secrets, except the kubeconfigs, which are needed to query the clusters. */
async function settingsOf(config: LoadedConfig): Promise<MeshSettings> {
  const { ca, rootRotation, clusters, gatewayApi, metricsServer, pullSecrets, ...rest } = config;
  return {
    ...rest,
    owner: stackOwner(),
    ca: rootSettings(ca),
    rootRotation: rootRotation && { ...rootRotation, ca: rootSettings(rootRotation.ca) },
    gatewayApi: { source: gatewayApi.source, access: undefined },
    metricsServer: {
      kubeletInsecureTls: false,
      registry: undefined,
      ...metricsServer,
      source: metricsServer?.source,
      access: undefined,
    },
    pullSecrets: pullSecrets.map(({ name, login }) =>
      login === undefined ? { name } : { name, login: { ...login, password: "" } },
    ),
    clusters: await Promise.all(
      clusters.map(async (cluster) => ({ ...cluster, kubeconfig: await textOf(cluster.kubeconfig) })),
    ),
  };
}

const textOf = (text: pulumi.Input<string>) =>
  new Promise<string>((resolve) => {
    pulumi.output(text).apply(resolve);
  });
