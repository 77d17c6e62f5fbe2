// The committed grammars, run by the engine that VS Code runs them with.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const oniguruma = require("vscode-oniguruma");
const { INITIAL, Registry } = require("vscode-textmate");

export const root = fileURLToPath(new URL("..", import.meta.url));
const GRAMMARS = {
  "source.thanosql": join(root, "syntaxes", "thanosql.tmLanguage.json"),
  "thanosql.injection.python": join(root, "syntaxes", "thanosql.python.tmLanguage.json"),
  "source.python": join(root, "node_modules", "tm-grammars", "grammars", "python.json"),
};

await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));
const registry = new Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => (GRAMMARS[scope] ? JSON.parse(readFileSync(GRAMMARS[scope], "utf8")) : null),
  getInjections: (scope) => (scope === "source.python" ? ["thanosql.injection.python"] : undefined),
});

/** The pieces of a text: `{ text, line, scopes }`, with the innermost scopes last. */
export async function tokens(text, scope = "source.thanosql") {
  const grammar = await registry.loadGrammar(scope);
  let state = INITIAL;
  return text.split("\n").flatMap((line, number) => {
    const { tokens: found, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return found.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), line: number, scopes }));
  });
}

/** The innermost scope of each piece that is more than space, as `[text, scope]`. */
export async function colours(text, scope) {
  return (await tokens(text, scope))
    .filter((token) => token.text.trim())
    .map((token) => [token.text.trim(), token.scopes.at(-1).replace(/\.thanosql$/, "")]);
}

/** The first scope of a piece of the text. */
export async function colourOf(piece, text, scope) {
  const found = (await colours(text, scope)).find(([word]) => word === piece);
  return found?.[1];
}
