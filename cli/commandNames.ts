/** The commands of `mesh`. Each has an entry in `commands.ts` and texts in every language. */
export const commandNames = [
  "add",
  "adopt",
  "distrust",
  "firewall",
  "forget",
  "preflight",
  "proof",
  "providers",
  "remove",
  "renew-intermediates",
  "rights",
  "rotate-root",
  "rotate-tokens",
  "status",
  "takeover",
  "upgrade",
] as const;

export type CommandName = (typeof commandNames)[number];
