"""What outlives a statement: tables, DuckDB instances, the embedding cache, vectors in memory, results, settings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from thanosql_kernel.catalog import Catalog, Model
from thanosql_kernel.catalog.location import Location
from thanosql_kernel.duck.connection import DuckFactory
from thanosql_kernel.engine.relations.relation import Relation, Snapshot
from thanosql_kernel.engine.relations.results import KeptRelation, KeptResults
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.interrupts import never
from thanosql_kernel.models.spec import builtin_models
from thanosql_kernel.sql.nodes import Scalar
from thanosql_kernel.statements.settings import SETTINGS

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.embed.cache import EmbeddingCache
    from thanosql_kernel.engine.search.search import Searcher


class Database:
    """A database that is in use.

    Args:
        location: Where it is; nothing is made there before something is written.

    Attributes:
        tables: The stored tables and the catalogue.
        ducks: Connections for users' queries, which reach no files.
        file_ducks: Connections that read and write files, for SQL of our own.
        results: Of earlier cells, for later ones.
        settings: The values of `statements.settings.SETTINGS`.
    """

    def __init__(self, location: Location) -> None:
        self.location = location
        self.settings: dict[str, Scalar] = {name: option.default for name, option in SETTINGS.items()}
        models = {name: Model(name, spec) for name, spec in builtin_models().items()}
        self.tables = Tables(location, models, self.sql_types)
        temporary = location.internal / "tmp"
        # With the vectors' quarter (see `search.blocks.memory_cap_bytes`) nine tenths of the memory.
        self.ducks = DuckFactory(temporary, memory_share=0.4)
        self.file_ducks = DuckFactory(temporary, memory_share=0.25, reads_files=True)
        self.results = KeptResults()

    @property
    def catalog(self) -> Catalog:
        """What exists now."""
        return self.tables.refresh()

    @cached_property
    def cache(self) -> EmbeddingCache:
        """The database's embeddings."""
        from thanosql_kernel.engine.embed.cache import EmbeddingCache

        return EmbeddingCache(self.tables.store, self.location.internal / "tmp")

    @cached_property
    def searcher(self) -> Searcher:
        """Vector columns and query vectors that are kept in memory."""
        from thanosql_kernel.engine.search.search import Searcher

        return Searcher()

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

    def close(self) -> None:
        """Let go of files and memory."""
        self.results.clear()
        self.ducks.close()
        self.file_ducks.close()

    def _has_version(self, snapshot: Snapshot) -> bool:
        return self.tables.store.has_version(*snapshot)
