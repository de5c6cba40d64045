import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { caSchema } from "../../../config/caSchema.ts";
import { inspectCA } from "../../../config/certificates.ts";
import { pathLength } from "../../../mesh/caIdentity.ts";
import { authorityCases, build, settingsOf } from "./authorityCases.ts";
import { folder } from "./fixtures.ts";
import { certificate, GOOD } from "./openssl.ts";

const DAY = 86_400_000;
const dir = folder();
let now: number;

interface Made {
  readonly certificate: string;
  readonly key: string;
}

/** Creates a certificate with openssl, independently of the program. */
function make(name: string, constraints: string, issuer?: string, days = 400): Made {
  const [key, request, certificate, extensions] = ["key", "csr", "crt", "ext"].map((end) =>
    join(dir, `${name}.${end}`),
  ) as [string, string, string, string];
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key);
  openssl("req", "-new", "-key", key, "-subj", `/O=Agency/CN=${name}`, "-out", request);
  writeFileSync(extensions, `basicConstraints=critical,${constraints}\n`);
  const signer = issuer
    ? ["-CA", join(dir, `${issuer}.crt`), "-CAkey", join(dir, `${issuer}.key`), "-CAcreateserial"]
    : ["-signkey", key];
  openssl(
    "x509",
    "-req",
    "-in",
    request,
    "-extfile",
    extensions,
    "-days",
    String(days),
    ...signer,
    "-out",
    certificate,
  );
  return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
}

let root: Made, other: Made, tight: Made, leafRoot: Made;
let renamed: Made;
let one: Made, two: Made, middle: Made, below: Made, shut: Made;
beforeAll(() => {
  root = make("root", "CA:TRUE");
  other = make("other", "CA:TRUE,pathlen:3");
  tight = make("tight", "CA:TRUE,pathlen:0");
  leafRoot = make("leaf-root", "CA:FALSE");
  one = make("one", "CA:TRUE,pathlen:0", "root", 30);
  two = make("two", "CA:TRUE,pathlen:0", "root");
  middle = make("middle", "CA:TRUE,pathlen:1", "root");
  below = make("below", "CA:TRUE,pathlen:0", "middle");
  shut = make("shut", "CA:TRUE,pathlen:0", "one");
  const key = join(dir, "root.key");
  const [subject, out] = ["/O=Agency/CN=renamed", join(dir, "renamed.crt")];
  execFileSync("openssl", ["req", "-x509", "-key", key, "-subj", subject, "-days", "400", "-out", out], {
    stdio: "pipe",
  });
  renamed = { certificate: readFileSync(out, "utf8"), key: root.key };
  // Certificates have a resolution of one second, so the newest may become valid within that time.
  now = Date.now() + 1_000;
}, 60_000);

function inspect(ca: Record<string, unknown>, clusters = ["one", "two"], at = now) {
  const findings = inspectCA(caSchema.parse(ca), { clusters, trustDomain: "cluster.local", now: at });
  for (const line of [...findings.problems, ...findings.warnings]) expect(line).not.toMatch(/BEGIN|MII|MIG/);
  return findings;
}
const day = (time: string) => new Date(time).toISOString().slice(0, 10);
const begins = (made: Made) => day(new X509Certificate(made.certificate).validFrom);
const ends = (made: Made) => day(new X509Certificate(made.certificate).validTo);

describe("a path length", () => {
  test("is read from the basic constraints", () => {
    const lengths = [root, other, tight, leafRoot].map(({ certificate }) =>
      pathLength(new X509Certificate(certificate)),
    );
    expect(lengths).toEqual([undefined, 3, 0, undefined]);
  });
});

