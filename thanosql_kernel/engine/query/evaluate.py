"""Queries: nested statements first, then DuckDB over the stored tables that the text names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from thanosql_kernel.catalog import Catalog, Column
from thanosql_kernel.duck import look_alikes, old_names
from thanosql_kernel.duck import tree as plan
from thanosql_kernel.duck.catalogues import read_alone, reads_catalogues
from thanosql_kernel.duck.cheap import is_over
from thanosql_kernel.duck.connection import PREFIX, Duck
from thanosql_kernel.duck.errors import Place, SqlFailure, parse_location, translate
from thanosql_kernel.duck.lineage import with_provenance
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.engine.query.catalogues import catalogue_rows
from thanosql_kernel.engine.query.names import check_nested
from thanosql_kernel.engine.query.narrowing import narrowed
from thanosql_kernel.engine.query.scope import NamedRelations
from thanosql_kernel.engine.query.views import Views, named_at
from thanosql_kernel.engine.relations import late
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, UnknownName, Unsupported
from thanosql_kernel.sql.lexer import Token, read_tokens
from thanosql_kernel.sql.query import Query
from thanosql_kernel.sql.table_places import may_read, table_places
from thanosql_kernel.statements.statement import called_before
from thanosql_kernel.wording.grammar import TS105
from thanosql_kernel.wording.refusals import TS600

Opener = Callable[[str], StoredRelation]
"""Opens a stored table by its exact name."""
#: Beyond what is written: DuckDB takes seconds and half a gigabyte to bind so much.
_MOST_WRITTEN_OUT = 50_000


class Queries:
    """The queries of one statement: they share a connection, so that every table has one version in all of them.

    Args:
        duck: The statement's connection.
        catalog: Gives what exists.
        open_table: Gives a stored table's rows.
        evaluate_nested: Gives the rows of a statement that stands in a query.
        named: Gives the rows of other names.
    """

    def __init__(
        self,
        duck: Duck,
        catalog: Callable[[], Catalog],
        open_table: Opener,
        evaluate_nested: Callable[[Any], Relation],
        named: NamedRelations,
    ) -> None:
        self.duck = duck
        self._catalog = catalog
        self._open_table = open_table
        self._evaluate_nested = evaluate_nested
        self._named = named
        self._tables: dict[str, StoredRelation] = {}
        self._past: list[StoredRelation] = []
        self._views = Views(self)
        self._registered_names: set[str] = set()

    @property
    def catalog(self) -> Catalog:
        """What exists now."""
        return self._catalog()

    @property
    def opened(self) -> Sequence[StoredRelation]:
        """The stored tables that have been read so far."""
        return (*self._tables.values(), *self._named.stored, *self._past)

    def forget(self, name: str) -> None:
        """Let the next query read a table's latest version: the statement has changed it."""
        for known in [item for item in self._tables if item.lower() == name.lower()]:
            del self._tables[known]
            self._registered_names.discard(known)
        self._views.forget()

    def table(self, name: str) -> StoredRelation:
        """A stored table's rows; the same version every time within the statement."""
        name = self.catalog.table(name).name
        if name not in self._tables:
            self._tables[name] = self._open_table(name)
        return self._tables[name]

    def named_rows(self, name: str, span: Span) -> Relation:
        """The rows of a stored table or a view, named at a place of the cell.

        Raises:
            UnknownName: TS201.
        """
        view = self.catalog.find_view(name)
        if view is not None and self.catalog.find_table(name) is None:
            return self._views.rows(view, span)
        self.catalog.table(name, span)
        return self.table(name)

    def past(self, rows: StoredRelation) -> StoredRelation:
        """Rows of a table's earlier version, which the statement reads from now on."""
        self._past.append(rows)
        return rows

    def evaluate(self, query: Query) -> Relation:
        """The rows of a query.

        Raises:
            ThanoSQLError: It is not valid, with the place in the cell.
        """
        plain = query.plain_table() if not query.nested else None
        if plain is not None and self.catalog.find_table(plain) is not None:
            return self.table(plain)
        if plain is not None and (view := self.catalog.find_view(plain)) is not None:
            return self._views.rows(view, named_at(query, plain))
        if plain is not None and (named := self._find(plain, query.tokens[-1])) is not None:
            return named
        if query.bare_name is not None:
            raise self._unknown_table(query.bare_name, query.span)
        sql, sources = self.prepare(query, narrow=True)
        place = self.place(query, sql, sources)
        tree = self._tree(sql, place)
        node = tree["statements"][0]["node"] if tree else {}
        _check_size(tree or {}, sources, place)
        if reads_catalogues(node, sources):
            read = {str(part["table_name"]).lower() for part, _ in plan.base_tables(node)}
            return self._catalogue_rows(sql, place, sources.keys() & read)
        run = _run_of_table(node, sources)
        if run is not None:
            return run
        counted = sources.get((late.counted(node) or "").lower()) if node else None
        if isinstance(counted, StoredRelation):
            return self._count_of(counted, sql)
        return self.sql_rows(
            sql, place, node, sources, called_before(query, self.catalog) if query.nested else {}
        )

    def _count_of(self, rows: StoredRelation, sql: str) -> ArrowRelation:
        """The row of a ``count(*)``, from the table's metadata: nothing is read."""
        import pyarrow as pa

        columns = self.duck.describe(sql)
        return ArrowRelation(pa.table({columns[0].name: pa.array([rows.count()], pa.int64())}), columns)

    def prepare(self, query: Query, *, narrow: bool = False) -> tuple[str, dict[str, Relation]]:
        """The SQL of a query with its nested statements evaluated, and everything it names registered.

        Args:
            query: The query.
            narrow: Of a nested statement's rows, only those that the query wants are needed: nothing else is run.

        Returns:
            The SQL, and by lower-case name the rows that it may read.
        """
        check_nested(query)
        named = {token.name.lower() for token in query.tokens if token.is_name}
        names, sources = [], dict[str, Relation]()
        for nested in query.nested:
            rows = self.nested_rows(nested.statement)
            name = self._placeholder(named)
            sources[name] = rows
            names.append(name)
        sources |= narrowed(query.sql(names), sources, self.duck) if narrow else {}
        for name in names:
            sources[name].register(self.duck, name)
        places = table_places(query.tokens)
        for index, token in enumerate(query.tokens if may_read(query.tokens) else ()):
            if token.is_name and token.name.lower() not in sources:
                table = self.catalog.find_table(token.name)
                if table is not None:
                    sources[token.name.lower()] = self._registered(table.name)
                elif self.catalog.find_view(token.name) is not None:
                    continue
                elif index in places and (found := self._find(token.name, token)) is not None:
                    found.register(self.duck, token.name)
                    sources[token.name.lower()] = found
        sources |= self._views.registered(query, known=sources)
        return query.sql(names), sources

    def place(
        self, query: Query, sql: str, sources: Mapping[str, Relation], prefix: int = len(PREFIX)
    ) -> Place:
        """Where a query's SQL came from and what its names might have meant."""
        columns = [name for rows in sources.values() for name in rows.names]
        tables = tuple(self.catalog.readable) if may_read(query.tokens) else ()
        text = query.sql(binding=False) if query.bound else ""
        place = Place(sql, query.span.start, prefix, tables, tuple(columns), query.shifts, text)
        return self._views.place(place)

    def nested_rows(self, statement: Any) -> Relation:
        """The rows of a statement that stands in a query."""
        return self._evaluate_nested(statement)

    def _placeholder(self, named: set[str]) -> str:
        while True:
            name = f"_n{self.duck.next_number()}"
            if name not in named and not self.catalog.is_taken(name):
                return name

    def _registered(self, name: str) -> StoredRelation:
        rows = self.table(name)
        if name not in self._registered_names:
            rows.register(self.duck, name)
            self._registered_names.add(name)
        return rows

    def _tree(self, sql: str, place: Place) -> dict[str, Any] | None:
        """The query's tree; None for a query that DuckDB runs but cannot describe (PIVOT)."""
        tree = parsed(sql)
        if not tree.get("error"):
            if len(tree["statements"]) != 1:
                raise ParseError(TS105.ONE_QUERY(), span=place.whole)
            _check_bounds(tree, place)
            return tree
        if tree.get("error_type") == "not implemented" and any(
            token.upper in ("PIVOT", "WITH") for token in read_tokens(sql)
        ):
            return None
        offset, length = parse_location(tree)
        failure = SqlFailure("ParserException", str(tree.get("error_message")), offset, length)
        raise translate(failure, replace(place, prefix=0))

    def sql_rows(
        self,
        sql: str,
        place: Place,
        node: dict[str, Any],
        sources: Mapping[str, Relation],
        called: old_names.Called = MappingProxyType({}),
    ) -> SqlRelation:
        """The rows of an SQL text, everything that it names being registered.

        Args:
            sql: The text.
            place: Where it came from.
            node: Its tree; empty if there is none.
            sources: What it may read, by lower-case name.
            called: What columns of nested statements were called before.
        """
        alike = self._alike(sql, place, node, sources)
        compared = None if alike is None else self._columns(alike[0])
        described: Sequence[Column]
        try:
            described = self.duck.describe(sql)
        except SqlFailure as failure:
            again = self._named_anew(sql, place, node, sources, called, failure) if node else None
            if again is not None and again.failure is not None:
                raise self.explained(translate(again.failure, again.place), again.place) from failure
            if again is not None:
                return self.sql_rows(again.sql, again.place, again.node, sources)
            # A regular expression may have a meaning in one spelling alone.
            if compared is None:
                raise self.explained(translate(failure, place), place) from failure
            described = compared
        by_name = {name: rows.columns for name, rows in sources.items()}
        columns = with_provenance(node, described, by_name) if node else described
        snapshots = frozenset().union(*(rows.snapshots for rows in sources.values()))
        if alike is not None and compared is not None and _types(compared) == _types(described):
            sql, place, node = alike
        return SqlRelation(
            self.duck,
            sql,
            columns,
            place=place,
            node=node,
            sources=sources,
            snapshots=snapshots,
            changing=not self._views.changing.isdisjoint(sources),
        )

    def _named_anew(
        self,
        sql: str,
        place: Place,
        node: dict[str, Any],
        sources: Mapping[str, Relation],
        called: old_names.Called,
        failure: SqlFailure,
    ) -> old_names.Mended[tuple[Column, ...]] | None:
        """The query with names of today in the place of those of earlier generations; None where it has none."""
        columns = {name: rows.columns for name, rows in sources.items()}
        query = old_names.Query(node, columns, called, self.duck.describe)
        return query.mended(sql, place, node, failure)

    def _alike(
        self, sql: str, place: Place, node: dict[str, Any], sources: Mapping[str, Relation]
    ) -> tuple[str, Place, dict[str, Any]] | None:
        """The query that compares paths as people read them; None where that is no other."""
        columns = look_alikes.types_of(rows.columns for rows in sources.values())
        edits = look_alikes.compared_alike(sql, node, columns)
        if not edits:
            return None
        alike = look_alikes.edited(sql, edits)
        tree = parsed(alike)
        node = {} if tree.get("error") else tree["statements"][0]["node"]
        return alike, look_alikes.placed(place, edits), node

    def _columns(self, sql: str) -> Sequence[Column] | None:
        """The columns of a query; None if it is not valid."""
        try:
            return self.duck.describe(sql)
        except SqlFailure:
            return None

    def _catalogue_rows(self, sql: str, place: Place, read_beside: Collection[str]) -> Relation:
        if read_beside:
            raise read_alone(place.whole)
        try:
            return catalogue_rows(sql, self.catalog, self.duck)
        except SqlFailure as failure:
            raise translate(failure, place) from failure

    def _find(self, name: str, token: Token) -> Relation | None:
        """The rows of a name that is no stored table's; to a view other sessions' results mean nothing."""
        if self._views.are_read:
            return None
        try:
            return self._named.find(name)
        except ThanoSQLError as error:
            raise error.at(token.span) from error

    def _unknown_table(self, name: str, span: Span) -> ThanoSQLError:
        try:
            self.catalog.table(name, span)
        except UnknownName as error:
            return self._named.explained(error, name, span)
        raise AssertionError(name)

    def explained(self, error: ThanoSQLError, place: Place) -> ThanoSQLError:
        """The error, better if it is about a name that is no table's."""
        if not isinstance(error, UnknownName) or error.code != "TS201" or error.span is None or place.view:
            return error
        start = error.span.start - place.start
        name = place.text[start : start + error.span.end - error.span.start]
        return self._named.explained(error, name.strip('"'), error.span)


