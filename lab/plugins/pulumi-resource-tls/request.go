package main

import (
	"crypto/rand"
	"crypto/x509"

	"lab/plugins/provider"
)

var certRequest = provider.Type{
	Computed: []string{"certRequestPem", "keyAlgorithm"},
	Create: func(inputs provider.Props, _ provider.Operation) (string, provider.Props, error) {
		key, algorithm, err := parseKey(inputs, "privateKeyPem")
		if err != nil {
			return "", nil, err
		}
		request, err := requestOf(inputs)
		if err != nil {
			return "", nil, err
		}
		der, err := x509.CreateCertificateRequest(rand.Reader, request, key)
		if err != nil {
			return "", nil, err
		}
		outputs := provider.Props{"certRequestPem": inPEM("CERTIFICATE REQUEST", der), "keyAlgorithm": algorithm}
		return sha1Of(der), outputs, nil
	},
}
