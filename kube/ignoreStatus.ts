import { ApiError } from "./apiServer.ts";

/**
 * For `catch`: returns undefined if the API server answered with this code, such as 404 for a deleted object, and
 * throws anything else.
 */
export function ignoreStatus(code: number): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ApiError && error.status === code)) throw error;
  };
}
