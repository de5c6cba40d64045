import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { messageOf } from "../../../kube/apiServer.ts";
import { eventsOf } from "../../../kube/events.ts";
import { isDnsName, lastLines, shown, shownLines } from "../../../kube/shown.ts";

test.each([
  ["colours and titles", "\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b]8;;http://x\x1b\\link \x9b2Jend", "red link end"],
  ["lines that overwrite each other", "it failed\rit is well\n\tdone", "it failed it is well done"],
  ["other controls", "a\0b\x08c\x7fd\x85e\u2028f", "abcde f"],
  ["bidirectional controls and invisible characters", "a\u202eb\u2066c\u200fd\u200be\u061cf", "abcdef"],
  ["Korean", "이미지를 찾을 수 없음", "이미지를 찾을 수 없음"],
  ["an image by its digest", "docker.io/library/a@sha256:ab12", "docker.io/library/a@sha256:ab12"],
  ["a login in a URL", "Get https://u:p%40w@r.example/v2/?a=b: 401", "Get https://***@r.example/v2/?a=b: 401"],
  ["a proxy's login", 'proxy "http://me:secret@10.0.0.1:3128" refused', 'proxy "http://***@10.0.0.1:3128" refused'],
  ["a URL with an address behind its path", "https://a.example/x?mail=b@c", "https://a.example/x?mail=b@c"],
  ["a bearer token", "sent Bearer abc123.def to it", "sent Bearer *** to it"],
  [
    "a header",
    'Authorization: Bearer secret, "authorization":"Basic dTpw"',
    'Authorization: Bearer ***, "authorization":"Basic ***"',
  ],
  ["ordinary words", "Bearer token and basic authentication are off", "Bearer token and basic authentication are off"],
  ["a JWT", 'token "eyJhbGciOiJSUzI1.eyJpc3MiOiJrdWJl.c2ln" is over', 'token "***" is over'],
  ["a token in a query", "/o?access_token=abc&x=1", "/o?access_token=***&x=1"],
  [
    "an ExecCredential",
    '{"status":{"token":"k8s-aws-v1.aHR0","clientKeyData":"LS0tLS1CRUdJTiBFQyBQ"}}',
    '{"status":{"token":"***","clientKeyData":"***"}}',
  ],
  ["a line of a kubeconfig", "yaml: client-key-data: LS0tLS1CRUdJTiBFQyBQUklW", "yaml: client-key-data: ***"],
  ["a password", "login failed (password=hunter2)", "login failed (password=***"],
  ["words about a token", "invalid token: expired, get another", "invalid token: expired, get another"],
])("cleans %s", (_, text, expected) => expect(shown(text)).toBe(expected));

test("returns one line of limited length for any text", () => {
  const text = fc.string({ unit: "binary", maxLength: 200 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 100 }), (sent, longest) => {
      const line = shown(sent, longest);
      expect([...line].length).toBeLessThanOrEqual(longest);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
    }),
  );
  expect(shown("x".repeat(5_000_000))).toBe(`${"x".repeat(999)}…`);
});

test("keeps line breaks in a whole message, but no other control characters", () => {
  expect(shownLines("a\x1b[2J\r\n  - b\u202e\thttps://u:p@h\n\nc")).toBe("a\n  - b https://***@h\n\nc");
});

test("hides lines that look like a key", () => {
  expect(lastLines(`failed\n${"MHcCAQEE".repeat(8)}\n`)).toEqual(["failed", "***"]);
});

test("returns the last lines of an output", () => {
  expect(lastLines("\n1\n\n2\r3\n\x1b[1m4\x1b[0m\n", 3)).toEqual(["2", "3", "4"]);
  expect(lastLines("")).toEqual([]);
});

test("cleans messages of API servers and events", () => {
  expect(messageOf({ message: "no\x1b[2J\r\nway" })).toBe("no way");
  const event = { metadata: {}, involvedObject: { uid: "u" }, reason: "Failed\x1b[1m", message: "x\u202ey\n" };
  expect(eventsOf("u", [event])).toBe("Failed: xy");
});

describe("a name in a suggested command", () => {
  test.each(["a", "gateways.networking.istio.io", "a-1.b", "x".repeat(63)])("accepts %s", (name) =>
    expect(isDnsName(name)).toBe(true),
  );
  test.each(["", "a b", "$(x)", "a;b", "-a", "a-", "A", "a..b", "--all", "a\n", "x".repeat(64), `${"a.".repeat(127)}`])(
    "rejects %j",
    (name) => expect(isDnsName(name)).toBe(false),
  );
});
