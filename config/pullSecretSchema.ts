import * as z from "zod";
import { strict, text } from "./fields.ts";
import { isSecretName } from "./names.ts";
import { quote } from "./problems.ts";

const pullSecret = strict({
  name: text
    .refine(isSecretName, {
      error: ({ input }) => `${quote(input)} cannot be a Secret's name (lower case letters, digits, "-" and ".")`,
    })
    .meta({
      description:
        "The Secret's name in every namespace. Without `server`, the Secret must already exist in `istio-system` and in the sample's namespace.",
      examples: ["registry-login"],
    }),
  server: text
    .refine((server) => /^[\w.-]+(:\d+)?(\/[\w./-]+)?$/.test(server), {
      error: ({ input }) =>
        `${quote(input)} is not a registry's host, such as registry.example or registry.example:5000`,
    })
    .optional()
    .meta({
      description: "The registry, as in the images' names. If it is set, the program creates the Secret.",
      "x-default": "none, the Secret is there already",
      examples: ["registry.example:5000"],
    }),
  username: text.optional().meta({
    description: "User name at `server`.",
    "x-default": "none, the Secret is there already",
    examples: ["mesh-puller"],
  }),
  password: text.optional().meta({
    description: "The password, or a token. Secret.",
    "x-secret": true,
    "x-default": "none, the Secret is there already",
    examples: ["(encrypted)"],
  }),
})
  .check(({ value, issues }) => {
    const { name: _, ...login } = { server: undefined, username: undefined, password: undefined, ...value };
    const missing = Object.entries(login).filter(([, given]) => given === undefined);
    if (missing.length === 0 || missing.length === 3) return;
    for (const [field] of missing) {
      const message = "is missing; set server, username and password, or none of them to use an existing Secret";
      issues.push({ code: "custom", path: [field], input: undefined, message });
    }
  })
  .transform(({ name, server = "", username = "", password = "" }) =>
    server === "" ? { name } : { name, login: { server, username, password } },
  );

/** Pull secrets for the registry of the mesh's images. */
export const pullSecretsSchema = z.array(pullSecret).check(({ value, issues }) => {
  value.forEach(({ name }, index) => {
    const first = value.findIndex((other) => other.name === name);
    if (first === index) return;
    const message = `${quote(name)} is already that of pullSecrets[${first}]; use one Secret for each registry`;
    issues.push({ code: "custom", path: [index, "name"], input: name, message });
  });
});
