// @ts-check
// Loaded by Node before the program (`nodeargs` in Pulumi.yaml): a Node that is too old is named, before it meets syntax that it does not know.
import "./keepCompiled.js";

// By its number: by the names of what an older one lacks, it would end in a syntax error.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 21)) {
  console.error(
    `csp-mesh runs with Node 24, or 22.21 at least; "node" on PATH is ${process.versions.node} (${process.execPath}). ` +
      `One comes with npm ci: PATH="$PWD/node_modules/.bin:$PATH" pulumi up`,
  );
  process.exit(1);
}
