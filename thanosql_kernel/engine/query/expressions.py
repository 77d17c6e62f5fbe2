"""Expressions over the rows of a table that is being changed, and of others beside it, as DuckDB computes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck import look_alikes
from thanosql_kernel.duck.catalogues import read_alone, reads_catalogues
from thanosql_kernel.duck.connection import MATERIALISED, PREFIX
from thanosql_kernel.duck.errors import Place, SqlFailure, parse_location, translate
from thanosql_kernel.duck.expressions import EXPRESSION_PREFIX, expression_tree, sees_whole_rows
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.raised import raised
from thanosql_kernel.duck.tree import given_names, walk
from thanosql_kernel.engine.query.casts import exact_cast
from thanosql_kernel.engine.query.evaluate import Queries
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.stored import StoredRelation
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Target
from thanosql_kernel.wording.grammar import TS105

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that is known to be valid where it stands.

    Attributes:
        sql: With its nested statements and parameters replaced.
        place: Where it stands in the cell.
        tree: What DuckDB's parser makes of it; None where it cannot tell.
        type: Of its values.
    """

    sql: str
    place: Place
    tree: dict[str, Any] | None
    type: str = "BOOLEAN"

    @property
    def asks(self) -> bool:
        """Whether a query stands in it."""
        return any(part.get("class") == "SUBQUERY" for part in walk(self.tree))


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that expressions may name.

    Attributes:
        name: What the expressions call them.
        columns: Theirs.
        sql: What gives them behind FROM, other columns among them that no expression can mean.
    """

    name: str
    columns: Sequence[Column]
    sql: str


@dataclass
class Expressions:
    """The expressions of one statement that changes a table.

    Args:
        queries: The statement's.
        target: The whole table; of its columns those are read that the texts name.
        aim: What the statement says of it.
        texts: All SQL in the statement.

    Attributes:
        head: The common table expressions in front of the statement, for every query made of its parts.
        free: Names that neither the table's columns have nor the texts.
        stored: What the table's rows are registered as.
        empty: What none of its rows are registered as.
        kept: The names of the tables that `keep` has made.
    """

    queries: Queries
    target: StoredRelation
    aim: Target
    texts: Sequence[Query | None]
    head: str = ""
    free: Iterator[str] = field(init=False)
    kept: list[str] = field(default_factory=list)
    _given: frozenset[str] = frozenset()
    _seen: list[Expression] = field(default_factory=list)

    def __post_init__(self) -> None:
        duck = self.queries.duck
        self.stored, self.empty = duck.scratch_name(), duck.scratch_name()
        self.target.register(duck, self.stored)
        duck.register(self.empty, self.target.dataset.schema.empty_table())
        taken = {self.target.table.name.lower(), *(name.lower() for name in self.target.names)}
        self.free = _free_names(
            taken, [query for query in (*self.texts, self.aim.given) if query is not None]
        )
        if self.aim.given is not None:
            sql, _ = self.queries.prepare(self.aim.given)
            self.head = f"{sql}\n"
            self._given = frozenset(given_names(parsed(f"{sql}\nSELECT 1")))

    @property
    def name(self) -> str:
        """What expressions call the table."""
        return self.aim.alias or self.target.table.name

    @property
    def empty_rows(self) -> str:
        """None of the table's rows: what is checked only is not to open its files."""
        return f"{self.empty} AS {quote(self.name)}"

    def numbered(self, position: str) -> str:
        """The table's rows with their positions.

        They are numbered below everything else: a subquery becomes a join, which may turn rows round.
        """
        return f"(SELECT *, row_number() OVER () - 1 AS {quote(position)} FROM {self.stored})"

    def tables(self, query: Query) -> tuple[str, Place]:
        """The SQL of what stands behind FROM or USING, and where it stands."""
        sql, sources = self.queries.prepare(query)
        text = f"{self.head}FROM\n"
        place = self.queries.place(query, sql, sources, prefix=len((PREFIX + text).encode()))
        tree = parsed(f"FROM\n{sql}")
        if not tree.get("error") and reads_catalogues(tree, {*sources, *self._given}):
            raise read_alone(place.whole)
        try:
            self.queries.duck.describe(f"{text}{sql}")
        except SqlFailure as failure:
            raise self.queries.explained(translate(failure, place), place) from failure
        self._seen.append(Expression(sql, place, None))
        return sql, place

    # -- checking --------------------------------------------------------------------------------------------
    def condition(self, query: Query, source: str, clause: str = "WHERE", wrap: str = "") -> Expression:
        """An expression that DuckDB takes as one.

        Args:
            query: The expression.
            source: What stands behind FROM where it is checked.
            clause: What errors call the clause that it stands in.
            wrap: What stands behind it where it is checked.
        """
        sql, sources = self.queries.prepare(query)
        known = {self.target.table.name.lower(): self.target, **sources}
        head = f"{self.head}SELECT 1 FROM {source} WHERE (\n"
        place = self.queries.place(query, sql, known, prefix=len(head.encode()))
        try:
            tree = expression_tree(sql)
        except SqlFailure as failure:
            raise translate(failure, replace(place, prefix=0)) from failure
        if tree is not None and reads_catalogues(tree, {*known, *self._given}):
            raise read_alone(place.whole)
        if tree is not None and tree.get("class") == "DEFAULT" and wrap:
            return Expression("NULL", place, tree, '"NULL"')
        try:
            self.queries.duck.bind(f"{head}{sql}\n){wrap} LIMIT 0")
        except SqlFailure as failure:
            failure.message = failure.message.replace("WHERE clause", clause)
            raise self.queries.explained(translate(failure, place), place) from failure
        found = self._alike(Expression(sql, place, tree), (head, f"\n){wrap} LIMIT 0"), known.values())
        self._seen.append(found)
        return found

    def _alike(self, found: Expression, around: tuple[str, str], sources: Iterable[Relation]) -> Expression:
        """The expression that compares paths as people read them; itself where that is no other."""
        columns = look_alikes.types_of(it.columns for it in sources)
        edits = look_alikes.compared_alike(found.sql, found.tree, columns, EXPRESSION_PREFIX)
        if not edits:
            return found
        sql = look_alikes.edited(found.sql, edits)
        try:
            self.queries.duck.bind(sql.join(around))
            return Expression(sql, look_alikes.placed(found.place, edits), expression_tree(sql))
        except SqlFailure:
            return found

    def value(self, query: Query, source: str, clause: str = "SET") -> Expression:
        """An expression that gives one value a row; a WHERE takes neither aggregates nor windows, nor does SET."""
        found = self.condition(query, source, clause, wrap=" IS NULL")
        try:
            columns = self.queries.duck.describe(f"{self.head}SELECT (\n{found.sql}\n) FROM {source}")
        except SqlFailure as failure:
            raise translate(failure, replace(found.place, prefix=1 << 40)) from failure
        if len(columns) != 1:
            raise ParseError(TS105.ONE_VALUE(clause=clause), span=found.place.whole)
        typed = replace(found, type=columns[0].type)
        self._seen[:] = [typed if item is found else item for item in self._seen]
        return typed

    def cast(self, name: str, value: Expression) -> str:
        """The SQL of a column's new values, which stand under its name, in the type that is stored."""
        return f"{exact_cast(name, value.type, self.target.column(name).type)} AS {quote(name)}"

    # -- running ---------------------------------------------------------------------------------------------
    def of_rows(self, values: Sequence[Expression | None], *rows: Rows) -> RowsOf:
        """The rows under the names that these expressions call them, so that each can be written there."""
        wide = [
            value
            for value in values
            if value is not None
            and any(
                sees_whole_rows(value.tree, item.name, {c.name.lower() for c in item.columns})
                for item in rows
            )
        ]
        return RowsOf(rows, [next(self.free) if wide else item.name for item in rows], bool(wide))

    def run(self, sql: str, assigned: Mapping[str, Expression] | None = None) -> pa.Table:
        """The rows of a query made of the statement's expressions."""
        try:
            return self.queries.duck.table(self.head + sql)
        except SqlFailure as failure:
            raise self.error(failure, self.head + sql, assigned or {}) from failure

    def keep(
        self, sql: str, assigned: Mapping[str, Expression] | None = None, place: Place | None = None
    ) -> str:
        """Run a query made of the statement's expressions once; the name of the table that keeps its rows.

        Args:
            sql: The query.
            assigned: Expressions whose values it casts, by the columns that they go to.
            place: Where errors point that are of no expression.
        """
        name = self.queries.duck.scratch_name()
        try:
            self.queries.duck.materialise(name, self.head + sql)
        except SqlFailure as failure:
            text = f"{MATERIALISED.format(quote(name))}{self.head}{sql}"
            raise self.error(failure, text, assigned or {}, place) from failure
        self.kept.append(name)
        return name

    def items(self, query: Query, source: str) -> Expression:
        """What stands behind SELECT, or RETURNING: of each row by itself."""
        sql, sources = self.queries.prepare(query)
        text = f"{self.head}SELECT\n"
        place = self.queries.place(query, sql, sources, prefix=len((PREFIX + text).encode()))
        tree = _items_tree(sql, replace(place, prefix=len("SELECT\n")))
        if tree is not None and reads_catalogues(tree, {*sources, *self._given}):
            raise read_alone(place.whole)
        try:
            self.queries.duck.describe(f"{text}{sql}\nFROM {source}")
        except SqlFailure as failure:
            raise self.queries.explained(translate(failure, place), place) from failure
        found = Expression(sql, place, tree)
        self._seen.append(found)
        return found

    def error(
        self,
        failure: SqlFailure,
        sql: str,
        assigned: Mapping[str, Expression],
        elsewhere: Place | None = None,
    ) -> ThanoSQLError:
        """The user's error, at the expression that DuckDB's place lies in, or whose value it casts there."""
        for piece in self._seen:
            start = _place_in(failure, sql, f"\n{piece.sql}\n")
            if start is not None:
                return translate(failure, replace(piece.place, prefix=start + 1))
        own = raised(failure.message)
        for name, value in assigned.items():
            refused = own is not None and own.subject == name
            if refused or _place_in(failure, sql, self.cast(name, value)) is not None:
                return translate(placeless(failure), value.place)
        inquiring = [piece.place for piece in (*(p for p in self._seen if p.asks), *self._seen)]
        blamed = [elsewhere] if elsewhere is not None else inquiring
        return translate(placeless(failure), blamed[0] if blamed else place_of(self.aim.span))


