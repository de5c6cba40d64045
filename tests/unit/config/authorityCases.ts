// CAs as others make them, with the verdicts of who has to live with them. Below each, certificates of a workload and of an istiod
// were issued as istiod issues them, and verified for servers and clients by Go 1.26 (crypto/x509, after the checks of Istio 1.31's
// security/pkg/pki/util) and by Envoy 1.37.0 and 1.39.3 (BoringSSL) at both ends of a connection. What
// istiod does not take never gets to Envoy, and counts as taken by nobody.
import { certificate, EC, GOOD, type Made, type Recipe, RSA } from "./openssl.ts";

export interface AuthorityCase {
  readonly what: string;
  readonly root?: Recipe;
  /** Between root and intermediate. @default none */
  readonly region?: Recipe;
  /** Intermediate of a cluster. @default the program makes it */
  readonly ca?: Recipe;
  /** Whether the intermediate is signed by another certificate of the root's key, whose name has strings of another kind. */
  readonly reencoded?: true;
  /** Who takes the chain. @default both */
  readonly takenBy?: readonly ("Go" | "Envoy")[];
  /** A part of each problem that the config's check finds. */
  readonly says: readonly string[];
  readonly warns?: string;
}

const NOBODY: AuthorityCase["takenBy"] = [];
const PSS_KEY = ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"];
const extra = (...lines: string[]): Recipe => ({ extensions: [...GOOD, ...lines] });
const pss = (hash: string, salt: number) => [
  `-${hash}`,
  ...["-sigopt", "rsa_padding_mode:pss", "-sigopt", `rsa_pss_saltlen:${salt}`],
];

