/**
 * Of programs in Go: they collect garbage when there is five times as much as is in use, instead of twice. A machine for labs has
 * memory rather than processors to spare: with it, API servers take a fifth less of a processor while a mesh is made.
 */
export const goEnvironment = { GOGC: "400" } as const;
