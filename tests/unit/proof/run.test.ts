import { homedir } from "node:os";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Mesh } from "../../../proof/mesh.ts";
import type { CheckResult } from "../../../proof/prove.ts";
import { type ProofIo, type ProofOptions, runProof } from "../../../proof/run.ts";

const mesh: Mesh = {
  id: "mesh1",
  rootCertificate: "-----BEGIN CERTIFICATE-----\n",
  clusters: ["a", "b"].map((name) => ({ name, network: name, kubeconfig: "/k", context: name, gatewayAddress: "h" })),
  sample: { namespace: "sample", traffic: { kind: "none" }, versions: { a: "v1", b: "v2" } },
};
const good: CheckResult = { name: "one", passed: true, seen: "a 1", ms: 1234 };
const bad: CheckResult = { name: "two", passed: false, seen: "b 0", hint: "look at b", ms: 50 };

let out: string;
let results: readonly CheckResult[];
const prove = vi.fn<ProofIo["prove"]>();
const stackOutput = vi.fn<ProofIo["stackOutput"]>();
const readFile = vi.fn<ProofIo["readFile"]>();

beforeEach(() => {
  out = "";
  results = [good];
  prove.mockReset().mockImplementation(async (_, options) => {
    for (const result of results) options?.onResult?.(result);
    return results;
  });
  stackOutput.mockReset().mockResolvedValue(JSON.stringify(mesh));
  readFile.mockReset().mockResolvedValue(JSON.stringify(mesh));
});

const run = (options: ProofOptions = {}, language: ProofIo["language"] = "en") =>
  runProof(options, {
    root: "/project",
    stdout: (text) => {
      out += text;
    },
    stderr: () => {},
    language,
    stackOutput,
    readFile,
    prove,
    signal: new AbortController().signal,
  });

test("prints one line per passed check, with exit code 0", async () => {
  expect(await run()).toBe(0);
  expect(out).toBe("✓ one: a 1 (1.2 s)\nmesh mesh1 (a, b): all 1 checks passed\n");
  expect(prove.mock.calls[0]?.[0]).toEqual(mesh);
  expect(prove.mock.calls[0]?.[1]).toMatchObject({ disruption: false });
});

test("prints the cause and a hint for a failed check, with exit code 1", async () => {
  results = [good, bad];
  expect(await run()).toBe(1);
  expect(out).toBe(
    "✓ one: a 1 (1.2 s)\n✗ two: b 0 (0.1 s)\n  hint: look at b\nmesh mesh1 (a, b): 1 of 2 checks failed\n",
  );
});

test("removes control characters from the texts of pods and istiods", async () => {
  results = [{ ...bad, seen: "b \u001b[2J0\u202e", hint: "look\u009b1m at https://me:secret@b" }];
  await run();
  expect(out).toContain("✗ two: b 0 (0.1 s)\n  hint: look at https://***@b\n");
});

test("with --json prints one document and nothing else", async () => {
  results = [good, bad];
  expect(await run({ json: true })).toBe(1);
  expect(JSON.parse(out)).toEqual({ mesh: "mesh1", passed: false, checks: [good, bad] });
});

test("translates all lines to Korean, but not the JSON document", async () => {
  const failed = {
    ...bad,
    name: "every cluster answers",
    seen: "from a: nobody",
    hint: "every cluster must answer first",
  };
  results = [failed];
  await run({}, "ko");
  expect(out).toBe(
    "✗ 모든 클러스터의 응답: 출발지 a: 없음 (0.1초)\n  조치: 먼저 모든 클러스터가 응답해야 합니다\n메시 mesh1 (a, b): 점검 1개 중 1개 실패\n",
  );
  out = "";
  await run({ json: true }, "ko");
  expect(JSON.parse(out).checks).toEqual([failed]);
});

test("passes --disruption on", async () => {
  await run({ disruption: true });
  expect(prove.mock.calls[0]?.[1]).toMatchObject({ disruption: true });
});

test("reads the stack in --stack, or the file in --mesh", async () => {
  await run({ stack: "ncloud-nhn" });
  expect(stackOutput).toHaveBeenCalledExactlyOnceWith("mesh", "ncloud-nhn");
  await run({ mesh: "mesh.json" });
  expect(readFile).toHaveBeenCalledExactlyOnceWith("mesh.json");
  expect(stackOutput).toHaveBeenCalledTimes(1);
});

describe("rejects", () => {
  test("a stack that cannot be read", async () => {
    stackOutput.mockRejectedValue(new Error("no stack named 'x' found"));
    await expect(run()).rejects.toThrow("no stack named 'x' found");
  });

  test("an output that is not JSON", async () => {
    stackOutput.mockResolvedValue("[secret]");
    await expect(run()).rejects.toThrow(
      'this is not the stack output "mesh": it is not JSON, it starts with "[secret]"',
    );
  });

  test("an output with invalid fields, and names each of them", async () => {
    stackOutput.mockResolvedValue(
      JSON.stringify({ ...mesh, id: 7, clusters: [{ ...mesh.clusters[0], context: null }] }),
    );
    await expect(run()).rejects.toThrow(
      'this is not the stack output "mesh":\n' +
        "✖ Invalid input: expected string, received number\n  → at id\n" +
        "✖ Invalid input: expected string, received null\n  → at clusters[0].context",
    );
  });

  test("an unreachable cluster", async () => {
    prove.mockRejectedValue(new Error("cluster a: connect ECONNREFUSED"));
    await expect(run()).rejects.toThrow("cluster a: connect ECONNREFUSED");
  });
});

test("resolves a kubeconfig's path against home or the project, independent of the current folder", async () => {
  const [a, b] = mesh.clusters;
  const written = JSON.stringify({
    ...mesh,
    clusters: [
      { ...a, kubeconfig: "~/a" },
      { ...b, kubeconfig: "kube/b" },
    ],
  });
  stackOutput.mockResolvedValue(written);
  readFile.mockResolvedValue(written);
  await run();
  await run({ mesh: "mesh.json" });
  for (const [proved] of prove.mock.calls)
    expect(proved.clusters.map(({ kubeconfig }) => kubeconfig)).toEqual([`${homedir()}/a`, "/project/kube/b"]);
  expect(prove).toHaveBeenCalledTimes(2);
});

test("reads secret kubeconfigs from the stack only if there are any", async () => {
  const secret = { ...mesh, clusters: [mesh.clusters[0], { ...mesh.clusters[1], kubeconfig: null }] };
  stackOutput.mockImplementation(async (output) => JSON.stringify(output === "mesh" ? secret : { b: "text\n" }));
  expect(await run()).toBe(0);
  expect(prove.mock.calls[0]?.[0].clusters.map(({ kubeconfig }) => kubeconfig)).toEqual(["/k", "text\n"]);
  expect(stackOutput.mock.calls).toEqual([
    ["mesh", undefined],
    ["kubeconfigs", undefined],
  ]);

  readFile.mockResolvedValue(JSON.stringify(secret));
  await expect(run({ mesh: "mesh.json" })).rejects.toThrow(
    'cluster b: its kubeconfig is a secret in the stack output "kubeconfigs"; use --stack instead of a file',
  );
});
