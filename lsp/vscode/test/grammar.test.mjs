import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { colourOf, colours, root, tokens } from "./grammars.mjs";

const cases = readFileSync(join(root, "..", "..", "tests", "cases", "valid.sql"), "utf8")
  .split(/^-- case: /m)
  .slice(1)
  .map((text) => ({ name: text.slice(0, text.indexOf("|")).trim(), body: text.slice(text.indexOf("\n") + 1) }));

function caseNamed(name) {
  const found = cases.find((one) => one.name === name);
  assert.ok(found, `tests/cases/valid.sql has no case "${name}"`);
  return found.body;
}

/** How often each scope is the innermost one of a text. */
async function counted(text) {
  const counts = {};
  for (const [, scope] of await colours(text)) counts[scope] = (counts[scope] ?? 0) + 1;
  return counts;
}

describe("every valid cell", () => {
  for (const { name, body } of cases) {
    test(`${name}: pieces join to the text and nothing stays open at its end`, async () => {
      const found = await tokens(`${body.trimEnd()};\nSELECT 1`);
      const lines = `${body.trimEnd()};\nSELECT 1`.split("\n");
      lines.forEach((line, number) => {
        assert.equal(found.filter((token) => token.line === number).map((token) => token.text).join(""), line);
      });
      const last = found.filter((token) => token.line === lines.length - 1 && token.text.trim());
      assert.deepEqual(
        last.map((token) => token.scopes),
        [
          ["source.thanosql", "keyword.other.sql.thanosql"],
          ["source.thanosql", "constant.numeric.thanosql"],
        ],
      );
    });
  }
});

test("the tutorial of 2022: double quotes beside verbs, in options and behind FROM are strings", async () => {
  const body = caseNamed("the tutorial of 2022");
  const found = await tokens(body);
  const inStrings = found.filter((token) => token.scopes.some((scope) => scope.startsWith("string.quoted.double")));
  const texts = inStrings.map((token) => token.text).filter((text) => text !== '"');
  assert.deepEqual(texts, ["tutorial_data/unsplash_data/unsplash.csv", "image_path", "unsplash_data", "a black cat"]);
  const counts = await counted(body);
  assert.equal(counts["entity.name.type.model"], 2);
  assert.equal(counts["variable.parameter.option"], 4);
  assert.equal(counts["keyword.other.options"], 2);
});

test("the tutorial of 2023: options over many lines, a statement in parentheses behind FROM", async () => {
  const found = await colours(caseNamed("the tutorial of 2023"));
  const options = found.filter(([, scope]) => scope === "variable.parameter.option").map(([word]) => word);
  assert.deepEqual(options, ["search_by", "search_input", "emb_col", "result_col", "top_k"]);
  const heads = found.filter(([, scope]) => scope === "keyword.other.statement").map(([word]) => word);
  assert.deepEqual(heads, ["PRINT", "SEARCH"]);
  const kinds = found.filter(([, scope]) => scope === "storage.type").map(([word]) => word);
  assert.deepEqual(kinds, ["IMAGE", "IMAGE"]);
  assert.deepEqual(found.find(([word]) => word === "tutorial_search_clip"), ["tutorial_search_clip", "entity.name.type.model"]);
});

test("Korean names, texts and comments have the colours of English ones", async () => {
  const body = caseNamed("Korean names, texts and comments");
  assert.equal(await colourOf("내사진", body), "variable.other");
  assert.equal(await colourOf("원본 표", body), "variable.other.quoted");
  assert.equal(await colourOf("검은 고양이", body), "string.quoted.single");
  assert.equal(await colourOf("사진", body), "comment.block");
  assert.equal(await colourOf("-- 끝", body), "comment.line.double-dash");
  assert.equal(await colourOf("CREATE", body), "keyword.other.statement");
  assert.equal(await colourOf("texts", body), "variable.parameter.input");
  assert.equal(await colourOf("SELECT선택", "SELECT선택 FROM t"), "variable.other");
  assert.equal(await colourOf("내모델", "CONVERT USING 내모델 AS SELECT * FROM 표"), "entity.name.type.model");
});

test("statement words are plain names where names stand", async () => {
  const first = caseNamed("statement words are names everywhere else");
  const names = ["image", "text", "model", "options", "copy", "search", "convert", "print", "list"];
  for (const name of names) assert.equal(await colourOf(name, first), "variable.other", name);
  for (const line of ["  copy,", "  search.convert", "convert = 1"]) {
    const [[, scope]] = await colours(line);
    assert.equal(scope, "variable.other", line);
  }
});

