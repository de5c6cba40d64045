// Messages that the program composes in English, in the language of the reader.

import { clusterKo } from "./clusterKo.ts";
import { kubeconfigProblemsKo } from "./kubeconfigProblemsKo.ts";
import { moreProblemsKo } from "./moreProblemsKo.ts";
import { problemsKo } from "./problemsKo.ts";
import { proofKo } from "./proofKo.ts";
import { providerKo } from "./providerKo.ts";
import { translator } from "./translator.ts";
import { valuesKo } from "./valuesKo.ts";

/** Korean templates by English template. */
export const templatesKo: Readonly<Record<string, string>> = {
  ...problemsKo,
  ...moreProblemsKo,
  ...kubeconfigProblemsKo,
  ...valuesKo,
  ...proofKo,
  ...providerKo,
  ...clusterKo,
};

/** A message of the program in a language. */
export const translated = translator(templatesKo);
