import * as z from "zod";

/** Login and CA of a server that something is downloaded from. */
export const downloadAccess = z.strictObject({
  login: z.strictObject({ username: z.string(), password: z.string() }).optional(),
  ca: z.string().optional(),
});
