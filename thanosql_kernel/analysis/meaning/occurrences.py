"""What every word of a statement is: a model, a table, a column, an option … however half-typed the statement is.

The grammar says it where a parser asked for something (the cursor remembers what); in SQL, the clause and the names
that can be used there do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from thanosql_kernel.analysis.meaning.changing import change_scope, changed_table, changing
from thanosql_kernel.analysis.meaning.document import Part
from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.analysis.meaning.place import may_nest, queried
from thanosql_kernel.analysis.meaning.sources import Scope, Scopes, find_source
from thanosql_kernel.analysis.text.blocks import Block, wants_of
from thanosql_kernel.analysis.text.clauses import Tokens, statement_at
from thanosql_kernel.analysis.text.given import option_text
from thanosql_kernel.analysis.text.struct_types import fields
from thanosql_kernel.analysis.text.words import is_keyword
from thanosql_kernel.catalog import Column, Readable
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.duck.words import is_reserved
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.table_versions import version_length
from thanosql_kernel.sql.token_reader import Want
from thanosql_kernel.statements.foresight import Columns, are_all
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.registry import find_head, parse_nested
from thanosql_kernel.statements.statement import Statement

Kind = Literal[
    "statement word",
    "keyword",
    "option",
    "value",
    "path",
    "model",
    "base model",
    "data set",
    "table",
    "column",
    "field",
    "alias",
    "function",
    "index",
    "setting",
    "type",
]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A word and what it is.

    Attributes:
        kind: What.
        name: Without quotes; an option under its first name.
        span: Where, counted from the start of the block; without quotes for names in option values.
        defines: Whether it gives something that name instead of using it.
        statement: The innermost statement around it.
        option: The option, for options and their values.
        owner: ``t`` in ``t.x``.
        column: The column that it is, if known.
        table: The table or view whose name it is or whose column, if known.
        in_string: Whether it stands in the quotes of an option's value.
    """

    kind: Kind
    name: str
    span: Span
    defines: bool = False
    statement: type[Statement] | None = None
    option: Option | None = None
    owner: str | None = None
    column: Column | None = None
    table: Readable | None = None
    in_string: bool = False


def occurrences(part: Part) -> tuple[Occurrence, ...]:
    """Every word of a part's statement that means something; remembered until it or what is known there changes."""
    block = part.block
    memory: tuple[Known, tuple[Occurrence, ...]] | None = block.memory.get("occurrences")
    if memory is None or (memory[0] is not part.known and memory[0] != part.known):
        memory = (part.known, tuple(_Reader(block, part.known).read()))
        block.memory["occurrences"] = memory
    return memory[1]


def occurrence_at(part: Part, offset: int) -> Occurrence | None:
    """The word at an offset of the document, or right in front of it."""
    local = offset - part.start
    touching = [item for item in occurrences(part) if item.span.start <= local <= item.span.end]
    inside = [item for item in touching if local < item.span.end]
    return next(iter(inside or touching), None)


