/** K-PaaS' guide to one Istio over KT, NAVER and NHN: for what a provider's own documents do not say, or not in public. */
export const GUIDE = "https://github.com/K-PaaS/cp-guide-eng/blob/master/install-guide/csp/cp-csp-istio-guide.md";
