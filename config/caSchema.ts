import * as z from "zod";
import { pemOf } from "./caBundle.ts";
import { hours, strict, text } from "./fields.ts";
import { quote } from "./problems.ts";

const KEYS = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n";
const KEY = "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n";

const pem = text.transform(pemOf);

const keyFields = {
  algorithm: z
    .enum(["ECDSA", "RSA"])
    .default("ECDSA")
    .meta({
      description: "Algorithm of the keys that the program creates. A change replaces every certificate.",
      examples: ["RSA"],
    }),
  ecdsaCurve: z
    .enum(["P256", "P384"])
    .optional()
    .meta({
      description: "Curve of ECDSA keys. The default is that of the `step` tool.",
      "x-default": "P256 with ECDSA",
      examples: ["P384"],
    }),
  rsaBits: z
    .union([z.literal(2048), z.literal(3072), z.literal(4096)], {
      error: ({ input }) => `must be one of 2048, 3072, 4096, got ${quote(input)}`,
    })
    .optional()
    .meta({
      description: "Size of RSA keys in bits. The default is that of Istio's Makefile.",
      "x-default": "4096 with RSA",
      examples: [3072],
    }),
  organization: text
    .default("Istio")
    .meta({ description: "`O` of the CA certificates that the program creates.", examples: ["Example Agency"] }),
  rootGeneration: z
    .int()
    .positive()
    .default(1)
    .meta({
      description:
        "`npm run mesh -- rotate-root` increases it. Do not change it by hand: the root would be replaced in one step, which is refused.",
      examples: [2],
    }),
  intermediateValidityHours: hours.default(5 * 365 * 24).meta({
    description: "Validity of the intermediates in hours. The default is five years.",
    examples: [17_520],
  }),
  intermediateRenewalHours: hours.optional().meta({
    description:
      "From this number of hours before its end, `pulumi up` renews an intermediate, with the same key and root. No request fails.",
    "x-default": "a fifth of `intermediateValidityHours`",
    examples: [8_760],
  }),
  intermediatePathLength: z
    .int()
    .min(0)
    .default(0)
    .meta({
      description:
        "Levels of CAs allowed below an intermediate. At 0 pulumi-tls up to 5.3.1 writes no constraint; the root's constraint still limits the chain.",
      examples: [1],
    }),
};

type KeyFields = Readonly<{
  algorithm: "ECDSA" | "RSA";
  ecdsaCurve?: string | undefined;
  rsaBits?: number | undefined;
  intermediateValidityHours: number;
  intermediateRenewalHours?: number | undefined;
}>;

/**
 * A size for the other kind of key would be ignored silently. A renewal period without a validity would renew on every
 * run.
 */
function checkIssued(context: z.core.ParsePayload<KeyFields>): void {
  const {
    algorithm,
    ecdsaCurve,
    rsaBits,
    intermediateRenewalHours: renewal,
    intermediateValidityHours,
  } = context.value;
  if (renewal !== undefined && renewal >= intermediateValidityHours) {
    const message = `must be less than ca.intermediateValidityHours, which is ${intermediateValidityHours}, got ${renewal}`;
    context.issues.push({ code: "custom", path: ["intermediateRenewalHours"], input: renewal, message });
  }
  const misplaced = algorithm === "RSA" ? { ecdsaCurve } : { rsaBits };
  for (const [field, input] of Object.entries(misplaced)) {
    if (input === undefined) continue;
    const message = `is not for keys of algorithm ${algorithm}; remove it, or set ca.algorithm to ${algorithm === "RSA" ? "ECDSA" : "RSA"}`;
    context.issues.push({ code: "custom", path: [field], input, message });
  }
}

const generated = strict({
  source: z
    .literal("generated")
    .optional()
    .default("generated")
    .meta({
      description: "The program issues the root and the intermediates. Their keys are in the stack's state, encrypted.",
      examples: ["generated"],
    }),
  ...keyFields,
  rootValidityHours: hours
    .default(10 * 365 * 24)
    .meta({ description: "Validity of the root in hours. The default is ten years.", examples: [175_200] }),
  rootPathLength: z
    .int()
    .positive()
    .default(1)
    .meta({
      description: "Levels of CAs allowed below the root. Must be greater than `intermediatePathLength`.",
      examples: [2],
    }),
  protect: z
    .boolean()
    .default(false)
    .meta({
      description:
        "Whether Pulumi refuses to delete or replace the root's key and certificate. To destroy the mesh, first set it to false and run `pulumi up`, or run `pulumi destroy --exclude-protected` and keep the root.",
      examples: [true],
    }),
}).check((context) => {
  checkIssued(context);
  const { rootPathLength, intermediatePathLength } = context.value;
  if (intermediatePathLength < rootPathLength) return;
  context.issues.push({
    code: "custom",
    path: ["intermediatePathLength"],
    input: intermediatePathLength,
    message: `must be less than ca.rootPathLength, which is ${rootPathLength}, got ${intermediatePathLength}`,
  });
});

const ownRoot = strict({
  source: z
    .literal("root")
    .meta({ description: "Your own root signs the intermediates, which the program issues.", examples: ["root"] }),
  certificate: pem.meta({
    description:
      "The root's certificate, PEM. It must be self-signed, a CA, and allow at least one level of CAs below it.",
    examples: [CERTIFICATE],
  }),
  key: pem.meta({
    description: `The root's private key, PEM without a passphrase (such as \`${KEYS}\` makes). Secret.`,
    "x-secret": true,
    examples: [KEY],
  }),
  ...keyFields,
}).check(checkIssued);

const issued = strict({
  certificate: pem.meta({ description: "The intermediate's certificate, PEM.", examples: [CERTIFICATE] }),
  key: pem.meta({
    description: "Its private key, PEM without a passphrase. Secret.",
    "x-secret": true,
    examples: [KEY],
  }),
  chain: z
    .string()
    .default("")
    .transform(pemOf)
    .meta({
      description: "CA certificates between it and the root, PEM, starting with its issuer.",
      examples: [CERTIFICATE],
    }),
});

const ownIntermediates = strict({
  source: z.literal("intermediates").meta({
    description: "Root and intermediates are issued elsewhere. The program never gets the root's key.",
    examples: ["intermediates"],
  }),
  root: pem.meta({ description: "The root's certificate, PEM, the same for all clusters.", examples: [CERTIFICATE] }),
  intermediates: z.record(z.string(), issued).meta({
    description: "Intermediate CA of each cluster's istiod, by the cluster's name.",
    examples: [{ ncloud: { certificate: CERTIFICATE, key: KEY } }],
  }),
});

/** Source of the mesh's root and of the clusters' intermediates. */
export const caSchema = z.discriminatedUnion("source", [generated, ownRoot, ownIntermediates], {
  error: (issue) =>
    issue.code === "invalid_union" ? 'must be one of "generated", "root", "intermediates"' : undefined,
});

export type CASettings = z.output<typeof caSchema>;
