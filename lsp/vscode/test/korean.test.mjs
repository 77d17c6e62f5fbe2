// What the extension itself says is there in Korean too: the manifest's texts and the messages of the code.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (name) => JSON.parse(readFileSync(join(root, name), "utf8"));
const HANGUL = /[가-힣]/;

test("the manifest names texts that are there in both languages", () => {
  const named = [...readFileSync(join(root, "package.json"), "utf8").matchAll(/"%([\w.]+)%"/g)].map((found) => found[1]);
  const english = read("package.nls.json");
  const korean = read("package.nls.ko.json");
  assert.ok(named.length > 8);
  assert.deepEqual(Object.keys(english).sort(), named.sort());
  assert.deepEqual(Object.keys(korean), Object.keys(english));
  for (const [key, text] of Object.entries(korean)) assert.match(text, HANGUL, key);
});

test("every message of the code has a Korean one with the same values", () => {
  const code = readdirSync(join(root, "src")).map((name) => readFileSync(join(root, "src", name), "utf8")).join("\n");
  const said = [...code.matchAll(/l10n\.t\(\s*"((?:[^"\\]|\\.)*)"/g)].map((found) => found[1]);
  const korean = read("l10n/bundle.l10n.ko.json");
  assert.ok(said.length > 10);
  assert.deepEqual(Object.keys(korean).sort(), [...new Set(said)].sort());
  const values = (text) => [...text.matchAll(/\{\d\}/g)].map((found) => found[0]).sort();
  for (const [text, translated] of Object.entries(korean)) {
    assert.match(translated, HANGUL, text);
    assert.deepEqual(values(translated), values(text), text);
  }
});
