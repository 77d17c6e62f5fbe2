// Which documents are ThanoSQL: files and cells of that language, and Python cells that begin with %%thanosql.
import type { TextDocument, Uri } from "vscode";
import { workspace } from "vscode";
import type { DocumentSelector, Middleware } from "vscode-languageclient/node";

export const LANGUAGE = "thanosql";
const NOTEBOOKS = ["jupyter-notebook", "interactive"];
const CELL_SCHEMES = ["vscode-notebook-cell", "vscode-interactive-input"];
const MAGIC = /^\s*%%thanosql\b/;

/** Files and cells whose language is ThanoSQL. */
export const NATIVE: DocumentSelector = [{ language: LANGUAGE }];

/** Those, and all Python cells: the server is asked only about the ones that `isServed` takes. */
export const SERVED: DocumentSelector = [
  ...NATIVE,
  ...NOTEBOOKS.map((notebook) => ({ notebook, language: "python" })),
];

export function isCell(document: TextDocument): boolean {
  return CELL_SCHEMES.includes(document.uri.scheme);
}

export function isServed(document: TextDocument): boolean {
  if (document.languageId === LANGUAGE) return true;
  return document.languageId === "python" && isCell(document) && MAGIC.test(document.getText());
}

type Ask = (document: TextDocument | Uri, ...rest: unknown[]) => unknown;

const ASKED = [
  "prepareRename",
  "provideCodeActions",
  "provideCompletionItem",
  "provideDefinition",
  "provideDiagnostics",
  "provideDocumentHighlights",
  "provideDocumentSemanticTokens",
  "provideDocumentSemanticTokensEdits",
  "provideDocumentRangeSemanticTokens",
  "provideDocumentSymbols",
  "provideFoldingRanges",
  "provideHover",
  "provideInlayHints",
  "provideReferences",
  "provideRenameEdits",
  "provideSelectionRanges",
  "provideSignatureHelp",
] as const satisfies readonly (keyof Middleware)[];

/** Middleware that answers for Python cells without the magic line, so that no question about them is sent. */
export function onlyServed(): Middleware {
  const gate = (document: TextDocument | Uri, ...rest: unknown[]): unknown => {
    const next = rest.pop() as Ask;
    return isOurs(document) ? next(document, ...rest) : undefined;
  };
  return {
    ...Object.fromEntries(ASKED.map((name) => [name, gate])),
    // A cell has its own run button, which runs all of it.
    provideCodeLenses: (document, token, next) =>
      isServed(document) && !isCell(document) ? next(document, token) : undefined,
  };
}

function isOurs(document: TextDocument | Uri): boolean {
  if ("languageId" in document) return isServed(document);
  const open = workspace.textDocuments.find((other) => other.uri.toString() === document.toString());
  return open === undefined || isServed(open);
}
