package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"lab/plugins/provider"
)

var selfSignedCert = certificate(
	[]string{"certPem", "keyAlgorithm", "readyForRenewal", "validityEndTime", "validityStartTime"},
	provider.Props{"setAuthorityKeyId": false},
	func(inputs provider.Props, _ provider.Operation) (string, provider.Props, error) {
		key, algorithm, err := parseKey(inputs, "privateKeyPem")
		if err != nil {
			return "", nil, err
		}
		request, err := requestOf(inputs)
		if err != nil {
			return "", nil, err
		}
		template := templateOf(request)
		id, outputs, err := issue(inputs, template, template, key.Public(), key)
		if err != nil {
			return "", nil, err
		}
		outputs["keyAlgorithm"] = algorithm
		return id, outputs, nil
	},
)

var locallySignedCert = certificate(
	[]string{"caKeyAlgorithm", "certPem", "readyForRenewal", "validityEndTime", "validityStartTime"},
	nil,
	func(inputs provider.Props, _ provider.Operation) (string, provider.Props, error) {
		key, algorithm, err := parseKey(inputs, "caPrivateKeyPem")
		if err != nil {
			return "", nil, err
		}
		authority, err := parsed(inputs, "caCertPem", "CERTIFICATE", x509.ParseCertificate)
		if err != nil {
			return "", nil, err
		}
		request, err := parsed(inputs, "certRequestPem", "CERTIFICATE REQUEST", x509.ParseCertificateRequest)
		if err != nil {
			return "", nil, err
		}
		id, outputs, err := issue(inputs, templateOf(request), authority, request.PublicKey, key)
		if err != nil {
			return "", nil, err
		}
		outputs["caKeyAlgorithm"] = algorithm
		return id, outputs, nil
	},
)

type create = func(provider.Props, provider.Operation) (string, provider.Props, error)

// certificate is what both have in common: how they are checked and renewed.
func certificate(computed []string, defaults provider.Props, create create) provider.Type {
	uses := slices.Concat(slices.Collect(maps.Keys(keyUsages)), slices.Collect(maps.Keys(extendedKeyUsages)))
	slices.Sort(uses)
	return provider.Type{
		Computed: computed,
		Replaces: func(input string) bool { return input != "earlyRenewalHours" },
		Defaults: func(provider.Props) provider.Props {
			all := provider.Props{"earlyRenewalHours": 0, "isCaCertificate": false, "setSubjectKeyId": false}
			maps.Copy(all, defaults)
			return all
		},
		Check: func(inputs provider.Props) []provider.Failure {
			return slices.Concat(
				provider.EachOneOf(inputs, "allowedUses", uses...),
				provider.AtLeast(inputs, "validityPeriodHours", 0),
				provider.AtLeast(inputs, "earlyRenewalHours", 0),
				provider.AtLeast(inputs, "maxPathLength", -1),
			)
		},
		Stale: func(inputs, state provider.Props) []string {
			if isRipe(inputs, state) {
				return []string{"readyForRenewal"}
			}
			return nil
		},
		Read: func(state provider.Props) provider.Props {
			if isRipe(state, state) {
				return provider.Props{"readyForRenewal": true}
			}
			return nil
		},
		Create: create,
	}
}

func isRipe(inputs, state provider.Props) bool {
	end, err := time.Parse(time.RFC3339, provider.Text(state, "validityEndTime"))
	if _, known := inputs["earlyRenewalHours"].(float64); err != nil || !known {
		return false
	}
	return !time.Now().Before(end.Add(-hours(inputs, "earlyRenewalHours")))
}

func hours(inputs provider.Props, property string) time.Duration {
	return time.Duration(provider.Number(inputs, property)) * time.Hour
}

// templateOf carries no more of a request over than the original does.
func templateOf(request *x509.CertificateRequest) *x509.Certificate {
	return &x509.Certificate{
		Subject:     request.Subject,
		DNSNames:    request.DNSNames,
		IPAddresses: request.IPAddresses,
		URIs:        request.URIs,
	}
}

// issue gives a certificate, and its serial number in decimal as the id.
func issue(inputs provider.Props, template, parent *x509.Certificate, public crypto.PublicKey, signer crypto.Signer) (string, provider.Props, error) {
	var err error
	template.BasicConstraintsValid = true
	template.IsCA = provider.Flag(inputs, "isCaCertificate")
	if template.IsCA && len(template.Subject.ToRDNSequence()) == 0 {
		return "", nil, errors.New("Invalid Certificate Subject: " +
			"Must contain at least one Distinguished Name when creating Certificate Authority (CA)")
	}
	// A length of 0 writes no limit: the original leaves MaxPathLenZero unset.
	template.MaxPathLen = provider.Number(inputs, "maxPathLength")
	template.NotBefore = time.Now().UTC()
	template.NotAfter = template.NotBefore.Add(hours(inputs, "validityPeriodHours"))
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 128)); err != nil {
		return "", nil, err
	}
	for _, use := range provider.Texts(inputs, "allowedUses") {
		template.KeyUsage |= keyUsages[use]
		if usage, extended := extendedKeyUsages[use]; extended {
			template.ExtKeyUsage = append(template.ExtKeyUsage, usage)
		}
	}
	// An authority always has one.
	if template.IsCA || provider.Flag(inputs, "setSubjectKeyId") {
		if template.SubjectKeyId, err = subjectKeyID(public); err != nil {
			return "", nil, err
		}
	}
	if provider.Flag(inputs, "setAuthorityKeyId") {
		if len(parent.SubjectKeyId) == 0 {
			return "", nil, errors.New("Invalid Certificate Authority: " +
				"Could not determine Authority Key Identifier: set setSubjectKeyId as well")
		}
		template.AuthorityKeyId = parent.SubjectKeyId
	}

	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, signer)
	if err != nil {
		return "", nil, err
	}
	valid, early := provider.Number(inputs, "validityPeriodHours"), provider.Number(inputs, "earlyRenewalHours")
	return template.SerialNumber.String(), provider.Props{
		"certPem":           inPEM("CERTIFICATE", der),
		"readyForRenewal":   valid == 0 || early >= valid,
		"validityStartTime": template.NotBefore.Format(time.RFC3339),
		"validityEndTime":   template.NotAfter.Format(time.RFC3339),
	}, nil
}

// subjectKeyID is the SHA-1 of the public key as the original encodes it: RFC 5280's first method for RSA and ECDSA.
func subjectKeyID(public crypto.PublicKey) ([]byte, error) {
	var encoded []byte
	var err error
	switch key := public.(type) {
	case *rsa.PublicKey:
		encoded = x509.MarshalPKCS1PublicKey(key)
	case *ecdsa.PublicKey:
		encoded, err = key.Bytes()
	case ed25519.PublicKey:
		encoded, err = asn1.Marshal(key)
	default:
		err = fmt.Errorf("unsupported public key type %T", key)
	}
	sum := sha1.Sum(encoded)
	return sum[:], err
}

func parsed[T any](inputs provider.Props, property, kind string, parse func([]byte) (T, error)) (result T, err error) {
	block, _ := pem.Decode([]byte(provider.Text(inputs, property)))
	if block == nil || block.Type != kind {
		return result, fmt.Errorf("%s: no PEM block of type %q", property, kind)
	}
	if result, err = parse(block.Bytes); err != nil {
		return result, fmt.Errorf("%s: %w", property, err)
	}
	return result, nil
}
