// Korean particles after names and numbers: `nhn을`, `kt를`, `403으로`.

/** Each notation of the catalogues, with the particle after a consonant and the one after a vowel. */
const PARTICLES: Readonly<Record<string, readonly [string, string]>> = {
  "은(는)": ["은", "는"],
  "이(가)": ["이", "가"],
  "을(를)": ["을", "를"],
  "과(와)": ["과", "와"],
  "(으)로": ["으로", "로"],
};

/** `rieul` is the final consonant after which `로` is used as after a vowel. */
type Final = "vowel" | "rieul" | "consonant";

const FINALS: readonly Final[] = ["vowel", "rieul", "consonant"];

/** Digits as they are read: 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구. */
const DIGITS = [2, 1, 0, 2, 0, 0, 2, 1, 1, 0];

/** Endings of English words whose loanword ends in a consonant; the first that matches decides. */
const ENDINGS: readonly (readonly [RegExp, Final])[] = [
  [/(check|host|root)$/, "vowel"],
  [/(^|[^aeiou])le$|l$/, "rieul"],
  [/[aeiou][mn]e$|[mn]$|ng$|type$/, "consonant"],
  [/([^aeiou]|^)[aeiou]t$|[aiou]c$|[aeo]ck$|ook$|[auo]pp?$|(web|job)$/, "consonant"],
];

/** The last word of `externalAddress` is `Address`. */
const lastWord = (letters: string) => /([A-Z]?[a-z]+|[A-Z]+)$/.exec(letters)?.[0] ?? letters;

function finalOfLatin(letters: string): Final {
  const word = lastWord(letters);
  // Abbreviations are read letter by letter: 엘, 엠, 엔, 알.
  if (!/[aeiouy]/.test(word)) return /[lr]$/i.test(word) ? "rieul" : /[mn]$/i.test(word) ? "consonant" : "vowel";
  return ENDINGS.find(([ending]) => ending.test(word.toLowerCase()))?.[1] ?? "vowel";
}

/** How a text ends when it is read. Quotes, and what is in parentheses, are not read. @returns undefined if unknown */
function finalOf(text: string): Final | undefined {
  const read = text.replace(/\s*\([^()]*\)$/, "").replace(/["'`»\])>]+$/, "");
  const [last = ""] = read.slice(-1);
  if (/[가-힣]/.test(last)) {
    const jamo = (last.charCodeAt(0) - 0xac00) % 28;
    return jamo === 0 ? "vowel" : jamo === 8 ? "rieul" : "consonant";
  }
  if (/\d/.test(last)) return FINALS[DIGITS[Number(last)] ?? 0];
  if (last === "%") return "vowel";
  const letters = /[a-z]+$/i.exec(read)?.[0];
  return letters === undefined ? undefined : finalOfLatin(letters);
}

/** Replaces `을(를)` and its like by the particle for the word before it. Both stay where the word cannot be read. */
export function withParticles(text: string): string {
  return text.replaceAll(/은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로/g, (notation, index: number) => {
    const [afterConsonant, afterVowel] = PARTICLES[notation] ?? [notation, notation];
    const final = finalOf(text.slice(0, index));
    if (final === undefined) return notation;
    return final === "vowel" || (final === "rieul" && notation === "(으)로") ? afterVowel : afterConsonant;
  });
}

/** A catalogue in which every text has its particles, also those that functions return. */
export function particlesIn<Catalogue>(part: Catalogue): Catalogue {
  const resolved = (of: unknown): unknown => {
    if (typeof of === "string") return withParticles(of);
    if (typeof of === "function") return (...values: unknown[]) => resolved(of(...values));
    if (Array.isArray(of)) return of.map(resolved);
    if (typeof of === "object" && of !== null)
      return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, resolved(value)]));
    return of;
  };
  return resolved(part) as Catalogue;
}
