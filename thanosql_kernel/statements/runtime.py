"""What statements ask of the engine. The engine implements it; statements import nothing of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from thanosql_kernel.catalog import Catalog, Column, Model
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.sql.nodes import Scalar
from thanosql_kernel.sql.parameters import Variable
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Refreshed, Relation, TableChanges
from thanosql_kernel.statements.computing import ComputeWork
from thanosql_kernel.statements.duplicate_work import DuplicateWork
from thanosql_kernel.statements.film_work import FilmWork
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.index_work import IndexWork
from thanosql_kernel.statements.options import Options
from thanosql_kernel.statements.results import TableResult
from thanosql_kernel.statements.training import TrainingWork
from thanosql_kernel.statements.vectors import VectorWork

if TYPE_CHECKING:
    import pyarrow as pa


class Progress(Protocol):
    """A bar over one piece of work."""

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        """Say that ``n`` more units are done, ``errors`` of them in vain."""
        ...


@dataclass(frozen=True, slots=True)
class TableVersion:
    """One version of a table.

    Attributes:
        number: Its number.
        written: When it was committed, with time zone; None if nobody knows.
        rows: Number of rows; None if it cannot be read.
        columns: Their names.
        problem: Why it cannot be read; None if nothing is seen to be wrong.
    """

    number: int
    written: datetime | None
    rows: int | None
    columns: tuple[str, ...]
    problem: str | None


@dataclass(frozen=True, slots=True)
class Reclaimed:
    """What upkeep of tables has given back.

    Attributes:
        size_bytes: How much less the files take.
        files: How many fewer they are.
        rows: How many rows were written again, closer together.
    """

    size_bytes: int = 0
    files: int = 0
    rows: int = 0

    def __add__(self, other: Reclaimed) -> Reclaimed:
        return Reclaimed(self.size_bytes + other.size_bytes, self.files + other.files, self.rows + other.rows)


class PlanStep(NamedTuple):
    """A step of how a query is answered, and how deep it is nested."""

    depth: int
    text: str


class Runtime(Foresight, VectorWork, TrainingWork, ComputeWork, DuplicateWork, FilmWork, IndexWork, Protocol):
    """The engine as a statement sees it. Every method may raise a `ThanoSQLError`; none leaves half a table."""

    @property
    def catalog(self) -> Catalog:
        """What exists now."""
        ...

    @property
    def models(self) -> Mapping[str, Model]:
        """The models that statements can name; known even if the tables cannot be reached."""
        ...

    @property
    def working_folder(self) -> Path:
        """Relative paths in statements and tables start here."""
        ...

    # -- reading ---------------------------------------------------------------------------------------------
    def evaluate(self, query: Query) -> Relation:
        """The rows of a query; statements nested in it run first, innermost first, and once however often it is asked.

        A query that is nothing but ``SELECT * FROM t`` (see `Query.plain_table`) gives t's own columns.
        """
        ...

    def explain(self, query: Query) -> Sequence[PlanStep]:
        """How a query would be answered; nothing of it is run."""
        ...

    def describe(self, query: Query) -> tuple[Column, ...]:
        """The columns of a query's rows, found out without running what is nested in it."""
        ...

    def preview(self, relation: Relation) -> TableResult:
        """The first rows (as many as the ``display.rows`` setting) and the total."""
        ...

    def sample(
        self, relation: Relation, wanted: Sequence[str] = (), *, total: int | None = None
    ) -> TableResult:
        """A few rows and columns, ``wanted`` first; a notice names the columns that are left out.

        Args:
            relation: The rows.
            wanted: Columns to show first.
            total: How many rows there are, if that is known or will be said later; else they are counted.
        """
        ...

    def keep(self, relation: Relation) -> None:
        """Remember the rows as what the statement has shown: ``_`` in later queries; `preview` does so itself."""
        ...

    def read_source(self, source: str | Sequence[str], span: Span, options: Options) -> Relation:
        """The rows of a csv/tsv/json/jsonl/parquet/xlsx/xls file, a folder of media, a JSON text, a URL, or a list."""
        ...

    def rows(self, table: pa.Table) -> Relation:
        """Rows that a statement made itself."""
        ...

    # -- tables ----------------------------------------------------------------------------------------------
    @property
    def changes(self) -> TableChanges:
        """What changes stored tables."""
        ...

    def refresh(
        self,
        name: str,
        folder: tuple[str, Span] | None = None,
        options: Options | None = None,
        *,
        keeps_missing: bool = False,
        span: Span | None = None,
    ) -> Refreshed:
        """Bring a table up to date with folders, in one commit; what is out of reach is not gone.

        Args:
            name: The table.
            folder: A folder, and where the user wrote it; without it those that the table was copied from.
            options: What COPY was told about the folder; without them what the table remembers.
            keeps_missing: Whether rows stay whose files are gone.
            span: Where errors point.
        """
        ...

    def damaged_tables(self) -> Mapping[str, ThanoSQLError]:
        """The tables whose newest version cannot be read, and why."""
        ...

    def table_versions(self, name: str, span: Span | None = None) -> Sequence[TableVersion]:
        """The versions of a table that have not been cleaned away, the newest first."""
        ...

    def table_at_version(self, name: str, version: int, span: Span | None = None) -> Relation:
        """The rows that a table had at a version.

        Raises:
            UnknownName: TS201, TS210: it has none of that number, or not any more.
        """
        ...

    def restore_table(self, name: str, version: int | None, span: Span | None = None) -> int | None:
        """Bring a version of a table back, the newest that can be read unless one is named.

        Returns:
            Which it was; None if it is the present one.
        """
        ...

    def vacuum(self, name: str | None, span: Span | None = None) -> Reclaimed:
        """Give back what a table, or the whole database with its cache, does not need."""
        ...

    # -- models and data sets --------------------------------------------------------------------------------
    def add_model(self, model: Model, *, overwrite: bool, span: Span | None = None) -> None:
        """Register a model name (TS205 if taken and not ``overwrite``)."""
        ...

    def forget_model(self, name: str, span: Span | None = None) -> None:
        """Forget a model name; columns made with it stay."""
        ...

    def weights_at_hand(self, model: Model) -> bool:
        """Whether the model's own weights are on this machine (the fallback does not count)."""
        ...

    def fetch_weights(self, model: Model) -> str:
        """Download a model's weights if they are not at hand; returns what to tell the user, "" for nothing.

        Where they cannot be had, says so and that the embedded model stands in, unless THANOSQL_FALLBACK=error.
        """
        ...

    def dataset_names(self) -> Mapping[str, str]:
        """Name -> one-line description of the data sets that can be fetched."""
        ...

    def fetch_dataset(
        self,
        name: str,
        *,
        overwrite: bool,
        limit: int | None,
        width: int,
        workers: int,
        span: Span | None = None,
    ) -> str:
        """Fetch a data set into ``thanosql-dataset/<name>/``; returns what to tell the user.

        ``limit`` photos of ``width`` pixels, ``workers`` at a time; None for all of them.
        """
        ...

    # -- variables, settings and files ---------------------------------------------------------------------
    @property
    def variables(self) -> Mapping[str, Variable]:
        """What SET VARIABLE has set in this session, by `variable_key`."""
        ...

    def set_variable(self, name: str, expression: Query, span: Span | None = None) -> Variable:
        """Give a variable the value of an SQL expression, which may hold queries."""
        ...

    def reset_variable(self, name: str, span: Span | None = None) -> None:
        """Take a variable's value away."""
        ...

    def reader(self, value: object) -> Callable[[], bytes] | None:
        """Reads a picture that is no file, in any thread and later, or raises `UnreadableImage`; None for a path."""
        ...

    def setting(self, name: str) -> Scalar:
        """The value of a setting of `statements.settings.SETTINGS`."""
        ...

    def set_setting(self, name: str, value: Scalar) -> None:
        """Change a setting for the session."""
        ...

    def export(
        self, rows: Relation, path: str, *, format: str, image_column: str | None, overwrite: bool, span: Span
    ) -> int:
        """Write rows to a file (csv, tsv, parquet, json, jsonl, html) or, with their pictures, a folder.

        The file is there whole or not at all; one that exists is kept unless ``overwrite``. Returns the rows written.
        """
        ...

    # -- while a statement runs ------------------------------------------------------------------------------
    def notice(self, text: str) -> None:
        """Add a line to tell beside the result; the same line is told once."""
        ...

    def progress(self, label: str, total: int | None, unit: str) -> AbstractContextManager[Progress]:
        """Show progress of something that may take over a second."""
        ...

    def check_interrupted(self) -> None:
        """Raise `Interrupted` if the user asked to stop; call it at least once a second of work."""
        ...
