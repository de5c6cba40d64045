import { describe, expect, test } from "vitest";
import { issuerEnds } from "../../../istiod/issuer.ts";

describe("the expiry of the intermediate with which istiod signs", () => {
  const metrics = (value: string) => `# HELP citadel_server_cert_chain_expiry_timestamp The unix timestamp.
# TYPE citadel_server_cert_chain_expiry_timestamp gauge
citadel_server_cert_chain_expiry_timestamp${value}
citadel_server_root_cert_expiry_timestamp 2.1e+09
`;

  test.each([
    [" 1.960883518e+09", 1_960_883_518_000],
    [" 1960883518", 1_960_883_518_000],
    ['{otel_scope_name="istio"} 1.960883518e+09', 1_960_883_518_000],
    [" NaN", undefined],
  ])("is read from the metric with value %j", (value, end) => {
    expect(issuerEnds(metrics(value)).signer).toBe(end);
  });

  test("is undefined without the metric", () => {
    expect(issuerEnds("citadel_server_root_cert_expiry_timestamp 2.1e+09\n")).toEqual({
      signer: undefined,
      root: 2_100_000_000_000,
    });
  });
});
