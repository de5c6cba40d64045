// @ts-check
// Loaded by Node before Pulumi's SDK (`nodeargs` in Pulumi.yaml). The SDK can send functions of a program to its providers, and in
// every program starts what that takes: V8's debugger, the TypeScript compiler, a resolver of packages. This program sends none, so
// each of these starts when something first uses it.
import "./keepCompiled.js";
import { Session } from "node:inspector";
import { createRequire } from "node:module";

// With its debugger on, V8 compiles again what the cache holds.
const { post } = Session.prototype;
/** @type {WeakSet<Session>} */
const asked = new WeakSet();
/** @this {Session} @param {...any} request method, parameters and callback; the last two may be missing */
function postWhenUsed(...request) {
  if (request[0] === "Debugger.enable") {
    asked.add(this);
    request.find((argument) => typeof argument === "function")?.(null);
    return;
  }
  if (asked.delete(this)) Reflect.apply(post, this, ["Debugger.enable"]);
  Reflect.apply(post, this, request);
}
Session.prototype.post = postWhenUsed;

const require = createRequire(import.meta.resolve("@pulumi/pulumi"));
for (const name of ["typescript", "@npmcli/arborist"]) {
  const path = resolved(name);
  if (path !== undefined) provide(path, loadedWhenUsed(path));
}
// It reads source maps for each stack. Lines of this program are right without: Node strips types in place.
provide(require.resolve("source-map-support/register"), {});

/** Where the SDK finds a package, unless it lacks it and brings its own. @param {string} name */
function resolved(name) {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

/** What whoever requires `path` gets. @param {string} path @param {object} exports */
function provide(path, exports) {
  require.cache[path] = /** @type {NodeJS.Module} */ ({ id: path, filename: path, loaded: true, exports });
}

/** @param {string} path */
function loadedWhenUsed(path) {
  /** @type {any} */
  let real;
  // What says that it is an ES module is taken as it is, where the exports of others are copied one by one.
  return new Proxy(/** @type {Record<PropertyKey, unknown>} */ ({ __esModule: true }), {
    get(own, key) {
      if (key in own) return own[key];
      if (real === undefined) {
        delete require.cache[path];
        real = require(path);
      }
      return real[key];
    },
  });
}
