// What is in the package. `npm test` has built it just before.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { strFromU8, unzipSync } from "fflate";
import { address, repository } from "../scripts/repository.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const path = join(root, "dist", `thanosql-${manifest.version}.vsix`);
const files = unzipSync(readFileSync(path));
const names = Object.keys(files);

test("the package holds what the extension needs and nothing else", () => {
  assert.deepEqual(names.sort(), [
    "[Content_Types].xml",
    "extension.vsixmanifest",
    "extension/LICENSE.txt",
    "extension/changelog.md",
    "extension/dist/ThirdPartyNotices.txt",
    "extension/dist/extension.js",
    "extension/dist/logo.svg",
    "extension/icon.png",
    "extension/l10n/bundle.l10n.ko.json",
    "extension/language-configuration.json",
    "extension/package.json",
    "extension/package.nls.json",
    "extension/package.nls.ko.json",
    "extension/readme.md",
    "extension/snippets/thanosql.json",
    "extension/syntaxes/thanosql.python.tmLanguage.json",
    "extension/syntaxes/thanosql.tmLanguage.json",
  ]);
});

test("every file that the manifest names is there", () => {
  const { main, icon, contributes } = JSON.parse(strFromU8(files["extension/package.json"]));
  const { languages, grammars, snippets } = contributes;
  const named = [
    main,
    `./${icon}`,
    ...languages.flatMap((language) => [language.configuration, language.icon.light, language.icon.dark]),
    ...grammars.map((grammar) => grammar.path),
    ...snippets.map((snippet) => snippet.path),
  ];
  for (const name of named) assert.ok(names.includes(name.replace(/^\./, "extension")), name);
});

test("the icon is a picture of a size that the marketplace takes", () => {
  const icon = Buffer.from(files[`extension/${manifest.icon}`]);
  assert.equal(icon.toString("latin1", 1, 4), "PNG");
  assert.deepEqual([icon.readUInt32BE(16), icon.readUInt32BE(20)], [256, 256]);
});

test("the page has its pictures in it, where no repository is at hand", () => {
  const page = strFromU8(files["extension/readme.md"]);
  const shown = [...page.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, source]) => source);
  assert.ok(shown.length >= 2);
  for (const source of shown) assert.match(source.slice(0, 40), /^data:image\/png;base64,iVBOR/);
});

test("the package names the repository that it was built in, where that has an address", () => {
  const packed = JSON.parse(strFromU8(files["extension/package.json"]));
  assert.deepEqual(packed.repository, repository(root));
  const url = "https://example.org/people/thanosql.git";
  for (const origin of [url, "https://me:token@example.org/people/thanosql", "git@example.org:people/thanosql.git", "ssh://git@example.org:22/people/thanosql.git/"]) {
    assert.equal(address(origin), url);
  }
  for (const origin of ["", "/somewhere/thanosql", "file:///somewhere/thanosql.git", "../thanosql"]) assert.equal(address(origin), undefined);
});

test("the scopes of the manifest are those of the grammars", () => {
  for (const { path: name, scopeName } of manifest.contributes.grammars) {
    assert.equal(JSON.parse(readFileSync(join(root, name), "utf8")).scopeName, scopeName);
  }
});

test("the bundle needs nothing but Node.js and VS Code", () => {
  const code = strFromU8(files["extension/dist/extension.js"]);
  const needed = new Set([...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name.replace(/^node:/, "")));
  assert.deepEqual([...needed].filter((name) => name !== "vscode" && !isBuiltin(name)), []);
  assert.ok(needed.has("vscode"));
});

test("packages in the bundle come with their licences", () => {
  const notices = strFromU8(files["extension/dist/ThirdPartyNotices.txt"]);
  for (const name of ["vscode-languageclient", "vscode-jsonrpc", "semver", "minimatch"]) assert.match(notices, new RegExp(`^${name} \\d`, "m"));
});

test("neither the package nor the lock file names a machine", () => {
  const home = process.env.HOME ?? "/nowhere";
  for (const [name, content] of Object.entries(files)) {
    const text = strFromU8(content);
    assert.ok(!text.includes(root) && !(home.length > 5 && text.includes(home)), name);
  }
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const hosts = [...lock.matchAll(/"resolved": "https?:\/\/([^/]+)/g)].map(([, host]) => host);
  assert.deepEqual(hosts.filter((host) => host !== "registry.npmjs.org"), []);
});

test("every setting and command of the manifest is used by the code, and the other way round", () => {
  const code = strFromU8(files["extension/dist/extension.js"]);
  const commands = manifest.contributes.commands.map(({ command }) => command);
  for (const command of commands) assert.ok(code.includes(`"${command}"`), command);
  const settings = Object.keys(manifest.contributes.configuration.properties).map((name) => name.replace("thanosql.", ""));
  // The language client reads trace.server itself.
  for (const setting of settings.filter((name) => name !== "trace.server")) assert.ok(code.includes(`"${setting}"`), setting);
  const read = [...code.matchAll(/\.get\("([a-zA-Z.]+)",/g)].map(([, name]) => name);
  for (const name of read.filter((one) => /^(server\.|database|checkQueries)/.test(one))) assert.ok(settings.includes(name), name);
});

test("the extension has the version of the kernel", () => {
  const source = readFileSync(join(root, "..", "..", "thanosql_kernel", "__init__.py"), "utf8");
  assert.equal(manifest.version, source.match(/__version__ = "(.+)"/)[1]);
  assert.ok(existsSync(path));
});
