import { describe, expect, test } from "vitest";
import type { World } from "../../../cli/command.ts";
import { runCommandLine } from "../../../cli/commandLine.ts";
import { commandNames } from "../../../cli/commandNames.ts";
import { catalogue } from "../../../i18n/language.ts";
import manifest from "../../../package.json" with { type: "json" };

async function run(args: string, env: Record<string, string> = {}, more: Partial<World> = {}) {
  let [stdout, stderr] = ["", ""];
  const code = await runCommandLine(args.split(" ").filter(Boolean), {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env,
    root: "/nowhere",
    ...more,
    pulumi: () => Promise.reject(Object.assign(new Error("no pulumi"), { code: "ENOENT" })),
  });
  return { code, stdout, stderr };
}

describe("the command line", () => {
  test("lists all commands, and fails without a command", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect([code, stderr]).toEqual([0, ""]);
    for (const name of commandNames) expect(stdout).toContain(catalogue.en.commands[name].summary);
    expect(await run("")).toEqual({ code: 2, stdout: "", stderr: stdout });
  });

  test.each(commandNames)("%s prints its help with --help", async (name) => {
    expect(await run(`${name} --help`)).toEqual({ code: 0, stdout: catalogue.en.commands[name].usage, stderr: "" });
  });

  test.each([
    ["preflght", `preflght: no such command; did you mean preflight? commands: ${commandNames.join(", ")}`],
    [
      "firewall --stak x",
      "--stak: no such option; did you mean --stack? options: --lang, --help, --stack, --config-file, --output",
    ],
    ["firewall -x", "-x: no such option; options: --lang, --help, --stack, --config-file, --output"],
    ["firewall now", "now: unexpected argument; options begin with --"],
    ["firewall --stack", "--stack needs a value"],
    ["firewall --stack=", "--stack needs a value"],
    ["firewall --help=yes", "--help takes no value"],
    ["status --watch=yes", "--watch takes no value"],
    ["status --wait=soon", '--wait: "soon" is not a number of seconds; give a number above 0, such as 30'],
    ["status --timeout 0", '--timeout: "0" is not a number of seconds; give a number above 0, such as 30'],
    ["status --wait --watch", "--wait and --watch exclude each other; give only one of them"],
    ["providers --output yaml", '--output: "yaml" is not one of table, json'],
    ["providers --lang fr", '--lang: "fr" is not one of en, ko'],
    ["firewall --stack --output json", "--stack needs a value"],
    ["firewall --output xml", '--output: "xml" is not one of table, json, csv, markdown'],
    ["proof --stack s --mesh f", "--stack and --mesh exclude each other; give only one of them"],
    ["proof --fast", "--fast: no such option; options: --lang, --help, --stack, --mesh, --disruption, --json"],
    ["help nothing-like-it", /^nothing-like-it: no such command; commands: /],
    ["rights --hours 3", "--hours is only for --kubeconfig"],
    ["rights --kubeconfig f --hours soon", '--hours: "soon" is not a number of hours, at least 1'],
    ["--versoin", "--versoin: no such option; did you mean --version? options: --lang, --help, --version"],
  ] as const)("rejects %s", async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, ""]);
    const [, said = ""] = /^mesh: (.*)\n$/.exec(stderr) ?? [];
    if (typeof message === "string") expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  const noPulumi =
    "pulumi is not on PATH; it is needed to find the selected stack, unless --stack names it. " +
    'Install it by curl -fsSL https://get.pulumi.com | sh (see https://www.pulumi.com/docs/install/), then put it on PATH: export PATH="$HOME/.pulumi/bin:$PATH"';
  test.each([
    ["status --wait=30", noPulumi],
    ["firewall", noPulumi],
    [
      "firewall --stack x",
      "/nowhere/Pulumi.x.yaml cannot be read; name a stack that has a stack file with --stack, or give the path of the file with --config-file",
    ],
  ])("refers to the remedies if %s cannot run", async (args, message) => {
    expect(await run(args)).toEqual({ code: 2, stdout: "", stderr: `mesh: ${message}\n` });
    expect(await run(args, {}, { pointsToRemedies: true })).toEqual({
      code: 2,
      stdout: "",
      stderr: `mesh: ${message}\nCauses and remedies, by message: docs/troubleshooting.md\n`,
    });
  });

  test("removes control characters from errors", async () => {
    const { stderr } = await run("firewall --stack x\u001b[2J\u202ey");
    expect(stderr).toMatch(/^mesh: \/nowhere\/Pulumi\.xy\.yaml cannot be read; /);
  });

  test("also accepts -h and help, and prints the version", async () => {
    const whole = await run("--help");
    expect(await run("-h")).toEqual(whole);
    expect(await run("help")).toEqual(whole);
    const ofCommand = await run("firewall --help");
    expect(await run("firewall -h")).toEqual(ofCommand);
    expect(await run("help firewall")).toEqual(ofCommand);
    expect(await run("--version")).toEqual({ code: 0, stdout: `csp-mesh ${manifest.version}\n`, stderr: "" });
  });

  test.each([
    ["firewall", { npm_config_stack: "x" }, "--stack x"],
    ["remove kt", { npm_config_dry_run: "true" }, "--dry-run"],
    ["rights", { npm_config_config_file: "a.yaml" }, "--config-file a.yaml"],
    ["", { npm_config_lang: "ko" }, "--lang ko"],
    ["rights a.yaml", { npm_config_config_file: "true" }, "--config-file a.yaml"],
  ])("rejects %s with options before npm's --, because npm consumed them", async (args, env, taken) => {
    const { code, stderr } = await run(args, { npm_lifecycle_event: "mesh", ...env });
    const command = [args.replace(" a.yaml", ""), taken].filter(Boolean).join(" ");
    expect([code, stderr]).toEqual([
      2,
      `mesh: npm read ${taken} as an option of npm. Put options after --: npm run mesh -- ${command}, or use npx mesh ${command}\n`,
    ]);
  });

  test("does not mistake npm's own settings for options", async () => {
    const npms = { npm_config_yes: "true", npm_config_cache: "/c", npm_lifecycle_event: "mesh" };
    expect((await run("providers", npms)).code).toBe(0);
    expect((await run("providers", { npm_config_output: "json", npm_lifecycle_event: "test" })).code).toBe(0);
  });

  test("uses the language of --lang, or else of the terminal", async () => {
    const { stdout } = await run("--help --lang ko");
    expect(stdout).toContain(catalogue.ko.commands.firewall.summary);
    expect(await run("--help", { LANG: "ko_KR.UTF-8" })).toEqual({ code: 0, stdout, stderr: "" });
    expect(await run("--lang ko --nonsense")).toMatchObject({
      stderr: `mesh: ${catalogue.ko.unknownOption("--nonsense", "--lang, --help, --version")}\n`,
    });
    expect((await run("firewall --help --lang en", { LC_ALL: "ko_KR.UTF-8" })).stdout).toBe(
      catalogue.en.commands.firewall.usage,
    );
  });
});

describe("the command providers", () => {
  test("shows each fact with its source, and unknown facts as unknown", async () => {
    const { stdout } = await run("providers");
    expect(stdout).toMatch(/^ncloud: NAVER Cloud Kubernetes Service\nFACT +VALUE +SOURCE\n/);
    expect(stdout).toMatch(/^a load balancer's address +none +https:\/\/github.com\/K-PaaS\//m);
    expect(stdout).toMatch(/^command that kubeconfigs need +ncp-iam-authenticator +https:\/\/guide.ncloud-docs.com\//m);
    expect(stdout).toMatch(
      /\n\nkt: [\s\S]*\nunknown: layer 4 by annotation, [^\n]*, command that kubeconfigs need\n\n/,
    );
    expect(stdout.match(/unknown/g)).toHaveLength(3);
  });

  test("prints the same JSON in each language", async () => {
    const { stdout } = await run("providers --output json");
    expect(JSON.parse(stdout).kt.facts).toMatchObject({ loadBalancer: { value: null }, addons: "unknown" });
    expect((await run("providers --output json --lang ko")).stdout).toBe(stdout);
  });
});
