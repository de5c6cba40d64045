import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const { options } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")).runtime;

const UNUSED = [
  "typescript",
  "@npmcli/arborist",
  "normalize-package-data",
  "js-yaml",
  "semver",
  "execa",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
];

/** What a CommonJS program prints that Node starts as it starts ours. */
async function printed(program: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await execa("node", [...options.nodeargs.split(" "), "--eval", program], { cwd: ROOT, env });
  return stdout;
}

test("Node starts the program with what it compiled before", async () => {
  expect(await printed("console.log(require('node:module').getCompileCacheDir())")).toContain(
    join(ROOT, "node_modules", ".cache", "csp-mesh"),
  );
});

test("a Node that is too old is named, with where a newer one is", async () => {
  const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.20.0" } })';
  const args = ["--import", `data:text/javascript,${older}`, ...options.nodeargs.split(" "), "--eval", ""];
  const { exitCode, stderr } = await execa("node", args, { cwd: ROOT, reject: false });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr:
      `csp-mesh runs with Node 24, or 22.21 at least; "node" on PATH is 22.20.0 (${process.execPath}). ` +
      'One comes with npm ci: PATH="$PWD/node_modules/.bin:$PATH" pulumi up',
  });
});

test("what the program does not use of Pulumi's SDK is not loaded", async () => {
  const program = `
    require("@pulumi/pulumi");
    require("@pulumi/pulumi/cmd/run/tracing.js").newSpan("run").end();
    const loaded = (name) => Object.values(require.cache).some(
      (module) => module.children !== undefined && module.filename.includes("/node_modules/" + name + "/"));
    console.log(loaded("@pulumi/pulumi"), loaded("@opentelemetry/api"));
    console.log(${JSON.stringify(UNUSED)}.filter(loaded));`;
  expect(await printed(program)).toBe("true false\n[]");
});

test("a function for a provider can still be sent", async () => {
  const program = `
    const { runtime } = require("@pulumi/pulumi");
    const six = 6;
    runtime.serializeFunction(() => six * 7).then(({ text }) => console.log(text));
    console.log(typeof require("@npmcli/arborist").Arborist, typeof require("typescript").createSourceFile);`;
  const text = await printed(program);
  expect(text).toMatch(/^function function\n/);
  expect(text).toContain("with({ six: 6, this: undefined, arguments: undefined }) {\n\nreturn () => six * 7;");
});

test("packages that such a function needs are still found", async () => {
  const program = `
    const { runtime } = require("@pulumi/pulumi");
    runtime.computeCodePaths().then((paths) => console.log([...paths.keys()].some((path) => /\\byaml$/.test(path))));`;
  expect(await printed(program)).toBe("true");
});

test("a run can still be traced, other programs run, and versions compared", async () => {
  const tracing = `
    const tracing = require("@pulumi/pulumi/cmd/run/tracing.js");
    tracing.start("http://127.0.0.1:1/api/v2/spans");
    console.log(tracing.newSpan("run").isRecording());
    process.exit();`;
  expect(await printed(tracing)).toBe("true");
  const others = `
    const { automation, provider } = require("@pulumi/pulumi");
    console.log(typeof automation.LocalWorkspace.createStack, typeof provider.main, automation.fullyQualifiedStackName("a", "b", "c"));
    console.log(require("js-yaml").load("a: 1").a, require("semver").gt("2.0.0", "1.0.0"));`;
  expect(await printed(others)).toBe("function function a/b/c\n1 true");
});

test("requests tell of a trace where there is one, and pass nothing where there is none", async () => {
  const program = `
    console.log(require("@pulumi/pulumi/runtime/settings.js").grpcClientOptions.interceptors?.length);`;
  expect(await printed(program)).toBe("undefined");
  expect(await printed(program, { TRACEPARENT: `00-${"1".repeat(32)}-${"1".repeat(16)}-01` })).toBe("1");
});

test("source maps are not read for stacks", async () => {
  const program = `
    const before = Error.prepareStackTrace;
    require("source-map-support/register");
    console.log(Error.prepareStackTrace === before);`;
  expect(await printed(program)).toBe("true");
});

