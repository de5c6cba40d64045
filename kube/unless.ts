import { ApiError } from "./apiServer.ts";

/** For `catch`: nothing where the API server answers with this code, such as 404 for what is gone already. */
export function unless(code: number): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ApiError && error.status === code)) throw error;
  };
}
