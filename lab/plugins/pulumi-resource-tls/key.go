package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"

	"golang.org/x/crypto/ssh"
	"lab/plugins/provider"
)

var curves = map[string]elliptic.Curve{
	"P224": elliptic.P224(), "P256": elliptic.P256(), "P384": elliptic.P384(), "P521": elliptic.P521(),
}

var privateKey = provider.Type{
	Computed: []string{
		"privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8",
		"publicKeyFingerprintMd5", "publicKeyFingerprintSha256", "publicKeyOpenssh", "publicKeyPem",
	},
	Secret: []string{"privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"},
	Defaults: func(provider.Props) provider.Props {
		return provider.Props{"rsaBits": 2048, "ecdsaCurve": "P224"}
	},
	Check: func(inputs provider.Props) []provider.Failure {
		return append(
			provider.OneOf(inputs, "algorithm", "RSA", "ECDSA", "ED25519"),
			provider.OneOf(inputs, "ecdsaCurve", "P224", "P256", "P384", "P521")...)
	},
	Create: func(inputs provider.Props, _ provider.Operation) (string, provider.Props, error) {
		key, err := newKey(inputs)
		if err != nil {
			return "", nil, err
		}
		public, err := x509.MarshalPKIXPublicKey(key.Public())
		if err != nil {
			return "", nil, err
		}
		outputs, err := forms(key)
		if err != nil {
			return "", nil, err
		}
		outputs["publicKeyPem"] = inPEM("PUBLIC KEY", public)
		return sha1Of(public), outputs, nil
	},
}

func newKey(inputs provider.Props) (crypto.Signer, error) {
	switch provider.Text(inputs, "algorithm") {
	case "RSA":
		return rsa.GenerateKey(rand.Reader, provider.Number(inputs, "rsaBits"))
	case "ECDSA":
		return ecdsa.GenerateKey(curves[provider.Text(inputs, "ecdsaCurve")], rand.Reader)
	default:
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	}
}

// forms gives the private half in each of its forms, and the public one in OpenSSH's.
func forms(key crypto.Signer) (provider.Props, error) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	own := inPEM("PRIVATE KEY", pkcs8)
	switch key := key.(type) {
	case *rsa.PrivateKey:
		own = inPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
	case *ecdsa.PrivateKey:
		sec1, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			return nil, err
		}
		own = inPEM("EC PRIVATE KEY", sec1)
	}
	result := provider.Props{"privateKeyPem": own, "privateKeyPemPkcs8": inPEM("PRIVATE KEY", pkcs8)}

	// OpenSSH has no P-224: empty, as in the original.
	result["privateKeyOpenssh"], result["publicKeyOpenssh"] = "", ""
	result["publicKeyFingerprintMd5"], result["publicKeyFingerprintSha256"] = "", ""
	if public, err := ssh.NewPublicKey(key.Public()); err == nil {
		block, err := ssh.MarshalPrivateKey(key, "")
		if err != nil {
			return nil, err
		}
		result["privateKeyOpenssh"] = string(pem.EncodeToMemory(block))
		result["publicKeyOpenssh"] = string(ssh.MarshalAuthorizedKey(public))
		result["publicKeyFingerprintMd5"] = ssh.FingerprintLegacyMD5(public)
		result["publicKeyFingerprintSha256"] = ssh.FingerprintSHA256(public)
	}
	return result, nil
}

func inPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func sha1Of(bytes []byte) string {
	sum := sha1.Sum(bytes)
	return hex.EncodeToString(sum[:])
}

// parseKey reads a private key and names its algorithm. The error names the property, and holds nothing of the key.
func parseKey(inputs provider.Props, property string) (key crypto.Signer, algorithm string, err error) {
	key, err = parsePEM(provider.Text(inputs, property))
	if err != nil {
		return nil, "", fmt.Errorf("%s: failed to parse private key PEM: %w", property, err)
	}
	switch key.(type) {
	case *rsa.PrivateKey:
		return key, "RSA", nil
	case *ecdsa.PrivateKey:
		return key, "ECDSA", nil
	case ed25519.PrivateKey:
		return key, "ED25519", nil
	}
	return nil, "", fmt.Errorf("%s: keys of type %T are not supported: use RSA, ECDSA or ED25519", property, key)
}

func parsePEM(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("no PEM block")
	}
	switch block.Type {
	case "RSA PRIVATE KEY":
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		return x509.ParseECPrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		if signer, signs := key.(crypto.Signer); signs {
			return signer, nil
		}
		return nil, fmt.Errorf("keys of type %T do not sign", key)
	}
	return nil, fmt.Errorf("a PEM block of type %q is no private key", block.Type)
}