test("the debugger is off until a function is looked for", async () => {
  const program = `
    const { Session } = require("node:inspector");
    const { post } = Session.prototype;
    const asked = [];
    Session.prototype.post = function (method, ...rest) {
      asked.push(method);
      return post.call(this, method, ...rest);
    };
    require("@pulumi/pulumi/runtime/closure/v8Hooks.js").isInitializedAsync().then(async () => {
      const before = asked.length;
      const { line } = await require("@pulumi/pulumi/runtime/closure/v8.js").getFunctionLocationAsync(Object.assign(
        () => {}));
      console.log(before, asked[0], line);
    });`;
  const plain = (await execa("node", ["--eval", program], { cwd: ROOT })).stdout.split(" ");
  expect(plain.slice(0, 2)).toEqual(["1", "Debugger.enable"]);
  expect(await printed(program)).toBe(`0 Debugger.enable ${plain[2]}`);
});

test("of Zod's languages only the one of its messages is loaded", async () => {
  const program = `
    import("zod").then(({ z }) => console.log(
      Object.keys(z.locales).length < 3, z.string().safeParse(1).error.issues[0].message));`;
  expect(await printed(program)).toBe("true Invalid input: expected string, received number");
});

test("no stack is noted of each promise, unless those that never end are looked for", async () => {
  const program = `
    const debuggable = require("@pulumi/pulumi/runtime/debuggable.js");
    import("./config/quietRuntime.ts").then(() => {
      const promises = [Promise.resolve(), Promise.resolve()];
      for (const promise of promises) debuggable.debuggablePromise(promise);
      const noted = promises.map(({ _debugStackTrace: stack }) => stack?.split("\\n").length > 1);
      console.log(...noted, new Error().stack.split("\\n").length > 1);
    });`;
  expect(await printed(program)).toBe("false false true");
  expect(await printed(program, { PULUMI_DEBUG_PROMISE_LEAKS: "true" })).toBe("true true true");
  expect(readFileSync(join(ROOT, "index.ts"), "utf8")).toMatch(/^import ".\/config\/quietRuntime.ts";\n/);
});

test("a promise that never ends fails the program, and so does one that fails", async () => {
  const ends = async (promise: string) => {
    const program = `
      const debuggable = require("@pulumi/pulumi/runtime/debuggable.js");
      import("./config/quietRuntime.ts").then(() => {
        for (const promise of [Promise.resolve(1), Promise.resolve(2), ${promise}]) debuggable.debuggablePromise(promise);
      });`;
    const { exitCode, stderr } = await execa("node", ["--eval", program], { cwd: ROOT, reject: false });
    return [exitCode, /\d promise \w+ still active|Error: \w+|$/.exec(stderr)?.[0]];
  };
  expect(await ends("Promise.resolve(3)")).toEqual([0, ""]);
  expect(await ends("new Promise(() => {})")).toEqual([1, "1 promise was still active"]);
  expect(await ends('Promise.reject(new Error("lost"))')).toEqual([1, "Error: lost"]);
});

test("the engine is told no lines of the program, which would be kept with the state", async () => {
  const program = `
    const pulumi = require("@pulumi/pulumi");
    const settings = require("@pulumi/pulumi/runtime/settings.js");
    const quiet = process.env.QUIET ? import("./config/quietRuntime.ts") : Promise.resolve();
    quiet.then(async () => {
      await pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ inputs }) => ({ id: "id", state: inputs }) });
      const monitor = settings.getMonitor();
      const { registerResource } = monitor;
      const told = [];
      monitor.registerResource = (request, done) => {
        told.push(request.getSourceposition() !== undefined || request.getStacktrace().getFramesList().length > 0);
        registerResource.call(monitor, request, done);
      };
      const { clusterProvider } = await import("./components/clusterProvider.ts");
      clusterProvider({ name: "one", kubeconfig: "/nowhere", context: "one" });
      process.on("exit", () => console.log(told.length, told.includes(true)));
    });`;
  expect(await printed(program)).toBe("1 true");
  expect(await printed(program, { QUIET: "yes" })).toBe("1 false");
});

test("the engine is told no debug messages, which hold keys", async () => {
  const program = `
    const { log } = require("@pulumi/pulumi");
    const settings = require("@pulumi/pulumi/runtime/settings.js");
    import("./config/quietRuntime.ts").then(async () => {
      settings.getEngine = () => ({ log: (request, done) => { console.log(request.getMessage()); done(null, {}); } });
      await log.debug("a key");
      await log.info("no key");
    });`;
  expect(await printed(program)).toBe("no key");
});
