"""What statements ask of the engine. The engine implements it; statements import nothing of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from thanosql_kernel.catalog import Catalog, Column, EmbeddingKind, Model
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.sql.nodes import Scalar
from thanosql_kernel.sql.parameters import Variable
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Refreshed, Relation, TableChanges
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.options import Options
from thanosql_kernel.statements.results import TableResult

if TYPE_CHECKING:
    import pyarrow as pa

OnError = Literal["null", "fail"]


class Progress(Protocol):
    """A bar over one piece of work."""

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        """Say that ``n`` more units are done, ``errors`` of them in vain."""
        ...


@dataclass(frozen=True, slots=True)
class SearchInput:
    """One thing to search for.

    Attributes:
        kind: Whether ``value`` is a text or the path of a picture.
        value: The text or path.
        span: Where the user wrote it.
    """

    kind: Literal["text", "image"]
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class EmbedReport:
    """What a CONVERT did.

    Attributes:
        rows: Rows looked at.
        embedded: Vectors computed now.
        reused: Vectors found from earlier runs.
        failed: Rows that stay NULL because their picture or text could not be read.
        failures: The first five of them: path and reason.
        seconds: Wall time.
        out_of_reach: Rows that keep the vector they had, as their file cannot be reached.
        ready: Rows that have a vector now.
        cut: Rows whose picture was embedded now though a part of it is missing.
        losses: The first five of these pictures: path and what is missing.
    """

    rows: int
    embedded: int
    reused: int
    failed: int
    failures: tuple[tuple[str, str], ...]
    seconds: float
    out_of_reach: int = 0
    ready: int = 0
    cut: int = 0
    losses: tuple[tuple[str, str], ...] = ()


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


class Labels(NamedTuple):
    """What rows may be.

    Attributes:
        texts: The labels.
        prompts: The text that is compared for each.
        top_k: How many labels a row gets.
        span: Where the user wrote them.
    """

    texts: tuple[str, ...]
    prompts: tuple[str, ...]
    top_k: int
    span: Span


class PlanStep(NamedTuple):
    """A step of how a query is answered, and how deep it is nested."""

    depth: int
    text: str


class Runtime(Foresight, Protocol):
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

    def sample(self, relation: Relation, wanted: Sequence[str] = ()) -> TableResult:
        """A few rows and columns, ``wanted`` first; a notice names the columns that are left out."""
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

    def made_by(self, column: Column, model: Model) -> bool:
        """Whether a model, as it is now, is the one that made a column of vectors."""
        ...

    def damaged_tables(self) -> Mapping[str, ThanoSQLError]:
        """The tables whose newest version cannot be read, and why."""
        ...

    def table_versions(self, name: str, span: Span | None = None) -> Sequence[TableVersion]:
        """The versions of a table that have not been cleaned away, the newest first."""
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

    # -- embeddings ------------------------------------------------------------------------------------------
    def embed(
        self,
        rows: Relation,
        *,
        model: Model,
        kind: EmbeddingKind,
        source: str,
        result: str,
        batch_size: int = 16,
        on_error: OnError = "null",
        views: int | None = None,
        span: Span | None = None,
    ) -> tuple[Relation, EmbedReport]:
        """The rows plus (or with replaced) one vector column ``result`` with the embedding of column ``source``.

        Each vector is the mean of those of so many ``views`` of its picture (see `images.viewed`); without a number
        of as many as the column has had, of one in a new one.
        """
        ...

    def similarity(
        self,
        rows: Relation,
        *,
        model: Model,
        column: str,
        inputs: Sequence[SearchInput],
        results: Sequence[str],
        top_k: int | None = None,
        span: Span | None = None,
    ) -> Relation:
        """The rows plus one float32 cosine column an input; with ``top_k`` best first, by the first input.

        Raises:
            ModelError: TS401 when ``column`` was made with other weights than the model has now.
        """
        ...

    def ranked(self, rows: Relation, column: str) -> Relation:
        """The rows with the highest numbers in a column first, ties in the rows' order, NULLs last."""
        ...

    def classify(
        self,
        rows: Relation,
        embedded: Relation,
        *,
        model: Model,
        column: str,
        labels: Labels,
        results: tuple[str, str],
    ) -> Relation:
        """The rows plus the labels whose prompts are nearest to the vectors that ``embedded`` has, and their cosines.

        Raises:
            ModelError: TS401 when the vectors were made with other weights than the model has now.
        """
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
