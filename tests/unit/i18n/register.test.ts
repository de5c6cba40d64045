// The register and the terms of all Korean texts: 합니다체 and noun endings in the program, 한다체 in the documents.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT } from "../../root.ts";

const read = (name: string) => readFileSync(join(ROOT, name), "utf8");
const hangul = /[가-힣]/;

/** Folders without texts of the program. */
const OTHERS = /^(\..*|node_modules|dist|docs|tests|examples|schema)$/;
const folders = readdirSync(ROOT, { withFileTypes: true }).filter((of) => of.isDirectory() && !OTHERS.test(of.name));
const sources = folders
  .flatMap(({ name }) => readdirSync(join(ROOT, name), { recursive: true }).map((file) => `${name}/${file}`))
  .filter((file) => /\.[jt]s$/.test(file) && hangul.test(read(file)));

/** Descriptions of settings, the source of docs/config.ko.md. */
const isReference = (file: string) => /config(Defaults)?Ko\.ts$|reference\.ts$/.test(file);

/** Lines of the Korean texts of a source. `{}` replaces a value, like `{1}` in templates. */
function textsOf(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = ts.isStringLiteralLike(node)
      ? node.text
      : ts.isTemplateExpression(node)
        ? [node.head.text, ...node.templateSpans.map(({ literal }) => `{}${literal.text}`)].join("")
        : "";
    found.push(...text.split("\n").filter((line) => hangul.test(line)));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest));
  return found;
}

const documents = [
  "README.ko.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => /\.ko\.(md|svg)$/.test(name))
    .map((name) => `docs/${name}`),
];

/** Lines of a document without code blocks, which quote programs. */
const proseOf = (page: string): string[] =>
  read(page)
    .replaceAll(/^```.*?^```$/gms, "")
    .replaceAll(/`[^`]*`/g, "``")
    .split("\n")
    .filter((line) => hangul.test(line));

const catalogues = sources.filter((file) => !isReference(file)).map((file) => [file, textsOf(file)] as const);
const pages = [
  ...sources.filter(isReference).map((file) => [file, textsOf(file)] as const),
  ...documents.map((page) => [page, proseOf(page)] as const),
];

/** Separates final consonants, so that `ᆯ 것` matches the ending of any verb before 것. */
const jamo = (pattern: RegExp) => (line: string) => pattern.test(line.normalize("NFD"));
const words = (pattern: RegExp) => (line: string) => pattern.test(line);

type Rules = Readonly<Record<string, (line: string) => boolean>>;

const COMMON: Rules = {
  "an imperative of another register": words(/십시오|세요|하시오|하라[.:]/),
  "저절로 instead of 자동으로": words(/저절로/),
  "닿다 instead of 접속하다": words(/닿|닫지 않|맞닿/),
  "부르다 instead of 호출하다": words(/(^| )(불러|불린|부르|부른)/),
  "풀다 instead of 조회하다, 복호화하다": words(/(?<!압축을 |압축)풀(어|고|면|지|린|려|었)/),
  "돌다 instead of 실행하다": words(/(^| )(돌고|돌면|돌린|돌려|돌아가)/),
  "떼다 instead of 제거하다": words(/(^| )(떼|뗀|뗄)/),
  "잊다 instead of 제거하다": words(/(^| )잊/),
};

/** Rejected variants of each term. */
const TERMS: Readonly<Record<string, RegExp>> = {
  "작업 머신": /컴퓨터|이 머신|로컬 머신/,
  출발지: /"출발"|^출발$|소스 주소|발신지/,
  "중간 인증서": /중간 CA|중간 키 인증서|중개 인증서/,
  "루트 인증서": /루트 CA/,
  "경로 점검": /점검용|프로브/,
  "단계 확인": /관문/,
  "원격 시크릿": /리모트|[Rr]emote [Ss]ecret|원격 Secret/,
  "소유 표시": /(?<!볼륨 )클레임/,
  "trust domain": /(트러스트|신뢰) 도메인/,
  객체: /오브젝트(?! 스토리지)/,
  어노테이션: /주석/,
  시크릿: /(?<![A-Za-z])Secret(?![A-Za-z])/,
  서비스: /(?<!Kubernetes |[A-Za-z])Service(?![A-Za-z])/,
  Kubernetes: /(?<!CSP )쿠버네티스/,
  드라이런: /dry run/,
  "east-west 게이트웨이": /이스트/,
  리다이렉트: /리디렉/,
  프로필: /프로파일/,
  테스트: /시험/,
  이전: /예전/,
  "미리 보기": /미리보기/,
  그사이: /그 사이/,
};
const terms: Rules = Object.fromEntries(
  Object.entries(TERMS).map(([term, others]) => [`another word than ${term}`, words(others)]),
);

const IN_CATALOGUES: Rules = {
  한다체: words(/(?<!니|마|보)다(?=[.:;)]|$)/),
  "할 것": jamo(/\u11af \u1100\u1165\u11ba(?=[.,:;)>(]| \(|$)/),
  // `i18n/particles.ts` chooses between both: 을(를), 이(가), 은(는), 과(와), (으)로.
  "one particle after a value": words(
    /\{\d?\}["'\]…]*(을|를|은|는|이|가|과|와|로|으로)(?![가-힣(])|와\(과\)|를\(을\)|는\(은\)|가\(이\)/,
  ),
};

const IN_DOCUMENTS: Rules = {
  합니다체: jamo(/\u11b8\u1102\u1175\u1103\u1161/),
  "할 것": jamo(/\u11af \u1100\u1165\u11ba[.,]/),
  "both particles": words(/\(으\)로|이\(가\)|은\(는\)|을\(를\)|과\(와\)/),
};

const broken = (texts: typeof pages, isBroken: (line: string) => boolean) =>
  texts.flatMap(([file, lines]) => lines.filter(isBroken).map((line) => `${file}: ${line.trim()}`));

test("finds all Korean texts", () => {
  expect(catalogues.map(([file]) => file)).toEqual(
    expect.arrayContaining(["i18n/ko.ts", "i18n/preflightKo.ts", "i18n/providerKo.ts", "lab/ko.ts"]),
  );
  expect(pages.map(([file]) => file)).toEqual(expect.arrayContaining(["README.ko.md", "docs/guide.ko.md"]));
  for (const [file, lines] of [...catalogues, ...pages]) expect([file, lines.length]).not.toEqual([file, 0]);
});

test.each(Object.entries({ ...COMMON, ...terms, ...IN_CATALOGUES }))("no message contains %s", (_, isBroken) => {
  expect(broken(catalogues, isBroken)).toEqual([]);
});

test.each(Object.entries({ ...COMMON, ...terms, ...IN_DOCUMENTS }))("no document contains %s", (_, isBroken) => {
  expect(broken(pages, isBroken)).toEqual([]);
});
