// The words of the language, ready to be looked up.
import vocabulary from "../../../thanosql_kernel/jupyter/vocabulary.json";

export const SQL = new Set(vocabulary.sql);
export const CONSTANTS = new Set(vocabulary.constants);
export const TYPES = new Set(vocabulary.types);
export const FUNCTIONS = new Set(vocabulary.functions);
export const OPTIONS = new Set(vocabulary.options);
export const INPUTS = new Set(vocabulary.inputs);
/** What begins a query, but for FROM, which also goes on with other statements. */
export const QUERIES = new Set(vocabulary.heads.filter((head) => SQL.has(head) && head !== "FROM"));
const READERS = new Set(vocabulary.readers);
const SEARCHES = new Set(vocabulary.searches);

/** The words of each head, by the first of them; not the heads that are a word of SQL anyway. */
const HEADS = new Map<string, string[][]>();
for (const words of vocabulary.heads.map((head) => head.split(" "))) {
  const [first] = words as [string];
  if (words.length > 1 || !SQL.has(first)) HEADS.set(first, [...(HEADS.get(first) ?? []), words]);
}

const WORDS_AHEAD = /^(?:\s+[\p{L}_][\p{L}\p{M}\p{N}_]*)+/u;

/** Whether a word begins a statement, if one may begin where it stands; `rest` is what follows it in its line. */
export function begins(word: string, rest: string): boolean {
  const heads = HEADS.get(word);
  if (!heads) return false;
  // It goes on in the next line, which is not to be seen from here.
  if (/^\s*(?:--.*)?$/.test(rest)) return true;
  const ahead = (WORDS_AHEAD.exec(rest)?.[0] ?? "").toUpperCase().trim().split(/\s+/);
  const several = heads.some((head) => head.length > 1 && head.slice(1).every((next, at) => ahead[at] === next));
  const alone = heads.some((head) => head.length === 1);
  // Before these it is the name of a column.
  return several || (alone && !/^\s*[=.,)]/.test(rest));
}

/** Whether a word goes on with a head that has begun with `begun`. */
export function continues(begun: readonly string[], word: string): boolean {
  const heads = HEADS.get(begun[0] ?? "") ?? [];
  return heads.some((head) => [...begun, word].every((one, at) => head[at] === one));
}

/** What may stand in double quotes behind a head: a path, a text that is searched for, or names alone. */
export function quotesOf(begun: readonly string[]): "path" | "input" | "name" {
  const head = begun.join(" ");
  if (SEARCHES.has(head)) return "input";
  return READERS.has(head) ? "path" : "name";
}
