// A small editor: as much of the `vscode` module as the extension and its language client use, in memory.
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { URI } from "vscode-uri";

const require = createRequire(import.meta.url);
export const root = fileURLToPath(new URL("..", import.meta.url));
const { contributes } = require(join(root, "package.json"));
const bundle = join(root, "dist", "extension.js");

export class Emitter {
  listeners = new Set();
  event = (listener, self, disposables) => {
    const bound = self === undefined ? listener : listener.bind(self);
    this.listeners.add(bound);
    const disposable = { dispose: () => this.listeners.delete(bound) };
    disposables?.push(disposable);
    return disposable;
  };
  fire(value) {
    return [...this.listeners].map((listener) => listener(value));
  }
  dispose() {
    this.listeners.clear();
  }
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

class Range {
  constructor(...at) {
    const [start, end] = at.length === 2 ? at : [new Position(at[0], at[1]), new Position(at[2], at[3])];
    Object.assign(this, { start, end });
  }
}

class Disposable {
  static from(...items) {
    return new Disposable(() => items.forEach((item) => item.dispose()));
  }
  constructor(dispose) {
    this.dispose = dispose ?? (() => {});
  }
}

class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: new Emitter().event };
  cancel() {
    this.token.isCancellationRequested = true;
  }
  dispose() {}
}

class CompletionItem {
  constructor(label, kind) {
    Object.assign(this, { label, kind });
  }
}

class CompletionList {
  constructor(items, isIncomplete) {
    Object.assign(this, { items, isIncomplete });
  }
}

class CodeActionKind {
  static Empty = new CodeActionKind("");
  constructor(value) {
    this.value = value;
  }
  append(part) {
    return new CodeActionKind(this.value ? `${this.value}.${part}` : part);
  }
}
for (const name of ["QuickFix", "Refactor", "Source", "Notebook"]) CodeActionKind[name] = new CodeActionKind(name.toLowerCase());

class NotebookCellData {
  constructor(kind, value, languageId) {
    Object.assign(this, { kind, value, languageId });
  }
}

export class Document {
  version = 1;
  isClosed = false;
  constructor(uri, languageId, text, notebook) {
    Object.assign(this, { uri: URI.parse(uri), languageId, text, notebook });
  }
  getText(range) {
    if (range === undefined) return this.text;
    return this.text.slice(this.offsetAt(range.start), this.offsetAt(range.end));
  }
  offsetAt({ line, character }) {
    return this.text.split("\n").slice(0, line).join("\n").length + (line > 0 ? 1 : 0) + character;
  }
}

function matches(selector, document) {
  const filters = Array.isArray(selector) ? selector : [selector];
  return Math.max(0, ...filters.map((filter) => matchesOne(filter, document)));
}

function matchesOne(filter, document) {
  if (typeof filter === "string") return matchesOne({ language: filter }, document);
  if (filter.language && filter.language !== "*" && filter.language !== document.languageId) return 0;
  if (filter.scheme && filter.scheme !== document.uri.scheme) return 0;
  if (filter.notebookType && filter.notebookType !== document.notebook?.notebookType) return 0;
  return 10;
}

/** The module with an empty class for each class and enumeration that the bundle names and is not known. */
function withEmptyClasses(known) {
  const named = readFileSync(bundle, "utf8").matchAll(/\b\w*(?:vscode|code)\w*\.([A-Z]\w+)/gi);
  for (const [, name] of named) if (/^[A-Z]/.test(name)) known[name] ??= class {};
  return known;
}

/** An editor with nothing open. */
export class Editor {
  settings = Object.fromEntries(
    Object.entries(contributes.configuration.properties).map(([name, { default: value }]) => [name, value]),
  );
  documents = [];
  notebooks = [];
  extensions = {};
  commands = new Map();
  providers = [];
  messages = [];
  executed = [];
  output = [];
  status = undefined;
  clipboard = "";
  isTrusted = true;
  folders = undefined;
  press = () => undefined;
  events = {};

  on(name) {
    return (this.events[name] ??= new Emitter());
  }

  /** Load the bundle anew and activate it. */
  async activate() {
    delete require.cache[bundle];
    const load = Module._load;
    Module._load = (name, ...rest) => (name === "vscode" ? this.vscode : load(name, ...rest));
    try {
      this.extension = require(bundle);
    } finally {
      Module._load = load;
    }
    this.context = { subscriptions: [], extensionPath: root };
    await this.extension.activate(this.context);
  }

