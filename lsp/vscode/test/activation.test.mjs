// The bundle, activated in a small editor; servers and Pythons are real processes.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { Document, Editor, Emitter, root } from "./editor.mjs";

const PYTHON = process.env.THANOSQL_TEST_PYTHON ?? "python3";
const path = process.env.PATH;
let editor;
let folder;
let log;

beforeEach(() => {
  editor = new Editor();
  folder = mkdtempSync(join(tmpdir(), "thanosql vscode "));
  log = join(folder, "server.log");
  process.env.THANOSQL_TEST_LOG = log;
});

afterEach(async () => {
  await editor.close();
  process.env.PATH = path;
  // A server that is just ending may still write.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** A program in a folder of the test, run by the shell. */
function program(name, script) {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A Python that has the stand-in server. */
const withServer = (name = "with server") =>
  program(name, `PYTHONPATH='${join(root, "test", "server")}' exec '${PYTHON}' -S "$@"`);
/** A Python without any server. */
const bare = (name = "bare") => program(name, `exec '${PYTHON}' -S -E "$@"`);
/** A Python of yesterday. */
const old = (name = "old") => program(name, `echo '{"python": "3.8.1", "old": true, "server": null}'`);

/** What the server was sent, as `{ method, params }`. */
function sent(method) {
  if (!existsSync(log)) return [];
  // What stands behind the last line end is still being written.
  const lines = readFileSync(log, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line));
  return method === undefined ? lines : lines.filter((line) => line.method === method);
}

async function until(condition, what) {
  const end = performance.now() + 60_000;
  while (!condition()) {
    assert.ok(performance.now() < end, `${what} did not come\n${editor.output.join("\n")}\n${JSON.stringify(sent())}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const sheet = (text = "SELECT 1") => new Document("file:///w/a.thanosql", "thanosql", text);

/** The Python extension with a selected environment. */
function pythonExtension(selected) {
  const changed = new Emitter();
  const environments = {
    selected,
    getActiveEnvironmentPath: () => ({ path: environments.selected }),
    resolveEnvironment: async ({ path: fsPath }) => ({ executable: { uri: { fsPath } } }),
    onDidChangeActiveEnvironmentPath: changed.event,
    select(python) {
      environments.selected = python;
      changed.fire({});
    },
  };
  editor.extensions["ms-python.python"] = { activate: async () => ({ environments }) };
  return environments;
}

describe("a server that is there", () => {
  test("starts with the first ThanoSQL document, with the settings, and answers", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    editor.settings["thanosql.server.args"] = ["--log-level", "debug"];
    editor.settings["thanosql.database"] = "/사진/데이터";
    await editor.activate();
    assert.deepEqual(sent(), []);
    const document = sheet();
    await editor.open(document);
    assert.deepEqual(sent("$started")[0].params.arguments, ["--log-level", "debug"]);
    const [{ params }] = sent("initialize");
    assert.deepEqual(params.initializationOptions, {
      database: "/사진/데이터",
      checkQueries: true,
      language: "",
      runCommand: "",
      statementSnippets: false,
    });
    const { providers, answers } = await editor.ask("CompletionItem", "provideCompletionItems", document, { line: 0, character: 0 });
    assert.equal(providers, 1);
    assert.equal([answers[0].items ?? answers[0]].flat()[0].label, "from the server");
    assert.equal(editor.status.severity, 0);
    assert.match(editor.status.detail, /thanosql-kernel .*, Python 3\..*with server/);
    assert.deepEqual(editor.messages, []);
  });

  test("is not needed by a notebook in plain Python, until a cell begins with %%thanosql", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    await editor.activate();
    const notebook = await editor.openNotebook("/w/a.ipynb", [["python", "import os"]]);
    assert.deepEqual(sent(), []);
    await editor.type(notebook.cells[0].document, "%%thanosql\nSELECT 1");
    assert.equal(sent("initialize").length, 1);
    await until(() => sent("notebookDocument/didOpen").length === 1, "the notebook");
  });

  test("is asked about ThanoSQL cells and %%thanosql cells, never about Python", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    await editor.activate();
    const notebook = await editor.openNotebook("/w/a.ipynb", [
      ["thanosql", "SELECT 1"],
      ["python", "\n%%thanosql\nSELECT 1"],
      ["python", "import thanosql"],
    ]);
    const place = { line: 0, character: 0 };
    const labels = [];
    for (const { document } of notebook.cells) {
      labels.push((await editor.ask("CompletionItem", "provideCompletionItems", document, place)).answers.length);
    }
    assert.deepEqual(labels, [1, 1, 0]);
    assert.deepEqual(
      sent("textDocument/completion").map(({ params }) => params.textDocument.uri.slice(-2)),
      ["C0", "C1"],
    );
    const file = new Document("file:///w/a.py", "python", "%%thanosql\nSELECT 1");
    assert.equal((await editor.ask("CompletionItem", "provideCompletionItems", file, place)).providers, 0);
  });

  test("does not compete with the formatter of Python cells", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    await editor.activate();
    const notebook = await editor.openNotebook("/w/a.ipynb", [["thanosql", "SELECT 1"], ["python", "%%thanosql\nSELECT 1"]]);
    const counts = [];
    for (const { document } of notebook.cells) {
      counts.push((await editor.ask("DocumentFormattingEdit", "provideDocumentFormattingEdits", document, {})).providers);
    }
    assert.deepEqual(counts, [1, 0]);
  });

  test("is that of the selected environment, and follows it", async () => {
    const environments = pythonExtension(withServer("first"));
    await editor.activate();
    await editor.open(sheet());
    assert.match(editor.status.detail, /first$/);
    environments.select(withServer("second"));
    await until(() => /second$/.test(editor.status.detail), "the second server");
    await until(() => sent("exit").length === 1, "the end of the first");
    assert.deepEqual([sent("$started").length, sent("shutdown").length], [2, 1]);
  });

  test("is found on the PATH when the selected environment has none", async () => {
    pythonExtension(bare());
    const bin = join(folder, "bin");
    mkdirSync(bin);
    withServer(join("bin", "python3"));
    process.env.PATH = `${bin}:${path}`;
    // The shell programs name their Python by its own path.
    await editor.activate();
    await editor.open(sheet());
    assert.match(editor.status.detail, /python3$/);
    assert.ok(editor.output.some((line) => line.includes("(PATH)")));
  });

  test("cannot be a folder of the workspace that happens to have its name", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    editor.folders = [{ uri: editor.vscode.Uri.file(folder), name: "w", index: 0 }];
    mkdirSync(join(folder, "thanosql_lsp"));
    writeFileSync(join(folder, "thanosql_lsp", "__main__.py"), "raise SystemExit('taken over')");
    writeFileSync(join(folder, "thanosql_lsp", "__init__.py"), "");
    await editor.activate();
    await editor.open(sheet());
    const [{ params }] = sent("$started");
    assert.ok(!params.path.includes("") && !params.path.includes(folder), params.path.join());
    assert.ok(params.command.join(" ").includes("-P -m thanosql_lsp"), params.command.join(" "));
  });

  test("is stopped with the extension", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    await editor.activate();
    await editor.open(sheet());
    await editor.extension.deactivate();
    await until(() => sent("exit").length === 1, "the end");
  });
});

describe("a server that is missing", () => {
  test("is said once, with the command that installs it, which a button copies", async () => {
    const python = bare();
    editor.settings["thanosql.server.python"] = python;
    editor.press = (buttons) => buttons.find((button) => button === "Copy Install Command");
    await editor.activate();
    await editor.open(sheet());
    await editor.open(new Document("file:///w/b.thanosql", "thanosql", "SELECT 2"));
    assert.equal(editor.messages.length, 1);
    const [{ severity, text, buttons }] = editor.messages;
    assert.equal(severity, "warning");
    assert.ok(text.includes(`'${python}' -m pip install thanosql-kernel`), text);
    assert.deepEqual(buttons, ["Copy Install Command", "Open Settings"]);
    await until(() => editor.clipboard === `'${python}' -m pip install thanosql-kernel`, "the copied command");
    assert.equal(editor.status.severity, 2);
    assert.equal(editor.status.command.command, "thanosql.restartServer");
    assert.ok(editor.output.some((line) => line.includes("without thanosql-kernel")), editor.output.join("\n"));
  });

  test("starts after it was installed and the server is restarted", async () => {
    const python = bare("python");
    editor.settings["thanosql.server.python"] = python;
    await editor.activate();
    await editor.open(sheet());
    assert.equal(editor.status.severity, 2);
    withServer("python");
    await editor.run("thanosql.restartServer");
    assert.equal(editor.status.severity, 0);
    assert.equal(sent("initialize").length, 1);
  });

  test("is said again when a restart finds it still missing", async () => {
    editor.settings["thanosql.server.python"] = bare();
    await editor.activate();
    await editor.open(sheet());
    await editor.run("thanosql.restartServer");
    assert.equal(editor.messages.length, 2);
  });

  test("is not said again when the environment changes and it is missing as before", async () => {
    const environments = pythonExtension(bare());
    process.env.PATH = folder;
    await editor.activate();
    await editor.open(sheet());
    environments.select(environments.selected);
    const warnings = () => editor.output.filter((line) => line.startsWith("warn: ThanoSQL")).length;
    await until(() => warnings() === 2, "the second look");
    assert.equal(editor.messages.length, 1);
  });

  test("offers the interpreters of the Python extension", async () => {
    pythonExtension(bare());
    process.env.PATH = folder;
    editor.press = (buttons) => buttons.find((button) => button === "Select Interpreter");
    await editor.activate();
    await editor.open(sheet());
    await until(() => editor.executed.some(([command]) => command === "python.setInterpreter"), "the list");
  });

  test("is a Python too old, no Python, or a set one that is not there: each is said as such", async () => {
    editor.settings["thanosql.server.python"] = old();
    await editor.activate();
    await editor.open(sheet());
    assert.match(editor.messages.at(-1).text, /old.* is Python 3\.8\.1; 3\.11 or later is needed/);
    editor.set("thanosql.server.python", join(folder, "nothing"));
    await until(() => editor.messages.length === 2, "the second message");
    assert.match(editor.messages.at(-1).text, /nothing \(thanosql\.server\.python\) cannot be run/);
    process.env.PATH = folder;
    editor.set("thanosql.server.python", "");
    await until(() => editor.messages.length === 3, "the third message");
    assert.match(editor.messages.at(-1).text, /no Python was found/);
  });

  test("is not looked for in a workspace that is not trusted, until it is", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    editor.isTrusted = false;
    await editor.activate();
    await editor.open(sheet());
    assert.deepEqual(sent(), []);
    assert.match(editor.status.detail, /not trusted/);
    editor.isTrusted = true;
    editor.on("onDidGrantWorkspaceTrust").fire();
    await until(() => editor.status.severity === 0 && sent("initialize").length === 1, "the server");
  });

  test("or dies at its start is said in the status and leaves the commands working", async () => {
    const python = program("broken", `case "$1" in -c) echo '{"python": "3.12", "old": false, "server": "0.1.0"}';; *) exit 3;; esac`);
    editor.settings["thanosql.server.python"] = python;
    await editor.activate();
    await editor.open(sheet());
    assert.equal(editor.status.severity, 2);
    editor.settings["thanosql.server.python"] = withServer();
    await editor.run("thanosql.restartServer");
    assert.equal(editor.status.severity, 0);
    editor.run("thanosql.showOutput");
    assert.ok(editor.isOutputShown);
  });
});

describe("settings", () => {
  test("of the language go to the running server, which stays", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    await editor.activate();
    await editor.open(sheet());
    await editor.set("thanosql.checkQueries", false);
    const told = () => sent("workspace/didChangeConfiguration").at(-1)?.params.settings.thanosql;
    await until(() => told()?.checkQueries === false, "the setting");
    assert.equal(told().database, "");
    assert.equal(sent("$started").length, 1);
  });

  test("of the server start another one", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    await editor.activate();
    await editor.open(sheet());
    editor.set("thanosql.server.args", ["--log-level", "info"]);
    await until(() => sent("initialize").length === 2, "the second server");
    assert.deepEqual(sent("$started")[1].params.arguments, ["--log-level", "info"]);
    await until(() => sent("exit").length === 1, "the end of the first");
  });

  test("that do not concern it change nothing", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    await editor.activate();
    await editor.set("thanosql.server.args", ["--x"]);
    await editor.set("editor.fontSize", 14);
    assert.deepEqual(sent(), []);
  });

  test("may name the workspace folder", async () => {
    withServer("python");
    editor.folders = [{ uri: editor.vscode.Uri.file(folder), name: "w", index: 0 }];
    editor.settings["thanosql.server.python"] = "${workspaceFolder}/python";
    await editor.activate();
    await editor.open(sheet());
    assert.equal(editor.status.severity, 0);
  });
});

describe("running a statement", () => {
  test("is offered only where notebooks can be run", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    await editor.activate();
    assert.ok(!editor.commands.has("thanosql.runStatement"));
    await editor.close();
    editor.extensions["ms-toolsai.jupyter"] = {};
    await editor.activate();
    assert.ok(editor.commands.has("thanosql.runStatement"));
    await editor.open(sheet());
    assert.equal(sent("initialize")[0].params.initializationOptions.runCommand, "thanosql.runStatement");
  });

  test("puts it into a notebook beside the file, one for all statements of the file", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    editor.extensions["ms-toolsai.jupyter"] = {};
    await editor.activate();
    const document = sheet("LIST TABLE;\nSELECT '검은\n고양이';");
    await editor.open(document);
    const uri = document.uri.toString();
    await editor.run("thanosql.runStatement", uri, { start: { line: 0, character: 0 }, end: { line: 0, character: 10 } });
    await editor.run("thanosql.runStatement", uri, { start: { line: 1, character: 0 }, end: { line: 2, character: 4 } });
    assert.equal(editor.notebooks.length, 1);
    const [notebook] = editor.notebooks;
    assert.deepEqual(notebook.cells.map(({ value, languageId }) => [value, languageId]), [
      ["LIST TABLE", "thanosql"],
      ["SELECT '검은\n고양이'", "thanosql"],
    ]);
    assert.equal(notebook.metadata.metadata.kernelspec.name, "thanosql");
    assert.deepEqual(
      editor.executed.map(([command, { ranges }]) => [command, ranges]),
      [
        ["notebook.cell.execute", [{ start: 0, end: 1 }]],
        ["notebook.cell.execute", [{ start: 1, end: 2 }]],
      ],
    );
  });

  test("has a lens in files and not in cells, which have a button", async () => {
    editor.settings["thanosql.server.python"] = withServer();
    await editor.activate();
    const file = sheet();
    await editor.open(file);
    const { cells } = await editor.openNotebook("/w/a.ipynb", [["thanosql", "SELECT 1"]]);
    assert.equal((await editor.ask("CodeLens", "provideCodeLenses", file)).answers.length, 1);
    assert.equal((await editor.ask("CodeLens", "provideCodeLenses", cells[0].document)).answers.length, 0);
  });
});

describe("the real server", { skip: process.env.THANOSQL_TEST_PYTHON ? false : "THANOSQL_TEST_PYTHON names no Python" }, () => {
  const labels = async (document, line, character) => {
    const { answers } = await editor.ask("CompletionItem", "provideCompletionItems", document, { line, character });
    return answers.flatMap((answer) => answer.items ?? answer).map((item) => item.label.label ?? item.label);
  };

  beforeEach(async () => {
    editor.settings["thanosql.server.python"] = PYTHON;
    editor.settings["thanosql.database"] = join(folder, "nothing");
    editor.extensions["ms-toolsai.jupyter"] = {};
    await editor.activate();
  });

  test("completes statements in a file", async () => {
    const document = sheet("CONV");
    await editor.open(document);
    assert.equal(editor.status.severity, 0, editor.output.join("\n"));
    assert.ok((await labels(document, 0, 4)).some((label) => label.startsWith("CONVERT")));
  });

  test("has a lens over each statement of a file that runs just this one", async () => {
    const document = sheet("LIST TABLE;\n-- 둘\nSELECT *\nFROM 사진;");
    await editor.open(document);
    const { answers } = await editor.ask("CodeLens", "provideCodeLenses", document);
    assert.equal(answers[0].length, 2);
    const { command, arguments: given } = answers[0][1].command;
    await editor.run(command, ...given);
    assert.deepEqual(editor.notebooks[0].cells.map(({ value }) => value), ["SELECT *\nFROM 사진"]);
  });

  test("completes a column that no cell has made yet, in cells of both kinds", async () => {
    const query = "SELECT  FROM (SEARCH IMAGE texts=['고양이', 'dog'] USING clip AS SELECT * FROM 사진)";
    const { cells } = await editor.openNotebook("/w/a.ipynb", [
      ["thanosql", query],
      ["python", `%%thanosql\n${query}`],
    ]);
    await until(() => editor.status.severity === 0 && !editor.status.busy, "the server");
    for (const [index, line] of [[0, 0], [1, 1]]) {
      const found = await labels(cells[index].document, line, 7);
      assert.ok(found.includes("clip_clipen_similarity2"), `cell ${index}: ${found}`);
      assert.ok(!found.includes("clip_clipen_similarity3"), `cell ${index}: ${found}`);
    }
  });
});
