"""Which columns of a query's result are generated columns or similarities of what it reads, and made of which others.

A vector column keeps what is known of it only where it comes unchanged from a source. Its source column is named in the
result only where that column comes unchanged too, and from the same row: then a change of the one concerns the other.
A column of similarities keeps what they compare where it comes unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from thanosql_kernel.catalog import Column, GeneratedColumn, Similarity
from thanosql_kernel.sql.identifiers import unique_names

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Output:
    """A column of a relation.

    Attributes:
        name: As written; "" where only DuckDB knows it.
        facts: How it was generated; None if it was not, or nobody knows.
        source: The number of the column that it was made of, if the relation has it.
        similarity: What its cosines compare; None if it has none, or nobody knows.
    """

    name: str
    facts: GeneratedColumn | None = None
    source: int | None = None
    similarity: Similarity | None = None


@dataclass(frozen=True, slots=True)
class Outputs:
    """The columns of a relation in order.

    Attributes:
        columns: Those that are known.
        is_complete: Whether there are no others behind them.
    """

    columns: tuple[Output, ...]
    is_complete: bool = True


_UNKNOWN = Outputs((), is_complete=False)

Known = Mapping[str, Outputs]
Place = tuple[int, int]
"""The number of an input and of a column in it."""


def with_provenance(
    node: Tree, described: Sequence[Column], sources: Mapping[str, Sequence[Column]]
) -> tuple[Column, ...]:
    """A query's columns with what is known of those that are generated or similarities.

    Args:
        node: The query's tree.
        described: Its columns as DuckDB describes them.
        sources: The columns of the stored tables and placeholders that it names, by name in lower case.
    """
    given = [column for columns in sources.values() for column in columns]
    if not any(column.generated or column.similarity for column in given):
        return tuple(described)
    known = {name: _of_columns(columns) for name, columns in sources.items()}
    outputs = _outputs(node, known)
    if outputs.is_complete and len(outputs.columns) != len(described):
        return tuple(described)
    pairs = list(zip(described, outputs.columns, strict=False))
    if not all(_is_named(column, output) for column, output in pairs):
        return tuple(described)
    taken = {column.name.lower() for column in described}
    found = [_with_facts(column, output, described, taken) for column, output in pairs]
    return (*found, *described[len(found) :])


def _is_named(column: Column, output: Output) -> bool:
    """Whether DuckDB names the column so; names that come twice get a number."""
    name, wanted = column.name.lower(), output.name.lower()
    return not wanted or name == wanted or name.startswith(f"{wanted}_")


def _with_facts(column: Column, output: Output, described: Sequence[Column], taken: set[str]) -> Column:
    facts = output.facts
    if output.similarity is not None and column.type == "FLOAT":
        return replace(column, similarity=output.similarity)
    if facts is None or column.type != facts.type:
        return column
    if output.source is not None:
        name = described[output.source].name
        facts = facts if name.lower() == facts.source.lower() else replace(facts, source=name)
    elif facts.source.lower() in taken:
        facts = replace(facts, source="")
    return replace(column, generated=facts)


def _of_columns(columns: Sequence[Column]) -> Outputs:
    names = [column.name.lower() for column in columns]

    def source(column: Column) -> int | None:
        wanted = column.generated.source.lower() if column.generated else None
        return names.index(wanted) if wanted in names else None

    return Outputs(
        tuple(Output(it.name, it.generated, source(it), similarity=it.similarity) for it in columns)
    )


# -- queries -------------------------------------------------------------------------------------------------
def _outputs(node: Tree, known: Known) -> Outputs:
    known = dict(known)
    for entry in (node.get("cte_map") or {}).get("map", []):
        value = entry["value"]
        known[entry["key"].lower()] = _renamed(_outputs(value["query_node"], known), value.get("aliases"))
    if node.get("type") == "SET_OPERATION_NODE" and node.get("setop_type") != "UNION_BY_NAME":
        children = node.get("children") or [node["left"], node["right"]]
        return _agreed([_outputs(child, known) for child in children])
    if node.get("type") != "SELECT_NODE" or len(node.get("group_sets") or ()) > 1:
        return _UNKNOWN
    return _Selection(list(_inputs(node.get("from_table") or {}, known))).outputs(node["select_list"])


def _agreed(parts: Sequence[Outputs]) -> Outputs:
    """The columns of a UNION: what all sides say of a column is known of it."""
    if not all(part.is_complete and len(part.columns) == len(parts[0].columns) for part in parts):
        return _UNKNOWN
    columns = []
    for first, *others in zip(*(part.columns for part in parts), strict=True):
        columns.append(first if all(_is_alike(first, other) for other in others) else Output(first.name))
    return Outputs(tuple(columns))


def _is_alike(one: Output, other: Output) -> bool:
    if one.similarity is not None:
        return one.similarity == other.similarity
    if one.facts is None or other.facts is None or one.source != other.source:
        return False
    if one.source is None:
        return one.facts == other.facts
    return replace(one.facts, source="") == replace(other.facts, source="")


def _renamed(outputs: Outputs, names: Sequence[str] | None) -> Outputs:
    """The same columns, the first of them under other names."""
    given = list(names or ())
    columns = [
        replace(output, name=given[number]) if number < len(given) else output
        for number, output in enumerate(outputs.columns)
    ]
    unique = unique_names([column.name for column in columns])
    columns = [
        replace(column, name=name if column.name else "")
        for column, name in zip(columns, unique, strict=True)
    ]
    return replace(outputs, columns=tuple(columns))


# -- FROM ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Input:
    """Something that FROM names: its name in lower case, its columns, and those that a join has merged into others."""

    alias: str
    outputs: Outputs
    merged: frozenset[str] = frozenset()


def _inputs(source: Tree, known: Known) -> Iterator[_Input]:
    kind = source.get("type")
    if kind == "JOIN":
        yield from _joined(source, known)
    elif kind == "BASE_TABLE":
        name = str(source["table_name"]).lower()
        yield _named(source, name, known.get(name, _UNKNOWN))
    elif kind == "SUBQUERY":
        yield _named(source, "", _outputs(source["subquery"]["node"], known))
    elif kind != "EMPTY":
        yield _named(source, "", _UNKNOWN)


def _named(source: Tree, name: str, outputs: Outputs) -> _Input:
    alias = str(source.get("alias") or name).lower()
    return _Input(alias, _renamed(outputs, source.get("column_name_alias")))


def _joined(source: Tree, known: Known) -> Iterator[_Input]:
    left, right = list(_inputs(source["left"], known)), list(_inputs(source["right"], known))
    yield from left
    if source.get("join_type") in ("SEMI", "ANTI"):
        return
    shared = {str(name).lower() for name in source.get("using_columns") or ()}
    if source.get("ref_type") == "NATURAL":
        if not all(item.outputs.is_complete for item in (*left, *right)):
            yield _Input("", _UNKNOWN)
            return
        shared = _names(left) & _names(right)
    yield from (replace(item, merged=item.merged | shared) for item in right)


def _names(inputs: Sequence[_Input]) -> set[str]:
    return {output.name.lower() for item in inputs for output in item.outputs.columns}


# -- SELECT --------------------------------------------------------------------------------------------------
class _Selection:
    """The columns of a SELECT over its inputs."""

    def __init__(self, inputs: Sequence[_Input]) -> None:
        self._inputs = inputs

    def outputs(self, items: Sequence[Tree]) -> Outputs:
        chosen: list[tuple[str, frozenset[Place]]] = []
        is_complete = True
        for item in items:
            if item["class"] == "STAR":
                found, is_complete = self._starred(item)
                chosen += found
            elif item["class"] == "COLUMN_REF":
                *qualifier, column = item["column_names"]
                chosen.append((item["alias"] or column, self._places(qualifier, column.lower())))
            else:
                chosen.append((item.get("alias") or "", frozenset()))
            if not is_complete:
                break
        return Outputs(tuple(self._output(name, places, chosen) for name, places in chosen), is_complete)

    def _output(
        self, name: str, places: frozenset[Place], chosen: Sequence[tuple[str, frozenset[Place]]]
    ) -> Output:
        """One column, with where in the result the column is that it was made of."""
        if not places:
            return Output(name)
        number, at = min(places)
        origin = self._inputs[number].outputs.columns[at]
        if origin.facts is None or len(places) > 1:
            return Output(name, similarity=origin.similarity)
        wanted = None if origin.source is None else (number, origin.source)
        sources = [index for index, (_, where) in enumerate(chosen) if wanted in where]
        return Output(name, origin.facts, sources[0] if sources else None)

    def _starred(self, item: Tree) -> tuple[list[tuple[str, frozenset[Place]]], bool]:
        """What a star stands for, up to where that is known."""
        changes = ("replace_list", "rename_list", "expr", "columns", "qualified_exclude_list")
        if any(item.get(key) for key in changes):
            return [], False
        wanted = str(item.get("relation_name") or "").lower()
        left_out = {str(name).lower() for name in item.get("exclude_list") or ()}
        found = []
        for number, given in enumerate(self._inputs):
            if wanted and given.alias != wanted:
                continue
            for at, output in enumerate(given.outputs.columns):
                name = output.name.lower()
                merged = name in given.merged and not wanted
                if not merged and (not name or name not in left_out):
                    found.append((output.name, self._same(number, at)))
            if not given.outputs.is_complete:
                return found, False
        return found, True

    def _same(self, number: int, at: int) -> frozenset[Place]:
        """A column, and those that a join has merged into it."""
        name = self._inputs[number].outputs.columns[at].name.lower()
        later = [
            (other, column)
            for other, given in enumerate(self._inputs[number + 1 :], number + 1)
            for column, output in enumerate(given.outputs.columns)
            if name in given.merged and output.name.lower() == name
        ]
        return frozenset(((number, at), *later))

    def _places(self, qualifier: Sequence[str], column: str) -> frozenset[Place]:
        """Where a column that is named comes from; nowhere if that is not certain."""
        wanted = qualifier[-1].lower() if qualifier else None
        found = [
            (number, at)
            for number, given in enumerate(self._inputs)
            for at, output in enumerate(given.outputs.columns)
            if output.name.lower() == column and wanted in (None, given.alias)
        ]
        if wanted is None and found:
            return self._same(*found[0]) if self._same(*found[0]) >= set(found) else frozenset()
        return frozenset(found) if len(found) == 1 else frozenset()
