import { expect, test } from "vitest";
import { table, widthOf } from "../../../cli/table.ts";

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
