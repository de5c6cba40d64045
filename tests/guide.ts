// The user's guides as tests read them.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const DOCS = join(import.meta.dirname, "..", "docs");

export interface Block {
  /** `4.1` */
  readonly section: string;
  /** `sh`, `text`, `yaml`. */
  readonly language: string;
  /** Why a test does not run the block as it is: `provider`, `instead`. */
  readonly mark: string | undefined;
  readonly text: string;
}

export interface Guide {
  readonly text: string;
  /** Numbers of the headings, in order. */
  readonly sections: readonly string[];
  readonly blocks: readonly Block[];
}

export function readGuide(language: "ko" | "en"): Guide {
  const text = readFileSync(join(DOCS, `guide.${language}.md`), "utf8");
  const sections: string[] = [];
  const blocks: Block[] = [];
  let open: { language: string; mark: string | undefined; lines: string[] } | undefined;
  for (const line of text.split("\n")) {
    const fence = /^```(\w*) ?(\w*)$/.exec(line);
    if (fence && open) {
      const { lines, ...kind } = open;
      blocks.push({ section: sections.at(-1) ?? "", ...kind, text: lines.join("\n") });
      open = undefined;
    } else if (fence) {
      open = { language: fence[1] ?? "", mark: fence[2] || undefined, lines: [] };
    } else if (open) {
      open.lines.push(line);
    } else {
      const heading = /^#{2,3} <a id="([\d.]+)"><\/a>\1\. /.exec(line);
      if (heading) sections.push(heading[1] ?? "");
    }
  }
  return { text, sections, blocks };
}