test("double quotes make names in queries and strings in options", async () => {
  const text = `SEARCH IMAGE text="cat" USING m OPTIONS(emb_col="e") AS SELECT "my col" FROM t WHERE text = "my col"`;
  const found = await tokens(text);
  const scopeOf = (piece) => found.filter((token) => token.text === piece).map((token) => token.scopes.at(-1));
  assert.deepEqual(scopeOf("cat"), ["string.quoted.double.thanosql"]);
  assert.deepEqual(scopeOf("e"), ["string.quoted.double.thanosql"]);
  assert.deepEqual(scopeOf("my col"), ["variable.other.quoted.thanosql", "variable.other.quoted.thanosql"]);
});

test("bent quotes make strings, and a bent apostrophe within a word ends none", async () => {
  const text = `SEARCH IMAGE text=“검은 고양이” USING m AS SELECT * FROM t WHERE a = ‘it’s mine’ AND b = 1`;
  const scopes = new Map((await tokens(text)).map((token) => [token.text, token.scopes.at(-1)]));
  assert.equal(scopes.get("“검은 고양이”"), "string.quoted.other.thanosql");
  assert.equal(scopes.get("‘it’s mine’"), "string.quoted.other.thanosql");
  assert.equal(scopes.get("AND"), "keyword.other.sql.thanosql");
});

test("doubled quotes stay inside of a string, an unclosed comment goes on", async () => {
  assert.deepEqual(await colours("SELECT 'it''s', 1"), [
    ["SELECT", "keyword.other.sql"],
    ["'", "string.quoted.single"],
    ["it", "string.quoted.single"],
    ["''", "constant.character.escape"],
    ["s", "string.quoted.single"],
    ["'", "string.quoted.single"],
    [",", "punctuation.separator"],
    ["1", "constant.numeric"],
  ]);
  assert.equal(await colourOf("SELECT 1", "/* open\nSELECT 1"), "comment.block");
});

test("lines of the old magic are directives and their statement is coloured", async () => {
  const body = caseNamed("cells of the old magic");
  const found = await colours(body);
  assert.deepEqual(found[0], ["%load_ext", "keyword.control.directive"]);
  assert.equal(await colourOf("eyJhbGciOi.secret", body), "string.unquoted");
  assert.equal(await colourOf("COPY", body), "keyword.other.statement");
  assert.equal(await colourOf("https://host:1", "%thanosql https://host:1"), "string.unquoted");
  assert.equal(await colourOf("# NBVAL_IGNORE_OUTPUT", caseNamed("nothing to run")), "comment.line.number-sign");
});

describe("a Python cell", () => {
  test("that begins with %%thanosql is ThanoSQL to its end", async () => {
    const cell = "%%thanosql\nSEARCH IMAGE text='검은 고양이' USING clip\nAS SELECT * FROM 사진 -- def f():";
    const found = await tokens(cell, "source.python");
    for (const token of found) assert.ok(token.scopes.includes("meta.embedded.block.thanosql"), token.text);
    assert.equal(await colourOf("clip", cell, "source.python"), "entity.name.type.model");
    assert.equal(await colourOf("-- def f():", cell, "source.python"), "comment.line.double-dash");
  });

  test("without it is Python", async () => {
    for (const cell of ["def f():\n    return 5 %thanosql", "x = '''\n%%thanosql\nSELECT 1'''", "# %%thanosql\nSELECT = 1"]) {
      const found = await tokens(cell, "source.python");
      assert.ok(!found.some((token) => token.scopes.includes("meta.embedded.block.thanosql")), cell);
    }
  });

  test("of a script ends where the next cell begins", async () => {
    const found = await tokens("# %%\n%%thanosql\nSELECT 1\n# %%\nimport os", "source.python");
    const embedded = new Set(found.filter((token) => token.scopes.includes("meta.embedded.block.thanosql")).map((t) => t.line));
    assert.deepEqual([...embedded], [1, 2]);
  });
});

test("long lines are coloured in seconds, whatever is left open in them", async () => {
  const line = 'SELECT a, "b", f(c) FROM t WHERE d = \'e\' AND ';
  for (const text of [line.repeat(1000), "(".repeat(5000), `OPTIONS(${"a=".repeat(5000)}`, " ".repeat(20_000), "'".repeat(9999)]) {
    const before = performance.now();
    await tokens(text);
    assert.ok(performance.now() - before < 5000, `${text.slice(0, 20)}… took ${performance.now() - before} ms`);
  }
});
