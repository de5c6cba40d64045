const gone = new Set<string>();

/** From now on nothing in this cluster is reached. */
export const declareGone = (cluster: string): void => void gone.add(cluster);

export const isGone = (cluster: unknown): boolean => typeof cluster === "string" && gone.has(cluster);
