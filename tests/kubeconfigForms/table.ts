import { CLUSTERS } from "./clusters.ts";
import { COMMANDS } from "./commands.ts";
import { FILES } from "./files.ts";
import type { Form, Verdict } from "./form.ts";
import { USERS } from "./users.ts";

export const FORMS: Readonly<Record<string, readonly Form[]>> = {
  Users: USERS,
  "Commands and providers": COMMANDS,
  Clusters: CLUSTERS,
  Files: FILES,
};

const WORDS: Readonly<Record<Verdict, string>> = {
  certificate: "the certificate's user",
  token: "the token's user",
  jane: "the user of `as`",
  nobody: "nobody: 401, or anonymous",
  refused: "refused",
};

/** As docs/kubeconfigs.md shows them. */
export function tables(): string {
  return Object.entries(FORMS)
    .map(([title, forms]) => {
      const rows = forms.map(
        ({ form, kubectl, program = kubectl, why = "" }) =>
          `| ${form} | ${WORDS[kubectl]} | ${WORDS[program]} | ${why} |`,
      );
      return [
        `## ${title}`,
        "",
        "| form | kubectl | csp-mesh | why they differ |",
        "| --- | --- | --- | --- |",
        ...rows,
      ].join("\n");
    })
    .join("\n\n");
}
