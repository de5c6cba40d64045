import { expect, test } from "vitest";
import { languageOf } from "../../../i18n/language.ts";

test.each([
  [{}, "en"],
  [{ LANG: "ko_KR.UTF-8" }, "ko"],
  [{ LANG: "ko" }, "ko"],
  [{ LANG: "C.UTF-8" }, "en"],
  // "kok" is Konkani, not Korean.
  [{ LANG: "kok_IN.UTF-8" }, "en"],
  [{ LC_ALL: "en_US.UTF-8", LANG: "ko_KR.UTF-8" }, "en"],
  [{ CSP_MESH_LANG: "en", LC_ALL: "ko_KR.UTF-8" }, "en"],
  [{ CSP_MESH_LANG: "ko", LANG: "C" }, "ko"],
  [{ CSP_MESH_LANG: "", LANG: "C" }, "en"],
  [{ LC_ALL: "", LC_MESSAGES: "ko_KR.UTF-8", LANG: "en_US.UTF-8" }, "ko"],
])("%j selects %s", (env, language) => {
  expect(languageOf(env)).toBe(language);
});
