/** What clusters find of each other; see `preflight/finding.ts`. */
export type ProbeFinding = never;
