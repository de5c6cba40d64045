import { expect, test } from "vitest";
import { table, widthOf } from "../../../i18n/table.ts";
import { paint, terminalOf } from "../../../i18n/terminal.ts";

test.each([
  ["", 0],
  ["abc", 3],
  ["허용", 4],
  ["L4로 만드는", 11],
  ["—", 1],
])('"%s" is %i columns wide', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test("aligns columns of narrow and wide characters, without trailing spaces", () => {
  expect(
    table([
      ["동작", "포트", ""],
      ["allow", "80", "x"],
    ]),
  ).toBe("동작   포트\nallow  80    x\n");
});

test("wraps a cell that exceeds its limit, between words", () => {
  expect(
    table(
      [
        ["A", "B", "C"],
        ["one", "two three four", "five"],
        ["하나", "https://a-long.example/ 둘 셋", ""],
      ],
      { limits: [9, 9] },
    ),
  ).toBe(
    [
      "A     B                        C",
      "one   two three                five",
      "      four",
      "하나  https://a-long.example/",
      "      둘 셋",
      "",
    ].join("\n"),
  );
});

test.each([200, 80, 50])("no line exceeds a terminal of %i columns, and no text is lost", (columns) => {
  const cells = [
    ["ACTION", "FROM", "WHY"],
    [
      "allow",
      "<nodes or NAT of nhn: set clusters[1].egressCidrs>",
      "API 서버를 감시함. IP ACL에도 등록함 ".repeat(4).trim(),
    ],
    ["close", "https://example.org/a/very/long/address/that/has/no/space/at/all/in/it", "-"],
  ];
  const text = table(cells, { columns });
  for (const line of text.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  const letters = (from: string) => [...from.replaceAll(/\s/g, "")].sort().join("");
  expect(letters(text)).toBe(letters(cells.flat().join("")));
});

test("ignores colour codes in widths", () => {
  expect(widthOf(paint("오류", "red", { isColoured: true }))).toBe(4);
  expect(paint("ok", "green", {})).toBe("ok");
});

test.each([
  [{ isTTY: true, columns: 90 }, {}, { isColoured: true, columns: 90 }],
  [{ isTTY: true, columns: 90 }, { NO_COLOR: "1" }, { isColoured: false, columns: 90 }],
  [{ isTTY: true }, { TERM: "dumb" }, { isColoured: false }],
  [{ columns: 90 }, {}, {}],
])("%j with %j is a terminal with %j", (stream, env, terminal) => {
  expect(terminalOf(stream, env)).toEqual(terminal);
});