def _types(columns: Sequence[Column]) -> list[str]:
    return [column.type for column in columns]


def _check_bounds(tree: plan.Tree, place: Place) -> None:
    """Refuse LIMIT and OFFSET beyond what DuckDB counts rows with."""
    for literal in plan.bounds(tree):
        text = str(literal["literal"]["text"])
        if text.isdecimal() and int(text) > plan.MAX_BOUND:
            span = replace(place, prefix=0).span(literal["query_location"], literal["query_location_length"])
            raise ParseError(TS105.HIGHEST_BOUND(most=plan.MAX_BOUND), span=span)


def _check_size(tree: plan.Tree, sources: Mapping[str, Relation], place: Place) -> None:
    """Refuse what doubles itself again and again: DuckDB writes it all out first, and nothing stops it."""
    most = _MOST_WRITTEN_OUT + sum(1 for _ in plan.walk(tree))
    with suppress(RecursionError):
        if is_over(most, tree, {name: rows.columns for name, rows in sources.items()}):
            raise Unsupported(
                TS600.WRITTEN_OUT(most=_MOST_WRITTEN_OUT), span=place.whole, hint=TS600.NAME_FEWER()
            )


def _run_of_table(node: dict[str, Any], sources: Mapping[str, Relation]) -> StoredRelation | None:
    """``SELECT * | columns FROM t [LIMIT n] [OFFSET m]``: a run of rows that LanceDB itself can give."""
    query = late.read(node, {name: rows.columns for name, rows in sources.items()}) if node else None
    source = sources[query.table.lower()] if query is not None and query.is_run else None
    names = query.plain_columns if query is not None else None
    if query is None or names is None or not isinstance(source, StoredRelation) or not source.is_whole:
        return None
    wanted = {name.lower() for name in names}
    if len(wanted) < len(names) or not wanted <= {name.lower() for name in source.names}:
        return None
    return StoredRelation(
        source.dataset,
        source.table,
        source.chosen(names),
        offset=query.offset,
        limit=query.limit,
        is_past=source.is_past,
    )
