import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { templatesKo, translated } from "../../../i18n/translated.ts";
import { folder, kubeconfig } from "../config/fixtures.ts";
import { filesOf, templatesOf } from "./templates.ts";

/** These files generate files, or their texts are parts of others. */
const OTHERS = /(jsonSchema|reference|write|generated|raw|filled|load)\.ts$/;
/** Values and parts of messages, which other templates contain. */
const PARTS = new Set([
  ...["{} and {}", "at {}", "with {}: {}", "any node", "none, where `resources` is given", "Istio's chart's"],
  ...[
    "is not a kubeconfig: {}",
    "is not a kubeconfig: {}{}",
    "has two {} of the name {}, which kubectl refuses; remove one",
  ],
  ...["has no context {}; it has {}", "context {} names", "{} no cluster; set one in it"],
  ...["{} cluster {}, which the file lacks", "{} user {}, which the file lacks"],
  ...["is missing: the server in the kubeconfig has", "The config of this stack cannot be used:\n{}"],
]);
const isProse = (text: string) => !/^(openssl |-----BEGIN|(EC |RSA )?PRIVATE KEY$)/.test(text);

const files = [...filesOf("config"), "kube/kubeconfig.ts", "kube/parsedKubeconfig.ts"].filter(
  (file) => !OTHERS.test(file),
);

test.each(files)("every message of %s is there in Korean", (file) => {
  const own = templatesOf(file)
    .map((text) => (text.startsWith("; ") ? text : text.replace(/^: /, "").trim()))
    .filter((text) => isProse(text) && !PARTS.has(text) && !Object.hasOwn(templatesKo, text));
  expect(own).toEqual([]);
});

test("no translation is of a message that is gone", () => {
  const all = files.flatMap(templatesOf).map((text) => text.replace(/^: /, "").trim());
  const known = new Set([...all, ...all.flatMap((text) => text.split("\n")), "must be a {}", ...PARTS]);
  const composed = /^(\{\} is not a kubeconfig|\{\} has two|\{\} has no context|context \{\} names)/;
  expect(Object.keys(templatesKo).filter((text) => !known.has(text) && !composed.test(text))).toEqual([]);
});

test.each(Object.entries(templatesKo))("%s keeps its values", (english, korean) => {
  const count = english.split("{}").length - 1;
  const used = new Set([...korean.matchAll(/\{(\d)\}/g)].map(([, number]) => Number(number)));
  // The Korean sentence already contains the description of the server.
  if (!english.startsWith("{} a link-local"))
    expect([...used].sort()).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  if (/[a-z]{3}/i.test(english.replaceAll("{}", ""))) expect(korean).toMatch(/[가-힣]/);
});

describe("a report of the config's mistakes", () => {
  const root = folder({ kubeconfig: kubeconfig(["a"]) });
  const report = (config: object): string => {
    try {
      parseConfig(config as Record<string, unknown>, root);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("nothing is wrong with it");
  };

  test("is Korean in every line, with paths and values as they are", () => {
    const english = report({
      clusters: [
        { name: "A_b", csp: "aws", kubeconfig: "kubeconfig", context: "x", egressCidrs: ["1.2.3.4"] },
        { name: "b", csp: "kt", kubeconfig: "missing", context: "a", colour: "red" },
        { name: "b", csp: "nhn", kubeconfig: 7, context: "a" },
      ],
      istio: { version: "v1", meshId: "" },
      gateway: { autoscaling: { min: 4, max: 2 } },
      awaitSeconds: -1,
    });
    const korean = translated(english, "ko").split("\n");
    expect(korean.filter((line) => !/[가-힣]/.test(line))).toEqual([]);
    expect(korean).toHaveLength(english.split("\n").length);
    expect(korean[0]).toBe("이 스택의 설정을 사용할 수 없습니다:");
    expect(korean).toContain(
      '  - clusters[0].egressCidrs[0]: "1.2.3.4" 값은 CIDR이 아닙니다. 예: 203.0.113.0/24, 203.0.113.7/32',
    );
    expect(korean).toContain(
      '  - clusters[0].csp: 가능한 값: "ncloud", "nhn", "kt", "generic". 현재 값: "aws". 그 밖의 CSP에는 "generic"을 사용합니다',
    );
    expect(translated(english, "en")).toBe(english);
  });

  test("leaves what it does not know as it is", () => {
    expect(translated("something else", "ko")).toBe("something else");
  });
});
