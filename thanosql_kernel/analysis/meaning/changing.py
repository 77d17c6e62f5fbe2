"""What can be named in a statement that changes rows, however half-typed: its table, and what stands beside it."""

from __future__ import annotations

from dataclasses import replace

from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.analysis.meaning.sources import Scope, Source
from thanosql_kernel.analysis.text.clauses import Tokens, closing, enclosing, top
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.query import behind_with

#: The word in front of other tables, by the word that a statement begins with.
_BESIDE = {"UPDATE": "FROM", "DELETE": "USING", "MERGE": "USING"}
_CHANGES = frozenset({"INSERT", *_BESIDE})
_HEAD_WORDS = frozenset({*_CHANGES, "INTO", "FROM", "OR", "REPLACE", "IGNORE"})
_NO_ALIAS = frozenset("SET FROM USING WHERE RETURNING ON BY DEFAULT VALUES SELECT WITH (".split())
_ENDS = {"MERGE": frozenset(("ON", "USING", "WHEN", "RETURNING"))}
_ENDS_ELSEWHERE = frozenset(("WHERE", "RETURNING"))


def changing(tokens: Tokens) -> tuple[Tokens, Tokens] | None:
    """Common table expressions in front, and a statement that changes rows; None if the tokens are no such one."""
    if not tokens:
        return None
    start = behind_with(tokens) if tokens[0].upper == "WITH" else 0
    if start is None or tokens[start].upper not in _CHANGES:
        return None
    return tokens[:start], tokens[start:]


def changed_table(tokens: Tokens) -> Token | None:
    """The token that names the table whose rows a statement changes."""
    found = changing(tokens)
    if found is None:
        return None
    at = next((i for i, token in enumerate(found[1]) if token.upper not in _HEAD_WORDS), None)
    return found[1][at] if at is not None and found[1][at].is_name else None


def change_scope(tokens: Tokens, offset: int, known: Known) -> Scope | None:
    """What can be named at a place; None where it is in a query that stands by itself, or in no such statement."""
    found, table = changing(tokens), changed_table(tokens)
    if found is None or table is None or offset < table.end:
        return None
    given, rest = found
    own = _own(rest, table, known)
    behind = {token.upper for _, token in top(rest) if token.end <= offset}
    if "RETURNING" in behind:
        return _within(rest, offset, Scope("WHERE", (own,)), known)
    if rest[0].upper == "INSERT":
        # In front of ON CONFLICT stands a query that has a scope of its own.
        return Scope("WHERE", (own, Source("excluded", own.columns))) if "CONFLICT" in behind else None
    ctes = known.names.given(given)
    begin, end = _beside(rest)
    part = (*(token._replace(text="FROM") for token in rest[begin : begin + 1]), *rest[begin + 1 : end])
    is_from = (
        begin < len(rest) and rest[begin].end <= offset and (end == len(rest) or offset <= rest[end].start)
    )
    beside = known.names.at((*given, *part), part[-1].end).sources if len(part) > 1 else ()
    scope = Scope("FROM" if is_from else "WHERE", (own, *beside), ctes)
    return _within(rest, offset, replace(scope, sources=beside) if is_from else scope, known)


def _own(rest: Tokens, table: Token, known: Known) -> Source:
    """The table, under the name that the statement gives it."""
    at = rest.index(table) + 1
    if at < len(rest) and rest[at].upper == "AS":
        at += 1
    has_alias = at < len(rest) and rest[at].is_name and rest[at].upper not in _NO_ALIAS
    name = rest[at].name if has_alias and rest[at - 1].end <= rest[at].start else table.name
    return Source(name, known.table_columns(table.name), table.name)


def _beside(rest: Tokens) -> tuple[int, int]:
    """Where the other tables stand: the index of the word in front of them, and that of what follows."""
    word, ends = _BESIDE[rest[0].upper], _ENDS.get(rest[0].upper, _ENDS_ELSEWHERE)
    words = [index for index, token in top(rest) if index > 1 and token.upper == word]
    begin = next((index for index in words if rest[index - 1].upper != "DISTINCT"), len(rest))
    end = next((index for index, token in top(rest) if index > begin and token.upper in ends), len(rest))
    return begin, end


def _within(rest: Tokens, offset: int, scope: Scope, known: Known) -> Scope:
    """The scope of a place, in a query in parentheses if it is in one."""
    while (opening := enclosing(rest, offset)) is not None:
        rest = rest[opening + 1 : closing(rest, opening)]
        if rest and rest[0].upper in ("SELECT", "FROM", "WITH"):
            inner = known.names.at(rest, offset)
            return replace(inner, sources=(*inner.sources, *scope.sources), ctes={**scope.ctes, **inner.ctes})
    return scope
