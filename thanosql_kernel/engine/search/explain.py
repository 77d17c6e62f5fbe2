"""EXPLAIN: what a query would read and how, told from the very plans that a run follows; nothing is read for it.

Nested statements are not run: rows without any stand for theirs, with the columns that they will have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from thanosql_kernel.catalog import Catalog, Column
from thanosql_kernel.duck.tree import walk
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.relations import highest, late
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.highest import Highest, HighestRows
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.engine.search.finding import FEW_ROWS, table_of
from thanosql_kernel.engine.search.search import Searcher
from thanosql_kernel.errors import Unsupported
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Columns, are_all
from thanosql_kernel.statements.options import Options
from thanosql_kernel.statements.runtime import PlanStep
from thanosql_kernel.statements.statement import Statement
from thanosql_kernel.wording import counted, indexes, plans
from thanosql_kernel.wording.refusals import TS600

_VECTOR = re.compile(r"FLOAT\[(\d+)\]\Z")
_MB = 1e6

MakeQueries = Callable[[Callable[[Any], Relation]], Queries]


class Explaining:
    """What is known of a query whose nested statements have not run; a `statements.foresight.Foresight`.

    Args:
        catalog: What exists.
        queries: Makes what evaluates queries, given what gives the rows of a nested statement.
        searcher: What scores vectors.
        evaluate: Gives the rows of a nested statement that are a stored table's, which takes nothing.
    """

    has_database = True

    def __init__(
        self,
        catalog: Catalog,
        queries: MakeQueries,
        searcher: Searcher,
        evaluate: Callable[[Statement], Relation],
    ) -> None:
        self.catalog = catalog
        self._queries = queries(self._stand_in)
        self._searcher, self._memory = searcher, searcher.memory
        self._evaluate = evaluate
        self._standing_in: dict[int, Statement] = {}

    def columns(self, query: Query) -> Columns:
        """The columns of a query's rows."""
        return self._queries.evaluate(query).columns

    def file_columns(self, path: str, options: Options) -> Columns:
        """No nested statement reads files."""
        return None

    def steps(self, query: Query, depth: int = 0) -> Iterator[PlanStep]:
        """How a query would be answered, outer steps first."""
        rows = self._queries.evaluate(query)
        if isinstance(rows, SqlRelation):
            columns = counted(len(rows.columns), "column")
            yield PlanStep(depth, plans.QUERY(columns=columns, way=self._way(rows)))
            wanted = _highest(rows)
            for name, source in _sources_read(rows).items():
                yield from self._source(name, source, rows, depth + 1, wanted)
        else:
            yield from self._source("", rows, None, depth)

    def _stand_in(self, statement: Statement) -> Relation:
        """Rows that look like those of a nested statement; none are there."""
        if statement.reads_stored:
            return self._evaluate(statement)
        statement.ensure(self)
        columns = statement.makes(self).columns
        if columns is None or not are_all(columns) or not all(column.type for column in columns):
            hint = TS600.RUN_IT_FIRST()
            raise Unsupported(TS600.KNOWN_AFTERWARDS(), span=statement.span, hint=hint)
        items = ", ".join(f"CAST(NULL AS {column.type}) AS {quote(column.name)}" for column in columns)
        none = self._queries.duck.table(f"SELECT {items} WHERE false")
        added = [column.name for column, _ in statement.makes(self).added]
        rows = _StandIn(none, columns, added, statement.finds_best_by(self.catalog))
        self._standing_in[id(rows)] = statement
        return rows

    # -- queries -------------------------------------------------------------------------------------------------
    def _way(self, rows: SqlRelation) -> str:
        """How DuckDB's part of the work is done."""
        by_name = {name: source.columns for name, source in rows.sources.items()}
        plan = late.read(rows.node, by_name) if rows.node else None
        if not rows.sources:
            return plans.COMPUTED()
        if plan is None:
            return plans.READS_ALL()
        wide = [column.name for column in rows.columns if _is_vector(column)]
        source = rows.sources[plan.table.lower()]
        wanted = plan.wanted(None)
        is_late = (
            wanted is not None and wanted <= late.MAX_ROWS and bool(wide) and self._takes_cheaply(source)
        )
        gives = plans.GIVES[wanted is not None, plan.sorts, is_late]
        return gives(rows=counted(wanted or 0, "row"), columns=", ".join(wide))

    def _takes_cheaply(self, source: Relation) -> bool:
        """Whether single rows can be read: of stored tables, and of statements that add columns to such."""
        statement = self._standing_in.get(id(source))
        if statement is None:
            return source.takes_cheaply
        return all(self._queries.evaluate(query).takes_cheaply for query in statement.queries)

    # -- what is read --------------------------------------------------------------------------------------------
    def _source(
        self,
        name: str,
        source: Relation,
        reader: SqlRelation | None,
        depth: int,
        wanted: Highest | None = None,
    ) -> Iterator[PlanStep]:
        statement = self._standing_in.get(id(source))
        if statement is not None:
            yield from self._nested(statement, depth, wanted)
        elif isinstance(source, StoredRelation):
            yield PlanStep(depth, _table(source, reader))
        else:
            result = plans.NAMED_RESULT if name else plans.RESULT
            yield PlanStep(depth, result(name=name, rows=counted(source.count(), "row")))

    def _nested(self, statement: Statement, depth: int, wanted: Highest | None = None) -> Iterator[PlanStep]:
        makes = statement.makes(self)
        added = ", ".join(column.name for column, _ in makes.added)
        named = (f"USING {name}" if name.kind == "model" else name.text for name in statement.names)
        words = " ".join([*statement.words, *named]).replace("USING USING", "USING")
        yield PlanStep(depth, plans.ADDS(statement=words, columns=added) if added else words)
        yield from (PlanStep(depth + 1, step) for step in makes.steps)
        for number, query in enumerate(statement.queries):
            if number:
                yield PlanStep(depth + 1, plans.LOOKS_FOR_ROWS())
            elif makes.reads is not None:
                rows = self._queries.evaluate(query)
                finds_best = statement.gives_best or wanted is not None
                if finds_best and self._are_chosen_first(makes.reads, rows, wanted):
                    yield PlanStep(depth + 1, indexes.CHOSEN_FIRST(column=makes.reads.name, most=FEW_ROWS))
                best = self._best_found(makes.reads, rows) if finds_best else None
                yield PlanStep(depth + 1, best or self._read_for_it(makes.reads, rows))
                if statement.words_in is not None:
                    yield PlanStep(depth + 1, self._texts_read(statement.words_in, rows))
            yield from self.steps(query, depth + 1 + min(number, 1))

    def _texts_read(self, column: str, rows: Relation) -> str:
        """How the rows are found that hold a word."""
        found = self._searcher.text_indexes
        use = None if found is None else found.find(rows, column)
        if use is None:
            return indexes.TEXTS_READ(column=column)
        return indexes.TEXTS_BY_INDEX(column=column, index=use.record.name)

    def _are_chosen_first(self, column: Column, rows: Relation, wanted: Highest | None) -> bool:
        """Whether a condition says which rows' vectors are compared, before any is."""
        vector = _VECTOR.match(column.type)
        has_condition = isinstance(rows, SqlRelation) or (wanted is not None and wanted.condition is not None)
        return (
            has_condition
            and vector is not None
            and self._searcher.finds_best(rows, column.name, int(vector[1]))
        )

    def _best_found(self, column: Column, rows: Relation) -> str | None:
        """How the best rows are found without comparing all exactly; None where all are."""
        return self._by_index(column, rows) or self._by_halves(column, rows)

    def _by_halves(self, column: Column, rows: Relation) -> str | None:
        vector, found, halves = _VECTOR.match(column.type), table_of(rows, column.name), self._searcher.halves
        if vector is None or found is None or halves is None:
            return None
        (table, name), dim = found, int(vector[1])
        if not halves.is_used(table.dataset, name, dim):
            return None
        there = self._memory.coverage(table.dataset, name, dim)
        missing = sum(part.rows for part in halves.columns.missing(table.dataset, name, dim))
        says = plans.VECTORS_HALVED_FIRST if missing else plans.VECTORS_HALVED
        megabytes = there.rows * 2 * dim / _MB
        return says(column=column.name, megabytes=megabytes, missing=missing, rows=there.rows)

    def _by_index(self, column: Column, rows: Relation) -> str | None:
        """That an index finds the rows whose vectors are read, if one does."""
        vector, found = _VECTOR.match(column.type), table_of(rows, column.name)
        use = None if vector is None else self._searcher.index_for(rows, column.name, int(vector[1]))
        if use is None or vector is None or found is None:
            return None
        size = self._memory.coverage(found[0].dataset, found[1], int(vector[1])).size_bytes / _MB
        return indexes.BY_INDEX(
            column=column.name, megabytes=size, index=use.record.name, recall=use.record.recall
        )

    def _read_for_it(self, column: Column, rows: Relation) -> str:
        """Where the values come from that a statement works on."""
        vector = _VECTOR.match(column.type)
        if vector is None:
            return plans.WORKS_ON(column=column.name)
        if not isinstance(rows, StoredRelation):
            return plans.VECTORS_COMPUTED(column=column.name)
        found = self._memory.coverage(rows.dataset, column.name, int(vector[1]))
        size, missing = found.size_bytes / _MB, found.rows - found.resident
        if not found.fits:
            return plans.VECTORS_ON_DISK(column=column.name, megabytes=size)
        if not missing:
            return plans.VECTORS_RESIDENT(column=column.name, rows=found.rows, megabytes=size)
        return plans.VECTORS_LOADED(column=column.name, missing=missing, rows=found.rows, megabytes=size)


