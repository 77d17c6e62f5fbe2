"""The catalogue as frozen data: tables, their columns, and the models that made some of them.

Standard library only: the language server reads it without loading a database or a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from thanosql_kernel.catalog.unknown import no_model, no_table, no_view, not_a_table, not_a_view
from thanosql_kernel.errors import DataError, Span
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.wording.data import TS507

EmbeddingKind = Literal["image", "text", "video"]
TrainedFor = Literal["vectors", "labels"]
DAMAGED = -1
"""The version of a table whose newest version cannot be read."""


class Damaged(DataError):
    """TS507: files of a table are gone or damaged; other tables are none the worse for it."""

    default_code = "TS507"


def damaged(table: str, reason: str, span: Span | None = None) -> Damaged:
    """The error for a table.

    Args:
        table: Its name.
        reason: What is wrong with which file.
        span: Where the user named it.
    """
    message = TS507.UNREADABLE(name=table, reason=reason)
    return Damaged(message, span=span, hint=TS507.RESTORE_OR_DROP(name=table))


@dataclass(frozen=True, slots=True)
class Weights:
    """Which weights made a vector: equal fingerprints mean comparable vectors.

    Attributes:
        name: The spec they belong to, e.g. ``clip`` or ``mini``.
        revision: A human name of the version, e.g. a hub commit or a package version.
        fingerprint: Hex SHA-256 over the weight files.
    """

    name: str
    revision: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class GeneratedColumn:
    """How a vector column came about.

    Attributes:
        model: The model's name in the CONVERT statement.
        base: The model's column suffix, e.g. ``clipen``.
        kind: Whether pictures, texts or frames of films were embedded.
        source: The column that was embedded.
        weights: The weights that embedded it.
        dim: Length of the vectors.
        views: Of how many views of a picture each vector is the mean; see `images.viewed`.
        sampling: Which frames stand for a film, as `films.sampling` writes it; empty of what is no film.
    """

    model: str
    base: str
    kind: EmbeddingKind
    source: str
    weights: Weights
    dim: int
    views: int = 1
    sampling: str = ""

    @property
    def type(self) -> str:
        """The column's SQL type: vectors of films are kept elsewhere, and the column refers to them."""
        return "VARCHAR" if self.kind == "video" else f"FLOAT[{self.dim}]"

    def is_made_like(self, other: GeneratedColumn) -> bool:
        """Whether vectors of both may stand in one column: the same weights made them, of as many views or frames."""
        return self._making == other._making

    @property
    def _making(self) -> tuple[object, ...]:
        return self.weights.fingerprint, self.views, self.sampling


@dataclass(frozen=True, slots=True)
class Similarity:
    """Of what a column's numbers are the cosines.

    Attributes:
        weights: Name of the spec of the weights that made both vectors, e.g. ``mini``.
        column: What the vectors of the rows were made of.
        input: What was searched for.
    """

    weights: str
    column: EmbeddingKind
    input: EmbeddingKind


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its SQL type as DuckDB writes it (``VARCHAR``, ``FLOAT[512]``).

    Attributes:
        name: As it was given.
        type: Its SQL type.
        generated: How its vectors came about; None if it has none, or nobody knows.
        similarity: What its cosines compare; None if it has none, or nobody knows.
    """

    name: str
    type: str
    generated: GeneratedColumn | None = None
    similarity: Similarity | None = None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that rows of a table were copied from.

    Attributes:
        path: What the paths of its files begin with in the table, ``/`` at its end.
        options: What COPY was told about it, name and value.
    """

    path: str
    options: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A stored table.

    Attributes:
        name: As users write it; may be Korean.
        columns: In order.
        rows: Number of rows at ``version``.
        storage_name: The table's name in LanceDB (ASCII).
        version: LanceDB version that these facts describe; `DAMAGED` if the newest cannot be read.
        commit: Tells that version from one of the same number of another table that had the name; empty for unknown.
        folders: Those that its rows were copied from, as far as is known.
    """

    name: str
    columns: tuple[Column, ...]
    rows: int
    storage_name: str
    version: int
    commit: str = ""
    folders: tuple[Folder, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of that name, letter case ignored as SQL does; None if there is none."""
        return find_column(self.columns, name)


