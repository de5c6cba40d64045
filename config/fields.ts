import * as z from "zod";

/** An object whose unknown keys are errors that name the known ones. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}; known are ${Object.keys(shape).join(", ")}`
        : undefined,
  });
}

export const text = z.string().min(1, "must not be empty");
