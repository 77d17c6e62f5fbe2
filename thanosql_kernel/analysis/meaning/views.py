"""The columns of views where nothing has run yet: told by their texts, and by what they gave when they were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from thanosql_kernel.analysis.meaning.scope import Names
from thanosql_kernel.catalog import Column, View
from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.statements.foresight import Columns, Some, are_all


def columns_of(view: View, names: Names) -> Columns:
    """The columns that a view has now, as far as can be known.

    Its text says what it gives; where that says too little (``count(*)``, a type), what it gave when it was made does,
    unless the two contradict each other: then the tables that it reads have changed since.
    """
    told = _renamed(names.output(tuple(read_tokens(view.sql))), view.given)
    if not view.columns:
        return told
    if told is None:
        return view.columns if len(view.given) == len(view.columns) else Some(view.columns)
    if len(told) == len(view.columns) and all(map(_agree, told, view.columns)):
        return tuple(map(_completed, told, view.columns))
    return told if are_all(told) else Some(_with_others(told, view.columns))


def _renamed(columns: Columns, given: Sequence[str]) -> Columns:
    """The columns, the first of them under other names."""
    if not given:
        return columns
    if not are_all(columns):
        return Some(tuple(Column(name, "") for name in given))
    known = columns or ()
    renamed = [replace(column, name=name) for column, name in zip(known, given, strict=False)]
    return (*renamed, *known[len(renamed) :])


def _agree(told: Column, gave: Column) -> bool:
    """Whether a column may be the same; one that nobody has named has the text of its expression for a name."""
    return told.name.lower() == gave.name.lower() or not told.name.isidentifier()


def _completed(told: Column, gave: Column) -> Column:
    return replace(
        gave, type=told.type or gave.type, generated=told.generated if told.type else gave.generated
    )


def _with_others(told: Sequence[Column], gave: Sequence[Column]) -> tuple[Column, ...]:
    named = {column.name.lower() for column in told}
    return (*told, *(column for column in gave if column.name.lower() not in named))
