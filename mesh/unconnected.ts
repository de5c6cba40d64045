/** Why a pod could not connect to an address. */
export type Unconnected = "nameUnknown" | "refused" | "silent" | "unreachable";
