import { X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { inspectChain, trustedRoot } from "../../../proof/certificates.ts";
import { parseSecretDump } from "../../../proof/secretDump.ts";
import { type Issued, issue, makeIntermediate, makeLeaf, makeRoot, secretDump } from "./authority.ts";

const [SERVER_AUTH, CLIENT_AUTH] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"] as const;
const hex = "([0-9A-F]{2}:){7}[0-9A-F]{2}";
let root: Issued;
let intermediate: Issued;
let leaf: Issued;

beforeAll(async () => {
  root = await makeRoot();
  intermediate = await makeIntermediate(root, "a");
  leaf = await makeLeaf(intermediate, "sleep");
});

/** Uses the dump like the check. */
function problems(chain: readonly Issued[], trusted: readonly Issued[] = [root], meshRoot = root): readonly string[] {
  return inspect(chain, trusted, meshRoot).problems;
}

function inspect(chain: readonly Issued[], trusted: readonly Issued[] = [root], meshRoot = root) {
  const pem = (list: readonly Issued[]) => list.map((entry) => entry.pem).join("");
  return inspectChain(parseSecretDump(secretDump(pem(chain), pem(trusted))), {
    root: new X509Certificate(meshRoot.pem),
    namespace: "sample",
    serviceAccount: "sleep",
    now: Date.now(),
  });
}

describe("inspectChain", () => {
  test("accepts leaf, intermediate and root, and returns the remaining days", () => {
    const { problems: found, daysLeft } = inspect([leaf, intermediate]);
    expect(found).toEqual([]);
    expect(daysLeft.leaf).toBeCloseTo(1, 2);
    expect(daysLeft.intermediate).toBeCloseTo(1825, 1);
    expect(daysLeft.root).toBeCloseTo(3650, 1);
  });

  test("accepts the root in the chain, and a second trusted root", async () => {
    expect(problems([leaf, intermediate, root], [await makeRoot("CN=next"), root])).toEqual([]);
  });

  test("rejects another root with the same name", async () => {
    const other = await makeRoot();
    expect(problems([leaf, intermediate], [root], other)).toEqual([
      expect.stringMatching(`^the signature on the intermediate is not from the key of the mesh's root ${hex}$`),
      expect.stringMatching(`^the proxy does not trust the mesh's root ${hex}$`),
    ]);
  });

  test("rejects another root that is sent in the chain", async () => {
    const other = await makeRoot("CN=other");
    expect(problems([leaf, intermediate, root], [root, other], other)).toEqual([
      expect.stringMatching(`^the chain ends at another root, ${hex}; the mesh's is ${hex}$`),
    ]);
  });

  test("rejects a chain without the intermediate", () => {
    expect(problems([leaf])).toEqual([
      "the issuer of the leaf, O=Istio, CN=Intermediate CA, L=a, is neither in the chain nor the mesh's root",
    ]);
  });

  test("rejects an intermediate with the right name and another key", async () => {
    expect(problems([leaf, await makeIntermediate(root, "a")])).toEqual([
      "the signature on the leaf is not from the key of O=Istio, CN=Intermediate CA, L=a",
    ]);
  });

  test("rejects a leaf that the root itself signed", async () => {
    expect(problems([await makeLeaf(root, "sleep")])).toEqual([
      "the leaf is signed by the root itself, without an intermediate",
    ]);
  });

  test("rejects an expired leaf", async () => {
    expect(problems([await makeLeaf(intermediate, "sleep", -0.5), intermediate])).toEqual([
      expect.stringMatching(/^the leaf expired at \w{3} .* GMT$/),
    ]);
  });

  test("rejects a leaf that is not valid yet", async () => {
    const uri = "spiffe://cluster.local/ns/sample/sa/sleep";
    expect(problems([await issue({ uri, from: 1, to: 2 }, intermediate), intermediate])).toEqual([
      expect.stringMatching(/^the leaf is not valid before \w{3} .* GMT$/),
    ]);
  });

  test("rejects an expired intermediate", async () => {
    const expired = await makeIntermediate(root, "a", -0.5);
    expect(problems([await makeLeaf(expired, "sleep"), expired])).toEqual([
      expect.stringMatching(/^the intermediate expired at \w{3} .* GMT$/),
    ]);
  });

  test("rejects an intermediate that is not a CA", async () => {
    const subject = "CN=no CA";
    const noCa = await issue({ subject, to: 10 }, root);
    expect(problems([await makeLeaf(noCa, "sleep"), noCa])).toEqual(["the intermediate CN=no CA is not a CA"]);
  });

  test("rejects an intermediate for servers only, because every workload is a client as well", async () => {
    const subject = "O=Agency, CN=TLS CA";
    const servers = await issue({ subject, ca: true, usages: [SERVER_AUTH], to: 10 }, root);
    expect(problems([await makeLeaf(servers, "sleep"), servers])).toEqual([
      "the intermediate O=Agency, CN=TLS CA has the extended key usage serverAuth, which excludes clients (clientAuth): every workload is both",
    ]);
  });

  test("rejects a root for clients only", async () => {
    const clients = await issue({ subject: "CN=root", ca: true, usages: [CLIENT_AUTH], to: 10 });
    const below = await makeIntermediate(clients, "a");
    expect(problems([await makeLeaf(below, "sleep"), below], [clients], clients)).toEqual([
      "the root CN=root has the extended key usage clientAuth, which excludes servers (serverAuth): every workload is both",
    ]);
  });

  test("rejects a leaf that is a CA", async () => {
    const uri = "spiffe://cluster.local/ns/sample/sa/sleep";
    expect(problems([await issue({ uri, ca: true, to: 1 }, intermediate), intermediate])).toEqual(["the leaf is a CA"]);
  });

  test("rejects a root that is not a CA", async () => {
    const noCa = await issue({ subject: "CN=root", to: 10 });
    const below = await makeIntermediate(noCa, "a");
    expect(problems([await makeLeaf(below, "sleep"), below], [noCa], noCa)).toEqual(["the root is not a CA"]);
  });

  test("rejects the certificate of another workload", async () => {
    expect(problems([await makeLeaf(intermediate, "sleeper"), intermediate])).toEqual([
      "the leaf is not for spiffe://<trust domain>/ns/sample/sa/sleep, but for URI:spiffe://cluster.local/ns/sample/sa/sleeper",
    ]);
  });

  test("rejects a proxy that does not trust the root", async () => {
    expect(problems([leaf, intermediate], [await makeRoot()])).toEqual([
      expect.stringMatching(`^the proxy does not trust the mesh's root ${hex}$`),
    ]);
  });

  test("rejects a proxy without certificates", () => {
    expect(problems([], [])).toEqual(["the proxy has no workload certificate"]);
  });
});

describe("parseSecretDump", () => {
  test("returns empty texts for an Envoy without secrets", () => {
    expect(parseSecretDump("dynamic_active_secrets not found in config dump\n")).toEqual({ chain: "", trusted: "" });
  });

  test.each(["", "no healthy upstream", "[]", "{}"])("rejects %j", (text) => {
    expect(() => parseSecretDump(text)).toThrow(`not a config dump of Envoy: ${JSON.stringify(text)}`);
  });
});

describe("trustedRoot", () => {
  const pem = (list: readonly Issued[]) => list.map((entry) => entry.pem).join("");
  const found = (chain: readonly Issued[], trusted: readonly Issued[]) =>
    trustedRoot({ chain: pem(chain), trusted: pem(trusted) })?.toString();
  const text = ({ pem }: Issued) => new X509Certificate(pem).toString();

  test.each(["CN=other", undefined])(
    "is the root of the leaf, regardless of further roots in the chain (%s)",
    async (name) => {
      const former = await makeRoot(name);
      expect(found([leaf, intermediate, former, root], [former, root])).toBe(text(root));
      expect(found([leaf, intermediate, root, former], [root, former])).toBe(text(root));
    },
  );

  test("is undefined if the leaf's root is in the chain but not trusted", async () => {
    const other = await makeRoot("CN=other");
    expect(found([leaf, intermediate, root, other], [other])).toBeUndefined();
    expect(found([], [root])).toBeUndefined();
  });
});
