const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * Whether istiod accepts a trust domain in lower case: DNS labels separated by dots (istio.io/istio,
 * pkg/config/validation, ValidateTrustDomain). SPIFFE would also allow "_" and empty labels.
 */
export const isTrustDomain = (name: string): boolean =>
  name.length <= 255 &&
  name
    .replace(/\.$/, "")
    .split(".")
    .every((label) => LABEL.test(label));
