"""What an editor may know before anything has run: the columns of queries, the catalogue after a statement."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Protocol

from thanosql_kernel.catalog import Catalog, Column, Model, Table
from thanosql_kernel.models.spec import find_spec
from thanosql_kernel.sql.query import Query

#: Columns in order; a `Some` when there may be more; None when nothing is known of them.
Columns = tuple[Column, ...] | None


class Some(tuple[Column, ...]):
    """Columns that are there, beside others that cannot be known."""

    __slots__ = ()


def are_all(columns: Columns) -> bool:
    """Whether these are all the columns there are, so that any other name is wrong."""
    return columns is not None and not isinstance(columns, Some)


def some(columns: Columns) -> Columns:
    """The columns, and maybe more."""
    return Some(columns or ())


def text_columns(*names: str) -> Columns:
    """Columns of text."""
    return tuple(Column(name, "VARCHAR") for name in names)


class Foresight(Protocol):
    """What is known at one place of a document."""

    @property
    def catalog(self) -> Catalog:
        """What exists there, statements before it counted in."""
        ...

    def columns(self, query: Query) -> Columns:
        """The columns of a query's rows."""
        ...

    def file_columns(self, path: str) -> Columns:
        """The columns that COPY would find in a file or folder."""
        ...


def find_model(catalog: Catalog, name: str) -> Model | None:
    """The model of that name; one that could be had counts too."""
    if name in catalog.models:
        return catalog.models[name]
    spec = find_spec(name)
    return Model(name, spec.name) if spec else None


def with_table(catalog: Catalog, name: str, columns: Columns) -> Catalog:
    """The catalogue with a table more, or another under that name; unknown columns make a table without any."""
    existing = catalog.find_table(name)
    known = existing.name if existing else name
    table = Table(
        known, columns or (), existing.rows if existing else 0, "", existing.version if existing else 0
    )
    return replace(catalog, tables=MappingProxyType({**catalog.tables, known: table}))


def without_table(catalog: Catalog, name: str) -> Catalog:
    """The catalogue with that table gone."""
    existing = catalog.find_table(name)
    kept = {key: table for key, table in catalog.tables.items() if table is not existing}
    return replace(catalog, tables=MappingProxyType(kept))


def with_column(columns: Columns, new: Column) -> Columns:
    """The columns with one more at the end, in the place of one of the same name if there is one."""
    found = list(columns or ())
    same = next((i for i, column in enumerate(found) if column.name.lower() == new.name.lower()), None)
    if same is None:
        found.append(new)
    else:
        found[same] = new
    return tuple(found) if are_all(columns) else Some(found)


def with_model(catalog: Catalog, model: Model) -> Catalog:
    """The catalogue with a model more."""
    return replace(catalog, models=MappingProxyType({**catalog.models, model.name: model}))


def without_model(catalog: Catalog, name: str) -> Catalog:
    """The catalogue with that model gone."""
    kept = {key: model for key, model in catalog.models.items() if key != name}
    return replace(catalog, models=MappingProxyType(kept))
