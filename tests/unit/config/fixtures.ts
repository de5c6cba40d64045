import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { stringify } from "yaml";

const folders: string[] = [];
afterAll(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true });
});

/** Creates a folder with these files, which is deleted after the test file. */
export function folder(files: Record<string, string> = {}): string {
  const root = mkdtempSync(join(tmpdir(), "csp-mesh-config-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** A kubeconfig with a context, a cluster and a user for each name. */
export function kubeconfig(contexts: readonly string[], user: unknown = { token: "hidden" }): string {
  return stringify({
    clusters: contexts.map((name) => ({ name, cluster: { server: `https://${name}.example:6443` } })),
    contexts: contexts.map((name) => ({ name, context: { cluster: name, user: name } })),
    users: contexts.map((name) => ({ name, user })),
  });
}
