import type { RotationPhase } from "../mesh/rootPhases.ts";
import type { CASettings } from "./caSchema.ts";
import { inspectCA } from "./certificates.ts";
import { withoutIntermediates } from "./gone.ts";
import { problem } from "./problems.ts";
import { nextCA, type RotationSettings } from "./rotationSchema.ts";

/** The new root in a root rotation, with its effective settings. */
export interface RootRotation {
  readonly phase: RotationPhase;
  readonly ca: CASettings;
}

interface Settings {
  readonly ca: CASettings;
  readonly rootRotation?: RotationSettings | undefined;
  readonly istio: { readonly trustDomain: string };
}
type Names = readonly { readonly name: string }[];

/** @param found gets a line for each mistake */
export function rotationOf(
  { ca, rootRotation, istio: { trustDomain } }: Settings,
  gone: Names,
  present: Names,
  found: string[],
): RootRotation | undefined {
  if (rootRotation === undefined) return undefined;
  const given = nextCA(ca, rootRotation);
  if (given === undefined) {
    found.push(
      problem(
        ["rootRotation", "ca"],
        `is missing: ca.source is "${ca.source}", so the program cannot create another root; set the new root`,
      ),
    );
    return undefined;
  }
  const next = withoutIntermediates(given, gone);
  const clusters = present.map(({ name }) => name);
  const { problems } = inspectCA(next, { clusters, trustDomain, now: Date.now() });
  found.push(...problems.map((line) => line.replaceAll(/(?<![\w.])ca\.(?=[a-z])/g, "rootRotation.ca.")));
  if (rootOf(next) !== undefined && rootOf(next) === rootOf(ca)) {
    found.push(
      problem(["rootRotation", "ca"], "has the mesh's present root; set another one, or remove csp-mesh:rootRotation"),
    );
  }
  return { phase: rootRotation.phase, ca: next };
}

/** The text of a given root. */
function rootOf(ca: CASettings): string | undefined {
  if (ca.source === "generated") return undefined;
  return (ca.source === "root" ? ca.certificate : ca.root).trim();
}
