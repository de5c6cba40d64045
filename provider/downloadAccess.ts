import * as z from "zod";

/** Login and CA for a download server. */
export const downloadAccess = z.strictObject({
  login: z.strictObject({ username: z.string(), password: z.string() }).optional(),
  ca: z.string().optional(),
});