export const authorityCases: readonly AuthorityCase[] = [
  { what: "a plain root", says: [] },
  { what: "a plain intermediate", ca: {}, says: [] },
  {
    what: "an intermediate for servers",
    ca: extra("extendedKeyUsage=serverAuth"),
    takenBy: NOBODY,
    says: ["extended key usage serverAuth, which excludes clients"],
  },
  {
    what: "an intermediate for clients",
    ca: extra("extendedKeyUsage=clientAuth"),
    takenBy: NOBODY,
    says: ["extended key usage clientAuth, which excludes servers"],
  },
  {
    what: "an intermediate for both and more",
    ca: extra("extendedKeyUsage=serverAuth,clientAuth,emailProtection"),
    says: [],
  },
  {
    what: "an intermediate for any usage",
    ca: extra("extendedKeyUsage=anyExtendedKeyUsage"),
    takenBy: ["Go"],
    says: ["extended key usage anyExtendedKeyUsage, which excludes servers (serverAuth) and clients (clientAuth)"],
  },
  { what: "a root for any usage", root: extra("extendedKeyUsage=anyExtendedKeyUsage"), says: [] },
  {
    what: "a root for servers",
    root: extra("extendedKeyUsage=serverAuth"),
    takenBy: ["Envoy"],
    says: ["extended key usage serverAuth"],
  },
  {
    what: "a root for code",
    root: extra("extendedKeyUsage=codeSigning"),
    takenBy: NOBODY,
    says: ["extended key usage codeSigning"],
  },
  {
    what: "a region for servers",
    region: extra("extendedKeyUsage=serverAuth"),
    ca: {},
    takenBy: NOBODY,
    says: ["extended key usage serverAuth"],
  },
  { what: "Netscape's type for servers", ca: extra("nsCertType=server"), says: [] },
  {
    what: "URIs of another domain",
    ca: extra("nameConstraints=critical,permitted;URI:mesh.example"),
    takenBy: NOBODY,
    says: ['permits URIs of "mesh.example" only, and not cluster.local'],
  },
  {
    what: "URIs of another domain, not critical",
    ca: extra("nameConstraints=permitted;URI:mesh.example"),
    takenBy: NOBODY,
    says: ["permits URIs"],
  },
  {
    what: "URIs of another domain, at the root",
    root: extra("nameConstraints=critical,permitted;URI:mesh.example"),
    ca: {},
    takenBy: NOBODY,
    says: ["permits URIs"],
  },
  { what: "URIs of the trust domain", ca: extra("nameConstraints=critical,permitted;URI:Cluster.Local"), says: [] },
  {
    what: "URIs of the domain above",
    ca: extra("nameConstraints=critical,permitted;URI:local"),
    takenBy: ["Go"],
    says: ["permits URIs"],
  },
  { what: "URIs of all below the domain above", ca: extra("nameConstraints=critical,permitted;URI:.local"), says: [] },
  {
    what: "URIs with their scheme",
    ca: extra("nameConstraints=critical,permitted;URI:spiffe://cluster.local"),
    takenBy: NOBODY,
    says: ["permits URIs"],
  },
  {
    what: "no URIs of the trust domain",
    ca: extra("nameConstraints=critical,excluded;URI:cluster.local"),
    takenBy: NOBODY,
    says: ['excludes URIs of "cluster.local"'],
  },
  {
    what: "no URIs of the domain above",
    ca: extra("nameConstraints=critical,excluded;URI:local"),
    takenBy: ["Envoy"],
    says: ["excludes URIs"],
  },
  { what: "no URIs of another domain", ca: extra("nameConstraints=critical,excluded;URI:mesh.example"), says: [] },
  { what: "DNS names of Services", ca: extra("nameConstraints=critical,permitted;DNS:svc"), says: [] },
  {
    what: "DNS names of another domain",
    ca: extra("nameConstraints=critical,permitted;DNS:example.com"),
    takenBy: ["Envoy"],
    says: ['permits DNS names of "example.com" only, and not istiod.istio-system.svc'],
  },
  {
    what: "no DNS names of Services",
    ca: extra("nameConstraints=critical,excluded;DNS:svc"),
    takenBy: ["Envoy"],
    says: ["excludes DNS names"],
  },
  { what: "all DNS names", ca: extra("nameConstraints=critical,DER:3006a00430028200"), says: [] },
  {
    what: "no DNS names at all",
    ca: extra("nameConstraints=critical,DER:3006a10430028200"),
    takenBy: ["Envoy"],
    says: ["excludes DNS names"],
  },
  { what: "addresses of one network", ca: extra("nameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0"), says: [] },
  { what: "mail of one domain", ca: extra("nameConstraints=critical,permitted;email:example.com"), says: [] },
  {
    what: "names of one directory",
    ca: extra("nameConstraints=critical,permitted;dirName:dn", "[dn]", "O=Agency"),
    takenBy: NOBODY,
    says: ["a name constraint of a kind that Go cannot read"],
  },
  {
    what: "a constraint of registered ids",
    ca: extra("nameConstraints=critical,permitted;RID:1.2.3.4"),
    takenBy: NOBODY,
    says: ["a name constraint of a kind"],
  },
  {
    what: "a critical extension of one's own",
    ca: extra("1.2.3.4.5=critical,ASN1:UTF8String:x"),
    takenBy: NOBODY,
    says: ["the critical extension 1.2.3.4.5"],
  },
  {
    what: "a critical extension of one's own, at the root",
    root: extra("1.2.3.4.5=critical,ASN1:UTF8String:x"),
    takenBy: NOBODY,
    says: ["the critical extension 1.2.3.4.5"],
  },
  { what: "another extension of one's own", ca: extra("1.2.3.4.5=ASN1:UTF8String:x"), says: [] },
  {
    what: "a critical key identifier",
    ca: { extensions: ["basicConstraints=critical,CA:TRUE", "subjectKeyIdentifier=critical,hash"] },
    takenBy: NOBODY,
    says: ["the critical extension 2.5.29.14"],
  },
  {
    what: "a critical authority key identifier",
    ca: extra("authorityKeyIdentifier=critical,keyid"),
    takenBy: NOBODY,
    says: ["the critical extension 2.5.29.35"],
  },
  {
    what: "a critical address of revocation lists",
    ca: extra("crlDistributionPoints=critical,URI:http://pki.example/crl"),
    takenBy: ["Go"],
    says: ["the critical extension 2.5.29.31"],
  },
  { what: "the same at the root", root: extra("crlDistributionPoints=critical,URI:http://pki.example/crl"), says: [] },
  { what: "a critical policy", ca: extra("certificatePolicies=critical,1.2.3.4"), says: [] },
  {
    what: "a policy twice",
    ca: extra("certificatePolicies=1.2.3.4,1.2.3.4"),
    takenBy: NOBODY,
    says: ["a certificate policy twice"],
  },
  {
    what: "a policy for all below",
    ca: extra("policyConstraints=critical,requireExplicitPolicy:1"),
    takenBy: NOBODY,
    says: ["requires an explicit policy"],
  },
  { what: "a policy for what is far below", ca: extra("policyConstraints=critical,requireExplicitPolicy:2"), says: [] },
  {
    what: "a policy for all below the root",
    root: extra("policyConstraints=critical,requireExplicitPolicy:0"),
    says: [],
  },
  {
    what: "a policy for all below a region",
    region: extra("policyConstraints=critical,requireExplicitPolicy:2"),
    ca: {},
    takenBy: NOBODY,
    says: ["requires an explicit policy"],
  },
  { what: "a root with a key of RSA-PSS", root: { key: PSS_KEY }, takenBy: NOBODY, says: ["a key of kind RSA-PSS"] },
  {
    what: "an intermediate with a key of RSA-PSS",
    ca: { key: PSS_KEY },
    takenBy: NOBODY,
    says: ["a key of kind RSA-PSS"],
  },
  { what: "an RSA key that signs by PSS", root: { key: RSA(2048) }, ca: { signing: pss("sha256", 32) }, says: [] },
  { what: "the same with SHA-512", root: { key: RSA(2048) }, ca: { signing: pss("sha512", 64) }, says: [] },
  {
    what: "the same with another salt",
    root: { key: RSA(2048) },
    ca: { signing: pss("sha256", 20) },
    takenBy: NOBODY,
    says: ["signed by RSA-PSS with parameters"],
  },
  {
    what: "the same with another mask",
    root: { key: RSA(2048) },
    ca: { signing: [...pss("sha256", 32), "-sigopt", "rsa_mgf1_md:sha1"] },
    takenBy: NOBODY,
    says: ["signed by RSA-PSS with parameters"],
  },
  { what: "a root on secp256k1", root: { key: EC("secp256k1") }, takenBy: NOBODY, says: ["the curve secp256k1"] },
  {
    what: "an intermediate on secp256k1",
    ca: { key: EC("secp256k1") },
    takenBy: NOBODY,
    says: ["the curve secp256k1"],
  },
  {
    what: "a brainpool curve",
    ca: { key: EC("brainpoolP256r1") },
    takenBy: NOBODY,
    says: ["the curve 1.3.36.3.3.2.8.1.1.7"],
  },
  {
    what: "P-256 in numbers",
    ca: { key: [...EC("P-256"), "-pkeyopt", "ec_param_enc:explicit"] },
    takenBy: NOBODY,
    says: ["a curve that is written out"],
  },
  { what: "P-224", ca: { key: EC("P-224") }, says: [] },
  { what: "P-384", ca: { key: EC("P-384") }, says: [] },
  { what: "P-521", root: { key: EC("P-521") }, ca: { key: EC("P-521"), signing: ["-sha512"] }, says: [] },
  {
    what: "Ed25519",
    root: { key: ["-algorithm", "ED25519"], signing: [] },
    ca: { key: ["-algorithm", "ED25519"], signing: [] },
    says: [],
  },
  { what: "Ed448", ca: { key: ["-algorithm", "ED448"] }, takenBy: NOBODY, says: ["a key of kind Ed448"] },
  {
    what: "an intermediate signed with SHA-1",
    ca: { signing: ["-sha1"] },
    takenBy: NOBODY,
    says: ["signed with SHA-1, which Go refuses"],
  },
  {
    what: "an intermediate signed with MD5",
    root: { key: RSA(2048) },
    ca: { signing: ["-md5"] },
    takenBy: NOBODY,
    says: ["signed with MD5, which Go refuses"],
  },
  {
    what: "an intermediate signed with SHA-224",
    ca: { signing: ["-sha224"] },
    takenBy: NOBODY,
    says: ["signed by the algorithm 1.2.840.10045.4.3.1"],
  },
  {
    what: "an intermediate signed with SHA-3",
    ca: { signing: ["-sha3-256"] },
    takenBy: NOBODY,
    says: ["signed by the algorithm 2.16.840.1.101.3.4.3.10"],
  },
  {
    what: "a root that signed itself with SHA-1",
    root: { signing: ["-sha1"] },
    says: [],
    warns: "signed itself with SHA-1",
  },
  {
    what: "a root that signed itself with MD5",
    root: { key: RSA(2048), signing: ["-md5"] },
    ca: {},
    says: [],
    warns: "signed itself with MD5",
  },
  { what: "RSA of 1024 bits", ca: { key: RSA(1024) }, says: ["an RSA key of 1024 bits, which is too weak"] },
  { what: "RSA of 4096 bits", ca: { key: RSA(4096) }, says: [] },
  { what: "RSA with the exponent 3", ca: { key: [...RSA(2048), "-pkeyopt", "rsa_keygen_pubexp:3"] }, says: [] },
  {
    what: "RSA with an exponent of 33 bits",
    ca: { key: [...RSA(2048), "-pkeyopt", "rsa_keygen_pubexp:4294967297"] },
    takenBy: NOBODY,
    says: ["whose exponent is too large"],
  },
  { what: "no key usage", ca: { extensions: ["basicConstraints=CA:TRUE"] }, says: [] },
  {
    what: "a key usage without signing",
    ca: { extensions: ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,digitalSignature,cRLSign"] },
    takenBy: NOBODY,
    says: ["may not sign certificates by its key usage"],
  },
  {
    what: "a root's key usage without signing",
    root: { extensions: ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,digitalSignature"] },
    ca: {},
    takenBy: NOBODY,
    says: ["may not sign certificates by its key usage"],
  },
  {
    what: "no basic constraints",
    ca: { extensions: ["keyUsage=critical,keyCertSign"] },
    takenBy: NOBODY,
    says: ["is no CA"],
  },
  { what: "version 1", ca: { extensions: [] }, takenBy: NOBODY, says: ["is no CA"] },
  { what: "a root of version 1", root: { extensions: [] }, says: ["is no CA"] },
  {
    what: "a negative serial number",
    ca: { signing: ["-sha256", "-set_serial", "-5"] },
    takenBy: NOBODY,
    says: ["a negative serial number"],
  },
  { what: "the serial number 0", ca: { signing: ["-sha256", "-set_serial", "0"] }, says: [] },
  { what: "the root's subject", root: { subject: "/CN=same" }, ca: { subject: "/CN=same" }, says: [] },
  {
    what: "the identifier of another key",
    ca: extra("authorityKeyIdentifier=DER:3016801400112233445566778899aabbccddeeff00112233"),
    takenBy: ["Go"],
    says: ["names another key as its issuer's"],
  },
  {
    what: "an issuer's name in another encoding",
    ca: {},
    reencoded: true,
    takenBy: NOBODY,
    says: ["writes its issuer's name in another encoding"],
  },
  {
    what: "no level below the region",
    region: { extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0"] },
    ca: {},
    takenBy: NOBODY,
    says: ["allows 0 levels of CAs below it, and 1 are needed"],
  },
];

interface Authority {
  readonly root: Made;
  readonly region?: Made;
  readonly ca?: Made;
}

export function build({ root: ofRoot, region: ofRegion, ca: ofCa, reencoded }: AuthorityCase): Authority {
  const root = certificate("root", ofRoot);
  const region = ofRegion && certificate("region", ofRegion, root);
  const issuer = reencoded ? certificate("root", { ...ofRoot, strings: "printable" }) : (region ?? root);
  const ca = ofCa && certificate("one", ofCa, issuer);
  return { root, ...(region && { region }), ...(ca && { ca }) };
}

/** `csp-mesh:ca` of such an authority. */
export function settingsOf({ root, region, ca }: Authority) {
  if (!ca) return { source: "root", ...root };
  const intermediates = { one: { ...ca, ...(region && { chain: region.certificate }) } };
  return { source: "intermediates", root: root.certificate, intermediates };
}