@dataclass(frozen=True, slots=True)
class RowsOf:
    """Rows in a query, and how expressions are written there.

    Attributes:
        rows: What expressions may name.
        aliases: What the rows are called in the query.
        is_wide: Whether some expression names rows as a whole, which may not see what else is in them.
    """

    rows: Sequence[Rows]
    aliases: Sequence[str]
    is_wide: bool

    def source(self, number: int) -> str:
        """Rows as they stand behind FROM."""
        return f"{self.rows[number].sql} AS {quote(self.aliases[number])}"

    def alias(self, number: int) -> str:
        """What rows are called, in quotes."""
        return quote(self.aliases[number])

    def value(self, expression: Expression) -> str:
        """An expression's value."""
        return (
            f"(SELECT (\n{expression.sql}\n) {self._scope()})" if self.is_wide else f"(\n{expression.sql}\n)"
        )

    def holds(self, expression: Expression | None) -> str:
        """Whether a condition holds; it always does where there is none."""
        if expression is None:
            return "true"
        if self.is_wide:
            return f"(SELECT true {self._scope()} WHERE (\n{expression.sql}\n))"
        return f"(\n{expression.sql}\n)"

    def _scope(self) -> str:
        """One row of each, without what no expression can mean."""
        scopes = []
        for rows, alias in zip(self.rows, self.aliases, strict=True):
            columns = ", ".join(f"{quote(alias)}.{quote(c.name)} AS {quote(c.name)}" for c in rows.columns)
            scopes.append(f"(SELECT {columns}) AS {quote(rows.name)}")
        return f"FROM {', '.join(scopes)}"


