"""Names that earlier generations of the dialect gave to generated columns, in queries: see `catalog.old_names`.

Only a name that DuckDB's binder has refused is looked at, so that no old name hides a column or alias that there is. It
becomes the name of the one generated column that it can mean and that can be named in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from thanosql_kernel.catalog import Column, old_names
from thanosql_kernel.duck.errors import Place, SqlFailure, translate
from thanosql_kernel.duck.look_alikes import Edit, edited, placed
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import Tree, base_tables, walk
from thanosql_kernel.errors import UnknownName
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.wording.names import TS202

T = TypeVar("T")
Called = Mapping[str, old_names.Names]
"""What columns of nested statements were called before, by name in lower case."""

_NOT_FOUND = re.compile(
    r'Referenced column "?(?P<column>.*?)"? (?:was )?not found|does not have a column named "(?P<owned>.*?)"'
    r'|Column "(?P<itself>.*?)" referenced that exists in the SELECT clause'
)
_IN_QUOTES = re.compile("'([^']+)'")
#: More references than people write by hand.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Mended(Generic[T]):
    """A query with names of today.

    Attributes:
        sql: Its text.
        place: Where that came from.
        node: Its tree.
        bound: What binding it gave; None if something else is wrong with it.
        failure: What that is.
    """

    sql: str
    place: Place
    node: Tree
    bound: T | None = None
    failure: SqlFailure | None = None


class Query(Generic[T]):
    """A query that has names which may be old.

    Args:
        node: Its tree.
        sources: The columns of what it may read, by name in lower case.
        called: What columns of its nested statements were called before.
        bind: Binds its text, or raises `SqlFailure`.
    """

    def __init__(
        self, node: Tree, sources: Mapping[str, Sequence[Column]], called: Called, bind: Callable[[str], T]
    ) -> None:
        self._bind = bind
        self._called = called
        read = {str(part["table_name"]).lower() for part, _ in base_tables(node)}
        columns = [column for name in sorted(read & sources.keys()) for column in sources[name]]
        self._given = frozenset(_given(node))
        self._there = {column.name.lower() for column in columns}
        self._generated = {column.name.lower(): column for column in columns if self._names(column)}

    def mended(self, sql: str, place: Place, node: Tree, failure: SqlFailure) -> Mended[T] | None:
        """The query with each old name replaced; None where none can be.

        Args:
            sql: Its text.
            place: Where that came from; ``prefix`` is what the failure's offset counts too.
            node: Its tree.
            failure: What binding it gave.

        Raises:
            UnknownName: TS202, a name can mean several columns.
        """
        found: Mended[T] | None = None
        for _ in range(_MOST if self._generated else 0):
            reference = _reference(node, failure, place.prefix)
            edit = None if reference is None else self._edit(sql, place, node, reference, failure)
            if edit is None:
                break
            sql, place = edited(sql, [edit]), placed(place, [edit])
            node = parsed(sql)["statements"][0]["node"]
            try:
                return Mended(sql, place, node, self._bind(sql))
            except SqlFailure as following:
                failure = following
            found = Mended(sql, place, node, failure=failure)
        return found

    def _names(self, column: Column) -> old_names.Names:
        return old_names.of_column(column) | self._called.get(column.name.lower(), frozenset())

    def _edit(self, sql: str, place: Place, node: Tree, reference: Tree, failure: SqlFailure) -> Edit | None:
        """What makes a reference name the column that it means; None where there is no such column."""
        name = str(reference["column_names"][-1])
        if name.lower() in self._given or name.lower() in self._there:
            return None
        fitting = [
            column.name
            for lower, column in self._generated.items()
            if lower not in self._given and old_names.is_among(name, self._names(column))
        ]
        edits = {column: _renaming(sql, node, reference, column) for column in fitting}
        tried = {column: self._tried(sql, edits[column], column, failure) for column in fitting}
        found = [meaning for meanings in tried.values() for meaning in meanings]
        if len(found) > 1:
            message = TS202.SEVERAL_MEANT(name=name, names=", ".join(found))
            raise UnknownName(message, span=translate(failure, place).span, hint=TS202.WRITE_ONE_OF_THEM())
        return next((edits[column] for column, meanings in tried.items() if meanings), None)

    def _tried(self, sql: str, edit: Edit, column: str, failure: SqlFailure) -> Sequence[str]:
        """What a column's name means in the place of a reference: nothing, the column, or several of that name."""
        try:
            self._bind(edited(sql, [edit]))
        except SqlFailure as other:
            if other.offset == failure.offset and _missing(other) == column.lower():
                return ()
            if other.offset == failure.offset and other.message.startswith("Ambiguous reference"):
                return _IN_QUOTES.findall(other.message.partition("(use:")[2]) or (column, column)
        return (column,)


def _missing(failure: SqlFailure) -> str | None:
    """The column that DuckDB has not found, in lower case."""
    match = _NOT_FOUND.search(failure.message)
    return None if match is None else (match["column"] or match["owned"] or match["itself"] or "").lower()


def _reference(node: Tree, failure: SqlFailure, prefix: int) -> Tree | None:
    """The reference that names what DuckDB has not found; of ``score AS score`` it says no place."""
    name = _missing(failure)
    if name is None:
        return None
    at = None if failure.offset is None else failure.offset - prefix
    return next(
        (
            part
            for part in walk(node)
            if _is_called(part, name)
            and (part.get("query_location") == at if at is not None else part["alias"].lower() == name)
        ),
        None,
    )


def _renaming(sql: str, node: Tree, reference: Tree, column: str) -> Edit:
    """The edit that makes a reference name another column; what it gives to the result keeps its name."""
    data = sql.encode()
    start = int(reference["query_location"])
    end = start + int(reference["query_location_length"])
    before, written = len(data[:start].decode()), data[start:end].decode()
    last = [token for token in read_tokens(written) if token.is_name][-1]
    selected = any(
        item is reference
        for part in walk(node)
        for item in part.get("select_list") or ()
        if not item["alias"]
    )
    name = f" AS {quote(str(reference['column_names'][-1]))}" if selected else ""
    return Edit(before + last.start, before + last.end, quote(column) + name)


def _given(node: Tree) -> Iterator[str]:
    """The names that a query gives, in lower case; not the one that a reference has anyway, as ``score AS score``."""
    for part in walk(node):
        alias = str(part.get("alias") or "").lower()
        if alias and not _is_called(part, alias):
            yield alias
        for names in (part.get("column_name_alias"), part.get("aliases")):
            yield from (str(name).lower() for name in names or () if isinstance(name, str))


def _is_called(part: Tree, name: str) -> bool:
    return part.get("class") == "COLUMN_REF" and str(part["column_names"][-1]).lower() == name
