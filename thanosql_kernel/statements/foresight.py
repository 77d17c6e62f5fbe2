"""What can be known before a statement runs: the columns of queries, and what the statement will make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, Protocol

from thanosql_kernel.catalog import Catalog, Column, Model, Table, View
from thanosql_kernel.errors import Span
from thanosql_kernel.models.spec import find_spec
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.options import Options

#: Columns in order; a `Some` when there may be more; None when nothing is known of them.
Columns = tuple[Column, ...] | None


class Some(tuple[Column, ...]):
    """Columns that are there, beside others that cannot be known."""

    __slots__ = ()


class Named(NamedTuple):
    """Rows that an expression of a statement may name.

    Attributes:
        name: What it calls them.
        columns: Theirs.
        table: The stored table that they are, if they are one.
    """

    name: str
    columns: Columns
    table: str | None = None


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
    """What is known in front of a statement: to an editor at its place, to the engine when its turn has come."""

    @property
    def catalog(self) -> Catalog:
        """What exists there, statements before it counted in."""
        ...

    @property
    def has_database(self) -> bool:
        """Whether the catalogue is that of a database, so that a name it lacks is wrong."""
        ...

    def columns(self, query: Query) -> Columns:
        """The columns of a query's rows."""
        ...

    def file_columns(self, path: str, options: Options) -> Columns:
        """The columns that COPY would find in a file or folder."""
        ...


class Unforeseen:
    """Nothing is known: what a cell's text alone can be checked with."""

    catalog = Catalog()
    has_database = False

    def columns(self, query: Query) -> Columns:
        """Nobody knows."""
        return None

    def file_columns(self, path: str, options: Options) -> Columns:
        """Nobody looks."""
        return None


class Added(NamedTuple):
    """A column that a statement adds to the rows of its query, and the part of the statement that names it."""

    column: Column
    span: Span


class Makes:
    """What a statement makes.

    Args:
        catalog: What exists after it.
        columns: Gives the columns of its rows when somebody asks; not asked for what has none.
        added: Those among them that its query's rows do not have.
        about: A sentence about these.
        reads: Gives the column of its query's rows that these are made of, None where nobody knows.
        steps: Sentences on how it goes about it, for EXPLAIN.
    """

    def __init__(
        self,
        catalog: Catalog,
        columns: Callable[[], Columns] = lambda: None,
        added: tuple[Added, ...] = (),
        about: str = "",
        reads: Callable[[], Column | None] = lambda: None,
        steps: tuple[str, ...] = (),
    ) -> None:
        self.catalog = catalog
        self._columns = columns
        self._reads = reads
        self.added = added
        self.about = about
        self.steps = steps

    @cached_property
    def columns(self) -> Columns:
        """The columns of its rows, as far as they can be known."""
        return self._columns()

    @cached_property
    def reads(self) -> Column | None:
        """The column of its query's rows that it works on, if it works on one."""
        return self._reads()


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


def with_view(catalog: Catalog, view: View) -> Catalog:
    """The catalogue with a view more, or another under that name."""
    others = without_view(catalog, view.name).views
    return replace(catalog, views=MappingProxyType(dict(sorted({**others, view.name: view}.items()))))


def without_view(catalog: Catalog, name: str) -> Catalog:
    """The catalogue with that view gone."""
    gone = catalog.find_view(name)
    kept = {key: view for key, view in catalog.views.items() if view is not gone}
    return replace(catalog, views=MappingProxyType(kept))


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