def _free_names(taken: set[str], texts: Iterable[Query]) -> Iterator[str]:
    taken = taken | {token.name.lower() for query in texts for token in query.tokens if token.is_name}
    number = 0
    while True:
        number += 1
        name = f"_thanosql_{number}"
        if name not in taken:
            yield name


def _items_tree(sql: str, place: Place) -> dict[str, Any] | None:
    """The tree of what is to stand behind SELECT and is nothing more; None where DuckDB cannot describe it.

    Raises:
        ParseError: It is something else, or goes on behind it.
    """
    tree = parsed(f"SELECT\n{sql}")
    if tree.get("error_type") == "not implemented":
        return None
    if tree.get("error"):
        offset, length = parse_location(tree)
        failure = SqlFailure("ParserException", str(tree.get("error_message")), offset, length)
        raise translate(failure, place)
    node: dict[str, Any] = tree["statements"][0]["node"]
    is_bare = node.get("type") == "SELECT_NODE" and node["from_table"]["type"] == "EMPTY"
    if not is_bare or node["modifiers"] or node["where_clause"] or node["group_expressions"]:
        raise ParseError(TS105.ONLY_VALUES(), span=place.whole)
    return node


def _place_in(failure: SqlFailure, sql: str, part: str) -> int | None:
    """Where a part of the SQL begins in it, in bytes, if what failed lies in the part."""
    data, wanted = sql.encode(), part.encode()
    start = data.find(wanted)
    inside = failure.offset is not None and start >= 0 and 0 <= failure.offset - start <= len(wanted)
    return start if inside else None


def place_of(span: Span) -> Place:
    """A place of which all is to blame."""
    return Place(" " * (span.end - span.start), span.start, prefix=1 << 40)


def placeless(failure: SqlFailure) -> SqlFailure:
    """What failed, nobody knows where."""
    return failure.at(None)
