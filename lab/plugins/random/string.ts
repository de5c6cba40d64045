// RandomString and RandomPassword: the same string, secret in the latter.
import { randomInt } from "node:crypto";
import { atLeast } from "../checks.ts";
import type { CheckFailure, ResourceType } from "../resource.ts";
import type { Props } from "../values.ts";

const NUMERIC = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";
const MINIMUMS = ["minUpper", "minLower", "minNumeric", "minSpecial"] as const;
const CLASSES = ["special", "upper", "lower", "numeric"] as const;

function defaults({ number, numeric }: Props): Props {
  // `number` is the old name of `numeric`: either sets both.
  const digits = numeric ?? number ?? true;
  const on = { special: true, upper: true, lower: true, number: digits, numeric: digits };
  return { ...on, minUpper: 0, minLower: 0, minNumeric: 0, minSpecial: 0 };
}

function check(inputs: Props): CheckFailure[] {
  const failures = atLeast(inputs, "length", 1);
  const minimums = MINIMUMS.map((key) => inputs[key]);
  const sum = minimums.reduce<number>((total, least) => total + (typeof least === "number" ? least : 0), 0);
  if (typeof inputs.length === "number" && inputs.length < sum)
    failures.push({
      property: "length",
      reason: `value must be at least sum of ${MINIMUMS.join(" + ")} = ${sum}, got: ${inputs.length}`,
    });
  if (CLASSES.every((key) => inputs[key] === false))
    failures.push({ property: "numeric", reason: `at least one of ${CLASSES.join(", ")} must be true` });
  if (typeof inputs.number === "boolean" && typeof inputs.numeric === "boolean" && inputs.number !== inputs.numeric)
    failures.push({ property: "number", reason: "number and numeric are both configured with different values" });
  return failures;
}

function pick(alphabet: string, count: number): string[] {
  const characters = [...alphabet];
  return Array.from({ length: count }, () => characters[randomInt(characters.length)] as string);
}

/** In random order, each order as likely as any other (Fisher-Yates). */
function shuffle(characters: string[]): string[] {
  for (let last = characters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] as string, characters[last] as string];
  }
  return characters;
}

function generate(inputs: Props): string {
  const special = (inputs.overrideSpecial as string | undefined) || SPECIAL;
  const all = [
    inputs.upper === true ? UPPER : "",
    inputs.lower === true ? LOWER : "",
    inputs.numeric === true ? NUMERIC : "",
    inputs.special === true ? special : "",
  ].join("");
  const required = [
    ...pick(UPPER, inputs.minUpper as number),
    ...pick(LOWER, inputs.minLower as number),
    ...pick(NUMERIC, inputs.minNumeric as number),
    ...pick(special, inputs.minSpecial as number),
  ];
  return shuffle([...required, ...pick(all, (inputs.length as number) - required.length)]).join("");
}

export const randomString: ResourceType = {
  computed: ["result"],
  defaults,
  check,
  async create(inputs) {
    const result = generate(inputs);
    return { id: result, outputs: { result } };
  },
};

export const randomPassword: ResourceType = {
  ...randomString,
  secret: ["result"],
  // The id is not secret, so it does not hold the password.
  create: async (inputs) => ({ id: "none", outputs: { result: generate(inputs) } }),
};
