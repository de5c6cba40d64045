// Parses Kubernetes quantities (apimachinery, pkg/api/resource): `100m`, `0.5`, `128Mi`, `1e9`.

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The value in base units, such as cores or bytes; 0 if it is no quantity. */
export function quantity(text: string | number | undefined): number {
  const [, digits, unit = ""] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(text ?? 0)) ?? [];
  return Number(digits ?? 0) * (FACTORS[unit] ?? 0);
}
