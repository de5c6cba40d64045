import { describe, expect, test } from "vitest";
import { cachedDomains, serviceDomains } from "../../../mesh/corefile.ts";

describe("a Corefile", () => {
  test.each([
    [
      "kubeadm's",
      ".:53 {\n    errors\n    kubernetes cluster.local in-addr.arpa ip6.arpa {\n       pods insecure\n    }\n}",
      ["cluster.local"],
    ],
    ["one without options", ".:53 {\n  kubernetes corp.internal\n}", ["corp.internal"]],
    ["one whose server block has the zone", "Corp.Internal.:53 dns://ip6.arpa {\n  kubernetes\n}", ["corp.internal"]],
    [
      "several domains and networks",
      ".:53 {\n kubernetes a.example b.example 10.96.0.0/12 {\n }\n}",
      ["a.example", "b.example"],
    ],
    [
      "a comment",
      ".:53 { # kubernetes no.example\n  # kubernetes no.example\n  kubernetes yes.example # really\n}",
      ["yes.example"],
    ],
    ["a domain from an environment variable", ".:53 {\n  kubernetes {$DOMAIN} in-addr.arpa {\n  }\n}", []],
    ["another plugin's option of the same name", ".:53 {\n  log {\n    kubernetes no.example\n  }\n}", []],
    ["an empty file", "", []],
  ])("contains the Service domains: %s", (_, corefile, domains) => {
    expect(serviceDomains(corefile)).toEqual(domains);
  });

  test("of NodeLocal DNSCache names the domains in its server blocks", () => {
    const corefile = [
      "corp.internal:53 {",
      "  forward . 10.0.0.10 {",
      "    force_tcp",
      "  }",
      "}",
      "in-addr.arpa:53 {",
      "}",
      ".:53 {",
      "  forward . /etc/resolv.conf",
      "}",
    ].join("\n");
    expect(cachedDomains(corefile)).toEqual(["corp.internal"]);
  });
});