class _Reader:
    """Reads the words of one statement.

    Args:
        block: What holds it.
        known: What is known in front of it.
    """

    def __init__(self, block: Block, known: Known) -> None:
        self._tokens = block.tokens
        self._known = known
        self._wants = wants_of(block)
        self._nests = any(
            may_nest(self._tokens[index : index + 4]) for index in _possible_starts(block.tokens)
        )
        self._scopes: dict[int, Scopes | None] = {}
        self._changes: dict[int, bool] = {}

    def read(self) -> Iterator[Occurrence]:
        for index, token in enumerate(self._tokens):
            if token.kind in ("word", "quoted", "string"):
                inner = statement_at(self._tokens, token.start, may_nest) if self._nests else self._tokens
                head = find_head(inner)
                statement = head.kind if head else None
                found = self._by_grammar(index, token, statement, inner)
                if found is None and token.kind != "string":
                    found = self._in_sql(index, token, statement, inner)
                if found is not None:
                    yield found

    # -- where a parser asked --------------------------------------------------------------------------------
    def _by_grammar(
        self, index: int, token: Token, statement: type[Statement] | None, inner: Tokens
    ) -> Occurrence | None:
        wants = self._wants.get(index, ())
        if token.kind == "word" and any(want == ("word", token.upper) for want in wants):
            given = _find_option(statement.input_specs if statement else (), token.text)
            if given is not None and self._text(index + 1) == "=":
                return Occurrence("option", given.name, token.span, statement=statement, option=given)
            return Occurrence("statement word", token.upper, token.span, statement=statement)
        if any(want.kind == "query" for want in wants) and self._begins_query(index):
            return None
        for want in wants:
            found = self._wanted(want, index, token, statement, inner)
            if found is not None:
                return found
        return None

    def _begins_query(self, index: int) -> bool:
        return parse_nested.begins_query(self._tokens[index : index + 4])

    def _wanted(
        self, want: Want, index: int, token: Token, statement: type[Statement] | None, inner: Tokens
    ) -> Occurrence | None:
        if want.kind == "name" and token.kind != "string":
            return self._named(want.text, token, statement, inner)
        if want.kind == "option" and self._text(index + 1) == "=":
            option = find_option(statement, token.text)
            name = option.name if option else token.text
            return Occurrence("option", name, token.span, statement=statement, option=option)
        if want.kind == "value":
            return self._value(want.text, token, statement, inner)
        if want.kind == "path":
            return Occurrence("path", token.text[1:-1], token.span, statement=statement)
        return Occurrence("type", token.text, token.span) if want.kind == "type" else None

    def _named(
        self, kind: str, token: Token, statement: type[Statement] | None, inner: Tokens
    ) -> Occurrence | None:
        name, new = token.name, kind.startswith("new ")
        kind = kind.removeprefix("new ")
        if kind in ("table", "view", "table or view"):
            table = self._known.find(name)
            return Occurrence("table", name, token.span, new, statement, table=table)
        if kind == "column" and not new:
            return self._column_of(self._target_columns(inner), token, statement)
        return Occurrence(cast(Kind, kind), name, token.span, new, statement)

    def _value(
        self, name: str, token: Token, statement: type[Statement] | None, inner: Tokens
    ) -> Occurrence | None:
        option = find_option(statement, name)
        quoted = token.kind != "word"
        span = Span(token.start + 1, token.end - 1) if quoted else token.span
        text = token.text[1:-1] if quoted else token.text
        role = option.role if option else "any"
        if role in ("table", "new table"):
            table = self._known.find(text)
            return Occurrence(
                "table", text, span, role == "new table", statement, option, table=table, in_string=quoted
            )
        if role in ("column", "new column"):
            of = option.of if option else ""
            column = find_column(
                (self._columns_of(of, inner) if of else self._target_columns(inner)) or (), text
            )
            new = role == "new column"
            return Occurrence("column", text, span, new, statement, option, column=column, in_string=quoted)
        if role in ("model", "new model"):
            return Occurrence("model", text, span, role == "new model", statement, option, in_string=quoted)
        return Occurrence("value", text, span, statement=statement, option=option, in_string=quoted)

    def _columns_of(self, option: str, inner: Tokens) -> Columns:
        """The columns of the table that another option names."""
        name = option_text(inner, (option,))
        table = self._known.find(name) if name is not None else None
        return table.columns if table is not None else None

    def _target_columns(self, inner: Tokens) -> Columns:
        """The columns of the query or table that the innermost statement is about."""
        query = queried(inner)
        if query:
            return self._known.names.output(query)
        changed = changed_table(inner)
        for token in inner[1:] if changed is None else (changed,):
            table = self._known.find(token.name) if token.is_name else None
            if table is not None:
                return table.columns
        return None

    def _column_of(self, columns: Columns, token: Token, statement: type[Statement] | None) -> Occurrence:
        column = find_column(columns or (), token.name)
        return Occurrence("column", token.name, token.span, statement=statement, column=column)

    # -- in SQL ----------------------------------------------------------------------------------------------
    def _in_sql(
        self, index: int, token: Token, statement: type[Statement] | None, inner: Tokens
    ) -> Occurrence | None:
        after, before = self._text(index + 1), self._text(index - 1)
        if after == "(" and token.kind == "word" and not is_keyword(token.text):
            return Occurrence("function", token.text.lower(), token.span, statement=statement)
        if token.kind == "word" and is_reserved(token.text) and before != ".":
            return Occurrence("keyword", token.upper, token.span, statement=statement)
        if token.kind == "word" and self._says_version(index):
            return Occurrence("keyword", token.upper, token.span, statement=statement)
        scope = self._scope(inner, token.start)
        if before == ".":
            return self._owned(index, token, statement, scope)
        if before == "AS" or self._is_bare_alias(index, token, scope):
            kind: Kind = "alias" if scope.clause in ("FROM", "") else "column"
            return Occurrence(kind, token.name, token.span, True, statement)
        if token.kind == "word" and is_keyword(token.text) and not find_column(_visible(scope), token.name):
            return Occurrence("keyword", token.upper, token.span, statement=statement)
        if after == ".":
            return self._owner(token, statement, scope)
        if self._names_a_table(index, scope):
            return self._table(token, statement, scope)
        if after in ("AS", "(") and before in ("WITH", ",", "RECURSIVE") and scope.clause == "":
            return Occurrence("alias", token.name, token.span, True, statement)
        return self._column(token, statement, scope)

    def _says_version(self, index: int) -> bool:
        """Whether a word stands between a table and the number of its version."""
        return any(
            at >= 0 and index <= at + version_length(self._tokens, at)
            for at in (index - 1, index - 3)
            if self._tokens[index].upper in ("AT", "VERSION")
        )

    def _text(self, index: int) -> str:
        return self._tokens[index].upper if 0 <= index < len(self._tokens) else ""

    def _scope(self, inner: Tokens, offset: int) -> Scope:
        found = change_scope(inner, offset, self._known) if self._names_beside(inner) else None
        if found is not None:
            return found
        start = inner[0].start if inner else 0
        if start not in self._scopes:
            self._scopes[start] = self._known.scopes(inner)
        scopes = self._scopes[start]
        if scopes is not None and scopes.starts[0] <= offset:
            return scopes.at(offset)
        return Scope("WHERE", ())

    def _names_beside(self, inner: Tokens) -> bool:
        """Whether a statement changes rows and can name others beside: of VALUES by the thousand this is asked once."""
        start = inner[0].start if inner else 0
        if start not in self._changes:
            is_plain = bool(inner) and inner[0].upper == "INSERT"
            is_plain = is_plain and not any(token.upper in ("CONFLICT", "RETURNING") for token in inner)
            self._changes[start] = changing(inner) is not None and not is_plain
        return self._changes[start]

    def _names_a_table(self, index: int, scope: Scope) -> bool:
        before = self._text(index - 1)
        return before in ("FROM", "JOIN", "PIVOT", "UNPIVOT", "SUMMARIZE") or (
            before == "," and scope.clause == "FROM"
        )

    def _is_bare_alias(self, index: int, token: Token, scope: Scope) -> bool:
        """Whether a word behind a value or table is a name given to it: ``count(*) n``, ``photos p``."""
        before = self._tokens[index - 1] if index else None
        if (
            before is None
            or (token.kind == "word" and is_keyword(token.text))
            or scope.clause not in ("SELECT", "FROM")
        ):
            return False
        ends_a_value = before.kind in ("quoted", "string", "number") or before.text in (")", "]")
        return ends_a_value or (
            before.kind == "word" and (not is_keyword(before.text) or before.upper == "END")
        )

    def _owned(self, index: int, token: Token, statement: type[Statement] | None, scope: Scope) -> Occurrence:
        owner = self._tokens[index - 2].name if index >= 2 else None
        source = find_source(scope.sources, owner or "")
        is_owned = index >= 3 and self._tokens[index - 3].text == "."
        structure = find_column(_visible(scope), owner or "")
        if source is None and (is_owned or structure is not None):
            field = find_column(fields(structure.type), token.name) if structure is not None else None
            return Occurrence("field", token.name, token.span, statement=statement, owner=owner, column=field)
        column = find_column((source.columns if source else None) or (), token.name)
        table = self._known.find(source.table) if source and source.table else None
        return Occurrence(
            "column", token.name, token.span, False, statement, owner=owner, column=column, table=table
        )

    def _owner(self, token: Token, statement: type[Statement] | None, scope: Scope) -> Occurrence:
        source = find_source(scope.sources, token.name)
        if source is not None and source.table is not None and source.table.lower() == token.name.lower():
            return self._table(token, statement, scope)
        column = find_column(_visible(scope), token.name)
        if source is None and column is not None:
            return Occurrence("column", token.name, token.span, statement=statement, column=column)
        return Occurrence("alias", token.name, token.span, statement=statement)

    def _table(self, token: Token, statement: type[Statement] | None, scope: Scope) -> Occurrence:
        if token.name.lower() in scope.ctes:
            return Occurrence("alias", token.name, token.span, statement=statement)
        table = self._known.find(token.name)
        return Occurrence("table", token.name, token.span, statement=statement, table=table)

    def _column(self, token: Token, statement: type[Statement] | None, scope: Scope) -> Occurrence:
        for source in scope.sources:
            column = find_column(source.columns or (), token.name)
            if column is not None:
                table = self._known.find(source.table) if source.table else None
                return Occurrence(
                    "column", token.name, token.span, False, statement, column=column, table=table
                )
        if find_source(scope.sources, token.name) is not None:
            return Occurrence("alias", token.name, token.span, statement=statement)
        return Occurrence("column", token.name, token.span, False, statement, table=self._only_table(scope))

    def _only_table(self, scope: Scope) -> Readable | None:
        """The table that an unknown column must be of, since there is no other."""
        if len(scope.sources) != 1 or are_all(scope.sources[0].columns) or scope.sources[0].table is None:
            return None
        return self._known.find(scope.sources[0].table)


def _possible_starts(tokens: Tokens) -> Iterator[int]:
    """Indexes of the tokens behind a parenthesis or AS, where a nested statement would begin."""
    return (index for index, token in enumerate(tokens, 1) if token.text == "(" or token.upper == "AS")


def _visible(scope: Scope) -> tuple[Column, ...]:
    return tuple(column for source in scope.sources for column in source.columns or ())


def find_option(statement: type[Statement] | None, name: str) -> Option | None:
    """The option or input of a statement that has that name, in any of its generations."""
    return _find_option((*statement.option_specs, *statement.input_specs) if statement else (), name)


def _find_option(options: Sequence[Option], name: str) -> Option | None:
    wanted = name.lower()
    return next((option for option in options if wanted in (option.name, *option.aliases)), None)


def names_of(parts: Sequence[Part]) -> Iterator[tuple[Part, Occurrence]]:
    """Every word of several parts, in order."""
    for part in parts:
        for occurrence in occurrences(part):
            yield part, occurrence


__all__ = ["Kind", "Occurrence", "find_option", "names_of", "occurrence_at", "occurrences"]
