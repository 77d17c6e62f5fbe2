"""The engine as one statement sees it: `statements.runtime.Runtime` for the length of a statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from thanosql_kernel.catalog import Catalog, Column, Model
from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.catalog.spellings import respelt
from thanosql_kernel.duck.connection import Duck
from thanosql_kernel.engine.database import Database
from thanosql_kernel.engine.query import glance
from thanosql_kernel.engine.query.describe import Descriptions
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.query.history import HistoryRequests
from thanosql_kernel.engine.query.scope import Frames, NamedRelations
from thanosql_kernel.engine.query.unreadable import explaining
from thanosql_kernel.engine.query.variables import variable_of
from thanosql_kernel.engine.query.writing import TableWriter
from thanosql_kernel.engine.refresh.requests import SourceRequests
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.search.computing import ComputeRequests
from thanosql_kernel.engine.search.duplicate_requests import DuplicateRequests
from thanosql_kernel.engine.search.film_requests import FilmRequests
from thanosql_kernel.engine.search.index_requests import IndexRequests
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.engine.train.kept import KeptModels
from thanosql_kernel.engine.train.requests import TrainingRequests
from thanosql_kernel.engine.work import Advancing, ProgressSink, Work, showing
from thanosql_kernel.errors import Interrupted, Span, ThanoSQLError
from thanosql_kernel.sql.nodes import Scalar
from thanosql_kernel.sql.parameters import Variable
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements import changes as asked
from thanosql_kernel.statements.changes import Refreshed
from thanosql_kernel.statements.foresight import Columns
from thanosql_kernel.statements.options import Options
from thanosql_kernel.statements.results import Message, Result, TableResult
from thanosql_kernel.statements.runtime import PlanStep, Reclaimed
from thanosql_kernel.wording import answers, counted

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.embed.cache import EmbeddingCache
    from thanosql_kernel.engine.embed.embedding import Elsewhere, EmbeddedContents
    from thanosql_kernel.engine.search.search import Searcher


class StatementRuntime(
    TrainingRequests,
    ComputeRequests,
    DuplicateRequests,
    FilmRequests,
    SourceRequests,
    HistoryRequests,
    IndexRequests,
):
    """What one statement may ask of the engine; everything that it opened is let go when it ends.

    It knows what exists, so that statements are checked with it before they run.

    Args:
        database: What outlives the statement.
        folder: Relative paths start here.
        progress: Where bars are shown; nowhere without one.
        cancelled: Whether the user asked to stop; callable from any thread.
        frames: Python's tables that queries may name.
        embedded: What the statement embedded before it began anew.
        refreshed: What it made of a table's rows before that.
    """

    has_database = True

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        progress: ProgressSink | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        frames: Frames | None = None,
        embedded: EmbeddedContents | None = None,
        refreshed: Refreshed | None = None,
    ) -> None:
        self.database = database
        self.embedded = embedded
        self.refreshed = refreshed
        self.notices: dict[str, None] = {}
        self._once: set[str] = set()
        self._cancelled = cancelled
        self._frames = frames
        self._open = ExitStack()
        self._shown: Relation | None = None
        self._evaluated: dict[int, tuple[Query, Relation]] = {}
        self.work = Work(
            folder,
            self.check_interrupted,
            self.notice,
            partial(showing, progress),
            finder=PathFinder.of(database.location, folder),
            web=database.web,
            notice_once=self.notice_once,
        )

    def finished(self, result: Result) -> Result:
        """A statement's result with what there is to tell beside it, and with what finds the files it names."""
        told = [text for text in self.notices if text not in self._once or text not in self.database.told]
        self.database.told |= self._once
        result = replace(result, notices=(*result.notices, *told))
        return result if isinstance(result, Message) else replace(result, paths=self.work.paths)

    def close(self) -> None:
        """Let go of connections and temporary files."""
        self._open.close()
        if "duck" in vars(self):
            self.duck.close()

    def handed_over(self) -> Relation | None:
        """The rows that the statement has shown, for good: a connection that they need stays open with them."""
        if self._shown is not None and self._shown.connection is not None:
            del self.duck
        return self._shown

    def explaining(self) -> AbstractContextManager[None]:
        """Errors that come from tables which somebody dropped meanwhile, or whose files are damaged, say so."""
        return explaining(self.database.tables, lambda: self.queries.opened, self.work.check)

    # -- what exists -----------------------------------------------------------------------------------------
    @property
    def catalog(self) -> Catalog:
        """What exists: looked at when the statement first asks, and after each change that it makes."""
        return self._tables.catalog

    @cached_property
    def _tables(self) -> Tables:
        self.database.tables.refresh()
        return self.database.tables

    @property
    def models(self) -> Mapping[str, Model]:
        """The models that statements can name."""
        return self.database.tables.models

    @property
    def working_folder(self) -> Path:
        """Relative paths start here."""
        return self.work.folder

    @cached_property
    def duck(self) -> Duck:
        """The statement's connection; it knows the variables as they are when it is opened."""
        duck = self.database.ducks.open(self.check_interrupted)
        duck.set_variables(self.database.variables.literals)
        return duck

    @cached_property
    def queries(self) -> Queries:
        """The statement's queries."""
        return self._queries(self._evaluate_nested)

    def _queries(self, evaluate_nested: Callable[[Any], Relation]) -> Queries:
        return Queries(self.duck, lambda: self.catalog, self.database.table, evaluate_nested, self._named)

    @cached_property
    def _named(self) -> NamedRelations:
        database = self.database
        return NamedRelations(database.results, self._frames, database.sql_types, self.check_interrupted)

    def _evaluate_nested(self, statement: Any) -> Relation:
        self.check_interrupted()
        statement.ensure(self)
        return cast(Relation, statement.evaluate(self))

    @property
    def variables(self) -> Mapping[str, Variable]:
        """What SET VARIABLE has set."""
        return self.database.variables

    def set_variable(self, name: str, expression: Query, span: Span | None = None) -> Variable:
        """Give a variable the value of an expression."""
        found = variable_of(self.queries, name, expression)
        self.database.variables.put(found)
        return found

    def reset_variable(self, name: str, span: Span | None = None) -> None:
        """Take a variable's value away."""
        self.database.variables.forget(name)

    def setting(self, name: str) -> Scalar:
        """The value of a setting."""
        return self.database.settings[name]

    def set_setting(self, name: str, value: Scalar) -> None:
        """Change a setting for the session."""
        self.database.settings[name] = value

    # -- reading ---------------------------------------------------------------------------------------------
    def evaluate(self, query: Query) -> Relation:
        """The rows of a query; statements nested in it run first, and once."""
        known = self._evaluated.get(id(query))
        if known is None or known[0] is not query:
            known = self._evaluated[id(query)] = (query, self.queries.evaluate(query))
        return known[1]

    def describe(self, query: Query) -> tuple[Column, ...]:
        """The columns of a query's rows, found out without running what is nested in it."""
        return self._descriptions.columns(query)

    @cached_property
    def _descriptions(self) -> Descriptions:
        duck = self.database.ducks.open(self.check_interrupted)
        self._open.callback(duck.close)
        return Descriptions(
            duck, lambda: self.catalog, self.queries.table, self._evaluate_nested, self._named
        )

    def columns(self, query: Query) -> Columns:
        """The columns of a query's rows."""
        return self.evaluate(query).columns

    def file_columns(self, path: str, options: Options) -> Columns:
        """Nobody asks before the file is read."""
        return None

    def explain(self, query: Query) -> Sequence[PlanStep]:
        """How a query would be answered; nothing of it is run."""
        from thanosql_kernel.engine.search.explain import Explaining

        explaining = Explaining(self.catalog, self._queries, self.searcher, self._evaluate_nested)
        return [*explaining.steps(query)]

    def preview(self, relation: asked.Relation) -> TableResult:
        """The first rows and the total."""
        limit = cast(int, self.setting("display.rows"))
        rows = relation.fetch(limit=limit)
        total = rows.num_rows if rows.num_rows < limit else relation.count()
        self.keep(ArrowRelation(rows, relation.columns) if rows.num_rows == total else relation)
        images = self.setting("display.images") is True
        return TableResult(rows, total, relation.columns, images=images)

    def sample(
        self, relation: asked.Relation, wanted: Sequence[str] = (), *, total: int | None = None
    ) -> TableResult:
        """A few rows and columns, ``wanted`` first; a notice names the columns that are left out."""
        columns = glance.brief(relation.columns, wanted)
        if left_out := [column.name for column in relation.columns if column not in columns]:
            self.notice(answers.NOT_SHOWN(names=glance.listed(left_out)))
        rows = relation.fetch([column.name for column in columns], limit=glance.ROWS)
        if total is None:
            total = rows.num_rows if rows.num_rows < glance.ROWS else relation.count()
        return TableResult(rows, total, columns, images=self.setting("display.images") is True)

    def keep(self, relation: asked.Relation) -> None:
        """Remember the rows as what the statement has shown: ``_`` in later queries."""
        self._shown = cast(Relation, relation)

    def rows(self, table: pa.Table) -> Relation:
        """Rows that a statement made itself."""
        types = self.database.sql_types(table.schema)
        columns = [Column(name, kind) for name, kind in zip(table.column_names, types, strict=True)]
        return ArrowRelation(table, columns)

    # -- tables ----------------------------------------------------------------------------------------------
    @cached_property
    def changes(self) -> TableWriter:
        """What changes stored tables."""
        return TableWriter(self._tables, self.queries, self.work)

    def damaged_tables(self) -> Mapping[str, ThanoSQLError]:
        """The tables whose newest version cannot be read, and why."""
        return self._tables.damaged(self.work.check)

    def vacuum(self, name: str | None, span: Span | None = None) -> Reclaimed:
        """Give back what a table, or the whole database with its cache, does not need."""
        return self.database.vacuum(name, self.work.at(span))

    def elsewhere(self, model: Model) -> Elsewhere | None:
        """Where SET engine says that a model embeds, if not here."""
        engine = str(self.setting("engine"))
        if engine.lower() == "local":
            return None
        from thanosql_kernel.engine.embed.ray_crew import RayWorkers

        workers = cast(int, self.setting("engine.workers"))
        return RayWorkers(engine, workers, model, self.database.location)

    @property
    def searcher(self) -> Searcher:
        """What scores vectors."""
        return self.database.searcher

    @property
    def _internal(self) -> Path:
        return self.database.location.internal

    @property
    def cache(self) -> EmbeddingCache:
        """What has been embedded."""
        return self.database.cache

    @property
    def kept_models(self) -> KeptModels:
        """Where trained models are kept."""
        return self.database.kept_models

    # -- models and data sets --------------------------------------------------------------------------------
    def add_model(self, model: Model, *, overwrite: bool, span: Span | None = None) -> None:
        """Register a model name."""
        self.database.add_model(model, self.work.at(span), overwrite=overwrite)

    def forget_model(self, name: str, span: Span | None = None) -> None:
        """Forget a model name; columns made with it stay, and VACUUM removes its vectors from the cache."""
        self.database.forget_model(self.catalog.model(name, span), self.work)

    def weights_at_hand(self, model: Model) -> bool:
        """Whether the model's own weights are on this machine."""
        from thanosql_kernel.models import registry

        return registry.weights_at_hand(model)

    def fetch_weights(self, model: Model) -> str:
        """Download a model's weights if they are not at hand; returns what to tell the user, "" for nothing."""
        from thanosql_kernel.engine.embed.weights import fetched

        return fetched(model, self.work)

    def dataset_names(self) -> Mapping[str, str]:
        """Name -> one-line description of the data sets that can be fetched."""
        from thanosql_kernel.engine.datasets import datasets

        return {name: told() for name, told in datasets.NAMES.items()}

    def fetch_dataset(self, name: str, *, span: Span | None = None, **wish: Any) -> str:
        """Fetch a data set into ``thanosql-dataset/<name>/``; returns what to tell the user."""
        from thanosql_kernel.engine.datasets import datasets, unsplash

        return datasets.fetch(name, self.work.at(span), unsplash.Wish(**wish))

    # -- files -----------------------------------------------------------------------------------------------
    def export(
        self,
        rows: asked.Relation,
        path: str,
        *,
        format: str,
        image_column: str | None,
        overwrite: bool,
        span: Span,
    ) -> int:
        """Write rows to a file or, with their pictures, a folder; returns how many."""
        from thanosql_kernel.engine.export.whole import export

        target = self.working_folder / Path(respelt(path, self.working_folder)).expanduser()
        written = export(
            cast(Relation, rows),
            target,
            format=format,
            image_column=image_column,
            internal=self.database.location.internal,
            overwrite=overwrite,
            work=self.work.at(span),
        )
        if written.missing:
            self.notice(answers.NOT_COPIED(pictures=counted(written.missing, "picture")))
        return written.rows

    # -- while a statement runs ------------------------------------------------------------------------------
    def notice(self, text: str) -> None:
        """Add a line to tell beside the result; the same line is told once."""
        self.notices[text] = None

    def notice_once(self, text: str) -> None:
        """Add a line that is told beside one result of the session, the first that it belongs to and that there is."""
        self._once.add(text)
        self.notice(text)

    def progress(self, label: str, total: int | None, unit: str) -> AbstractContextManager[Advancing]:
        """Show progress of something that may take over a second."""
        return self.work.progress(label, total, unit)

    def check_interrupted(self) -> None:
        """Raise `Interrupted` if the user asked to stop."""
        if self._cancelled():
            raise Interrupted
