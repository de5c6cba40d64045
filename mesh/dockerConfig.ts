/** How nodes log in at a registry. */
export interface RegistryLogin<Password = string> {
  /** The registry as images' names begin: `registry.example:5000`. */
  readonly server: string;
  readonly username: string;
  readonly password: Password;
}

/** As `kubectl create secret docker-registry` writes it. */
export function dockerConfig({ server, username, password }: RegistryLogin): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [server]: { username, password, auth } } });
}