  async close() {
    await this.extension.deactivate();
    for (const item of this.context.subscriptions) item.dispose();
  }

  open(document) {
    this.documents.push(document);
    return Promise.all(this.on("onDidOpenTextDocument").fire(document));
  }

  /** Open a notebook with cells given as `[language, text]`. */
  async openNotebook(name, cells, notebookType = "jupyter-notebook") {
    const notebook = { uri: URI.file(name), notebookType, version: 1, metadata: {}, isClosed: false, isDirty: false };
    const documents = cells.map(
      ([language, text], index) => new Document(`vscode-notebook-cell:${name}#C${index}`, language, text, notebook),
    );
    notebook.cells = documents.map((document, index) => ({ index, notebook, kind: 2, document, metadata: {}, outputs: [] }));
    notebook.getCells = () => notebook.cells;
    notebook.cellCount = cells.length;
    this.notebooks.push(notebook);
    this.documents.push(...documents);
    this.on("onDidOpenNotebookDocument").fire(notebook);
    await Promise.all(documents.flatMap((document) => this.on("onDidOpenTextDocument").fire(document)));
    return notebook;
  }

  async type(document, text) {
    document.text = text;
    document.version += 1;
    await Promise.all(this.on("onDidChangeTextDocument").fire({ document, contentChanges: [] }));
  }

  set(name, value) {
    this.settings[name] = value;
    const affectsConfiguration = (section) => name === section || name.startsWith(`${section}.`);
    return Promise.all(this.on("onDidChangeConfiguration").fire({ affectsConfiguration }));
  }

  run(command, ...args) {
    return this.commands.get(command)(...args);
  }

  /** What the providers of a kind answer for a document. */
  async ask(kind, method, document, ...args) {
    const token = new CancellationTokenSource().token;
    const found = this.providers.filter((one) => one.kind === kind && matches(one.selector, document) > 0);
    const answers = await Promise.all(found.map(({ provider }) => provider[method](document, ...args, token, {})));
    return { providers: found.length, answers: answers.filter((answer) => answer !== undefined && answer !== null) };
  }

  configuration(section) {
    const prefix = section ? `${section}.` : "";
    const here = Object.entries(this.settings).filter(([name]) => name === section || name.startsWith(prefix));
    const get = (name, otherwise) => {
      if (`${prefix}${name}` in this.settings) return this.settings[`${prefix}${name}`];
      const inside = here.filter(([key]) => key.startsWith(`${prefix}${name}.`));
      if (inside.length === 0) return otherwise;
      return nested(inside.map(([key, value]) => [key.slice(prefix.length + name.length + 1), value]));
    };
    return { get, inspect: () => undefined, has: (name) => get(name) !== undefined };
  }

  vscode = this.module();

