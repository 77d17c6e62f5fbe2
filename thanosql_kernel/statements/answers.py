"""Statements of SQL that have no sense here, and what there is instead of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from thanosql_kernel.errors import Span, Unsupported
from thanosql_kernel.sql.lexer import Token

Words = tuple[str, ...]

#: Stands in a head for one name, or for what is in parentheses.
SOMETHING = "…"

_ONE_COMMIT = (
    "each statement is one commit, whole or not at all; RESTORE t TO VERSION n brings an earlier version back"
)
_ONE_DATABASE = "there is one database, named by the folder of the notebook or by THANOSQL_DATABASE"
_NO_SCHEMAS = f"{_ONE_DATABASE}, and no schemas in it: a table's name stands alone"
_VARIABLES = "SET VARIABLE name = value gives a value to $name in any statement"
_FILES = "COPY t FROM 'path' reads csv, json, parquet and xlsx files and folders of pictures"
_SETTINGS = (
    "SET setting = value sets what SHOW SETTINGS lists, SET setting = DEFAULT brings a first value back"
)
_RIGHTS = "who may read the database's folder may read its tables"

#: What CREATE, DROP and ALTER may be about.
_THINGS = {
    "SCHEMA": _NO_SCHEMAS,
    "DATABASE": _ONE_DATABASE,
    "SEQUENCE": "SELECT row_number() OVER () numbers rows",
    "TYPE": "columns have DuckDB's own types, ENUM ('a', 'b') among them",
    "MACRO": "WITH name AS (…) names a part of a query, CREATE VIEW one of several",
    "FUNCTION": "DuckDB's own functions are there: SELECT * FROM duckdb_functions()",
    "INDEX": "searches and conditions read the columns that they need, and no index is kept",
    "TRIGGER": "what is to follow a statement stands behind it in the cell",
    "SECRET": f"no other service is asked; {_FILES}",
    "USER": _RIGHTS,
    "ROLE": _RIGHTS,
    "EXTENSION": f"no extensions are loaded; {_FILES}",
}
_MAKING: dict[Words, dict[str, str]] = {
    ("CREATE",): _THINGS,
    ("CREATE", "OR", "REPLACE"): _THINGS,
    ("DROP",): _THINGS,
    ("ALTER",): _THINGS,
}
_FOR_A_WHILE = {
    "TABLE": "CREATE TABLE t AS query stores it, DROP TABLE t removes it; WITH t AS (…) names rows of one query",
    "VIEW": "WITH v AS (…) names rows of one query, CREATE VIEW those of several",
    "MACRO": _THINGS["MACRO"],
    "FUNCTION": _THINGS["FUNCTION"],
    "SEQUENCE": _THINGS["SEQUENCE"],
}


def _about_things() -> Iterator[tuple[Words, str]]:
    for before, things in _MAKING.items():
        yield from (((*before, thing), instead) for thing, instead in things.items())
    for create, word in product((("CREATE",), ("CREATE", "OR", "REPLACE")), ("TEMP", "TEMPORARY")):
        yield from (((*create, word, thing), instead) for thing, instead in _FOR_A_WHILE.items())


#: Head words -> what there is instead.
ANSWERS: dict[Words, str] = {
    ("ATTACH",): f"{_ONE_DATABASE}; {_FILES}",
    ("DETACH",): _ONE_DATABASE,
    ("USE",): _NO_SCHEMAS,
    ("PRAGMA",): f"{_SETTINGS}; DESCRIBE t and information_schema.columns tell about tables",
    ("INSTALL",): _THINGS["EXTENSION"],
    ("FORCE", "INSTALL"): _THINGS["EXTENSION"],
    ("LOAD",): _THINGS["EXTENSION"],
    (
        "EXPORT",
        "DATABASE",
    ): "EXPORT t TO 'file.parquet' writes a table; the database is a folder that can be copied",
    ("IMPORT", "DATABASE"): "COPY t FROM 'file.parquet' reads a table",
    ("COPY", SOMETHING, "TO"): "EXPORT query TO 'file' writes csv, tsv, parquet, json, jsonl and html",
    ("COPY", "FROM", "DATABASE"): "the database is a folder that can be copied",
    **dict(_about_things()),
    ("CREATE", "UNIQUE", "INDEX"): _THINGS["INDEX"],
    ("CREATE", "PERSISTENT", "SECRET"): _THINGS["SECRET"],
    ("DROP", "PERSISTENT", "SECRET"): _THINGS["SECRET"],
    ("CREATE", "MATERIALIZED", "VIEW"): "CREATE OR REPLACE TABLE t AS query stores the rows of a query",
    ("REFRESH",): "CREATE OR REPLACE TABLE t AS query stores the rows anew",
    ("BEGIN",): _ONE_COMMIT,
    ("START", "TRANSACTION"): _ONE_COMMIT,
    ("COMMIT",): _ONE_COMMIT,
    ("END",): _ONE_COMMIT,
    ("ROLLBACK",): _ONE_COMMIT,
    ("ABORT",): _ONE_COMMIT,
    ("SAVEPOINT",): _ONE_COMMIT,
    ("PREPARE",): _VARIABLES,
    ("EXECUTE",): _VARIABLES,
    ("DEALLOCATE",): "RESET VARIABLE name takes the value of $name away",
    ("DECLARE",): _VARIABLES,
    ("CALL",): "SELECT * FROM function(…) gives the rows of a function",
    ("CHECKPOINT",): "every statement is stored when it ends; VACUUM gives back what the tables do not need",
    (
        "FORCE",
        "CHECKPOINT",
    ): "every statement is stored when it ends; VACUUM gives back what the tables do not need",
    (
        "ANALYZE",
    ): "SUMMARIZE t shows what a table's columns hold; there is nothing else to be kept up to date",
    ("REINDEX",): "VACUUM keeps tables compact, and no index is kept",
    ("GRANT",): _RIGHTS,
    ("REVOKE",): _RIGHTS,
    ("LOCK",): _ONE_COMMIT,
    ("UNLOCK",): _ONE_COMMIT,
    ("COMMENT", "ON"): "tables and columns keep no comments; a comment begins with -- in a cell",
    ("EXPLAIN", "ANALYZE"): "EXPLAIN query says what would be read, and runs nothing",
    ("RENAME", "TABLE"): "ALTER TABLE t RENAME TO new",
    ("REPLACE", "INTO"): "INSERT INTO t query adds rows, UPDATE t SET … changes them",
    ("SHOW", "ALL"): "SHOW TABLES lists the tables",
    ("SHOW", "DATABASES"): f"{_ONE_DATABASE}; SHOW TABLES lists its tables",
    ("SHOW", "SCHEMAS"): f"{_NO_SCHEMAS}; SHOW TABLES lists them",
    ("SHOW", "COLUMNS"): "DESCRIBE t lists the columns of a table",
    ("SHOW", "CREATE"): "DESCRIBE t lists the columns of a table with their types",
    ("SHOW", "FUNCTIONS"): _THINGS["FUNCTION"],
    ("SHOW", "INDEXES"): _THINGS["INDEX"],
    ("RESET",): f"{_SETTINGS}; RESET VARIABLE name is for variables",
    ("SET", "GLOBAL"): _SETTINGS,
    ("SET", "SESSION"): _SETTINGS,
    ("SET", "LOCAL"): _SETTINGS,
    ("SET", "SCHEMA"): _NO_SCHEMAS,
    ("SET", "TIME", "ZONE"): "timestamp AT TIME ZONE 'Asia/Seoul' gives the time there",
}

_LONGEST = max(map(len, ANSWERS))
_FIRST_WORDS = frozenset(words[0] for words in ANSWERS)


def answer(tokens: Sequence[Token], *, longer_than: int = 0) -> Unsupported | None:
    """What is said of a statement that has no sense here.

    Args:
        tokens: The statement's.
        longer_than: How many words of it begin a statement that there is.
    """
    if not tokens or tokens[0].upper not in _FIRST_WORDS:
        return None
    for length in range(_LONGEST, longer_than, -1):
        for words, end in _heads(tokens, length):
            if (instead := ANSWERS.get(words)) is not None and not _is_table_called(words, tokens[end:]):
                span = Span(tokens[0].start, tokens[end - 1].end)
                written = " ".join(words)
                return Unsupported(f"{written} is not done here", span=span, hint=instead)
    return None


def _heads(tokens: Sequence[Token], length: int) -> Iterator[tuple[Words, int]]:
    """The first words of a statement, and where they end: as they are, and with what stands second as `SOMETHING`."""
    if len(tokens) >= length:
        yield tuple(token.upper for token in tokens[:length]), length
    end = _something(tokens, 1)
    if length > 2 and len(tokens) > end and tokens[1].kind != "string":
        yield (tokens[0].upper, SOMETHING, tokens[end].upper), end + 1


def _something(tokens: Sequence[Token], start: int) -> int:
    """Index behind the name, with its columns if it has some, or the parentheses that begin at an index."""
    depth = 0
    for index in range(start, len(tokens)):
        text = tokens[index].text
        depth += (text == "(") - (text == ")")
        following = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if depth == 0 and text != "." and following not in (".", "("):
            return index + 1
    return len(tokens)


def _is_table_called(words: Words, rest: Sequence[Token]) -> bool:
    """Whether ``EXPORT database TO 'x.csv'`` writes a table of that name."""
    return words == ("EXPORT", "DATABASE") and (not rest or rest[0].upper == "TO")
