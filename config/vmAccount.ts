import { createPrivateKey, type KeyObject } from "node:crypto";
import { problem, quote } from "./problems.ts";
import type { VmAccountSettings } from "./vmAccountSchema.ts";

/** Minimum size of RSA keys in current OpenSSH, and in the portal's guide. */
const MIN_BITS = 2048;

/** Faults of an account beyond its schema, one line each. They quote nothing of a key. */
export function vmAccountProblems({ hosts, privateKey }: VmAccountSettings): string[] {
  const seen = new Map<string, number>();
  const twice = hosts.flatMap(({ host, port }, index) => {
    const key = JSON.stringify([host, port]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    return first === undefined
      ? []
      : problem(["vmAccount", "hosts", index, "host"], `${quote(host)} is already that of vmAccount.hosts[${first}]`);
  });
  const flaw = privateKey === undefined ? undefined : flawOf(privateKey);
  return [...twice, ...(flaw === undefined ? [] : [problem(["vmAccount", "privateKey"], flaw)])];
}

function flawOf(pem: string): string | undefined {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return "is not a private key in PEM without a passphrase; convert a copy by: ssh-keygen -p -m PEM -N '' -f COPY";
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: { modulusLength = 0 } = {} } = key;
  if (type !== "rsa") return `must be an RSA key, but is ${type}; create one by: ssh-keygen -t rsa -m PEM`;
  return modulusLength < MIN_BITS ? `must have at least ${MIN_BITS} bits, has ${modulusLength}` : undefined;
}
