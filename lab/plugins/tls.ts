// Stand-in for the official `tls` plugin, for the lab where that one cannot be downloaded. Keys and signatures are
// OpenSSL's (node:crypto), certificates are built by @peculiar/x509; contents follow terraform-provider-tls 4.2.1,
// which the official plugin wraps.
import manifest from "@pulumi/tls/package.json" with { type: "json" };
import { serve } from "./provider.ts";
import { certRequest } from "./tls/certRequest.ts";
import { locallySignedCert } from "./tls/locallySignedCert.ts";
import { privateKey } from "./tls/privateKey.ts";
import { selfSignedCert } from "./tls/selfSignedCert.ts";

await serve({
  name: "tls",
  version: manifest.version,
  types: {
    "tls:index/certRequest:CertRequest": certRequest,
    "tls:index/locallySignedCert:LocallySignedCert": locallySignedCert,
    "tls:index/privateKey:PrivateKey": privateKey,
    "tls:index/selfSignedCert:SelfSignedCert": selfSignedCert,
  },
});
