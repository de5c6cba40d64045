import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { templatesKo, translated } from "../../../i18n/translated.ts";
import { labKo } from "../../../lab/ko.ts";
import { valueRules } from "../../../mesh/valueRules.ts";
import { folder, kubeconfig } from "../config/fixtures.ts";
import { filesOf, templatesOf } from "./templates.ts";

/** Excluded files: they write files or scripts, name fields of Kubernetes, or contain only parts of other messages. */
const OTHERS =
  /^(config\/(jsonSchema|reference|write|generated|raw|load)|components\/vmAccountScript|mesh\/podSecurity)\.ts$/;
/** Folders and single files whose messages are translated where the program prints them. */
const ROOMS = [
  filesOf("config"),
  filesOf("proof"),
  ...["mesh", "kube", "net", "istiod", "provider", "provider/kinds", "components", "program"].map(filesOf),
];
/** Values and parts of messages that occur only inside other templates. */
const PARTS = new Set([
  ...["{} and {}", "at {}", "with {}: {}", "any node", "none, where `resources` is given", "Istio's chart's"],
  ...[
    "is not a kubeconfig: {}",
    "is not a kubeconfig: {}{}",
    "has two {} of the name {}, which kubectl refuses; remove one",
  ],
  ...["has no context {}; it has {}", "context {} names", "{} no cluster; set one in it"],
  ...["{} cluster {}, which is not in the file", "{} user {}, which is not in the file"],
  // Commands, and answers from Envoy.
  ...[
    "scale deployment {} --replicas=1",
    "patch deployment {} --type merge -p '{}'",
    "not found in config dump",
    "404 page not found",
  ],
  ...["{}: {} is {}"],
  ...["the {} {} {}"],
  ...["is missing: the server in the kubeconfig has", "The config of this stack cannot be used:\n{}"],
]);
/** Messages that are too short for the extraction, or that the source joins from parts. */
const SHORT = new Set([
  ...["hint: {}", "({} s)", "({})", "({}, last: {})", "nobody", "leaf", "intermediate", "root"],
  ...["the intermediate {}", "the root {}", "waits: {}{}", "nothing", "changed", "deleted", "becomes"],
]);
const isPath = (word: string) => /\w\.\w|[a-z][A-Z]/.test(word);
/** Scripts, commands, PEM and lists of keys are not translated. */
const isProse = (text: string) =>
  !/^(openssl |npm |kubectl |ssh-rsa |-----BEGIN|(EC |RSA )?PRIVATE KEY$|(Root|Intermediate) CA|app in |Bearer |Basic )|\bdone\b|\$\{?\w/.test(
    text,
  ) && !(/^[\w.\s]+$/.test(text) && text.split(/\s+/).filter(isPath).length > 1);

/** The lines of a template as they are looked up, without the prefixes of messages. */
const linesOf = (template: string) =>
  template
    .split("\n")
    .map((line) => line.replace(/^\s*(- )?/, "").replace(/^(cluster (?=\{\}: ))?(\{\}: |: )+/, ""))
    .map((line) => (line.startsWith("; ") ? line : line.trim()))
    .filter(
      (line) =>
        /[a-z]{2}/.test(line.replaceAll("{}", "")) &&
        !/^([A-Z]\w+ [/{}:]|kubectl )[/{}: ]*$|^(kubectl|npm) /.test(line),
    );
/** The subject of a fault may come from another template. */
const isTranslated = (line: string) => Object.hasOwn(templatesKo, line) || Object.hasOwn(templatesKo, `{} ${line}`);

const files = ROOMS.flat().filter((file) => !OTHERS.test(file));

test.each(files)("every message of %s has a Korean translation", (file) => {
  const own = templatesOf(file)
    .filter((text) => isProse(text) && !PARTS.has(text.replace(/^: /, "").trim()))
    .flatMap(linesOf)
    .filter((line) => !isTranslated(line));
  expect(own).toEqual([]);
});

test("every translation belongs to an existing message", () => {
  const all = files.flatMap(templatesOf);
  const known = new Set([
    ...all.map((text) => text.trim()),
    ...all.flatMap(linesOf),
    "must be a {}",
    ...PARTS,
    ...SHORT,
  ]);
  const composed = /^(\{\} is not a kubeconfig|\{\} has two|\{\} has no context|context \{\} names)/;
  const isKnown = (text: string) => known.has(text) || known.has(text.replace(/^\{\} /, "")) || composed.test(text);
  expect(Object.keys(templatesKo).filter((text) => !isKnown(text))).toEqual([]);
});

/** Messages that are too short for the extraction, or that the source joins from parts. */
const SHORT_OF_LAB = new Set([
  ...["({} s)", "failed", "pulumi up", "proof", "toolchain", "images", "starting", "running", "not running"],
  ...["restarted:", "address", "route", "need", "needs", "1 cluster", "ended ({})", "{} is {}"],
  ...["containerd ready", "all {} load balancer addresses are in use"],
  // Names of tools.
  ...["CNI plugins", "go build", "go module", "python wheel"],
]);
/** Files that configure the programs in the lab, or write only to logs. */
const OTHERS_OF_LAB =
  /^lab\/(addons|cloud|cloudMain|image|images|ko|loadBalancers|node|pki|proxies|pulumi|registry|registryMain|reservedAddress|supervisor|watchServices|toolchain\/tools)\.ts$/;
const labFiles = ["lab", "lab/toolchain"].flatMap(filesOf).filter((file) => !OTHERS_OF_LAB.test(file));
const labLines = (file: string) =>
  templatesOf(file)
    .filter(isProse)
    .flatMap(linesOf)
    .map((line) => line.replace(/^(--)?[a-z]+: (?=\{\} is )/, ""));

test.each(labFiles)("every message of %s has a Korean translation", (file) => {
  expect(labLines(file).filter((line) => !Object.hasOwn(labKo, line) && !SHORT_OF_LAB.has(line))).toEqual([]);
});

test("every translation of the lab belongs to an existing message", () => {
  const known = new Set([...labFiles.flatMap(labLines), ...SHORT_OF_LAB]);
  expect(Object.keys(labKo).filter((line) => !known.has(line))).toEqual([]);
});

test.each([...Object.entries(templatesKo), ...Object.entries(labKo)])(
  'the translation of "%s" keeps its values',
  (english, korean) => {
    const count = english.split("{}").length - 1;
    const used = new Set([...korean.matchAll(/\{(\d)\}/g)].map(([, number]) => Number(number)));
    // The Korean sentence already includes the description of the server.
    if (!english.startsWith("{} a link-local"))
      expect([...used].sort()).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    if (/[a-z]{3}/i.test(english.replaceAll("{}", ""))) expect(korean).toMatch(/[가-힣]/);
  },
);

describe("a report of config errors", () => {
  const root = folder({ kubeconfig: kubeconfig(["a"]) });
  const report = (config: object): string => {
    try {
      parseConfig(config as Record<string, unknown>, root);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("nothing is wrong with it");
  };

  test("is Korean in every line, with unchanged paths and values", () => {
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

  test("leaves an unknown line unchanged", () => {
    expect(translated("something else", "ko")).toBe("something else");
  });
});

describe("an invalid Helm value or CA", () => {
  const lines = Object.entries(valueRules).flatMap(([chart, rules]) =>
    rules.map(({ path, does, fix = "remove it" }) => ({
      line: `istio.values.${chart}.${path.join(".")}: "x; y": ${does}; ${fix}`,
      parts: [does, fix],
    })),
  );

  test.each(lines)("$line: the translation keeps no English clause", ({ line, parts }) => {
    const korean = translated(line, "ko");
    for (const part of parts) expect(korean).not.toContain(part);
    expect(korean).toMatch(/^istio\.values\.[\w.]+: "x; y": .*[가-힣].*\. .*[가-힣]/);
  });

  test.each([
    [
      'ca.root: "CN=a b, O=c" has the extended key usage codeSigning, which excludes servers (serverAuth) and clients (clientAuth): every workload is both; reissue it with serverAuth and clientAuth, or without extended key usage',
      'ca.root: "CN=a b, O=c" 인증서의 확장 키 사용 codeSigning 설정에서 서버(serverAuth), 클라이언트(clientAuth) 용도가 빠져 있습니다. 모든 워크로드는 서버이자 클라이언트입니다. 다시 발급받아야 합니다 (serverAuth와 clientAuth 포함 또는 확장 키 사용 없이)',
    ],
    [
      'ca.root: "CN=a" permits DNS names of "b.c", "d" only, and not istiod.istio-system.svc; reissue it without that name constraint',
      'ca.root: "CN=a" 인증서는 DNS 이름 가운데 "b.c", "d" 값만 허용하고 istiod.istio-system.svc 값은 허용하지 않습니다. 다시 발급받아야 합니다 (그 이름 제약 없이)',
    ],
  ])('translates "%s"', (english, korean) => {
    expect(translated(english, "ko")).toBe(korean);
  });
});

test.each([
  [
    "from a: a 6, b 6; from b: nobody (1 failed, 2 from elsewhere, last: curl exit 7 (connection refused))",
    "출발지 a: a 6, b 6; 출발지 b: 없음 (실패 1건, 다른 곳의 응답 2건, 마지막: curl 종료 코드 7 (접속 거부))",
  ],
  [
    "without b, from a: a 12; without a, from b: b 12; all clusters answered again afterwards",
    "b 제외 시 출발지 a: a 12; a 제외 시 출발지 b: b 12; 매번 복귀 후 모두 응답",
  ],
  [
    "sleep-1 in a: the issuer of the leaf, CN=x, is neither in the chain nor the mesh's root, the leaf expired at today; reviews-2 in b: the intermediate O=c, CN=y has a negative serial number, which Go refuses",
    "a의 sleep-1: 워크로드 인증서의 발급자 CN=x 인증서가 함께 전송되지 않았고 메시의 루트도 아님, 워크로드 인증서 만료 (today); b의 reviews-2: 중간 O=c, CN=y 인증서의 일련번호가 음수여서 Go가 거부합니다",
  ],
  [
    "cluster a: an unfinished proof left reviews-v1 with 0 replicas; put back to 2",
    "클러스터 a: 끝나지 않은 검증이 reviews-v1의 레플리카를 0개로 남겼습니다. 2개로 복원했습니다",
  ],
  [
    "cluster a: no pod of app=sleep in namespace sample is ready",
    "클러스터 a: 네임스페이스 sample에 준비된 app=sleep 파드가 없습니다",
  ],
])("translates a result of the proof: %s", (english, korean) => {
  expect(translated(english, "ko")).toBe(korean);
});
