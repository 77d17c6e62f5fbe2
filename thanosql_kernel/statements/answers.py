"""Statements of SQL that have no sense here, and what there is instead of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from thanosql_kernel.errors import Span, Unsupported
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.wording import Wording, instead
from thanosql_kernel.wording.refusals import TS600

Words = tuple[str, ...]

#: Stands in a head for one name, or for what is in parentheses.
SOMETHING = "…"

#: What CREATE, DROP and ALTER may be about.
_THINGS = {
    "SCHEMA": instead.NO_SCHEMAS,
    "DATABASE": instead.ONE_DATABASE,
    "SEQUENCE": instead.NUMBER_ROWS,
    "TYPE": instead.TYPES,
    "MACRO": instead.NAMED_QUERIES,
    "FUNCTION": instead.FUNCTIONS,
    "TRIGGER": instead.NO_TRIGGER,
    "SECRET": instead.NO_SERVICE,
    "USER": instead.RIGHTS,
    "ROLE": instead.RIGHTS,
    "EXTENSION": instead.NO_EXTENSIONS,
}
_MAKING: dict[Words, dict[str, Wording]] = {
    ("CREATE",): _THINGS,
    ("CREATE", "OR", "REPLACE"): _THINGS,
    ("DROP",): _THINGS,
    ("ALTER",): _THINGS,
}
_FOR_A_WHILE = {
    "TABLE": instead.TABLE_OR_ROWS,
    "VIEW": instead.VIEW_OR_ROWS,
    "MACRO": instead.NAMED_QUERIES,
    "FUNCTION": instead.FUNCTIONS,
    "SEQUENCE": instead.NUMBER_ROWS,
}


def _about_things() -> Iterator[tuple[Words, Wording]]:
    for before, things in _MAKING.items():
        yield from (((*before, thing), told) for thing, told in things.items())
    for create, word in product((("CREATE",), ("CREATE", "OR", "REPLACE")), ("TEMP", "TEMPORARY")):
        yield from (((*create, word, thing), told) for thing, told in _FOR_A_WHILE.items())


#: Head words -> what there is instead.
ANSWERS: dict[Words, Wording] = {
    ("ATTACH",): instead.ATTACH,
    ("DETACH",): instead.ONE_DATABASE,
    ("USE",): instead.NO_SCHEMAS,
    ("PRAGMA",): instead.PRAGMA,
    ("INSTALL",): instead.NO_EXTENSIONS,
    ("FORCE", "INSTALL"): instead.NO_EXTENSIONS,
    ("LOAD",): instead.NO_EXTENSIONS,
    ("EXPORT", "DATABASE"): instead.EXPORT_DATABASE,
    ("IMPORT", "DATABASE"): instead.IMPORT_DATABASE,
    ("COPY", SOMETHING, "TO"): instead.COPY_TO,
    ("COPY", "FROM", "DATABASE"): instead.COPY_THE_FOLDER,
    **dict(_about_things()),
    ("CREATE", "UNIQUE", "INDEX"): instead.NO_INDEX,
    ("ALTER", "INDEX"): instead.MAKE_INDEX_ANEW,
    ("CREATE", "PERSISTENT", "SECRET"): instead.NO_SERVICE,
    ("DROP", "PERSISTENT", "SECRET"): instead.NO_SERVICE,
    ("CREATE", "MATERIALIZED", "VIEW"): instead.STORE_ROWS,
    ("REFRESH", "MATERIALIZED", "VIEW"): instead.STORE_ROWS_ANEW,
    ("BEGIN",): instead.ONE_COMMIT,
    ("START", "TRANSACTION"): instead.ONE_COMMIT,
    ("COMMIT",): instead.ONE_COMMIT,
    ("END",): instead.ONE_COMMIT,
    ("ROLLBACK",): instead.ONE_COMMIT,
    ("ABORT",): instead.ONE_COMMIT,
    ("SAVEPOINT",): instead.ONE_COMMIT,
    ("PREPARE",): instead.SET_VARIABLE,
    ("EXECUTE",): instead.SET_VARIABLE,
    ("DEALLOCATE",): instead.RESET_VARIABLE,
    ("DECLARE",): instead.SET_VARIABLE,
    ("CALL",): instead.CALL,
    ("CHECKPOINT",): instead.CHECKPOINT,
    ("FORCE", "CHECKPOINT"): instead.CHECKPOINT,
    ("ANALYZE",): instead.ANALYZE,
    ("REINDEX",): instead.REINDEX,
    ("GRANT",): instead.RIGHTS,
    ("REVOKE",): instead.RIGHTS,
    ("LOCK",): instead.ONE_COMMIT,
    ("UNLOCK",): instead.ONE_COMMIT,
    ("COMMENT", "ON"): instead.COMMENT,
    ("EXPLAIN", "ANALYZE"): instead.EXPLAIN_ANALYZE,
    ("RENAME", "TABLE"): instead.RENAME_TABLE,
    ("REPLACE", "INTO"): instead.REPLACE_INTO,
    ("SHOW", "ALL"): instead.SHOW_TABLES,
    ("SHOW", "DATABASES"): instead.SHOW_DATABASES,
    ("SHOW", "SCHEMAS"): instead.SHOW_SCHEMAS,
    ("SHOW", "COLUMNS"): instead.SHOW_COLUMNS,
    ("SHOW", "CREATE"): instead.SHOW_CREATE,
    ("SHOW", "FUNCTIONS"): instead.FUNCTIONS,
    ("RESET",): instead.RESET,
    ("SET", "GLOBAL"): instead.SETTINGS,
    ("SET", "SESSION"): instead.SETTINGS,
    ("SET", "LOCAL"): instead.SETTINGS,
    ("SET", "SCHEMA"): instead.NO_SCHEMAS,
    ("SET", "TIME", "ZONE"): instead.TIME_ZONE,
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
            if (told := ANSWERS.get(words)) is not None and not _is_table_called(words, tokens[end:]):
                span = Span(tokens[0].start, tokens[end - 1].end)
                written = " ".join(words)
                return Unsupported(TS600.NOT_DONE(words=written), span=span, hint=str(told))
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
