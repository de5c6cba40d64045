// @ts-check
// Loaded by Node before the program (`nodeargs` in Pulumi.yaml) and before the command line: a Node that is too old is named, before it meets syntax that it does not know.
import "./keepCompiled.js";

// By its number: by the names of what an older one lacks, it would end in a syntax error.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 21)) {
  const found = `${process.versions.node} (${process.execPath})`;
  const path = 'export PATH="$PWD/node_modules/.bin:$PATH"';
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  console.error(
    /^ko(_|\b)/i.test(LC_ALL || LC_MESSAGES || LANG || "")
      ? `csp-mesh에는 Node 24, 최소 22.21이 필요합니다. PATH의 node 버전은 ${found}입니다. npm ci로 설치되는 것을 쓰려면: ${path}`
      : `csp-mesh runs with Node 24, or 22.21 at least; "node" on PATH is ${found}. One comes with npm ci: ${path}`,
  );
  process.exit(1);
}
