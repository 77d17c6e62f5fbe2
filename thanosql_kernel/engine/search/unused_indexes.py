"""What is left of indexes whose rows or table are gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thanosql_kernel.catalog.model import Damaged
from thanosql_kernel.engine.search.search import Searcher
from thanosql_kernel.engine.store import vector_index
from thanosql_kernel.engine.store.failures import Conflict
from thanosql_kernel.engine.store.tables import Tables
from thanosql_kernel.errors import UnknownName


def drop_unused(tables: Tables, searcher: Searcher, check: Callable[[], None]) -> None:
    """Remove what no table has any more; nothing where a table cannot be read, or changes meanwhile."""
    texts = [] if searcher.text_indexes is None else searcher.text_indexes.all()
    vectors = [] if searcher.records is None else list(searcher.records)
    columns: list[tuple[Any, str]] = []
    uuids: set[str] = set()
    for name in tables.refresh().tables:
        check()
        try:
            dataset, table = tables.open(name)
        except (UnknownName, Damaged, Conflict):
            return
        columns += [(dataset, column.name) for column in table.columns]
        indexes = vector_index.indexes(dataset)
        uuids.update(part.uuid for index in indexes for part in index.segments)
    if searcher.text_indexes is not None:
        searcher.text_indexes.drop_unused(texts, columns)
    if searcher.records is not None:
        for uuid in {record.uuid for record in vectors} - uuids:
            searcher.records.forget(uuid)
