import { expect, test } from "vitest";
import { table, widthOf } from "../../../i18n/table.ts";

test.each([
  ["", 0],
  ["abc", 3],
  ["허용", 4],
  ["L4로 만드는", 11],
  ["—", 1],
])("%s takes %i columns", (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test("lines up columns in which letters are of different widths, without spaces at the ends", () => {
  expect(
    table([
      ["동작", "포트", ""],
      ["allow", "80", "x"],
    ]),
  ).toBe("동작   포트\nallow  80    x\n");
});

test("a cell that is wider than its column may be goes on in further lines, between words", () => {
  expect(
    table(
      [
        ["A", "B", "C"],
        ["one", "two three four", "five"],
        ["하나", "https://a-long.example/ 둘 셋", ""],
      ],
      [9, 9],
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
