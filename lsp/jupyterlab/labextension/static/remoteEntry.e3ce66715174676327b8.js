(() => {
function container(main, packages) {
  let shared = {};
  return {
    /** JupyterLab says which packages it shares. */
    init: (scope) => {
      shared = scope;
    },
    /** The module of that name is our only one. */
    get: async () => {
      const factories = await Promise.all(packages.map((name) => offered(shared, name).get()));
      const loaded = new Map(packages.map((name, at) => [name, factories[at]()]));
      const exports = main((name) => loaded.get(name), { exports: {} });
      return () => exports;
    }
  };
}
function offered(shared, name) {
  const versions = Object.entries(shared[name] ?? {});
  const [best] = versions.sort(([a, one], [b, other]) => rank(other) - rank(one) || compare(b, a));
  if (!best) throw new Error(`JupyterLab offers no ${name}`);
  return best[1];
}
function rank(offer) {
  return offer.loaded ? 1 : 0;
}
function compare(a, b) {
  return a.localeCompare(b, "en", { numeric: true });
}

const main = (require, module) => {
"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// src/index.ts
var index_exports = {};
__export(index_exports, {
  default: () => index_default
});
module.exports = __toCommonJS(index_exports);
var import_codemirror = require("@jupyterlab/codemirror");

// src/language.ts
var import_language = require("@codemirror/language");

// ../../thanosql_kernel/jupyter/vocabulary.json
var vocabulary_default = {
  heads: ["ALTER TABLE", "ALTER VIEW", "BUILD", "BUILD MODEL", "CONVERT USING", "COPY", "CREATE INDEX", "CREATE MATERIALIZED VIEW", "CREATE OR REPLACE INDEX", "CREATE OR REPLACE TABLE", "CREATE OR REPLACE TEMP", "CREATE OR REPLACE TEMP VIEW", "CREATE OR REPLACE TEMPORARY", "CREATE OR REPLACE TEMPORARY VIEW", "CREATE OR REPLACE VIEW", "CREATE TABLE", "CREATE TEMP TABLE", "CREATE TEMP VIEW", "CREATE TEMPORARY TABLE", "CREATE TEMPORARY VIEW", "CREATE VIEW", "DELETE FROM", "DELETE MODEL", "DESC", "DESCRIBE", "DROP INDEX", "DROP MODEL", "DROP TABLE", "DROP VIEW", "EVALUATE USING", "EXPLAIN", "EXPORT", "EXPORT MODEL", "FIT MODEL", "FROM", "FUNCTION", "GENERATE USING", "GET THANOSQL DATASET", "GET THANOSQL MODEL", "HELP", "INSERT INTO", "INSERT OR IGNORE INTO", "INSERT OR REPLACE INTO", "LIST INDEX", "LIST MODEL", "LIST MODELS", "LIST TABLE", "LIST TABLES", "LIST THANOSQL DATASET", "LIST THANOSQL MODEL", "LIST THANOSQL TUTORIAL", "LIST VIEW", "LIST VIEWS", "MERGE INTO", "PIVOT", "PREDICT USING", "PREPROCESS AUDIO", "PREPROCESS IMAGE", "PREPROCESS VIDEO", "PRINT AUDIO", "PRINT IMAGE", "PRINT VIDEO", "REFRESH", "RESET VARIABLE", "RESTORE", "RESTORE TABLE", "SEARCH AUDIO", "SEARCH IMAGE", "SEARCH KEYWORD", "SEARCH TEXT", "SEARCH VIDEO", "SELECT", "SET", "SET VARIABLE", "SHOW INDEXES", "SHOW SETTINGS", "SHOW TABLES", "SHOW VARIABLES", "SHOW VERSIONS", "SHOW VIEWS", "SUMMARIZE", "TABLE", "TRANSFORM USING", "TRUNCATE", "UNPIVOT", "UPDATE", "UPLOAD MODEL", "VACUUM", "VALUES", "WITH"],
  readers: ["COPY", "CREATE OR REPLACE TABLE", "CREATE OR REPLACE TEMP", "CREATE OR REPLACE TEMPORARY", "CREATE TABLE", "CREATE TEMP TABLE", "CREATE TEMPORARY TABLE", "FUNCTION", "PREPROCESS AUDIO", "PREPROCESS IMAGE", "PREPROCESS VIDEO", "REFRESH", "UPLOAD MODEL"],
  searches: ["SEARCH AUDIO", "SEARCH IMAGE", "SEARCH KEYWORD", "SEARCH TEXT", "SEARCH VIDEO"],
  kinds: ["AUDIO", "DATASET", "IMAGE", "INDEX", "INTO", "MODEL", "MODELS", "TABLE", "TABLES", "TEMP", "TEMPORARY", "TEXT", "TUTORIAL", "VIDEO", "VIEW", "VIEWS"],
  sql: ["ALL", "ANALYSE", "ANALYZE", "AND", "ANTI", "ANY", "ARRAY", "AS", "ASC", "ASOF", "ASYMMETRIC", "AT", "AUTHORIZATION", "BETWEEN", "BINARY", "BOTH", "BY", "CASE", "CAST", "CHECK", "COLLATE", "COLLATION", "COLUMN", "CONCURRENTLY", "CONSTRAINT", "CREATE", "CROSS", "DEFAULT", "DEFERRABLE", "DESC", "DESCRIBE", "DISTINCT", "DO", "ELSE", "END", "ESCAPE", "EXCEPT", "EXCLUDE", "EXISTS", "FETCH", "FILTER", "FIRST", "FOLLOWING", "FOR", "FOREIGN", "FREEZE", "FROM", "FULL", "GLOB", "GROUP", "HAVING", "IF", "ILIKE", "IN", "INITIALLY", "INNER", "INTERSECT", "INTERVAL", "INTO", "IS", "ISNULL", "JOIN", "LAMBDA", "LAST", "LATERAL", "LEADING", "LEFT", "LIKE", "LIMIT", "NATURAL", "NOT", "NOTNULL", "NULLS", "OFFSET", "ON", "ONLY", "OR", "ORDER", "OUTER", "OVER", "OVERLAPS", "PARTITION", "PIVOT", "PIVOT_LONGER", "PIVOT_WIDER", "PLACING", "POSITIONAL", "PRECEDING", "PRIMARY", "QUALIFY", "RANGE", "RECURSIVE", "REFERENCES", "REPLACE", "RETURNING", "RIGHT", "ROWS", "SELECT", "SEMI", "SET", "SHOW", "SIMILAR", "SOME", "SUMMARIZE", "SYMMETRIC", "TABLE", "TABLESAMPLE", "THEN", "TO", "TRAILING", "TRY_CAST", "UNBOUNDED", "UNION", "UNIQUE", "UNPACK", "UNPIVOT", "USING", "VALUES", "VARIADIC", "VERBOSE", "WHEN", "WHERE", "WINDOW", "WITH"],
  constants: ["FALSE", "NONE", "NULL", "TRUE"],
  types: ["BIGINT", "BIGNUM", "BIT", "BITSTRING", "BLOB", "BOOL", "BOOLEAN", "BPCHAR", "BYTEA", "CHAR", "DATE", "DATETIME", "DEC", "DECIMAL", "DOUBLE", "ENUM", "FLOAT", "FLOAT4", "FLOAT8", "GEOMETRY", "GUID", "HUGEINT", "INT", "INT1", "INT128", "INT16", "INT2", "INT32", "INT4", "INT64", "INT8", "INTEGER", "INTEGRAL", "INTERVAL", "JSON", "LIST", "LOGICAL", "LONG", "MAP", "NUMERIC", "NVARCHAR", "OID", "REAL", "ROW", "SHORT", "SIGNED", "SMALLINT", "STRING", "STRUCT", "TEXT", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMPTZ_NS", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP_S", "TIMESTAMP_US", "TIMETZ", "TIME_NS", "TINYINT", "TUPLE", "TYPE", "UBIGINT", "UHUGEINT", "UINT128", "UINT16", "UINT32", "UINT64", "UINT8", "UINTEGER", "USMALLINT", "UTINYINT", "UUID", "VARBINARY", "VARCHAR", "VARIANT", "VARINT"],
  functions: ["BITSTRING", "FILTER", "FIRST", "GLOB", "IF", "JSON", "LAST", "LEFT", "LIST", "MAP", "RANGE", "REPLACE", "RIGHT", "ROW", "SHOW", "UUID"],
  options: ["audio_col", "audio_column", "base_dir", "batch_size", "burst_threshold", "color", "column_name", "columns", "convert_type", "data_type", "date_col", "date_column", "delim", "delimiter", "diverse", "diversity", "dtypes", "emb_col", "encoding", "epochs", "exclude", "file_name", "file_type", "filename", "folder_name", "follow_links", "format", "framework", "group_by", "header", "if_exists", "image_col", "image_column", "input_size", "interval", "keyword", "keyword_col", "label", "label_col", "labels", "lang", "learning_rate", "level", "limit", "max_epochs", "media", "metadata", "method", "method_name", "missing", "model_name", "moments", "ngram_range", "on_error", "overwrite", "path_type", "pattern", "pretrained", "recursive", "relevance", "result_col", "result_dir", "scenes", "search_by", "search_input", "search_input_type", "seconds", "sep", "separator", "sheet", "sheet_name", "size", "skip", "skiprows", "src_emb_col", "src_label_col", "src_table", "table_name", "target_emb_col", "template", "text_col", "threshold", "time_col", "top_k", "top_n", "topk", "types", "use_stopwords", "vectors_of", "video_col", "video_column", "views", "weights", "width", "workers"],
  inputs: ["image", "images", "text", "texts", "weights"]
};

// src/words.ts
var SQL = new Set(vocabulary_default.sql);
var CONSTANTS = new Set(vocabulary_default.constants);
var TYPES = new Set(vocabulary_default.types);
var FUNCTIONS = new Set(vocabulary_default.functions);
var OPTIONS = new Set(vocabulary_default.options);
var INPUTS = new Set(vocabulary_default.inputs);
var QUERIES = new Set(vocabulary_default.heads.filter((head) => SQL.has(head) && head !== "FROM"));
var READERS = new Set(vocabulary_default.readers);
var SEARCHES = new Set(vocabulary_default.searches);
var HEADS = /* @__PURE__ */ new Map();
for (const words of vocabulary_default.heads.map((head) => head.split(" "))) {
  const [first] = words;
  if (words.length > 1 || !SQL.has(first)) HEADS.set(first, [...HEADS.get(first) ?? [], words]);
}
var WORDS_AHEAD = /^(?:\s+[\p{L}_][\p{L}\p{M}\p{N}_]*)+/u;
function begins(word2, rest) {
  const heads = HEADS.get(word2);
  if (!heads) return false;
  if (/^\s*(?:--.*)?$/.test(rest)) return true;
  const ahead = (WORDS_AHEAD.exec(rest)?.[0] ?? "").toUpperCase().trim().split(/\s+/);
  const several = heads.some((head) => head.length > 1 && head.slice(1).every((next, at) => ahead[at] === next));
  const alone = heads.some((head) => head.length === 1);
  return several || alone && !/^\s*[=.,)]/.test(rest);
}
function continues(begun, word2) {
  const heads = HEADS.get(begun[0] ?? "") ?? [];
  return heads.some((head) => [...begun, word2].every((one, at) => head[at] === one));
}
function quotesOf(begun) {
  const head = begun.join(" ");
  if (SEARCHES.has(head)) return "input";
  return READERS.has(head) ? "path" : "name";
}

// src/language.ts
var NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_]*/u;
var NUMBER = /^(?:\d(?:_?\d)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/;
var PARAMETER = /^\$[\p{L}_][\p{L}\p{M}\p{N}_]*/u;
var DOLLARS = /^\$(?:[\p{L}_][\p{L}\p{M}\p{N}_]*)?\$/u;
var CURLY = /^(?:[“”„‟][^“”„‟]*[“”„‟]|[‘’‚‛](?:[^‘’‚‛]|(?<=[\p{L}\p{N}_])’(?=[\p{L}\p{N}_]))*(?:[‘‚‛]|(?<![\p{L}\p{N}_])’|’(?![\p{L}\p{N}_])))/u;
var OPERATOR = /^(?:->>|->|::|<=|>=|<>|!=|\|\||==|[-+*/%<>=^&|~!])/;
var OLD_LINE = /^%%\w+.*|^%thanosql\s+(?:\w+=|\w+:\/\/).*|^%(?!thanosql\b)\w+.*/;
var CALLED = /^\((?!\s*WHERE\b)/i;
var start = () => ({ comments: 0, closing: "", open: "", parens: [], begun: [], quotes: "name", last: ";" });
function token(stream, state) {
  if (state.comments) return blockComment(stream, state);
  if (state.closing) return goOn(stream, state);
  if (stream.sol() && stream.match(/^#(?![0-9]).*/)) return "comment";
  if (stream.eatSpace()) return null;
  if (stream.match(/^--.*/)) return "comment";
  if (stream.match("/*")) return blockComment(stream, state, 1);
  const isFirst = isFirstOfLine(stream);
  if (isFirst && !state.parens.length && stream.match(OLD_LINE)) return "meta";
  if (isFirst && stream.match(/^%thanosql\b/)) return meaning(state, ";", "meta");
  return string(stream, state) ?? number(stream, state) ?? word(stream, state, isFirst) ?? symbol(stream, state);
}
function meaning(state, text, colour) {
  state.last = text;
  return colour;
}
function isFirstOfLine(stream) {
  return /\S/.exec(stream.string)?.index === stream.pos;
}
function blockComment(stream, state, opened = 0) {
  state.comments += opened;
  while (state.comments && stream.match(/^.*?(\/\*|\*\/)/, false)) {
    const [, mark] = stream.match(/^.*?(\/\*|\*\/)/);
    state.comments += mark === "/*" ? 1 : -1;
  }
  if (state.comments) stream.skipToEnd();
  return "comment";
}
function string(stream, state) {
  if (stream.match(CURLY)) return meaning(state, "'", "string");
  const begin = stream.match(/^[eE]?'/) || stream.match(/^"/) || stream.match(DOLLARS);
  if (!begin || begin === true) return null;
  state.closing = begin[0].toUpperCase() === "E'" ? "\\'" : begin[0];
  state.open = begin[0] === '"' && !isText(state) ? "string.special" : "string";
  state.last = begin[0];
  return goOn(stream, state);
}
function isText(state) {
  if (state.parens.at(-1) === "options" || state.quotes === "path") return true;
  return state.quotes === "input" && ["=", "[", ","].includes(state.last);
}
function goOn(stream, state) {
  const { closing: closing2 } = state;
  const rest = { "'": /^(?:[^']|'')*'/, '"': /^(?:[^"]|"")*"/, "\\'": /^(?:[^'\\]|\\.|'')*'/ };
  const ends = rest[closing2] ? stream.match(rest[closing2]) : stream.skipTo(closing2) && stream.match(closing2);
  if (ends) state.closing = "";
  else stream.skipToEnd();
  return state.open;
}
function number(stream, state) {
  if (stream.match(NUMBER)) return meaning(state, "0", "number");
  return stream.match(PARAMETER) ? meaning(state, "$", "variableName.special") : null;
}
function word(stream, state, isFirst) {
  const found = stream.match(NAME);
  if (!found || found === true) return null;
  const text = found[0].toUpperCase();
  const rest = stream.string.slice(stream.pos);
  const colour = headColour(state, text, rest, isFirst) ?? wordColour(state, found[0], text, rest);
  return meaning(state, text, colour);
}
function headColour(state, text, rest, isFirst) {
  const goesOn = state.begun.at(-1) === state.last && continues(state.begun, text);
  if (!goesOn && !(mayBegin(state, isFirst) && begins(text, rest))) return null;
  state.begun = goesOn ? [...state.begun, text] : [text];
  state.quotes = quotesOf(state.begun);
  return "keyword";
}
function mayBegin(state, isFirst) {
  return [";", "(", "AS"].includes(state.last) ? state.parens.at(-1) !== "options" : isFirst && !state.parens.length;
}
function wordColour(state, name, text, rest) {
  const { last } = state;
  if (last === ".") return "propertyName";
  const isInOptions = state.parens.at(-1) === "options";
  if ((isInOptions || state.quotes === "input") && /^\s*=/.test(rest)) return argumentColour(name, isInOptions);
  if (last === "USING" && text !== "SAMPLE") return "variableName.special";
  if (CONSTANTS.has(text)) return text === "TRUE" || text === "FALSE" ? "bool" : "null";
  if (FUNCTIONS.has(text) && CALLED.test(rest)) return "variableName.standard";
  if (isInOptions) return "string";
  if (isType(state, text, rest)) return "variableName.standard";
  if (SQL.has(text)) return sqlColour(state, text);
  if (text === "OPTIONS" && /^\s*(?:\(|$)/.test(rest)) return "keyword";
  return CALLED.test(rest) ? "variableName.standard" : "variableName";
}
function argumentColour(name, isInOptions) {
  const known = isInOptions ? OPTIONS : INPUTS;
  return known.has(name.toLowerCase()) ? "attributeName" : "variableName";
}
function isType(state, text, rest) {
  if (!TYPES.has(text)) return false;
  const isCast = state.last === "::" || state.last === "AS" && state.parens.at(-1) === "cast";
  return isCast || /^\s*\(/.test(rest) && !SQL.has(text);
}
function sqlColour(state, text) {
  if (text === "AS" || QUERIES.has(text)) state.quotes = "name";
  return "keyword";
}
function symbol(stream, state) {
  if (stream.match(/^[([{]/)) return opening(stream, state);
  if (stream.match(/^[)\]}]/)) return closing(stream, state);
  if (stream.match(OPERATOR)) return meaning(state, stream.current(), "operator");
  stream.next();
  if (stream.current() === ";") Object.assign(state, start());
  return meaning(state, stream.current(), "punctuation");
}
function opening(stream, state) {
  const isCast = state.last === "CAST" || state.last === "TRY_CAST";
  const isOptions = state.last === "OPTIONS" || state.parens.at(-1) === "options";
  state.parens = [...state.parens, isOptions ? "options" : isCast ? "cast" : ""];
  return meaning(state, stream.current(), "bracket");
}
function closing(stream, state) {
  state.parens = state.parens.slice(0, -1);
  return meaning(state, stream.current(), "bracket");
}
var parser = {
  name: "thanosql",
  startState: start,
  token,
  languageData: {
    commentTokens: { line: "--", block: { open: "/*", close: "*/" } },
    closeBrackets: { brackets: ["(", "[", "{", "'", '"'] }
  }
};
var thanosql = import_language.StreamLanguage.define(parser);
var support = () => new import_language.LanguageSupport(thanosql);

// src/index.ts
var MIME = "text/x-thanosql";
var plugin = {
  id: "thanosql-jupyterlab:language",
  description: "The language and the file type of ThanoSQL.",
  autoStart: true,
  requires: [import_codemirror.IEditorLanguageRegistry],
  activate: (app, languages) => {
    languages.addLanguage({
      name: "thanosql",
      displayName: "ThanoSQL",
      mime: MIME,
      extensions: ["thanosql"],
      support: support()
    });
    app.docRegistry.addFileType({
      name: "thanosql",
      displayName: "ThanoSQL File",
      extensions: [".thanosql"],
      mimeTypes: [MIME],
      contentType: "file",
      fileFormat: "text"
    });
  }
};
var index_default = plugin;

return module.exports;
};
(globalThis._JUPYTERLAB ??= {})["thanosql-jupyterlab"] = container(main, ["@codemirror/language","@jupyterlab/codemirror"]);
})();
