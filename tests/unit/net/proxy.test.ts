import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { proxyFor } from "../../../net/proxy.ts";

const through = (url: string, environment: Record<string, string>) => proxyFor(new URL(url), environment);

describe("the proxy of a URL", () => {
  test.each([
    ["https://a.example", { HTTPS_PROXY: "http://p:1" }, "http://p:1"],
    ["https://a.example", { https_proxy: "http://p:1" }, "http://p:1"],
    ["https://a.example", { HTTPS_PROXY: "http://p:1", https_proxy: "http://q:1" }, "http://p:1"],
    ["https://a.example", { HTTPS_PROXY: "", https_proxy: "http://q:1" }, "http://q:1"],
    ["https://a.example", { HTTPS_PROXY: "p:1" }, "http://p:1"],
    ["https://a.example", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://a.example", { HTTP_PROXY: "http://p:1", HTTPS_PROXY: "http://q:1" }, "http://p:1"],
    ["https://localhost:6443", { HTTPS_PROXY: "http://p:1" }, undefined],
    ["https://127.0.0.9:6443", { HTTPS_PROXY: "http://p:1" }, undefined],
    ["https://[::1]:6443", { HTTPS_PROXY: "http://p:1" }, undefined],
  ])("for %s with %j is %s", (url, environment, proxy) => {
    expect(through(url, environment)).toBe(proxy);
  });

  // The expected results are those of golang.org/x/net/http/httpproxy.
  test.each([
    ["https://a.example", "*", true],
    ["https://a.example", "a.example", true],
    ["https://A.Example", " other , a.EXAMPLE ", true],
    ["https://x.a.example", "a.example", true],
    ["https://xa.example", "a.example", false],
    ["https://a.example", ".a.example", false],
    ["https://x.a.example", ".a.example", true],
    ["https://x.a.example", "*.a.example", true],
    ["https://a.example", "*.a.example", false],
    ["https://a.example:8443", "a.example:8443", true],
    ["https://a.example", "a.example:8443", false],
    ["https://a.example", "a.example:443", true],
    ["https://10.1.2.3:6443", "10.0.0.0/8", true],
    ["https://11.1.2.3:6443", "10.0.0.0/8", false],
    ["https://10.1.2.3:6443", "10.1.2.3", true],
    ["https://10.1.2.3:6443", "10.1.2.3:6443", true],
    ["https://10.1.2.3:6443", "10.1.2.3:443", false],
    ["https://10.1.2.30", "10.1.2.3", false],
    ["https://[fd00::7]:6443", "fd00::/8", true],
    ["https://[fd00::7]:6443", "fd00::7", true],
    ["https://[fd00::7]:6443", "[fd00::7]:6443", true],
    ["https://a.example", "10.0.0.0/8", false],
    ["https://a.example", ",,:443, ", false],
  ])("is bypassed for %s with NO_PROXY %j: %s", (url, NO_PROXY, direct) => {
    expect(through(url, { HTTPS_PROXY: "http://p:1", NO_PROXY }) === undefined).toBe(direct);
  });

  test("is either the configured one or none, for any NO_PROXY", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.webUrl({ validSchemes: ["https"] }), (no_proxy, url) => {
        expect([undefined, "http://p:1"]).toContain(through(url, { HTTPS_PROXY: "http://p:1", no_proxy }));
      }),
    );
  });
});
