"""What names mean at a place in a query, however half-typed the query is.

No full parser takes `SELECT | FROM t WHERE`, so this looks only at what survives any typing: parentheses, the words
that begin clauses, commas and aliases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from thanosql_kernel.analysis.meaning.sources import (
    Scope,
    Scopes,
    Source,
    alias_of,
    all_columns,
    explicit_alias,
    item_columns,
    joined,
    renamed,
)
from thanosql_kernel.analysis.text.clauses import (
    NO_ALIAS,
    Tokens,
    clauses,
    closing,
    cores,
    from_items,
    split_commas,
    top,
)
from thanosql_kernel.sql.brackets import CLAUSES, CLOSING
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.sql.table_versions import version_length
from thanosql_kernel.statements.foresight import Columns, are_all, some

#: Brackets in each other that are looked into; no person writes as many.
_MOST_DEPTH = 24
_NO_CTES: Mapping[str, Columns] = MappingProxyType({})


class Names:
    """Finds out what names mean, asking for what it cannot see in the tokens.

    Args:
        table: The columns of a stored table: None if they are unknown or there is no such table.
        statement: The columns of the dialect statement that these tokens are; None if they begin none. The
            boolean says whether they begin one.
        bound: The columns of the complete query that these tokens are, given what WITH names around it; None where
            they are none, or not all that it reads is known.
    """

    def __init__(
        self,
        table: Callable[[str], Columns],
        statement: Callable[[Tokens], tuple[bool, Columns]],
        bound: Callable[[Tokens, Mapping[str, Columns]], Columns],
    ) -> None:
        self._table = table
        self._statement = statement
        self._bound = bound
        self._depth = 0
        # Each query asks for the columns of those within it, which ask again. What WITH names is kept for its `id`.
        self._outputs: dict[tuple[Tokens, int, int], tuple[Columns, Mapping[str, Columns]]] = {}

    def output(self, tokens: Tokens, ctes: Mapping[str, Columns] | None = None) -> Columns:
        """The columns of a query's rows; None when they cannot be known."""
        if self._depth >= _MOST_DEPTH:
            return None
        ctes = ctes or _NO_CTES
        key = (tuple(tokens), id(ctes), self._depth)
        if key not in self._outputs:
            self._depth += 1
            try:
                self._outputs[key] = self._output(_unwrap(tokens), ctes), ctes
            finally:
                self._depth -= 1
        return self._outputs[key][0]

    def _output(self, tokens: Tokens, ctes: Mapping[str, Columns]) -> Columns:
        begins, columns = self._statement(tokens)
        if begins:
            return columns
        if (columns := self._bound(tokens, ctes)) is not None:
            return columns
        ctes, body = self._with(tokens, ctes)
        first = next(cores(body), None)
        return self._core_output(first, ctes) if first is not None else None

    def given(self, tokens: Tokens) -> Mapping[str, Columns]:
        """The common table expressions that tokens begin with, by lower-case name."""
        return self._with(tokens, {})[0]

    def at(self, tokens: Tokens, offset: int) -> Scope:
        """What can be named at ``offset``, inside the query that these tokens are."""
        return self.scopes(tokens).at(offset)

    def scopes(self, tokens: Tokens) -> Scopes:
        """What can be named at every place of the query that these tokens are, found out in one go."""
        start = tokens[0].start if tokens else 0
        found = dict(self._query_scopes(tokens, Scope(""), start))
        return Scopes(tuple(found), tuple(found.values()))

    def over_table(self, tokens: Tokens) -> Scopes:
        """What expressions of a statement about a table can name: its columns.

        Args:
            tokens: The statement's, from the name of its table on.
        """
        target = self._source(tokens[:1], {})
        scope = Scope("WHERE", (target,) if target is not None else ())
        found = {tokens[0].start if tokens else 0: scope}
        for bracket in _brackets(tokens):
            found.update(self._bracket_scopes(tokens, bracket, scope))
        return Scopes(tuple(found), tuple(found.values()))

    def of_values(self, tokens: Tokens) -> Scopes | None:
        """What the queries can name that are values in a statement, ``image=(SELECT …)``; None where there are none."""
        found: dict[int, Scope] = {tokens[0].start if tokens else 0: Scope("WHERE")}
        at = 0
        while at < len(tokens):
            end = closing(tokens, at) if tokens[at].text == "(" else at
            inner = tokens[at + 1 : end]
            at += 1
            if inner and _begins_query(inner):
                found.update(self._query_scopes(inner, Scope(""), inner[0].start))
                at = end + 1
                if end < len(tokens):
                    found[tokens[end].end] = Scope("WHERE")
        return Scopes(tuple(found), tuple(found.values())) if len(found) > 1 else None

    def _query_scopes(self, tokens: Tokens, around: Scope, start: int) -> Iterator[tuple[int, Scope]]:
        """The scopes of a query and the places from which on they are valid, in order.

        Args:
            tokens: The query.
            around: The scope of the place where it stands.
            start: Where its first scope begins.
        """
        if not tokens or self._depth >= _MOST_DEPTH:
            yield start, Scope("")
            return
        self._depth += 1
        try:
            ctes, body = self._with(tokens, around.ctes)
            yield start, Scope("", around.sources, ctes)
            for bracket in _brackets(tokens[: len(tokens) - len(body)]):
                yield from self._bracket_scopes(tokens, bracket, Scope("", around.sources, ctes))
            for core in cores(body):
                yield from self._core_scopes(core, Scope("", around.sources, ctes), start)
                start = core[-1].end if core else start
        finally:
            self._depth -= 1

    def _core_scopes(self, core: Tokens, around: Scope, start: int) -> Iterator[tuple[int, Scope]]:
        """The scopes of a query without WITH and UNION."""
        selected = next((part[1:] for word, part in clauses(core) if word == "SELECT"), ())
        aliases = tuple(name for item in split_commas(selected) if (name := explicit_alias(item)))
        sources = tuple(self._sources(core, around.ctes)) + around.sources
        scope = Scope("", sources, around.ctes, aliases)
        yield (core[0].start if core else start), scope
        for index, token in top(core):
            if token.upper in CLAUSES:
                scope = replace(scope, clause=token.upper)
                yield token.end, scope
            elif token.text in CLOSING:
                yield from self._bracket_scopes(core, index, scope)

    def _bracket_scopes(self, tokens: Tokens, opening: int, own: Scope) -> Iterator[tuple[int, Scope]]:
        """The scopes inside a bracket, and the one behind it."""
        end = closing(tokens, opening)
        inner, start = tokens[opening + 1 : end], tokens[opening].end
        if _begins_query(inner):
            yield from self._query_scopes(inner, own, start)
        elif self._depth >= _MOST_DEPTH:
            yield start, Scope("")
        else:
            self._depth += 1
            inside = self._expression_scope(tokens, opening, inner, own)
            yield start, inside
            for bracket in _brackets(inner):
                yield from self._bracket_scopes(inner, bracket, inside)
            self._depth -= 1
        if end < len(tokens):
            yield tokens[end].end, own

    def _expression_scope(self, tokens: Tokens, opening: int, inner: Tokens, own: Scope) -> Scope:
        """What can be named in a bracket that holds no query, or nothing yet."""
        if opening + 1 + len(inner) == len(tokens):  # not closed: it has swallowed the FROM behind it
            open_from = next((inner[at:] for at, token in top(inner) if token.upper == "FROM"), ())
            own = replace(own, sources=own.sources + tuple(self._sources(open_from, own.ctes)))
        called = opening > 0 and tokens[opening - 1].is_name and tokens[opening - 1].upper not in NO_ALIAS
        is_table = own.clause == "FROM" and not called and not inner
        return Scope("", own.sources, own.ctes) if is_table else own

    def _with(self, tokens: Tokens, ctes: Mapping[str, Columns]) -> tuple[Mapping[str, Columns], Tokens]:
        """The common table expressions in front, and the rest."""
        if not tokens or tokens[0].upper != "WITH":
            return ctes, tokens
        found = dict(ctes)
        at = 2 if len(tokens) > 1 and tokens[1].upper == "RECURSIVE" else 1
        while at < len(tokens) and tokens[at].is_name and tokens[at].upper not in CLAUSES:
            name, at = tokens[at].name, at + 1
            has_names = at < len(tokens) and tokens[at].text == "("
            names = tokens[at : closing(tokens, at) + 1] if has_names else ()
            at += len(names)
            while at < len(tokens) and tokens[at].text != "(" and tokens[at].upper not in CLAUSES:
                at += 1
            if at >= len(tokens) or tokens[at].text != "(":
                break
            end = closing(tokens, at)
            columns = self.output(tokens[at + 1 : end], dict(found))
            columns = renamed(columns, names) if has_names else columns
            if tokens[1].upper == "RECURSIVE" and not are_all(columns):
                columns = self._read_whole(tokens[: end + 1], name, ctes) or columns
            found[name.lower()] = columns
            at = end + 1
            if at < len(tokens) and tokens[at].text == ",":
                at += 1
        return found, tokens[at:]

    def _read_whole(self, tokens: Tokens, name: str, ctes: Mapping[str, Columns]) -> Columns:
        """The columns of the last query of a WITH RECURSIVE, which may read itself."""
        text = f"{' '.join(token.text for token in tokens)} FROM {quote(name)}"
        return self._bound(tuple(read_tokens(text)), ctes)

    def _sources(self, core: Tokens, ctes: Mapping[str, Columns]) -> Iterator[Source]:
        for word, part in clauses(core):
            if word == "FROM":
                for item in from_items(part[1:]):
                    source = self._source(item, ctes)
                    if source is not None:
                        yield source

    def _source(self, item: Tokens, ctes: Mapping[str, Columns]) -> Source | None:
        item = item[1:] if item and item[0].upper == "LATERAL" else item
        if not item:
            return None
        if item[0].text == "(":
            end = closing(item, 0)
            return Source(alias_of(item[end + 1 :]), self.output(item[1:end], ctes)).renamed(item[end + 1 :])
        if item[0].kind == "string":
            return Source(alias_of(item[1:]), None)
        if not item[0].is_name or item[0].upper in NO_ALIAS:
            return None
        name, after = item[0].name, 1
        while after + 1 < len(item) and item[after].text == "." and item[after + 1].is_name:
            name, after = item[after + 1].name, after + 2
        if after < len(item) and item[after].text == "(":
            end = closing(item, after)
            rest = item[end + 1 :]
            return Source(alias_of(rest) or name, self._called(item[: end + 1], ctes)).renamed(rest)
        length = version_length(item, after - 1) if after == 1 else 0
        alias = alias_of(item[after + length :])
        if length:
            return Source(alias or name, some(self._table(name)), name).renamed(item[after + length :])
        if name.lower() in ctes:
            return Source(alias or name, ctes[name.lower()]).renamed(item[after:])
        if after > 1 and self._table(name) is None:
            return Source(alias or name, self._called(item[:after], ctes)).renamed(item[after:])
        return Source(alias or name, self._table(name), name).renamed(item[after:])

    def _called(self, call: Tokens, ctes: Mapping[str, Columns]) -> Columns:
        """The columns of a table function, or of a catalogue of SQL's."""
        return self._bound(tuple(read_tokens(f"FROM {' '.join(token.text for token in call)}")), ctes)

    def _core_output(self, core: Tokens, ctes: Mapping[str, Columns]) -> Columns:
        if core and core[0].text == "(":
            return self.output(core, ctes)
        sources = tuple(self._sources(core, ctes))
        found = clauses(core)
        selected = next((part[1:] for word, part in found if word == "SELECT"), None)
        if selected is None:
            return all_columns(sources) if found and found[0][0] == "FROM" else None
        return joined(item_columns(item, sources) for item in split_commas(selected))


def _begins_query(tokens: Tokens) -> bool:
    """Whether a query stands there, maybe in more parentheses."""
    first = next((token.upper for token in tokens if token.text != "("), "")
    return first in ("SELECT", "FROM", "WITH")


def _brackets(tokens: Tokens) -> Iterator[int]:
    """Indexes of the opening brackets that are in no other."""
    return (index for index, token in top(tokens) if token.text in CLOSING)


def _unwrap(tokens: Tokens) -> Tokens:
    while tokens and tokens[0].text == "(" and closing(tokens, 0) >= len(tokens) - 1:
        tokens = tokens[1 : closing(tokens, 0)]
    return tokens
