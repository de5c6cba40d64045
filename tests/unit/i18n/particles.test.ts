import { expect, test } from "vitest";
import { particlesIn, withParticles } from "../../../i18n/particles.ts";

const all = (word: string) =>
  ["은(는)", "이(가)", "을(를)", "과(와)", "(으)로"].map((particle) => withParticles(word + particle)).join(" ");

test.each([
  // Read as words.
  ["클러스터", "클러스터는 클러스터가 클러스터를 클러스터와 클러스터로"],
  ["메시지들", "메시지들은 메시지들이 메시지들을 메시지들과 메시지들로"],
  ["버전", "버전은 버전이 버전을 버전과 버전으로"],
  ["ncloud", "ncloud는 ncloud가 ncloud를 ncloud와 ncloud로"],
  ["cluster", "cluster는 cluster가 cluster를 cluster와 cluster로"],
  ["seoul", "seoul은 seoul이 seoul을 seoul과 seoul로"],
  ["example", "example은 example이 example을 example과 example로"],
  ["one", "one은 one이 one을 one과 one으로"],
  // Read letter by letter.
  ["nhn", "nhn은 nhn이 nhn을 nhn과 nhn으로"],
  ["kt", "kt는 kt가 kt를 kt와 kt로"],
  ["URL", "URL은 URL이 URL을 URL과 URL로"],
  // Numbers.
  ["403", "403은 403이 403을 403과 403으로"],
  ["1.31", "1.31은 1.31이 1.31을 1.31과 1.31로"],
  ["v1.2.0", "v1.2.0은 v1.2.0이 v1.2.0을 v1.2.0과 v1.2.0으로"],
  ["network2", "network2는 network2가 network2를 network2와 network2로"],
  // Quotes and parentheses, which are not pronounced.
  ['"nhn"', '"nhn"은 "nhn"이 "nhn"을 "nhn"과 "nhn"으로'],
  ["kt (K2P)", "kt (K2P)는 kt (K2P)가 kt (K2P)를 kt (K2P)와 kt (K2P)로"],
])('chooses each particle after "%s"', (word, expected) => {
  expect(all(word)).toBe(expected);
});

test.each(
  [
    [
      "subnet secret bucket web job block stack public app group map name type gateway-system csp-mesh:istio.version",
      "을",
    ],
    [
      "host root check client network disk node space peer test prod dev service proxy gateway clusters[0].gateway.externalAddress",
      "를",
    ],
  ].flatMap(([words = "", particle = ""]) => words.split(" ").map((word) => [word, particle] as const)),
)("chooses the object particle: %s%s", (word, particle) => {
  expect(withParticles(`${word}을(를)`)).toBe(word + particle);
});

test("keeps both particles after a name whose pronunciation is unknown", () => {
  expect(withParticles("…을(를) /이(가)")).toBe("…을(를) /이(가)");
});

test("resolves particles in texts, lists and the results of functions", () => {
  const { text, list, made } = particlesIn({
    text: "nhn을(를)",
    list: ["kt을(를)"],
    made: (name: string) => ({ found: `${name}이(가) 응답함` }),
  });
  expect([text, list, made("403")]).toEqual(["nhn을", ["kt를"], { found: "403이 응답함" }]);
});
