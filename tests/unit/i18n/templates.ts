// Extracts messages from the program's sources, as templates in which `{}` stands for a value.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { ROOT } from "../../root.ts";

type Text = ts.StringLiteral | ts.NoSubstitutionTemplateLiteral | ts.TemplateExpression;

const isText = (node: ts.Node): node is Text => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

/** Undefined for a node that is no string. Strings joined by `+` are one text. */
function templateOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => `{}${literal.text}`)].join("");
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [templateOf(node.left), templateOf(node.right)];
    return left !== undefined && right !== undefined ? left + right : undefined;
  }
  return undefined;
}

/** Skip descriptions, which belong to the reference, and imports. */
const isOther = (node: ts.Node): boolean =>
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isTypeNode(node) ||
  (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "meta");

/** Texts of several words in a file. */
export function templatesOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isOther(node)) {
      // A schema has a description, and may contain messages as well.
      if (ts.isCallExpression(node)) visit(node.expression);
      return;
    }
    const template = templateOf(node);
    if (template !== undefined && /[a-z]{2} [a-z{("]|[a-z}] [a-z]{2}/i.test(template)) found.push(template);
    if (template !== undefined && !ts.isTemplateExpression(node) && !ts.isBinaryExpression(node)) return;
    if (template !== undefined && !isText(node)) visitSpans(node);
    else ts.forEachChild(node, visit);
  };
  /** Skip operands of a joined text, which are already included, but search the values in it. */
  const visitSpans = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node)) {
      visitSpans(node.left);
      visitSpans(node.right);
    } else if (ts.isTemplateExpression(node)) for (const { expression } of node.templateSpans) visit(expression);
  };
  visit(source);
  return found;
}

export const filesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name}`);
