// @ts-check
// Loaded by Node before Pulumi's SDK (`nodeargs` in Pulumi.yaml). The SDK can send functions of a program to its providers, run other
// programs and trace itself, and in every program loads what that takes, more than half of all that it loads. This program does none
// of it, so each of these parts is loaded when something first uses it.
import "./keepCompiled.js";
// Not by the names of what an older one lacks, which would end in a syntax error before it is told.
import module, { createRequire } from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 21)) {
  console.error(
    `csp-mesh runs with Node 24, or 22.21 at least; "node" on PATH is ${process.versions.node} (${process.execPath}). ` +
      `One comes with npm ci: PATH="$PWD/node_modules/.bin:$PATH" pulumi up`,
  );
  process.exit(1);
}

const require = createRequire(import.meta.resolve("@pulumi/pulumi"));
for (const name of [
  // To send functions: the TypeScript compiler, a resolver of packages and what reads their descriptions.
  "typescript",
  "@npmcli/arborist",
  "normalize-package-data",
  // To run and to be other programs.
  "./automation/index.js",
  "./provider/index.js",
  "js-yaml",
  // To compare versions of modules, where there is more than one.
  "semver",
]) {
  const module = loaderOf(name);
  if (module) provide(module.path, whenUsed(module.load));
}
for (const name of [
  "resources",
  "sdk-trace-base",
  "sdk-trace-node",
  "exporter-zipkin",
  "instrumentation",
  "instrumentation-grpc",
]) {
  const module = loaderOf(`@opentelemetry/${name}`);
  // What they export is asked for by name where they are required, and used only where a run is traced.
  if (module) provide(module.path, new Proxy({}, { get: (_, key) => whenUsed(() => module.load()[key]) }));
}
// To send functions as well, it has V8's debugger on from the start, with which V8 compiles again what the cache holds. Whoever asks it
// later hears of the same scripts.
const hooks = loaderOf("./runtime/closure/v8Hooks.js");
if (hooks) {
  const isInitializedAsync = async () => {};
  provide(
    hooks.path,
    new Proxy({}, { get: (_, key) => (key === "isInitializedAsync" ? isInitializedAsync : hooks.load()[key]) }),
  );
}
// It reads source maps for each stack. Lines of this program are right without: Node strips types in place.
provide(require.resolve("source-map-support/register"), {});

// Where nothing asks for a trace, nobody sees its spans, which take an API of 44 files, and each request would pass what tells of them.
if (!process.env.TRACEPARENT && !process.argv.includes("--tracing")) {
  const api = loaderOf("@opentelemetry/api");
  if (api) provide(api.path, whenUsed(api.load));
  const tracing = loaderOf("./cmd/run/tracing.js");
  /** @type {any} */
  let real;
  const unseen = { setAttribute() {}, addEvent() {}, end() {} };
  if (tracing)
    provide(tracing.path, {
      start: (/** @type {string} */ url) => {
        real = tracing.load();
        real.start(url);
      },
      stop: () => real?.stop(),
      newSpan: (/** @type {string} */ name) => real?.newSpan(name) ?? unseen,
    });
  require("./log/index.js");
  const { grpcClientOptions } = require(require.resolve("./runtime/settings.js"));
  delete grpcClientOptions?.interceptors;
}

// Zod's own messages are in fifty languages, each a file, of which it uses one. It is loaded now, so that no other module has to pass
// the hook.
const hook = module.registerHooks({
  load: (url, context, next) =>
    url.endsWith("/zod/v4/locales/index.js")
      ? { format: "module", source: 'export { default as en } from "./en.js";', shortCircuit: true }
      : next(url, context),
});
const zod = await import("zod");
hook.deregister();
// It would compile a parser for each object, which takes longer than to parse a config once.
zod.config({ jitless: true });

/** A module as the SDK finds it; nothing where it is missing, for which the SDK has its own answer. @param {string} name */
function loaderOf(name) {
  let path = "";
  try {
    path = require.resolve(name);
  } catch {
    return undefined;
  }
  /** @type {any} */
  let loaded;
  const load = () => {
    if (loaded === undefined) {
      delete require.cache[path];
      loaded = require(path);
    }
    return loaded;
  };
  return { path, load };
}

/** What whoever requires `path` gets. @param {string} path @param {object} exports */
function provide(path, exports) {
  require.cache[path] = /** @type {NodeJS.Module} */ ({ id: path, filename: path, loaded: true, exports });
}

/** A module, function or class that is loaded when something first uses it. @param {() => any} real loads it, once */
function whenUsed(real) {
  // What is bound can be called and constructed, and has no prototype of its own.
  const unknown = Object.bind(undefined);
  /** @type {any} */
  const proxy = new Proxy(unknown, {
    get: (_, key) => {
      // What says that it is an ES module is taken as it is, where the exports of others are copied one by one.
      if (key === "__esModule") return true;
      return key === "default" ? (real().default ?? real()) : real()[key];
    },
    apply: (_, self, args) => Reflect.apply(real(), self, args),
    construct: (_, args, made) => Reflect.construct(real(), args, made === proxy ? real() : made),
  });
  return proxy;
}