class _StandIn(ArrowRelation, HighestRows):
    """No rows, in the place of a nested statement's.

    Args:
        table: No rows.
        columns: What they are.
        added: Which of them the statement puts beside the rows of its query.
        numbered: For the highest of which it needs no other row.
    """

    def __init__(
        self, table: Any, columns: Sequence[Column], added: Sequence[str], numbered: Sequence[str]
    ) -> None:
        super().__init__(table, columns)
        self._added = added
        self._numbered = numbered

    @property
    def numbered(self) -> Sequence[str]:
        """Similarities."""
        return self._numbered

    @property
    def beside(self) -> Sequence[str]:
        """What the statement adds."""
        return self._added

    @property
    def unnumbered(self) -> Relation:
        """There are none."""
        return self

    def highest(self, column: str, rows: int, passing: object) -> None:
        """Nothing is looked for."""


def _highest(rows: SqlRelation) -> Highest | None:
    """What a query wants of a nested statement that can find the rows with the highest numbers."""
    by_name = {name: source.columns for name, source in rows.sources.items()}
    query = late.read(rows.node, by_name) if rows.node else None
    source = None if query is None else rows.sources[query.table.lower()]
    return highest.read(query, source) if query is not None and isinstance(source, HighestRows) else None


def _sources_read(rows: SqlRelation) -> Mapping[str, Relation]:
    """What a query names as tables: a column may be called like one."""
    named = {str(part["table_name"]).lower() for part in walk(rows.node) if part.get("type") == "BASE_TABLE"}
    return {name: source for name, source in rows.sources.items() if name in named or not rows.node}


def _table(source: StoredRelation, reader: SqlRelation | None) -> str:
    read = source.names if reader is None else _read_columns(source, reader)
    some = plans.SOME_COLUMNS if read else plans.NO_COLUMNS
    columns = plans.ALL_COLUMNS if len(read) == len(source.table.columns) else some
    table = plans.TABLE if source.is_whole else plans.PART_OF_TABLE
    name = source.table.name
    return table(
        table=f"{name} VERSION {source.table.version}" if source.is_past else name,
        rows=counted(source.table.rows, "row"),
        part=counted(source.count(), "row"),
        columns=columns(columns=", ".join(read)),
    )


def _read_columns(source: StoredRelation, reader: SqlRelation) -> Sequence[str]:
    """The table's columns that a query's tree names, all of them where it has a star."""
    parts = list(walk(reader.node))
    if not parts or any(part.get("class") == "STAR" for part in parts):
        return source.names
    named = {str(name).lower() for part in parts for name in part.get("column_names", ())}
    return [name for name in source.names if name.lower() in named]


def _is_vector(column: Column) -> bool:
    return column.type.endswith("]")
