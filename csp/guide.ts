/**
 * K-PaaS' guide to an Istio mesh over KT, NAVER and NHN. It is the source for facts that a provider's public documents
 * lack.
 */
export const GUIDE = "https://github.com/K-PaaS/cp-guide-eng/blob/master/install-guide/csp/cp-csp-istio-guide.md";
