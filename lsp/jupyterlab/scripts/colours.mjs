// The pieces of texts and their colours, for tests: a list of texts comes in as JSON, a list of [piece, colour] a text goes out.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
// Beside the packages that it imports.
const built = join(root, "node_modules", `.language-${process.pid}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: ["src/language.ts"],
  bundle: true,
  packages: "external",
  format: "esm",
  outfile: built,
  logLevel: "warning",
});
const { thanosql } = await import(pathToFileURL(built)).finally(() => rmSync(built));

/** The coloured pieces, as CodeMirror has them: what has no colour is not among them. */
function colours(text) {
  const found = [];
  thanosql.parser.parse(text).iterate({
    enter: ({ name, from, to, type }) => {
      if (!type.isTop) found.push([text.slice(from, to), name, [...text.slice(0, from)].length]);
    },
  });
  return found;
}

const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map(colours)));
