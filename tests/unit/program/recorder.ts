import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import type { PreflightFinding } from "../../../mesh/preflightFindings.ts";
import { folder, kubeconfig } from "../config/fixtures.ts";

/** A resource as the program registered it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  /** Kind and name of the parent: `MeshCA/mesh-ca`. */
  readonly parent: string;
  /** Name of the provider. */
  readonly provider: string | undefined;
  /** Names of all resources on which it depends. */
  readonly dependencies: readonly string[];
  /** Name of the resource with which it is deleted. */
  readonly deletedWith: string;
  /** Inputs; a secret one is `{ secret: value }`. */
  readonly inputs: Record<string, unknown>;
  readonly protect: boolean;
  /** Timeouts of create, update and delete. */
  readonly timeouts: readonly string[];
}

// Pulumi's wire format marks a secret by these (sdk/nodejs/runtime/rpc.ts).
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  if (record[SIGNATURE] === SECRET) return { secret: unwrap(record.value) };
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, unwrap(item)]));
}

/** The name in `urn:pulumi:stack::project::type::name`. A reference to a provider also ends with `::id`. */
const nameOf = (urn: string) => urn.split("::")[3] ?? "";
const kindOf = (urn: string) => urn.split("::")[2]?.split(":").at(-1) ?? "";
const idOf = (urn: string) => `${kindOf(urn)}/${nameOf(urn)}`;

/** Outputs of the clouds and of other plugins. */
function answer({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  switch (type) {
    case "tls:index/privateKey:PrivateKey":
      return { ...inputs, privateKeyPem: `key of ${name}\n`, publicKeyOpenssh: `ssh-rsa ${name}\n` };
    case "tls:index/certRequest:CertRequest":
      return { ...inputs, certRequestPem: `request ${name}\n` };
    case "tls:index/selfSignedCert:SelfSignedCert":
    case "tls:index/locallySignedCert:LocallySignedCert":
      return { ...inputs, certPem: `certificate ${name}\n` };
    case "random:index/randomId:RandomId":
      return {
        ...inputs,
        hex: inputs.keepers ? `hex of ${name} generation ${inputs.keepers.generation}` : `hex of ${name}`,
      };
    case "pulumi:pulumi:StackReference":
      return { ...inputs, ...stackReferences.get(name) };
    case "kubernetes:core/v1:Service":
    case "kubernetes:apps/v1:Deployment":
      return { ...inputs, metadata: { ...inputs.metadata, uid: `uid of ${name}` } };
    case "kubernetes:helm.sh/v3:Release":
      return { ...inputs, status: { revision: 1 } };
    case "csp-mesh:cluster:GatewayReady":
      return { ...inputs, address: loadBalancers.get(name) ?? "203.0.113.1" };
    case "csp-mesh:cluster:ClusterClaim":
      return { ...inputs, uid: `uid of ${name}`, newerCrds: ["wasmplugins.extensions.istio.io"] };
    case "kubernetes:core/v1:Secret":
      if (inputs.type !== "kubernetes.io/service-account-token") return inputs;
      return {
        ...inputs,
        data: { token: base64(`token of ${inputs.metadata.name}`), "ca.crt": base64(`ca of ${name}`) },
      };
    default:
      return inputs;
  }
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Addresses for a test, by the name of the resource with this output. */
export const loadBalancers = new Map<string, string>();

/** Findings of the fake preflight. */
export const preflightFindings: PreflightFinding[] = [];

/** Outputs of other stacks for a test, by stack name. */
export const stackReferences = new Map<string, { outputs: Record<string, unknown>; secretOutputNames: string[] }>();

let resources: Recorded[] = [];

const mocks: pulumi.runtime.Mocks = {
  newResource: (args) => ({ id: args.custom === false ? undefined : `${args.name}-id`, state: answer(args) }),
  call: (args) => args.inputs,
};

/** Runs the real program over recorded mocks, and waits until the last resource is registered. */
export async function runProgram(config: Record<string, unknown>, preview = false, secretKeys: string[] = []) {
  await prepare(config, preview, secretKeys);
  const outputs = await pulumi.runtime.runInPulumiStack(() => import("../../../index.ts"));
  await pulumi.runtime.disconnect();
  return { resources, outputs: outputs as Record<string, unknown> };
}

/** Runs the program with an invalid config. Returns the error and the resources registered before. */
export async function failProgram(config: Record<string, unknown>, secretKeys: string[] = []) {
  await prepare(config, false, secretKeys);
  const error = await import("../../../index.ts").then(
    () => undefined,
    (error: unknown) => error,
  );
  return { resources, error };
}

/** Names of all resources that are registered or read from now on, without running the program. */
export async function watchRegistrations(): Promise<string[]> {
  await pulumi.runtime.setMocks(mocks, "csp-mesh", "test", false, "acme");
  const seen: string[] = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as Record<"registerResource" | "readResource", Register>;
  for (const method of ["registerResource", "readResource"] as const) {
    const call = monitor[method].bind(monitor);
    monitor[method] = (request, callback) => {
      seen.push(request.getName());
      return call(request, callback);
    };
  }
  return seen;
}

async function prepare(config: Record<string, unknown>, preview: boolean, secretKeys: string[]): Promise<void> {
  resources = [];
  await pulumi.runtime.setMocks(mocks, "csp-mesh", "test", preview, "acme");
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    record(request);
    return register(request, callback);
  };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`csp-mesh:${key}`, JSON.stringify(value)])),
    secretKeys.map((key) => `csp-mesh:${key}`),
  );
  // Replace the preflight, because there are no live clusters.
  vi.doMock("../../../preflight/examine.ts", () => ({ examine: async () => preflightFindings }));
  // A module is evaluated once, so each run imports the program again.
  vi.resetModules();
}

type Register = (request: RegisterRequest, callback: unknown) => Promise<void>;
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getDependenciesList(): string[];
  getDeletedwith(): string;
  getProtect(): boolean;
  getObject(): { toJavaScript(): Record<string, unknown> };
  getCustomtimeouts(): { getCreate(): string; getUpdate(): string; getDelete(): string } | undefined;
}

function record(request: RegisterRequest): void {
  const timeouts = request.getCustomtimeouts();
  resources.push({
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent() ? idOf(request.getParent()) : "",
    provider: request.getProvider() ? nameOf(request.getProvider()) : undefined,
    dependencies: request.getDependenciesList().map(nameOf).sort(),
    deletedWith: nameOf(request.getDeletedwith()),
    inputs: unwrap(request.getObject().toJavaScript()) as Record<string, unknown>,
    protect: request.getProtect(),
    timeouts: [timeouts?.getCreate(), timeouts?.getUpdate(), timeouts?.getDelete()].filter(
      (limit) => !!limit,
    ) as string[],
  });
}

/** Path of a kubeconfig file with these contexts. */
export function writeKubeconfig(...contexts: string[]): string {
  return `${folder({ kubeconfig: kubeconfig(contexts) })}/kubeconfig`;
}
