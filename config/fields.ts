import * as z from "zod";
import { DEFAULT_ISTIO } from "../mesh/istioLines.ts";
import { isTrustDomain } from "../mesh/trustDomain.ts";
import { isDnsLabel, isHostname, isLabelKey, isLabelValue, suggestDnsLabel } from "./names.ts";
import { isBlock, quote } from "./problems.ts";

/** Additional metadata of fields for editors and the reference. Zod's own `default` is included automatically. */
declare module "zod" {
  interface GlobalMeta {
    /** Description of a default that depends on something else. */
    "x-default"?: string;
    /** The field may be encrypted in the stack file: `secure: …`. */
    "x-secret"?: true;
  }
}

/** An object schema in which an unknown key is an error that lists the known keys. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}; known are ${Object.keys(shape).join(", ")}`
        : undefined,
  });
}

export const text = z.string().min(1, { error: "must not be empty", abort: true });
export const hours = z.int().positive();

export const cidr = z.union([z.cidrv4(), z.cidrv6()], {
  error: ({ input }) => `${quote(input)} is not a CIDR, such as 203.0.113.0/24 or 203.0.113.7/32`,
});
/** SHA-256 in hexadecimal digits, in the format of `sha256sum`. */
export const digest = text
  .transform((value) => value.toLowerCase().replace(/^sha256:/, ""))
  .refine((value) => /^[0-9a-f]{64}$/.test(value), {
    error: ({ input }) => `${quote(input)} is not a SHA-256 (64 hexadecimal digits, as sha256sum prints them)`,
  });

export const helmValues = z.record(z.string(), z.unknown());

export const dnsLabel = text.refine(isDnsLabel, {
  error: ({ input }) =>
    `${quote(input)} is not a DNS-1123 label (lower case letters, digits and "-", at most 63); ` +
    `use ${quote(isBlock(input) ? "cluster" : suggestDnsLabel(String(input)))}; it may differ from the name in the kubeconfig`,
});

/** Tables by cluster or network would find the object's own member instead. */
const isNoMember = (name: string) => !(name in {});
const memberError = ({ input }: { readonly input?: unknown }) =>
  `${quote(input)} is a property of every JavaScript object, so this program cannot use it as a name; use another, such as ${quote(`${input}-1`)}`;

export const clusterName = dnsLabel.refine(isNoMember, { error: memberError });

/** A version of Istio's charts. */
export const chartVersion = text.refine((version) => /^\d+\.\d+\.\d+([-+][\w.+-]+)?$/.test(version), {
  error: ({ input }) =>
    `${quote(input)} is not a version of Istio's charts, such as ${DEFAULT_ISTIO}: without "v", with all three numbers`,
});

export const trustDomainName = text.refine(isTrustDomain, {
  error: ({ input }) =>
    `${quote(input)} is not a trust domain that istiod accepts (DNS labels in lower case, joined by dots, such as mesh.example)`,
});

/** A DNS domain in the kubelet's notation: without a trailing dot. */
export const clusterDomainName = text.refine((name) => name === name.toLowerCase() && isHostname(name), {
  error: ({ input }) =>
    `${quote(input)} is not a DNS domain of a cluster, such as cluster.local or corp.internal (lower case, no dot at either end)`,
});

export const meshIdName = text.refine(isLabelValue, {
  error: ({ input }) =>
    `${quote(input)} cannot be a mesh's id, which is the value of a label (letters, digits, "-", "_" and ".", at most 63)`,
});

export const networkName = text
  .refine(isLabelValue, {
    error: ({ input }) =>
      `${quote(input)} cannot be the value of a label (letters, digits, "-", "_" and ".", at most 63); ` +
      "the default is the cluster's name",
  })
  .refine(isNoMember, { error: memberError });

/** Key of a label, an annotation or a taint. */
export const labelKey = text.refine(isLabelKey, {
  error: ({ input }) =>
    `${quote(input)} is not a key that Kubernetes accepts, such as role or example.org/role (at most 63 of letters, digits, "-", "_" and "." after the slash)`,
});

/** Value of a label or a taint, which may be empty. */
export const labelValue = z.string().refine((value) => value === "" || isLabelValue(value), {
  error: ({ input }) =>
    `${quote(input)} cannot be the value of a label or a taint (letters, digits, "-", "_" and ".", at most 63)`,
});

const HOST = /(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(?::\d+)?/.source;
const PARTS = /[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*/.source;
const TAG = /\w[\w.-]{0,127}/.source;

/** A registry, optionally with a path. */
export const registryName = text.refine((hub) => new RegExp(`^${HOST}(?:/${PARTS})*$`).test(hub), {
  error: ({ input }) =>
    `${quote(input)} is not an image registry, such as docker.io/istio or registry.example:5000/istio (without https://, tag or trailing slash, the path in lower case)`,
});

export const imageTag = text.refine((tag) => new RegExp(`^${TAG}$`).test(tag), {
  error: ({ input }) => `${quote(input)} is not an image tag, such as ${DEFAULT_ISTIO}-distroless`,
});

export const imageName = text.refine(
  (image) => new RegExp(`^(?:${HOST}/)?${PARTS}(?:/${PARTS})*(?::${TAG})?(?:@sha256:[0-9a-f]{64})?$`).test(image),
  {
    error: ({ input }) =>
      `${quote(input)} is not an image, such as docker.io/curlimages/curl:8.16.0 (without https://)`,
  },
);
