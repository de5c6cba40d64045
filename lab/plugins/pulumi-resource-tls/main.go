// Stand-in for the official tls plugin, for the lab where that one cannot be downloaded. It follows terraform-provider-tls 4.2.1,
// which the official plugin wraps, and like it takes keys, signatures and certificates from Go's own library.
package main

import "lab/plugins/provider"

func main() {
	provider.Serve("tls", map[string]provider.Type{
		"tls:index/certRequest:CertRequest":             certRequest,
		"tls:index/locallySignedCert:LocallySignedCert": locallySignedCert,
		"tls:index/privateKey:PrivateKey":               privateKey,
		"tls:index/selfSignedCert:SelfSignedCert":       selfSignedCert,
	})
}
