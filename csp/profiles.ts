import { generic } from "./generic.ts";
import { kt } from "./kt.ts";
import { ncloud } from "./ncloud.ts";
import { nhn } from "./nhn.ts";
import type { CspProfile } from "./profile.ts";

/** Profiles by the `csp` of a cluster's config. */
export const profiles = { ncloud, nhn, kt, generic } satisfies Record<string, CspProfile>;

export type Csp = keyof typeof profiles;
