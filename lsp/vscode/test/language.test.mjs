import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const language = JSON.parse(readFileSync(join(root, "language-configuration.json"), "utf8"));
const { pattern, flags } = language.wordPattern;

/** The words that VS Code finds in a text. */
function words(text) {
  return [...text.matchAll(new RegExp(pattern, `${flags}g`))].map(([word]) => word);
}

test("a Korean name is one word", () => {
  assert.deepEqual(words("SELECT 내_사진1.경로 FROM 표"), ["SELECT", "내_사진1", "경로", "FROM", "표"]);
});

test("a name in decomposed characters is one word", () => {
  const decomposed = "사진 é".normalize("NFD");
  assert.deepEqual(words(decomposed), decomposed.split(" "));
});

test("quotes, parentheses, operators and emoji are not parts of words", () => {
  assert.deepEqual(words("f(image_path='a-b.jpg') 😀x"), ["f", "image_path", "a", "b", "jpg", "x"]);
});

test("a number is one word", () => {
  assert.deepEqual(words("LIMIT 12, 0.25, 1e-3"), ["LIMIT", "12", "0.25", "1e-3"]);
});

test("the word pattern never matches nothing, which VS Code would refuse", () => {
  assert.ok(!new RegExp(`^(?:${pattern})$`, flags).test(""));
});

test("indentation grows behind an open parenthesis and shrinks before a closing one", () => {
  const { increaseIndentPattern, decreaseIndentPattern } = language.indentationRules;
  assert.match("OPTIONS (", new RegExp(increaseIndentPattern));
  assert.doesNotMatch("OPTIONS (top_k=5)", new RegExp(increaseIndentPattern));
  assert.doesNotMatch("-- and (", new RegExp(increaseIndentPattern));
  assert.match("  )", new RegExp(decreaseIndentPattern));
});

test("comments and brackets are those of SQL", () => {
  assert.deepEqual(language.comments, { lineComment: "--", blockComment: ["/*", "*/"] });
  assert.ok(language.brackets.some(([open, close]) => open === "(" && close === ")"));
});