@dataclass(frozen=True, slots=True)
class View:
    """A query that goes by a name; what it gives is found out whenever it is read.

    Attributes:
        name: As users write it; may be Korean.
        sql: The query's text.
        columns: What it gave when it was made; empty for unknown.
        given: The names of its first columns, where they are not the query's.
    """

    name: str
    sql: str
    columns: tuple[Column, ...] = ()
    given: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of that name, letter case ignored as SQL does; None if there is none."""
        return find_column(self.columns, name)

    @property
    def statement(self) -> str:
        """The statement that makes it."""
        names = f" ({', '.join(map(quote_if_needed, self.given))})" if self.given else ""
        return f"CREATE VIEW {quote_if_needed(self.name)}{names} AS {self.sql}"


Readable = Table | View
"""What FROM can name."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What a model that was trained here is: a head on the frozen vectors of another.

    Attributes:
        on: The model whose vectors it takes; the name says nothing, its weights do.
        base: What BUILD MODEL was told, e.g. ``SimCLR``.
        suffix: Of the columns that it generates.
        kinds: What it takes, pictures, texts or both.
        gives: Vectors of its own, or labels.
        dim: Length of its vectors; 0 where it gives labels.
        sources: The columns it was trained on, one of each kind.
        label_col: The column with the labels; "" where there is none.
        label_type: Their SQL type.
        folder: Where its head lies; "" before it is there.
    """

    on: Model
    base: str
    suffix: str
    kinds: tuple[EmbeddingKind, ...]
    gives: TrainedFor
    dim: int
    sources: tuple[str, ...] = ()
    label_col: str = ""
    label_type: str = ""
    folder: str = ""

    def source(self, kind: EmbeddingKind) -> str | None:
        """The column of that kind that it was trained on; None if it takes none."""
        return dict(zip(self.kinds, self.sources, strict=False)).get(kind)


@dataclass(frozen=True, slots=True)
class Model:
    """A model that statements can name.

    Attributes:
        name: Case-sensitive.
        spec: The key in `models.spec.SPECS` that says what it is, or ``own``; of one trained here what it was built of.
        folder: Where its weights lie when the user brought them (UPLOAD MODEL), else None.
        repo: The hub's repository that they come from when the user named it (GET THANOSQL MODEL), else None.
        trained: What was trained here, if it was.
    """

    name: str
    spec: str
    folder: str | None = None
    repo: str | None = None
    trained: Trained | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that exists at one moment; ``revision`` grows by one with every change."""

    revision: int = 0
    tables: Mapping[str, Table] = field(default_factory=lambda: MappingProxyType({}))
    models: Mapping[str, Model] = field(default_factory=lambda: MappingProxyType({}))
    views: Mapping[str, View] = field(default_factory=lambda: MappingProxyType({}))
    _by_lower: Mapping[str, Table | None] | None = field(default=None, init=False, repr=False, compare=False)
    _views_by_lower: Mapping[str, View] | None = field(default=None, init=False, repr=False, compare=False)

    def find_table(self, name: str) -> Table | None:
        """The table of exactly that name, else the only one that differs in letter case alone."""
        return self.tables.get(name) or self._lower_names().get(name.lower())

    def find_view(self, name: str) -> View | None:
        """The view of that name, letter case ignored."""
        if not self.views:
            return None
        if self._views_by_lower is None:
            object.__setattr__(
                self, "_views_by_lower", {key.lower(): view for key, view in self.views.items()}
            )
        return self.views.get(name) or (self._views_by_lower or {}).get(name.lower())

    def find(self, name: str) -> Readable | None:
        """The table or view of that name; a table that another program made hides a view."""
        return self.find_table(name) or self.find_view(name)

    @property
    def readable(self) -> Mapping[str, Readable]:
        """All tables and views by name."""
        return {**self.views, **self.tables}

    def is_taken(self, name: str) -> bool:
        """Whether some table or view has that name, letter case ignored."""
        return name.lower() in self._lower_names() or self.find_view(name) is not None

    def _lower_names(self) -> Mapping[str, Table | None]:
        """Made when it is asked for: each word of a query asks, most catalogues that the editor foresees are not."""
        if self._by_lower is not None:
            return self._by_lower
        by_lower: dict[str, Table | None] = {}
        for name, table in self.tables.items():
            lower = name.lower()
            by_lower[lower] = None if lower in by_lower else table
        object.__setattr__(self, "_by_lower", by_lower)
        return by_lower

    def table(self, name: str, span: Span | None = None) -> Table:
        """Like `find_table`, of a table that can be read.

        Raises:
            UnknownName: TS201, with the nearest name as hint.
            Damaged: TS507.
        """
        table = self.named_table(name, span)
        if table.version == DAMAGED:
            raise damaged(table.name, TS507.NEWEST_DAMAGED(), span)
        return table

    def named_table(self, name: str, span: Span | None = None) -> Table:
        """Like `find_table`.

        Raises:
            UnknownName: TS201, with the nearest name as hint; TS220, it is a view.
        """
        table = self.find_table(name)
        if table is None:
            view = self.find_view(name)
            raise no_table(name, span, self.tables) if view is None else not_a_table(view.name, span)
        return table

    def view(self, name: str, span: Span | None = None) -> View:
        """The view of that name.

        Raises:
            UnknownName: TS201, with the nearest name as hint; TS220, it is a table.
        """
        view = self.find_view(name)
        if view is None:
            table = self.find_table(name)
            raise no_view(name, span, self.views) if table is None else not_a_view(table.name, span)
        return view

    def model(self, name: str, span: Span | None = None) -> Model:
        """The model of exactly that name.

        Raises:
            UnknownName: TS200, with the nearest name as hint.
        """
        if name not in self.models:
            raise no_model(name, span, self.models)
        return self.models[name]


def is_for_models(column: Column) -> bool:
    """Whether its values are nothing to look at: vectors, and references to such."""
    return column.type.endswith("]") or column.generated is not None


def find_column(columns: tuple[Column, ...], name: str) -> Column | None:
    """The column of that name, letter case ignored; None if there is none."""
    wanted = name.lower()
    return next((column for column in columns if column.name.lower() == wanted), None)
