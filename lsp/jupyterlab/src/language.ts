// ThanoSQL for CodeMirror: what the kernel's lexer takes for a token, coloured by what it means where it stands.
import { LanguageSupport, StreamLanguage, type StreamParser, type StringStream } from "@codemirror/language";
import { CONSTANTS, FUNCTIONS, INPUTS, OPTIONS, QUERIES, SQL, TYPES, begins, continues, quotesOf } from "./words";

const NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_]*/u;
const NUMBER = /^(?:\d(?:_?\d)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/;
const PARAMETER = /^\$[\p{L}_][\p{L}\p{M}\p{N}_]*/u;
const DOLLARS = /^\$(?:[\p{L}_][\p{L}\p{M}\p{N}_]*)?\$/u;
/** A text in quotes that a word processor bent; a ’ within a word ends none. */
const CURLY =
  /^(?:[“”„‟][^“”„‟]*[“”„‟]|[‘’‚‛](?:[^‘’‚‛]|(?<=[\p{L}\p{N}_])’(?=[\p{L}\p{N}_]))*(?:[‘‚‛]|(?<![\p{L}\p{N}_])’|’(?![\p{L}\p{N}_])))/u;
const OPERATOR = /^(?:->>|->|::|<=|>=|<>|!=|\|\||==|[-+*/%<>=^&|~!])/;
/** A line of the old notebooks that is no statement: a setting, an address, or a magic of Python. */
const OLD_LINE = /^%%\w+.*|^%thanosql\s+(?:\w+=|\w+:\/\/).*|^%(?!thanosql\b)\w+.*/;
/** `FILTER(WHERE …)` is no function. */
const CALLED = /^\((?!\s*WHERE\b)/i;

interface State {
  /** How many block comments are open. */
  comments: number;
  /** What closes the string or the quoted name that is open; "" when none is. */
  closing: string;
  /** The colour of what is open. */
  open: string;
  /** What each open parenthesis or bracket belongs to. */
  parens: ("options" | "cast" | "")[];
  /** The words of a statement's head that have been read, from its first on. */
  begun: string[];
  /** What double quotes hold in this statement. */
  quotes: "path" | "input" | "name";
  /** The last token that carries meaning, in capitals; ";" before the first. */
  last: string;
}

const start = (): State => ({ comments: 0, closing: "", open: "", parens: [], begun: [], quotes: "name", last: ";" });

function token(stream: StringStream, state: State): string | null {
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

/** Remember a token for those that follow it. */
function meaning(state: State, text: string, colour: string): string {
  state.last = text;
  return colour;
}

function isFirstOfLine(stream: StringStream): boolean {
  return /\S/.exec(stream.string)?.index === stream.pos;
}

/** Comments hold comments, as DuckDB reads them. */
function blockComment(stream: StringStream, state: State, opened = 0): string {
  state.comments += opened;
  while (state.comments && stream.match(/^.*?(\/\*|\*\/)/, false)) {
    const [, mark] = stream.match(/^.*?(\/\*|\*\/)/) as RegExpMatchArray;
    state.comments += mark === "/*" ? 1 : -1;
  }
  if (state.comments) stream.skipToEnd();
  return "comment";
}

function string(stream: StringStream, state: State): string | null {
  if (stream.match(CURLY)) return meaning(state, "'", "string");
  const begin = stream.match(/^[eE]?'/) || stream.match(/^"/) || stream.match(DOLLARS);
  if (!begin || begin === true) return null;
  state.closing = begin[0].toUpperCase() === "E'" ? "\\'" : begin[0];
  state.open = begin[0] === '"' && !isText(state) ? "string.special" : "string";
  state.last = begin[0];
  return goOn(stream, state);
}

/** Whether what stands in double quotes here is a text and not a name. */
function isText(state: State): boolean {
  if (state.parens.at(-1) === "options" || state.quotes === "path") return true;
  return state.quotes === "input" && ["=", "[", ","].includes(state.last);
}

/** The rest of a string or quoted name, as far as it is in this line. */
function goOn(stream: StringStream, state: State): string {
  const { closing } = state;
  const rest: Record<string, RegExp> = { "'": /^(?:[^']|'')*'/, '"': /^(?:[^"]|"")*"/, "\\'": /^(?:[^'\\]|\\.|'')*'/ };
  const ends = rest[closing] ? stream.match(rest[closing]) : stream.skipTo(closing) && stream.match(closing);
  if (ends) state.closing = "";
  else stream.skipToEnd();
  return state.open;
}

function number(stream: StringStream, state: State): string | null {
  if (stream.match(NUMBER)) return meaning(state, "0", "number");
  return stream.match(PARAMETER) ? meaning(state, "$", "variableName.special") : null;
}

function word(stream: StringStream, state: State, isFirst: boolean): string | null {
  const found = stream.match(NAME);
  if (!found || found === true) return null;
  const text = found[0].toUpperCase();
  const rest = stream.string.slice(stream.pos);
  const colour = headColour(state, text, rest, isFirst) ?? wordColour(state, found[0], text, rest);
  return meaning(state, text, colour);
}

/** The colour of a word of a statement's head. */
function headColour(state: State, text: string, rest: string, isFirst: boolean): string | null {
  const goesOn = state.begun.at(-1) === state.last && continues(state.begun, text);
  if (!goesOn && !(mayBegin(state, isFirst) && begins(text, rest))) return null;
  state.begun = goesOn ? [...state.begun, text] : [text];
  state.quotes = quotesOf(state.begun);
  return "keyword";
}

/** A statement begins behind ";", "(" and AS, and at the start of a line that is in no list. */
function mayBegin(state: State, isFirst: boolean): boolean {
  return [";", "(", "AS"].includes(state.last) ? state.parens.at(-1) !== "options" : isFirst && !state.parens.length;
}

function wordColour(state: State, name: string, text: string, rest: string): string {
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

/** The name of an option, or of what is searched for. */
function argumentColour(name: string, isInOptions: boolean): string {
  const known = isInOptions ? OPTIONS : INPUTS;
  return known.has(name.toLowerCase()) ? "attributeName" : "variableName";
}

function isType(state: State, text: string, rest: string): boolean {
  if (!TYPES.has(text)) return false;
  const isCast = state.last === "::" || (state.last === "AS" && state.parens.at(-1) === "cast");
  return isCast || (/^\s*\(/.test(rest) && !SQL.has(text));
}

function sqlColour(state: State, text: string): string {
  // Behind AS it is another statement's turn, or a query's.
  if (text === "AS" || QUERIES.has(text)) state.quotes = "name";
  return "keyword";
}

function symbol(stream: StringStream, state: State): string {
  if (stream.match(/^[([{]/)) return opening(stream, state);
  if (stream.match(/^[)\]}]/)) return closing(stream, state);
  if (stream.match(OPERATOR)) return meaning(state, stream.current(), "operator");
  stream.next();
  if (stream.current() === ";") Object.assign(state, start());
  return meaning(state, stream.current(), "punctuation");
}

function opening(stream: StringStream, state: State): string {
  const isCast = state.last === "CAST" || state.last === "TRY_CAST";
  const isOptions = state.last === "OPTIONS" || state.parens.at(-1) === "options";
  state.parens = [...state.parens, isOptions ? "options" : isCast ? "cast" : ""];
  return meaning(state, stream.current(), "bracket");
}

function closing(stream: StringStream, state: State): string {
  state.parens = state.parens.slice(0, -1);
  return meaning(state, stream.current(), "bracket");
}

const parser: StreamParser<State> = {
  name: "thanosql",
  startState: start,
  token,
  languageData: {
    commentTokens: { line: "--", block: { open: "/*", close: "*/" } },
    closeBrackets: { brackets: ["(", "[", "{", "'", '"'] },
  },
};

export const thanosql = StreamLanguage.define(parser);

/** The language, as an editor takes it. */
export const support = (): LanguageSupport => new LanguageSupport(thanosql);
