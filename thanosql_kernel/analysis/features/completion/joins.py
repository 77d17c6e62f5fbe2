"""The conditions by which people join tables: the same name on both sides, or ``customer_id`` and ``customers.id``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thanosql_kernel.analysis.meaning.sources import Source, find_source
from thanosql_kernel.analysis.text.clauses import Tokens
from thanosql_kernel.analysis.text.words import quoted
from thanosql_kernel.catalog import Column

_ID = "id"


def conditions(earlier: Sequence[Source], joined: Source) -> Iterator[str]:
    """Conditions between a table that is joined and those in front of it, references first."""
    pairs = [
        (is_reference, left, a, b)
        for left in reversed(earlier)
        for a in left.columns or ()
        for b in joined.columns or ()
        if (is_reference := _refers(a, left, b, joined)) or _is_same(a, b)
    ]
    names_id = any(is_reference for is_reference, *_ in pairs)
    for is_reference, left, a, b in sorted(pairs, key=lambda pair: not pair[0]):
        # Both tables have an ``id`` of their own where one refers to the other.
        if left.name and joined.name and (is_reference or not (names_id and a.name.lower() == _ID)):
            yield f"{_full(left, a)} = {_full(joined, b)}"


def partner(before: Tokens, sources: Sequence[Source], owner: Source) -> str | None:
    """The column of ``owner`` that fits ``other.column = owner.``; None where nothing of the kind is written."""
    if len(before) < 6 or not (before[-2].is_name and before[-3].text == "=" and before[-5].text == "."):
        return None
    other = find_source(sources, before[-6].name)
    column = next((it for it in (other.columns if other else None) or () if it.name == before[-4].name), None)
    if other is None or column is None:
        return None
    fitting = [it for it in owner.columns or () if _refers(column, other, it, owner)]
    fitting += [it for it in owner.columns or () if _is_same(column, it)]
    return fitting[0].name if fitting else None


def _full(source: Source, column: Column) -> str:
    return f"{quoted(source.name or '')}.{quoted(column.name)}"


def _is_same(a: Column, b: Column) -> bool:
    return a.name.lower() == b.name.lower() and a.type == b.type and not a.type.endswith("]")


def _refers(a: Column, of_a: Source, b: Column, of_b: Source) -> bool:
    """Whether one is the id of the other's table."""
    return _names(a, b, of_b) or _names(b, a, of_a)


def _names(reference: Column, key: Column, source: Source) -> bool:
    if key.name.lower() != _ID or reference.name.lower() == _ID:
        return False
    table = (source.table or source.name or "").lower()
    stem = reference.name.lower().removesuffix(_ID).rstrip("_")
    return bool(stem) and reference.name.lower() != stem and table.rpartition("_")[2] in _plurals(stem)


def _plurals(stem: str) -> set[str]:
    return {stem, f"{stem}s", f"{stem}es", f"{stem.removesuffix('y')}ies"}
