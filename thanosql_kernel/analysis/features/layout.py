"""How a statement is laid out: its head and options by us, the SQL in it by sqlparse."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from thanosql_kernel.analysis.text.blocks import Block
from thanosql_kernel.analysis.text.clauses import matching
from thanosql_kernel.sql.lexer import Token, tokenize
from thanosql_kernel.sql.query import Query
from thanosql_kernel.sql.token_reader import token_index
from thanosql_kernel.statements.statement import Statement

WIDTH = 100
INDENT = "    "
_NESTED = "thanosql__nested__"


class Unfit(Exception):
    """The layout has no place for something in the statement, a comment for one."""


def lay_out(block: Block) -> str:
    """The text of a block's statement, laid out.

    Raises:
        Unfit: It must stay as it is.
    """
    if block.statement is None:
        raise Unfit("it does not parse")
    return _statement(block, block.statement)


def _statement(block: Block, statement: Statement) -> str:
    if statement.plain_sql:
        text = _sql(block, statement.span.start, statement.span.end, statement.queries)
        return re.sub(r"\ADELETE\s+FROM\b", "DELETE FROM", text)
    parts: list[str] = []
    at = statement.span.start
    for query in statement.queries:
        if query.span.start > at:
            parts.append(_head(block, at, query.span.start))
        laid_out = _query(block, query)
        if laid_out.startswith("(\n") and parts:
            parts[-1] += f" {laid_out}"
        else:
            parts.append(laid_out)
        at = query.span.end
    if at < statement.span.end:
        parts.append(_head(block, at, statement.span.end))
    return "\n".join(parts)


# -- heads and options -------------------------------------------------------------------------------------------
def _head(block: Block, start: int, end: int) -> str:
    """The words, names and options between two places: on one line if that is short enough."""
    if any(token.kind == "comment" for token in tokenize(block.text[start:end])):
        raise Unfit("a comment stands among the words of the statement")
    tokens = block.tokens[token_index(block.tokens, start) : token_index(block.tokens, end)]
    line = _joined(block.text, tokens)
    opening = _options_at(tokens)
    if len(line) <= WIDTH or opening is None:
        return line
    closing = matching(tokens).get(opening)
    if closing is None:
        return line
    options = _options(block.text, tokens[opening + 1 : closing])
    before = _joined(block.text, tokens[: opening - 1])
    lines = [before, "OPTIONS(", *(INDENT + option for option in options), ")"]
    after = _joined(block.text, tokens[closing + 1 :])
    return "\n".join(line for line in lines if line) + (f" {after}" if after else "")


def _options_at(tokens: Sequence[Token]) -> int | None:
    """Index of the parenthesis behind OPTIONS."""
    pairs = pairwise(tokens)
    found = (i for i, (word, sign) in enumerate(pairs, 1) if sign.text == "(" and word.upper == "OPTIONS")
    return next(found, None)


def _options(text: str, tokens: Sequence[Token]) -> list[str]:
    """``name=value`` with its comma, one a line."""
    found: list[str] = []
    start, depth = 0, 0
    for index, token in enumerate(tokens):
        depth += (token.text == "[") - (token.text == "]")
        if token.text == "," and depth == 0:
            found.append(_joined(text, tokens[start : index + 1]))
            start = index + 1
    return found + ([_joined(text, tokens[start:])] if start < len(tokens) else [])


def _joined(text: str, tokens: Sequence[Token]) -> str:
    """The tokens with one space where one belongs."""
    parts: list[str] = []
    tight = not tokens or tokens[0].upper != "SET"
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else None
        if before is not None and _is_spaced(text, before, token, tight_equals=tight):
            parts.append(" ")
        parts.append(token.text)
    return "".join(parts)


def _is_spaced(text: str, before: Token, token: Token, *, tight_equals: bool) -> bool:
    if token.text in (",", ")", "]", ".") or before.text in ("(", "[", "."):
        return False
    if token.text == "=" or before.text == "=":
        return not tight_equals
    if token.text == "(":
        return before.upper != "OPTIONS" and before.end < token.start
    if before.text in ("-", "+"):
        return before.end < token.start
    return True


# -- SQL ---------------------------------------------------------------------------------------------------------
def _query(block: Block, query: Query) -> str:
    if not query.tokens and len(query.nested) == 1:
        return _statement(block, query.nested[0].statement)
    tokens = block.tokens[
        token_index(block.tokens, query.span.start) : token_index(block.tokens, query.span.end)
    ]
    if matching(tokens).get(0) == len(tokens) - 1 and tokens[0].text == "(":
        return f"(\n{_indented(_inside(block, query, tokens), INDENT)}\n)"
    return _sql(block, query.span.start, query.span.end, (query,))


def _inside(block: Block, query: Query, tokens: Sequence[Token]) -> str:
    """A query in parentheses without them."""
    nested = query.nested
    if len(nested) == 1 and nested[0].span == (tokens[1].start, tokens[-2].end):
        return _statement(block, nested[0].statement)
    return _sql(block, tokens[0].end, tokens[-1].start, (query,))


def _sql(block: Block, start: int, end: int, queries: Sequence[Query]) -> str:
    """SQL laid out by sqlparse, with a name in the place of every nested statement while it works."""
    nested = [child for query in queries for child in query.nested]
    parts, at = [], start
    for number, child in enumerate(nested):
        parts += [block.text[at : child.span.start], f"{_NESTED}{number}"]
        at = child.span.end
    text = _parsed_and_indented("".join([*parts, block.text[at:end]]))
    for number, child in enumerate(nested):
        text = _put_back(text, f"{_NESTED}{number}", _statement(block, child.statement))
    return text


def _parsed_and_indented(sql: str) -> str:
    import sqlparse

    try:
        text = sqlparse.format(sql, reindent=True, indent_width=len(INDENT), wrap_after=WIDTH - 20)
    except Exception as error:  # sqlparse gives up on long and deep SQL with errors of several kinds
        raise Unfit(str(error)) from error
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _put_back(text: str, name: str, statement: str) -> str:
    """The nested statement in the place of its name, indented deeper than the line that it stands in."""
    match = re.search(rf"(\(\s*)?\b{name}\b(?(1)\s*\))", text)
    if match is None:
        raise Unfit("sqlparse lost a part")
    line_start = text.rfind("\n", 0, match.start()) + 1
    line = text[line_start : match.start()]
    margin = line[: len(line) - len(line.lstrip())]
    inner = _indented(statement, margin + INDENT)
    inner = f"(\n{inner}\n{margin})" if match[1] else inner.lstrip()
    return text[: match.start()] + inner + text[match.end() :]


def _indented(text: str, margin: str) -> str:
    return "\n".join(margin + line if line else line for line in text.split("\n"))
