package main

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"net"
	"net/url"

	"lab/plugins/provider"
)

// subjectOf is who a certificate is for.
func subjectOf(inputs provider.Props) pkix.Name {
	subject, _ := inputs["subject"].(provider.Props)
	one := func(property string) []string {
		if text := provider.Text(subject, property); text != "" {
			return []string{text}
		}
		return nil
	}
	name := pkix.Name{
		Country:            one("country"),
		Organization:       one("organization"),
		OrganizationalUnit: one("organizationalUnit"),
		Locality:           one("locality"),
		Province:           one("province"),
		StreetAddress:      provider.Texts(subject, "streetAddresses"),
		PostalCode:         one("postalCode"),
		CommonName:         provider.Text(subject, "commonName"),
		SerialNumber:       provider.Text(subject, "serialNumber"),
	}
	if address := provider.Text(subject, "emailAddress"); address != "" {
		// RFC 5280 4.1.2.6: an IA5String, of PKCS #9's type.
		name.ExtraNames = []pkix.AttributeTypeAndValue{{
			Type:  asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1},
			Value: asn1.RawValue{Tag: asn1.TagIA5String, Bytes: []byte(address)},
		}}
	}
	return name
}

// requestOf is what a certificate is asked for with: its subject and its alternative names.
func requestOf(inputs provider.Props) (*x509.CertificateRequest, error) {
	request := &x509.CertificateRequest{Subject: subjectOf(inputs), DNSNames: provider.Texts(inputs, "dnsNames")}
	for _, text := range provider.Texts(inputs, "ipAddresses") {
		address := net.ParseIP(text)
		if address == nil {
			return nil, fmt.Errorf("Invalid IP address: Failed to parse %q", text)
		}
		request.IPAddresses = append(request.IPAddresses, address)
	}
	for _, text := range provider.Texts(inputs, "uris") {
		uri, err := url.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("Invalid URI: Failed to parse %q: %w", text, err)
		}
		request.URIs = append(request.URIs, uri)
	}
	return request, nil
}
