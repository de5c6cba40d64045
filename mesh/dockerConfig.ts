/** Login at a container registry. */
export interface RegistryLogin<Password = string> {
  /** The registry as in image names: `registry.example:5000`. */
  readonly server: string;
  readonly username: string;
  readonly password: Password;
}

/** The content that `kubectl create secret docker-registry` writes. */
export function dockerConfig({ server, username, password }: RegistryLogin): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [server]: { username, password, auth } } });
}