describe("a given root", () => {
  test("is accepted if it is valid", () => {
    expect(inspect({ source: "root", ...root })).toEqual({ problems: [], warnings: [] });
  });

  test.each<[string, () => Record<string, unknown>, string[]]>([
    [
      "with the key of another certificate",
      () => ({ ...root, key: two.key }),
      ['ca.key: is not the key of ca.certificate, "O=Agency, CN=root"; give the key that belongs to this certificate'],
    ],
    [
      "with a certificate in the place of the key",
      () => ({ ...root, key: root.certificate }),
      ["ca.key: is not a private key in PEM without a passphrase; decrypt it by: openssl pkey -in FILE"],
    ],
    [
      "that is not self-signed",
      () => two as Made & Record<string, unknown>,
      [
        'ca.certificate: "O=Agency, CN=two" is not self-signed, but signed by "O=Agency, CN=root"; set the root itself, and your own intermediates by ca.source "intermediates"',
        'ca.certificate: "O=Agency, CN=two" allows 0 levels of CAs below it, and 1 are needed; reissue it with a path length of 1 or more',
      ],
    ],
    [
      "that is not a CA",
      () => leafRoot as Made & Record<string, unknown>,
      ['ca.certificate: "O=Agency, CN=leaf-root" is not a CA; reissue it with the basic constraint CA:TRUE'],
    ],
    [
      "with too short a path length",
      () => tight as Made & Record<string, unknown>,
      [
        'ca.certificate: "O=Agency, CN=tight" allows 0 levels of CAs below it, and 1 are needed; reissue it with a path length of 1 or more',
      ],
    ],
    [
      "that consists of two certificates",
      () => ({ ...root, certificate: root.certificate + other.certificate }),
      ["ca.certificate: must hold exactly one certificate in PEM, has 2"],
    ],
    [
      "with text before the PEM in its line",
      () => ({ ...root, certificate: `root: ${root.certificate}` }),
      ["ca.certificate: must hold exactly one certificate in PEM, has 0"],
    ],
    [
      "that cannot be parsed",
      () => ({ ...root, certificate: root.certificate.replace("MII", "!!!") }),
      ["ca.certificate: is not valid PEM; give the whole file, with its line breaks"],
    ],
  ])("%s is rejected", (_, ca, problems) => {
    expect(inspect({ source: "root", ...ca() }).problems).toEqual(problems);
  });

  test("is rejected if it has expired or is not valid yet, with a warning before its expiry", () => {
    const at = (days: number) => inspect({ source: "root", ...root }, [], now + days * DAY);
    const name = '"O=Agency, CN=root"';
    expect(at(401).problems).toEqual([`ca.certificate: ${name} expired on ${ends(root)}; issue a new one`]);
    expect(at(-1).problems).toEqual([
      `ca.certificate: ${name} is not valid before ${begins(root)}; check this machine's clock`,
    ]);
    expect(at(309)).toEqual({ problems: [], warnings: [] });
    expect(at(390.5)).toEqual({
      problems: [],
      warnings: [`ca.certificate: ${name} expires on ${ends(root)}, in 9 days; issue a new one`],
    });
  });
});

describe("given intermediates", () => {
  const given = (intermediates: Record<string, unknown>, pem = root) => ({
    source: "intermediates",
    root: pem.certificate,
    intermediates,
  });

  test("are accepted if they are valid, with CAs between them and the root", () => {
    expect(inspect(given({ one: { ...below, chain: middle.certificate }, two }))).toEqual({
      problems: [],
      warnings: [],
    });
  });

  test("must name their issuer, because the issuer's key alone is not enough", () => {
    expect(inspect(given({ one: two }, renamed), ["one"]).problems).toEqual([
      'ca.intermediates.one.certificate: "O=Agency, CN=two" is not signed by "O=Agency, CN=renamed", which is ca.root; put the certificates between it and the root into ca.intermediates.one.chain, the lowest first',
    ]);
  });

  test("have a warning before their expiry", () => {
    expect(inspect(given({ one, two })).warnings).toEqual([
      `ca.intermediates.one.certificate: "O=Agency, CN=one" expires on ${ends(one)}, in 29 days; issue a new one`,
    ]);
  });

  test.each<[string, () => Record<string, unknown>, string[]]>([
    [
      "for other clusters",
      () => given({ one: two, three: two }),
      [
        "ca.intermediates.two: is missing; set the cluster's certificate and key",
        "ca.intermediates.three: is not a cluster of the mesh, which has one, two",
      ],
    ],
    [
      "of another root",
      () => given({ one: two, two }, other),
      [
        ...["one", "two"].map(
          (name) =>
            `ca.intermediates.${name}.certificate: "O=Agency, CN=two" is not signed by "O=Agency, CN=other", which is ca.root; put the certificates between it and the root into ca.intermediates.${name}.chain, the lowest first`,
        ),
      ],
    ],
    [
      "with a missing CA in the chain",
      () => given({ one: below, two }),
      [
        'ca.intermediates.one.certificate: "O=Agency, CN=below" is not signed by "O=Agency, CN=root", which is ca.root; put the certificates between it and the root into ca.intermediates.one.chain, the lowest first',
      ],
    ],
    [
      "below a CA with path length 0",
      () => given({ one: { ...shut, chain: two.certificate }, two }),
      [
        'ca.intermediates.one.certificate: "O=Agency, CN=shut" is not signed by "O=Agency, CN=two", the next in the chain; put the certificates between it and the root into ca.intermediates.one.chain, the lowest first',
        'ca.intermediates.one.chain: "O=Agency, CN=two" allows 0 levels of CAs below it, and 1 are needed; reissue it with a path length of 1 or more',
      ],
    ],
    [
      "with the key of another certificate",
      () => given({ one: { ...two, key: middle.key }, two }),
      [
        'ca.intermediates.one.key: is not the key of its certificate, "O=Agency, CN=two"; give the key that belongs to this certificate',
      ],
    ],
  ])("%s are rejected", (_, ca, problems) => {
    expect(inspect(ca()).problems).toEqual(problems);
  });
});

