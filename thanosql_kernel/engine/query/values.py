"""The VALUES of an INSERT: each value is typed for the column that it goes to, not for those above and below it.

DuckDB gives all values of a column of VALUES one type before anybody asks where they go: of 2024 and 'summer' it makes
integers, of 1234567890123456789 and 0.5 a DOUBLE.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck.catalogues import reads_catalogues
from thanosql_kernel.duck.errors import Place, SqlFailure, translate
from thanosql_kernel.duck.parser import parsed, unparsed
from thanosql_kernel.duck.tree import value_rows
from thanosql_kernel.engine.query.casts import exact_cast
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query

Tree = dict[str, Any]
_NULL = {"class": "CONSTANT", "literal": {"kind": "NULL_LITERAL", "text": ""}}


def mixed_values(queries: Queries, query: Query, targets: Sequence[Column]) -> SqlRelation | None:
    """The rows of VALUES that are of several types in a column, each value cast to its target's by itself.

    Args:
        queries: The statement's.
        query: What follows INSERT INTO.
        targets: The columns that the values go to, in order.

    Returns:
        Rows of the targets' names and types; None for any other query, also one with too many or too few columns.

    Raises:
        ThanoSQLError: A value is not valid SQL, with its place.
    """
    if not query.tokens or query.tokens[0].upper != "VALUES":
        return None
    sql, sources = queries.prepare(query)
    tree = parsed(sql)
    rows = value_rows(tree)
    if (
        not rows
        or reads_catalogues(tree, sources)
        or any(len(row) != len(targets) for row in rows)
        or not _is_mixed(rows)
    ):
        return None
    place = queries.place(query, sql, sources)
    typed = _Typed(queries, place, targets, tree)
    return SqlRelation(
        queries.duck,
        typed.sql(rows),
        [Column(target.name, target.type) for target in targets],
        place=place,
        repeatable=True,
    )


def _is_mixed(rows: Sequence[Sequence[Tree]]) -> bool:
    """Whether a column may hold values of several types; NULL is of any."""
    for cells in zip(*rows, strict=True):
        shapes = {_shape(cell) for cell in cells if not _is_null(cell)}
        if len(shapes) > 1 or any(cell["class"] == "DEFAULT" for cell in cells):
            return True
    return False


def _is_null(cell: Tree) -> bool:
    return cell["class"] == "DEFAULT" or (cell.get("literal") or {}).get("kind") == "NULL_LITERAL"


def _shape(cell: object) -> str:
    """A value with its places and the texts of its literals left out: such of one shape are mostly of one type."""
    return json.dumps(_without_texts(cell), sort_keys=True)


def _without_texts(part: object) -> object:
    if isinstance(part, list):
        return [_without_texts(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: str(item["kind"]) + _digits(item) if key == "literal" else _without_texts(item)
        for key, item in part.items()
        if not key.startswith("query_location")
    }


def _digits(literal: Tree) -> str:
    """How many digits a decimal number has, which is its type; whole numbers go together well."""
    if literal["kind"] != "NUMERIC":
        return ""
    whole, _, fraction = str(literal["text"]).partition(".")
    return f" {len(whole)}.{len(fraction)}{'e' if 'e' in fraction.lower() or 'e' in whole.lower() else ''}"


class _Typed:
    """The SQL of rows, those of the same shape together."""

    def __init__(self, queries: Queries, place: Place, targets: Sequence[Column], tree: Tree) -> None:
        self._queries = queries
        self._place = place
        self._targets = targets
        self._tree = tree

    def sql(self, rows: Sequence[Sequence[Tree]]) -> str:
        groups: dict[tuple[str, ...], list[list[Tree]]] = {}
        for number, row in enumerate(rows):
            shapes = tuple("" if _is_null(cell) else _shape(cell) for cell in row)
            cells = [{**cell, **_NULL, "type": "VALUE_CONSTANT"} if _is_null(cell) else cell for cell in row]
            groups.setdefault(shapes, []).append([_number(number), *cells])
        parts = " UNION ALL ".join(self._group(group) for group in groups.values())
        names = ", ".join(quote(target.name) for target in self._targets)
        order = quote(self._order)
        return f"SELECT {names} FROM (\n{parts}\n) ORDER BY {order}"

    def _group(self, rows: list[list[Tree]]) -> str:
        """Rows of one shape, each value cast from the type that it has."""
        names = ", ".join(quote(name) for name in (self._order, *(target.name for target in self._targets)))
        source = f"SELECT * FROM ({self._values(rows)}) AS _q({names})"
        given = self._described(source, rows)[1:]
        items = [
            f"{exact_cast(target.name, column.type, target.type)} AS {quote(target.name)}"
            for target, column in zip(self._targets, given, strict=True)
        ]
        return f"SELECT {', '.join([quote(self._order), *items])} FROM ({source})"

    def _values(self, rows: list[list[Tree]]) -> str:
        (statement,) = self._tree["statements"]
        source = {**statement["node"]["from_table"], "values": rows}
        node = {**statement["node"], "from_table": source}
        return unparsed({**self._tree, "statements": [{**statement, "node": node}]})

    def _described(self, source: str, rows: list[list[Tree]]) -> Sequence[Column]:
        try:
            return self._queries.duck.describe(source)
        except SqlFailure as failure:
            raise self._queries.explained(translate(*self._blamed(failure, rows)), self._place) from failure

    def _blamed(self, failure: SqlFailure, rows: list[list[Tree]]) -> tuple[SqlFailure, Place]:
        """What failed, at the value that fails by itself."""
        place = self._place
        for row in rows:
            for cell in row[1:]:
                try:
                    self._queries.duck.describe(self._values([[cell]]))
                except SqlFailure as found:
                    start, length = int(cell["query_location"]), int(cell["query_location_length"])
                    return found.at(place.prefix + start, length), place
        return failure.at(None), place

    @property
    def _order(self) -> str:
        """A name that no target has."""
        taken = {target.name.lower() for target in self._targets}
        return next(name for name in _numbered() if name not in taken)


def _numbered() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"_thanosql_{number}"


def _number(number: int) -> Tree:
    place = {"query_location": 0, "query_location_length": 0}
    literal = {"kind": "INTEGER", "text": str(number)}
    return {"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "", **place, "literal": literal}
