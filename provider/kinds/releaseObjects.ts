// Checks the objects of a Helm release, and creates missing ones again. Helm and Pulumi only look at the release
// itself, so an object that was deleted by hand would stay missing.
import type { V1Deployment } from "@kubernetes/client-node";
import * as z from "zod";
import { setRecorded } from "../../kube/claims.ts";
import { type Named, nameOf } from "../../kube/objects.ts";
import { onEach } from "../../kube/onEach.ts";
import { restartPatch } from "../../kube/restartPatch.ts";
import { helmOwnership, RELEASES, SYSTEM_NAMESPACE } from "../../mesh/ownership.ts";
import { awaitDeployment } from "../awaitDeployment.ts";
import { callRevisions, manifestOf, newestRevision } from "../helmReleases.ts";
import type { Change, Cluster, Kind } from "../kind.ts";

const inputs = z.strictObject({
  release: z.enum(RELEASES),
  /** A new revision repeats the check. */
  revision: z.number(),
  awaitSeconds: z.number(),
});
type Inputs = z.output<typeof inputs>;
type Outputs = {
  /** All objects of the release, as `apiVersion Kind namespace/name`. */
  readonly objects: readonly string[];
  readonly missing: readonly string[];
  /** Helm's status of the newest revision. */
  readonly status: string;
};

export const releaseObjects: Kind<Inputs, Outputs> = {
  inputs,
  identity: ({ awaitSeconds: _, ...rest }) => rest,

  drift: ({ release }, { missing, status }) => [
    ...missing.map((name): Change => ({ property: "missing", words: `${name} was missing: created again` })),
    ...(status === "deployed" ? [] : [{ property: "status", words: `Helm calls ${release} ${status}: applied again` }]),
  ],

  async look({ cluster }, { objects }) {
    const looked = objects.map(identityOf).filter(({ kind }) => LOOKED_AT.has(kind));
    const missing = await missingOf(cluster, looked);
    return missing.map((name): Change => ({ property: "missing", words: `${name} was missing: created again` }));
  },

  async create(step) {
    const {
      cluster,
      inputs: { release },
    } = step;
    const { objects } = cluster;
    const revision = await newestRevision(objects, release);
    if (revision === undefined)
      throw new Error(`Helm has no release ${release} in ${SYSTEM_NAMESPACE}; run pulumi up --refresh`);
    await setRecorded(objects, release, revision.metadata.uid ?? "");
    const wanted = (await manifestOf(revision)).map((object) => owned(object, release));
    const names = wanted.map(textOf);
    const missing = await missingOf(cluster, names.map(identityOf));
    const status = revision.metadata?.labels?.status ?? "";
    if (missing.length > 0 || status !== "deployed") {
      // Apply missing objects; after an interrupted upgrade apply all objects.
      const owed =
        status === "deployed" ? wanted.filter((object) => missing.includes(shown(identityOf(textOf(object))))) : wanted;
      // Before the accounts, so that a repeated run restarts them as well if this one is killed in between.
      await onEach(withoutAccount(wanted, missing), (deployment) => objects.merge(deployment, restartPatch()));
      for (const crds of [true, false]) {
        await onEach(
          owed.filter(({ kind }) => (kind === "CustomResourceDefinition") === crds),
          objects.apply,
        );
      }
      if (status !== "deployed")
        await callRevisions(objects, [
          { secret: revision.metadata.name, helmStatus: status, status: "deployed", givenUp: false },
        ]);
    }
    if (release !== "istio-base") {
      const { inputs: settings, signal } = step;
      const wait = { seconds: settings.awaitSeconds, signal };
      const deployment = { namespace: SYSTEM_NAMESPACE, name: release };
      await awaitDeployment(objects, deployment, `${cluster.name}: ${release}`, wait);
    }
    return { objects: names.toSorted(), missing: [], status: "deployed" };
  },

  async read({ cluster, inputs: { release } }, { objects }) {
    const revision = await newestRevision(cluster.objects, release);
    if (revision === undefined) return undefined;
    return {
      objects,
      missing: await missingOf(cluster, objects.map(identityOf)),
      status: revision.metadata?.labels?.status ?? "",
    };
  },

  delete: async () => {},
};

/**
 * Each run checks whether objects of these kinds are missing, with one request each. Without them new pods get no
 * sidecar.
 */
const LOOKED_AT = new Set([
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
  "ConfigMap",
  "Deployment",
]);

/** Adds the labels and annotations by which Helm, and the preflight, recognise the release's objects. */
function owned(object: Named, release: Inputs["release"]): Named {
  const { labels, annotations } = helmOwnership(release);
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...labels },
      annotations: { ...metadata.annotations, ...annotations },
    },
  } as Named;
}

/** Existing Deployments whose account is missing. Their pods' tokens are invalid for an account that is created again. */
function withoutAccount(wanted: readonly Named[], missing: readonly string[]): readonly Named[] {
  return wanted.filter((object) => {
    const { namespace = "" } = object.metadata;
    const name = (object as V1Deployment).spec?.template?.spec?.serviceAccountName ?? "";
    const account = nameOf({ kind: "ServiceAccount", metadata: { name, namespace } });
    return object.kind === "Deployment" && missing.includes(account) && !missing.includes(nameOf(object));
  });
}

interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function textOf({ apiVersion, kind, metadata }: Named): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

function identityOf(text: string): Identity {
  const [apiVersion = "", kind = "", path = ""] = text.split(" ");
  const [namespace = "", name = ""] = path.split("/");
  return { apiVersion, kind, namespace, name };
}

const shown = ({ kind, namespace, name }: Identity) => nameOf({ kind, metadata: { name, namespace } });

async function missingOf({ objects }: Cluster, wanted: readonly Identity[]): Promise<string[]> {
  const kinds = Map.groupBy(wanted, ({ apiVersion, kind, namespace }) => `${apiVersion} ${kind} ${namespace}`);
  const found = await Promise.all(
    [...kinds.values()].map(async (some) => {
      const [{ apiVersion, kind, namespace }] = some as [Identity, ...Identity[]];
      const names = await objects.names(apiVersion, kind, namespace || undefined);
      return some.filter(({ name }) => !names.has(name));
    }),
  );
  return found.flat().map(shown).toSorted();
}