describe("a given CA", () => {
  const sound = authorityCases.filter(({ says }) => says.length === 0);

  test.each(authorityCases)("is judged: $what", (each) => {
    const { problems, warnings } = inspect(settingsOf(build(each)), ["one"], Date.now() + 1_000);
    expect(problems).toEqual(each.says.map((part) => expect.stringContaining(part)));
    expect(warnings).toEqual(each.warns === undefined ? [] : [expect.stringContaining(each.warns)]);
  });

  test("is accepted only if Go and Envoy accept it, with two exceptions among those that both accept", () => {
    expect(sound.filter(({ takenBy }) => takenBy !== undefined)).toEqual([]);
    const refused = authorityCases.filter(({ says, takenBy }) => says.length > 0 && takenBy === undefined);
    expect(refused.map(({ what }) => what)).toEqual(["RSA of 1024 bits", "a root of version 1"]);
  });

  test("is reported with its field and the remedy", () => {
    const servers = { extensions: [...GOOD, "extendedKeyUsage=serverAuth"] };
    const [root, region] = [certificate("root"), certificate("region", servers, certificate("root"))];
    const one = certificate("one", {}, region);
    expect(inspect(settingsOf({ root, region, ca: one }), ["one"], Date.now() + 1_000).problems).toEqual([
      'ca.intermediates.one.chain: "O=Agency, CN=region" has the extended key usage serverAuth, which excludes clients (clientAuth): every workload is both; reissue it with serverAuth and clientAuth, or without extended key usage',
    ]);
  });

  test("may include the root at the end of its chain", () => {
    const chain = middle.certificate + root.certificate;
    const ca = { source: "intermediates", root: root.certificate, intermediates: { one: { ...below, chain } } };
    expect(inspect(ca, ["one"]).problems).toEqual([]);
  });

  test("must not include the private key in the certificate, which becomes public", () => {
    expect(inspect({ source: "root", ...root, certificate: root.key + root.certificate }).problems).toEqual([
      "ca.certificate: holds a block PRIVATE KEY as well; remove it, because this value becomes public",
    ]);
  });

  test("must have its key in the first PEM block, because istiod reads only that", () => {
    const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    expect(inspect({ source: "root", ...root, key: parameters + root.key }).problems).toEqual([
      "ca.key: begins with a block EC PARAMETERS, and istiod reads only the first block; remove it",
    ]);
  });

  test("must have an unencrypted key", () => {
    const options = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" } as const;
    const key = createPrivateKey(root.key).export(options) as string;
    expect(inspect({ source: "root", ...root, key }).problems).toEqual([
      "ca.key: is not a private key in PEM without a passphrase; decrypt it by: openssl pkey -in FILE",
    ]);
  });
});
