"""Valid cells with one structural token deleted, doubled or replaced, and which of those are valid all the same."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.cell import parse_piece, pieces
from thanosql_kernel.statements.registry import statement_types
from thanosql_kernel.statements.statement import Statement

#: Words of SQL that a query is built of; other words in queries may be names.
SQL_WORDS = frozenset(
    "SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET JOIN ON USING AS WITH UNION ALL EXCEPT INTERSECT AND OR NOT IN "
    "IS LIKE BETWEEN CASE WHEN THEN ELSE END DISTINCT VALUES".split()
)
STATEMENT_WORDS = SQL_WORDS | frozenset(
    "AUDIO VIDEO TEXT IMAGE OPTIONS INTO SET TO RENAME ADD DROP COLUMN IF EXISTS THANOSQL MODEL DATASET TABLE".split()
)
#: What a statement word is replaced by: itself misspelt, and two words that stand elsewhere.
OTHERS = ("USING", "OPTIONS")


@dataclass(frozen=True)
class Mutant:
    """A cell with one token changed.

    Attributes:
        text: The cell.
        span: The statement that was changed, in it, up to where the next one begins.
        change: What was done, to which sort of token.
        token: The token.
        after: Where the change ends.
        in_sql: Whether the token belongs to the SQL of a query and not to a statement of the dialect.
    """

    text: str
    span: Span
    change: str
    token: Token
    after: int
    in_sql: bool


def mutants(cell: str) -> Iterator[Mutant]:
    """Every mutant of a cell whose statements parse."""
    found = pieces(cell)
    for number, piece in enumerate(found):
        if piece.magic is not None:
            continue
        # A quote that is not closed may be seen at its end, in the white space behind the statement.
        end = found[number + 1].span.start if number + 1 < len(found) else len(cell)
        parts = _Parts(parse_piece(cell, piece))
        for index, token in enumerate(piece.tokens):
            for change, new in _changes(piece.tokens, index, parts):
                text = cell[: token.start] + new + cell[token.end :]
                span = Span(piece.span.start, end + len(new) - len(token.text))
                yield Mutant(text, span, change, token, token.start + len(new), token.start in parts.sql)


class _Parts:
    """Which tokens of a statement are what, by where they start."""

    def __init__(self, statement: Statement) -> None:
        statements = (statement, *statement.children())
        given = [item for one in statements for item in _given(one)]
        self.sql = {t.start for one in statements for query in one.queries for t in query.tokens}
        self.names = {name.span.start for one in statements for name in one.names}
        self.options = {item.name_span.start for item in given}
        self.values = {item.value.span.start: item.value.form for item in given}


def _given(statement: Statement) -> Iterator[Assignment]:
    for value in vars(statement).values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Assignment) and not isinstance(item, Name | Query):
                yield item


def _changes(tokens: tuple[Token, ...], index: int, parts: _Parts) -> Iterator[tuple[str, str]]:
    token = tokens[index]
    text = token.text
    if token.start in parts.options:
        yield "delete option", ""
        yield "double option", f"{text} {text}"
        yield "replace option", f"{text}_x"
    elif token.start in parts.names:
        return
    elif token.kind == "word" and token.start in parts.values:
        yield "replace value", "12345" if token.upper in ("TRUE", "FALSE") else "[1, 2]"
    elif token.kind == "word" and token.upper in (SQL_WORDS if token.start in parts.sql else _words()):
        yield "delete word", ""
        yield "double word", f"{text} {text}"
        yield "replace word", f"{text}QX"
        yield "replace word", OTHERS[token.upper == OTHERS[0]]
    elif text in ("=", "(", ")", ",", "[", "]"):
        yield f"delete {text}", ""
        yield f"double {text}", text * 2
        yield f"replace {text}", {",": ";", "=": ":", "(": "[", ")": "]", "[": "(", "]": ")"}[text]
    elif token.kind in ("string", "quoted") and text[0] in "'\"":
        yield "delete quote", text[1:]
        yield "delete quote", text[:-1]
        yield "double quote", text[0] + text
        yield "double quote", text + text[-1]
        yield "replace quote", {"'": '"', '"': "'"}[text[0]] + text[1:]
        if token.start in parts.values:
            yield "replace value", "12345"
    elif token.kind == "number" and token.start in parts.values:
        yield "replace value", "'x'"


def _words() -> frozenset[str]:
    """The words that statements are built of."""
    return STATEMENT_WORDS | {word for kind in statement_types() for head in kind.heads for word in head}


def why_valid(mutant: Mutant) -> str | None:
    """The rule of the language by which a mutant is right, whatever the diagnostics say; None if it is wrong.

    Of SQL, DuckDB is asked whether its grammar has the query; of the dialect's own statements these are all the ways
    in which they can be said with a token less, more or other.
    """
    if mutant.in_sql:
        return "SQL has it" if _is_sql(mutant.text) else None
    before, after = mutant.text[: mutant.token.start].rstrip().upper(), mutant.text[mutant.after :].lstrip()
    change, word = mutant.change, mutant.token.upper
    if change == "delete ," and after[:1] in (")", "]"):
        return "a trailing comma may be left out"
    if change == "delete word" and word == "THANOSQL" and before.endswith("LIST"):
        return "LIST MODEL is a statement, as LIST THANOSQL MODEL is"
    if change == "delete word" and word == "COLUMN" and before.endswith(("ADD", "DROP", "RENAME", "ALTER")):
        return "COLUMN may be left out, as in SQL"
    if change == "double word" and word == "RENAME" and after.upper().startswith("TO"):
        return "COLUMN may be left out, as in SQL"
    if change == "delete word" and word == "TRUNCATE":
        return "TABLE t is a query"
    if change == "delete word" and word == "EXPLAIN":
        return "what EXPLAIN explains is a statement itself"
    if change == "delete word" and word == "TABLE" and before.endswith(("RESTORE", "TRUNCATE")):
        return "TABLE may be left out of RESTORE and TRUNCATE"
    if change == "delete word" and word == "SET" and after.upper().startswith("TYPE"):
        return "SET may be left out in front of TYPE, as in SQL"
    if change == "delete word" and word in ("AS", "USING") and _is_sql(mutant.text):
        return "AS may be left out in front of an alias, as in SQL"
    if change == "double word" and word == "UPDATE" and _is_sql(mutant.text):
        return "a table may be called update"
    if change == "delete ," and after.startswith("(") and _is_sql(mutant.text):
        return "a name in front of a parenthesis calls a function"
    if ((word == "TABLE" and before.endswith("(LIST")) or word == "SHOW") and _is_sql(mutant.text):
        return "(list) may be a table: statement words are names everywhere else"
    if word in ("VERSIONS", "VIEWS", "VARIABLES") and before.endswith("(SHOW") and _is_sql(mutant.text):
        return "SQL has a SHOW of its own"
    if change == "delete word" and word == "DESCRIBE" and after.upper().startswith(("SELECT", "SEARCH")):
        return "what is described may stand alone"
    if change == "delete word" and word in ("TEMP", "MATERIALIZED"):
        return "a view may be one of those that stay"
    if change == "delete word" and word in ("DELETE", "COPY") and _is_sql(mutant.text):
        return "what is left is a query, or makes one with the line above"
    statement = mutant.text[slice(*mutant.span)].upper().split()
    if not statement:
        return "nothing at all is a statement too"
    if statement[:2] == ["VACUUM", "VACUUM"]:
        return "a table may be named as a statement"
    if statement[0] == "HELP" and " ".join(statement[1:]) in ("", "HELP", "SEARCH"):
        return "HELP takes any words that begin a statement, or none"
    return None


def _is_sql(cell: str) -> bool:
    """Whether every statement of a cell can be read, and DuckDB's grammar has every query and expression in it."""
    try:
        statements = [parse_piece(cell, piece) for piece in pieces(cell)]
    except ThanoSQLError:
        return False
    queries = [q for one in statements for part in (one, *one.children()) for q in part.queries]
    return all(_reads(query.sql()) or _reads(_whole(query)) for query in queries)


def _whole(query: Query) -> str:
    """A part of SQL as a query."""
    forms = {"tables": "FROM {}", "items": "SELECT {}", "with": "{} SELECT 1"}
    return forms.get(query.form, "SELECT ({})").format(query.sql())


def _reads(sql: str) -> bool:
    """Whether DuckDB's grammar has it; a PIVOT is read, but its tree cannot be told."""
    ((answer,),) = duckdb.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()
    return '"error":false' in answer or '"error_type":"not implemented"' in answer