  module() {
    const editor = this;
    const event = (name) => this.on(name).event;
    const say = (severity) => (text, ...buttons) => {
      this.messages.push({ severity, text, buttons });
      return Promise.resolve(this.press(buttons));
    };
    const known = {
      version: "1.100.0",
      CodeActionKind,
      CompletionItem,
      CompletionList,
      EventEmitter: Emitter,
      CancellationTokenSource,
      Disposable,
      NotebookCellData,
      Position,
      Range,
      Uri: URI,
      LanguageStatusSeverity: { Information: 0, Warning: 1, Error: 2 },
      LogLevel: { Off: 0, Trace: 1, Info: 3 },
      NotebookCellKind: { Markup: 1, Code: 2 },
      ViewColumn: { Beside: -2 },
      env: { language: "en", appName: "Editor", clipboard: { writeText: async (text) => void (this.clipboard = text) } },
      commands: {
        registerCommand: (name, callback) => {
          if (this.commands.has(name)) throw new Error(`command '${name}' already exists`);
          this.commands.set(name, callback);
          return new Disposable(() => this.commands.delete(name));
        },
        executeCommand: async (...call) => void this.executed.push(call),
      },
      l10n: { t: (text, ...values) => text.replace(/\{(\d+)\}/g, (_, at) => values[at]) },
      extensions: { getExtension: (name) => this.extensions[name], onDidChange: event("onDidChangeExtensions") },
      languages: {
        match: matches,
        createDiagnosticCollection: () => ({ set() {}, delete() {}, clear() {}, dispose() {} }),
        createLanguageStatusItem: (id, selector) => (this.status = { id, selector, dispose() {} }),
      },
      window: {
        activeTextEditor: undefined,
        visibleTextEditors: [],
        tabGroups: { all: [], onDidChangeTabs: event("onDidChangeTabs"), onDidChangeTabGroups: event("onDidChangeTabGroups") },
        createOutputChannel: () => this.channel(),
        setStatusBarMessage: () => new Disposable(),
        showErrorMessage: say("error"),
        showInformationMessage: say("information"),
        showWarningMessage: say("warning"),
        showNotebookDocument: async (notebook, options) => {
          this.shown = { notebook, options };
          return { revealRange() {} };
        },
      },
      workspace: {
        get isTrusted() {
          return editor.isTrusted;
        },
        get notebookDocuments() {
          return editor.notebooks;
        },
        get textDocuments() {
          return editor.documents;
        },
        get workspaceFolders() {
          return editor.folders;
        },
        getConfiguration: (section) => this.configuration(section),
        getWorkspaceFolder: () => undefined,
        openTextDocument: async (uri) => this.documents.find((one) => one.uri.toString() === uri.toString()),
        openNotebookDocument: async (type, { metadata }) => this.untitledNotebook(type, metadata),
        applyEdit: async (edit) => edit.apply(),
      },
      NotebookData: class {
        constructor(cells) {
          this.cells = cells;
        }
      },
      NotebookRange: class {
        constructor(start, end) {
          Object.assign(this, { start, end });
        }
      },
      NotebookEdit: { insertCells: (index, cells) => ({ index, cells }) },
      WorkspaceEdit: class {
        set(uri, edits) {
          this.apply = () => edits.forEach(({ index, cells }) => editor.notebookAt(uri).insert(index, cells));
        }
      },
    };
    known.languages = this.registering(known.languages);
    known.window = this.listening(known.window);
    known.workspace = this.listening(known.workspace);
    return withEmptyClasses(known);
  }

  /** `registerXProvider` of every kind, remembered. */
  registering(languages) {
    return new Proxy(languages, {
      get: (target, name) => {
        const kind = /^register(\w+)Provider$/.exec(name)?.[1];
        if (name in target || kind === undefined) return target[name];
        return (selector, provider) => {
          const entry = { kind, selector, provider };
          this.providers.push(entry);
          return new Disposable(() => void (this.providers = this.providers.filter((other) => other !== entry)));
        };
      },
    });
  }

  /** `onDidX` and `onWillX` of every kind. */
  listening(target) {
    return new Proxy(target, {
      get: (known, name) => (/^on(Did|Will)/.test(name) && !(name in known) ? this.on(name).event : known[name]),
    });
  }

  channel() {
    const write = (level) => (text) => void this.output.push(`${level}: ${text}`);
    return {
      logLevel: 3,
      onDidChangeLogLevel: this.on("onDidChangeLogLevel").event,
      ...Object.fromEntries(["trace", "debug", "info", "warn", "error", "append", "appendLine"].map((name) => [name, write(name)])),
      show: () => void (this.isOutputShown = true),
      dispose() {},
    };
  }

  untitledNotebook(notebookType, metadata) {
    const cells = [];
    const notebook = { uri: URI.parse(`untitled:${this.notebooks.length}.ipynb`), notebookType, metadata, cells, isClosed: false };
    Object.defineProperty(notebook, "cellCount", { get: () => cells.length });
    notebook.getCells = () => cells;
    notebook.insert = (index, added) => cells.splice(index, 0, ...added);
    this.notebooks.push(notebook);
    return notebook;
  }

  notebookAt(uri) {
    return this.notebooks.find((notebook) => notebook.uri.toString() === uri.toString());
  }
}

/** `a.b = 1` as `{ a: { b: 1 } }`. */
function nested(entries) {
  const made = {};
  for (const [name, value] of entries) {
    const parts = name.split(".");
    const last = parts.pop();
    parts.reduce((at, part) => (at[part] ??= {}), made)[last] = value;
  }
  return made;
}
