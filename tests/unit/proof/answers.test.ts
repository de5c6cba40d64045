import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parseAnswers, requestCommand } from "../../../proof/answers.ts";

const line = (status: string, exit = "0") => `\n${status} --answered-- ${exit}\n`;

test.each([
  ['{"id":"1","podname":"reviews-v1-x","reviews":[]}', "200", "0", { pod: "reviews-v1-x" }],
  ["upstream connect error", "503", "0", { failure: "HTTP 503: upstream connect error" }],
  ["", "404", "0", { failure: "HTTP 404" }],
  ["", "000", "28", { failure: "curl exit 28 (timed out)" }],
  ["", "000", "35", { failure: "curl exit 35" }],
  ["<html>\n<p>", "200", "0", { failure: "HTTP 200 without a podname: <html> <p>" }],
  ['{"podname":""}', "200", "0", { failure: 'HTTP 200 without a podname: {"podname":""}' }],
  ["null", "200", "0", { failure: "HTTP 200 without a podname: null" }],
  ["x".repeat(500), "503", "0", { failure: `HTTP 503: ${"x".repeat(100)}…` }],
])("parses %s with status %s, exit code %s", (body, status, exit, expected) => {
  expect(parseAnswers(body + line(status, exit))).toEqual([expected]);
});

test("parses several answers", () => {
  const body = '{"podname":"a"}\n';
  expect(parseAnswers(body + line("200") + line("000", "7") + body + line("200"))).toEqual([
    { pod: "a" },
    { failure: "curl exit 7 (connection refused)" },
    { pod: "a" },
  ]);
});

test("reports that the container lacks curl", () => {
  expect(parseAnswers(" --answered-- 127\n")).toEqual([{ failure: "curl exit 127 (no curl in the container)" }]);
});

test("ignores a truncated answer", () => {
  expect(parseAnswers('{"podname":"a"}\n200 --answ')).toEqual([]);
});

test("the command produces the expected format in a real shell", async () => {
  const agents: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    agents.push(request.headers["user-agent"]);
    if (agents.length === 2) response.statusCode = 503;
    response.end(agents.length === 2 ? "no healthy upstream" : '{"podname":"a"}');
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/reviews/1`;
    const [shell = "", ...args] = requestCommand({ url, count: 3, timeout: 5000, userAgent: "proof/1 $(x)" });
    const { stdout } = await promisify(execFile)(shell, args);
    expect(parseAnswers(stdout)).toEqual([{ pod: "a" }, { failure: "HTTP 503: no healthy upstream" }, { pod: "a" }]);
    expect(agents).toEqual(Array(3).fill("proof/1 $(x)"));
  } finally {
    server.close();
  }
});
