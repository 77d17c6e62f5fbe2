"""What outlives a statement: tables, DuckDB instances, the embedding cache, vectors in memory, results, settings."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog import Catalog, Model
from thanosql_kernel.catalog.location import Location
from thanosql_kernel.duck.connection import DuckFactory
from thanosql_kernel.engine.query.variables import SessionVariables
from thanosql_kernel.engine.relations.relation import Relation, Snapshot
from thanosql_kernel.engine.relations.results import KeptRelation, KeptResults
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.maintenance import BUDGET_S, Maintenance, TendedTables
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Interrupted, UnknownName
from thanosql_kernel.interrupts import never
from thanosql_kernel.models.spec import builtin_models
from thanosql_kernel.sql.nodes import Scalar
from thanosql_kernel.statements.runtime import Reclaimed
from thanosql_kernel.statements.settings import SETTINGS
from thanosql_kernel.web.pictures import web_pictures
from thanosql_kernel.wording.names import TS205

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.embed.cache import EmbeddingCache
    from thanosql_kernel.engine.embed.makers import DeletedModels
    from thanosql_kernel.engine.search.half_upkeep import HalfUpkeep
    from thanosql_kernel.engine.search.search import Searcher
    from thanosql_kernel.engine.train.kept import KeptModels

_log = logging.getLogger(__name__)


class Database:
    """A database that is in use.

    Args:
        location: Where it is; nothing is made there before something is written.

    Attributes:
        tables: The stored tables and the catalogue.
        ducks: Connections for users' queries, which reach no files.
        file_ducks: Connections that read and write files, for SQL of our own.
        results: Of earlier cells, for later ones.
        maintenance: Keeps the tables compact.
        settings: The values of `statements.settings.SETTINGS`.
        variables: What SET VARIABLE has set.
        web: Fetches pictures of the web, and keeps them.
        told: What has been told once and for all.
    """

    def __init__(self, location: Location) -> None:
        self.location = location
        self.settings: dict[str, Scalar] = {name: option.default for name, option in SETTINGS.items()}
        self.variables = SessionVariables()
        self.web = web_pictures(self.settings.__getitem__)
        models = {name: Model(name, spec) for name, spec in builtin_models().items()}
        self.tables = Tables(location, models, self.sql_types)
        scratch = self.tables.store.usage.scratch
        # With the vectors' quarter (see `search.blocks.memory_cap_bytes`) nine tenths of the memory.
        self.ducks = DuckFactory(scratch, memory_share=0.4)
        self.file_ducks = DuckFactory(scratch, memory_share=0.25, reads_files=True)
        self.results = KeptResults()
        self.told: set[str] = set()
        self.maintenance = Maintenance(self.tables.store, _carry_records)

    @property
    def catalog(self) -> Catalog:
        """What exists now."""
        return self.tables.refresh()

    @cached_property
    def cache(self) -> EmbeddingCache:
        """The database's embeddings."""
        from thanosql_kernel.engine.embed.cache import EmbeddingCache

        return EmbeddingCache(
            TendedTables(self.tables.store, self.maintenance), self.tables.store.usage.scratch()
        )

    @cached_property
    def kept_models(self) -> KeptModels:
        """Models that were trained here."""
        from thanosql_kernel.engine.train.kept import KeptModels

        return KeptModels(self.location.internal)

    @cached_property
    def searcher(self) -> Searcher:
        """Vector columns and query vectors that are kept in memory."""
        from thanosql_kernel.engine.search.blocks import VectorMemory
        from thanosql_kernel.engine.search.half_columns import HalfColumns
        from thanosql_kernel.engine.search.half_files import HalfFiles
        from thanosql_kernel.engine.search.half_finder import HalfFinder
        from thanosql_kernel.engine.search.indexes import Record
        from thanosql_kernel.engine.search.records import Records
        from thanosql_kernel.engine.search.search import Searcher
        from thanosql_kernel.engine.search.text_indexes import TextIndexes

        internal, memory = self.location.internal, VectorMemory()
        halves = HalfColumns(HalfFiles(internal / "vectors"))
        return Searcher(
            memory,
            records=Records(internal / "indexes", Record),
            text_indexes=TextIndexes(internal / "texts"),
            may_use_index=lambda: self.settings["search.index"] is True,
            halves=HalfFinder(halves, memory, self.half_upkeep.want),
        )

    @cached_property
    def half_upkeep(self) -> HalfUpkeep:
        """Writes what searches read, while no cell runs."""
        from thanosql_kernel.engine.search.half_upkeep import HalfUpkeep

        return HalfUpkeep(self.tables.store, lambda: self.searcher)

    def table(self, name: str) -> StoredRelation:
        """A table's rows at its latest version.

        Raises:
            UnknownName: TS201.
        """
        return StoredRelation(*self.tables.open(name))

    def sql_types(self, schema: pa.Schema) -> Sequence[str]:
        """The SQL types of an Arrow schema's fields, as DuckDB writes them."""
        duck = self.ducks.open(never)
        try:
            duck.register("_s", schema.empty_table())
            return [column.type for column in duck.describe("FROM _s")]
        finally:
            duck.close()

    def keep(self, relation: Relation) -> KeptRelation:
        """Rows that a statement has shown, for later statements."""
        return KeptRelation(relation, self._has_version)

    def vacuum(self, name: str | None, work: Work) -> Reclaimed:
        """Give back what one table, or the whole database, does not need.

        Raises:
            UnknownName: TS201.
            Interrupted: The user asked to stop; what was done by then stays done.
        """
        gc.collect()  # a data set in a circle of objects that nobody reaches would count as being read
        try:
            if name is None:
                freed = self._remove_deleted_models(work) + self.maintenance.vacuum_all(work)
                self._drop_unused_indexes(work)
                return freed + Reclaimed(self.half_upkeep.sweep(work.check))
            return self.maintenance.vacuum(self.catalog.table(name, work.span).storage_name, work)
        finally:
            self.tables.refresh()

    def add_model(self, model: Model, work: Work, *, overwrite: bool) -> None:
        """Register a model name; the vectors of a model that it replaces are wanted no more.

        Raises:
            UnknownName: TS205, there is one of the name.
            ModelError: Its folder holds no model.
        """
        known = self.tables.models.get(model.name)
        if known is not None and not overwrite:
            raise UnknownName(TS205.TAKEN_MODEL(name=model.name), span=work.span, hint=TS205.OVERWRITE())
        if model.folder is not None:
            from thanosql_kernel.models import registry

            registry.validate_folder(model.folder)
        if known is not None and known != model:
            self._deleted_models.add(known, work.check)
        self.tables.put_model(model)

    def forget_model(self, model: Model, work: Work) -> None:
        """Forget a model name; the vectors that the model has made are wanted no more."""
        self._deleted_models.add(model, work.check)
        self.tables.forget_model(model.name)

    @property
    def _deleted_models(self) -> DeletedModels:
        from thanosql_kernel.engine.embed.makers import DeletedModels

        return DeletedModels(self.location.internal)

    def _remove_deleted_models(self, work: Work) -> Reclaimed:
        deleted, freed = self._deleted_models, Reclaimed()
        for name in deleted.tables(self.tables.store, self.catalog.models.values(), work.check):
            freed += self.maintenance.remove(name, work)
        deleted.forget()
        self.kept_models.tidy(self.catalog.models.values())
        return freed

    def _drop_unused_indexes(self, work: Work) -> None:
        from thanosql_kernel.engine.search.unused_indexes import drop_unused

        drop_unused(self.tables, self.searcher, work.check)

    def maintain(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Look after what a statement has changed, for a moment; whatever goes wrong is logged."""

        deadline = time.monotonic() + BUDGET_S

        def check() -> None:
            if cancelled():
                raise Interrupted

        def check_in_time() -> None:
            check()
            if time.monotonic() > deadline:
                raise Interrupted

        try:
            if self.tables.store.changed:
                self.half_upkeep.note(list(self.tables.store.changed))
                latest = self.tables.store.versions()
                self.results.leave_versions(
                    lambda found: (
                        (newest := latest.get(found.storage_name)) is None or newest.number != found.version
                    ),
                    check_in_time,
                )
            self.maintenance.after_commit(check)
        except Exception:
            _log.info("no upkeep", exc_info=True)

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """A cell runs: what is done between cells waits."""
        if "half_upkeep" in self.__dict__:
            self.half_upkeep.pause()
        try:
            yield
        finally:
            if "half_upkeep" in self.__dict__:
                self.half_upkeep.resume()

    def close(self) -> None:
        """Let go of files and memory."""
        if "half_upkeep" in self.__dict__:
            self.half_upkeep.close()
        self.results.clear()
        self.web.kept.close()
        self.ducks.close()
        self.file_ducks.close()
        self.tables.store.usage.close()

    def _has_version(self, snapshot: Snapshot) -> bool:
        return self.tables.store.has_version(snapshot.storage_name, snapshot.version, snapshot.identity)


def _carry_records(dataset: Any, fragments: Sequence[Any], new: Any) -> None:
    """Imported when it is wanted: no statement that embeds nothing waits for it."""
    from thanosql_kernel.engine.embed.made import carry_records

    carry_records(dataset, fragments, new)
