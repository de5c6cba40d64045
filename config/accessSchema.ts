import type * as z from "zod";
import { strict, text } from "./fields.ts";

/** Login at a server from which the program itself downloads, and the CA to trust for it. */
export const downloadAccessSchema = strict({
  username: text.optional().meta({
    description: "User name.",
    "x-default": "none, without a login",
    examples: ["mesh-reader"],
  }),
  password: text.optional().meta({
    description: "The password, or a token. Secret.",
    "x-secret": true,
    "x-default": "none, without a login",
    examples: ["(encrypted)"],
  }),
  caFile: text.optional().meta({
    description: "PEM file of the CAs to trust there, besides this machine's own.",
    "x-default": "none, this machine's own are trusted",
    examples: ["./certs/registry-ca.pem"],
  }),
}).check(({ value: { username, password, caFile }, issues }) => {
  const miss = (path: string[], message: string) => issues.push({ code: "custom", path, input: undefined, message });
  if (username !== undefined && password === undefined) miss(["password"], "is missing; it belongs to username");
  if (password !== undefined && username === undefined) miss(["username"], "is missing; it belongs to password");
  if (username === undefined && password === undefined && caFile === undefined)
    miss([], "is empty; give username and password, caFile, or all of them");
});

export type DownloadAccessSettings = z.output<typeof downloadAccessSchema>;
