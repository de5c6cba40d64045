import { describe, expect, test } from "vitest";
import { runCommandLine } from "../../../cli/commandLine.ts";
import { commandNames } from "../../../cli/commandNames.ts";
import { catalogue } from "../../../i18n/language.ts";

async function run(args: string, env: Record<string, string> = {}) {
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
    pulumi: () => Promise.reject(Object.assign(new Error("no pulumi"), { code: "ENOENT" })),
  });
  return { code, stdout, stderr };
}

describe("the command line", () => {
  test("shows every command with what it is for, and fails where none was asked for", async () => {
    const { code, stdout, stderr } = await run("--help");
    expect([code, stderr]).toEqual([0, ""]);
    for (const name of commandNames) expect(stdout).toContain(catalogue.en.commands[name].summary);
    expect(await run("")).toEqual({ code: 2, stdout: "", stderr: stdout });
  });

  test.each(commandNames)("%s shows its own help", async (name) => {
    expect(await run(`${name} --help`)).toEqual({ code: 0, stdout: catalogue.en.commands[name].usage, stderr: "" });
  });

  test.each([
    [
      "preflght",
      "preflght: no such command; there are add, adopt, firewall, forget, preflight, providers, remove, renew-intermediates, rights, rotate-tokens, status",
    ],
    ["firewall --stak x", "--stak: no such option; there are --lang, --help, --stack, --config-file, --output"],
    ["firewall -x", "-x: no such option; there are --lang, --help, --stack, --config-file, --output"],
    ["firewall now", "now: one argument too many; options begin with --"],
    ["firewall --stack", "--stack needs a value"],
    ["firewall --stack=", "--stack needs a value"],
    ["firewall --help=yes", "--help takes no value"],
    ["status --watch=yes", "--watch takes no value"],
    ["status --wait=soon", '--wait: "soon" is no number of seconds'],
    ["status --timeout 0", '--timeout: "0" is no number of seconds'],
    ["status --wait --watch", "--wait and --watch exclude each other"],
    ["status --wait=30", "pulumi is not on PATH; it is needed to tell which stack is selected; name it by --stack"],
    ["providers --output yaml", '--output: "yaml" is none of table, json'],
    ["providers --lang fr", '--lang: "fr" is none of en, ko'],
    ["firewall", "pulumi is not on PATH; it is needed to tell which stack is selected; name it by --stack"],
    [
      "firewall --stack x",
      "/nowhere/Pulumi.x.yaml cannot be read; name a stack that has such a file by --stack, or the file by --config-file",
    ],
  ])("%s is refused", async (args, message) => {
    expect(await run(args)).toEqual({ code: 2, stdout: "", stderr: `mesh: ${message}\n` });
  });

  test("speaks the language that is asked for, by option or else by the terminal", async () => {
    const { stdout } = await run("--help --lang ko");
    expect(stdout).toContain(catalogue.ko.commands.firewall.summary);
    expect(await run("--help", { LANG: "ko_KR.UTF-8" })).toEqual({ code: 0, stdout, stderr: "" });
    expect(await run("--lang ko --nonsense")).toMatchObject({
      stderr: `mesh: ${catalogue.ko.unknownOption("--nonsense", "--lang, --help")}\n`,
    });
    expect((await run("firewall --help --lang en", { LC_ALL: "ko_KR.UTF-8" })).stdout).toBe(
      catalogue.en.commands.firewall.usage,
    );
  });
});

describe("providers", () => {
  test("shows each fact with its document, and what is not known as such", async () => {
    const { stdout } = await run("providers");
    expect(stdout).toMatch(/^ncloud: NAVER Cloud Kubernetes Service\nFACT +VALUE +SOURCE\n/);
    expect(stdout).toMatch(/^a load balancer's address +none +https:\/\/github.com\/K-PaaS\//m);
    expect(stdout).toMatch(/^command that kubeconfigs need +ncp-iam-authenticator +https:\/\/guide.ncloud-docs.com\//m);
    expect(stdout).toMatch(/^block storage driver +unknown$/m);
  });

  test("is the same for programs in every language", async () => {
    const { stdout } = await run("providers --output json");
    expect(JSON.parse(stdout).kt.facts).toMatchObject({ loadBalancer: { value: null }, addons: "unknown" });
    expect((await run("providers --output json --lang ko")).stdout).toBe(stdout);
  });
});
