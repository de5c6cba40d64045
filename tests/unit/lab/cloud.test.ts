import fc from "fast-check";
import { expect, test } from "vitest";
import { corefile, loadBalancerHostname } from "../../../lab/cloud.ts";
import { labSpec } from "../../../lab/spec.ts";

const [cluster] = labSpec({ slot: 0, clusters: 1, dir: "/lab" }).clusters;
if (cluster === undefined) throw new Error("no cluster");
const zone = "kr-gov.lb.naverncp.com";
const service = (namespace: string, name: string, uid: string) => ({ metadata: { namespace, name, uid } });

test("names a load balancer like NAVER", () => {
  const gateway = service("istio-system", "istio-ingressgateway", "1e9c3a41-5b1c-4f0d-9a55-f924e3285ceb");
  expect(loadBalancerHostname(gateway, cluster, zone)).toBe(
    "istio-syste-istio-ingres-1e9c3-1-f924e3285ceb.kr-gov.lb.naverncp.com",
  );
});

test("gives two Services different hostnames, whose labels are short enough for DNS", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/);
  fc.assert(
    fc.property(name, name, fc.uuid(), fc.uuid(), (namespace, serviceName, one, other) => {
      fc.pre(one.slice(0, 5) + one.slice(-12) !== other.slice(0, 5) + other.slice(-12));
      const hostname = loadBalancerHostname(service(namespace, serviceName, one), cluster, zone);
      expect(hostname.split(".")[0]?.length).toBeLessThanOrEqual(63);
      expect(hostname).not.toBe(loadBalancerHostname(service(namespace, serviceName, other), cluster, zone));
    }),
  );
});

test("quotes the path of the hosts file for CoreDNS", () => {
  expect(corefile(labSpec({ slot: 0, clusters: 1, dir: "/my projects/mesh/.lab" }))).toContain(
    '  hosts "/my projects/mesh/.lab/cloud/hosts" {\n',
  );
});
