const gone = new Set<string>();

/** Marks a cluster as gone: from now on this process sends it no requests. */
export const declareGone = (cluster: string): void => void gone.add(cluster);

export const isGone = (cluster: unknown): boolean => typeof cluster === "string" && gone.has(cluster);
