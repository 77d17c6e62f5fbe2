"""The views that the queries of one statement read: each stands for its query in parentheses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from thanosql_kernel.catalog import Catalog, View
from thanosql_kernel.catalog.unknown import views_in_a_circle
from thanosql_kernel.duck.connection import PREFIX, Duck
from thanosql_kernel.duck.errors import Place, in_view
from thanosql_kernel.duck.parser import Tree, parsed
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.relations.sql import SqlRelation
from thanosql_kernel.engine.store.failures import Conflict
from thanosql_kernel.errors import Interrupted, Span, ThanoSQLError
from thanosql_kernel.sql.identifiers import quote
from thanosql_kernel.sql.query import Query
from thanosql_kernel.sql.table_places import may_read, table_places
from thanosql_kernel.statements.views import (
    MOST_VIEWS,
    definition,
    missing,
    own_names,
    reads,
    too_many_views,
    unreadable,
)


class Evaluator(Protocol):
    """What evaluates queries: `evaluate.Queries`."""

    duck: Duck

    @property
    def catalog(self) -> Catalog:
        """What exists."""
        ...

    def evaluate(self, query: Query) -> Relation:
        """The rows of a query."""
        ...

    def sql_rows(self, sql: str, place: Place, node: Tree, sources: Mapping[str, Relation]) -> SqlRelation:
        """The rows of an SQL text, everything that it names being registered."""
        ...


class Views:
    """What a statement has found out about views.

    Args:
        queries: The statement's queries, which evaluate those of views too.

    Attributes:
        changing: The names, in lower case, under which DuckDB knows queries that give other rows whenever they run.
    """

    def __init__(self, queries: Evaluator) -> None:
        self.changing: set[str] = set()
        self._queries = queries
        self._rows: dict[str, Relation] = {}
        self._reading: list[tuple[str, Span]] = []

    @property
    def are_read(self) -> bool:
        """Whether the text that is evaluated now is a view's."""
        return bool(self._reading)

    def forget(self) -> None:
        """Evaluate views anew: a table has been changed."""
        self._rows.clear()

    def registered(self, query: Query, known: Mapping[str, Relation]) -> dict[str, Relation]:
        """The views that a query's own text reads, made known to DuckDB; by name in lower case.

        Args:
            query: The query.
            known: What it reads besides; those names are taken.
        """
        found: dict[str, Relation] = {}
        for view in self._named(query):
            if view.name.lower() not in known:
                found[view.name.lower()] = rows = self.rows(view, named_at(query, view.name))
                self._register(view.name, rows)
        return found

    def _named(self, query: Query) -> Iterator[View]:
        """Views whose names stand where tables do; a column may have the name of one too."""
        catalog = self._queries.catalog if may_read(query.tokens) else None
        if catalog is None or not catalog.views:
            return
        if any(token.is_name and catalog.find_view(token.name) for token in query.tokens):
            for name in own_names(query):
                view = catalog.find(name)
                if isinstance(view, View):
                    yield view

    def rows(self, view: View, span: Span) -> Relation:
        """The rows of a view, found out once.

        Args:
            view: The view.
            span: Where a query names it.

        Raises:
            ThanoSQLError: Its query is not valid, or cannot be read now; the place is where the cell names the view.
        """
        if view.name not in self._rows:
            self._check(view, span)
            with self._read(view, span):
                self._rows[view.name] = self._evaluated(view)
        return self._rows[view.name]

    def _check(self, view: View, span: Span) -> None:
        """Refuse what somebody has made unreadable: by hand, or by dropping what the view reads."""
        names = [name for name, _ in self._reading]
        if view.name in names:
            raise views_in_a_circle(names[names.index(view.name) :], span)
        if len(names) >= MOST_VIEWS:
            raise too_many_views(span)
        for name in missing(self._queries.catalog, reads(view.sql)):
            raise unreadable(name, view, span)

    @contextmanager
    def _read(self, view: View, span: Span) -> Iterator[None]:
        """What goes wrong with a view's text within has its place where the cell names the view."""
        place = self._reading[0][1] if self._reading else span
        self._reading.append((view.name, place))
        try:
            yield
        except (Interrupted, Conflict):
            raise
        except ThanoSQLError as error:
            raise in_view(error, view.name, place) from error
        finally:
            self._reading.pop()

    def place(self, place: Place) -> Place:
        """Where errors of a text belong that is evaluated now."""
        if not self._reading:
            return place
        view, span = self._reading[-1]
        return replace(place, view=view, named_at=span)

    def _evaluated(self, view: View) -> Relation:
        rows = self._queries.evaluate(definition(view.sql))
        if isinstance(rows, SqlRelation) and rows.all_of is not None:
            rows = rows.all_of
        return self._renamed(rows, view.given) if view.given else rows

    def _renamed(self, rows: Relation, names: Sequence[str]) -> Relation:
        """The rows, their first columns under other names."""
        source = self._queries.duck.scratch_name()
        self._register(source, rows)
        given = (*names, *rows.names[len(names) :])
        items = [f"{quote(old)} AS {quote(new)}" for old, new in zip(rows.names, given, strict=False)]
        sql = f"SELECT {', '.join(items)} FROM {source}"
        node = parsed(sql)["statements"][0]["node"]
        return self._queries.sql_rows(sql, self.place(Place(sql, 0, len(PREFIX))), node, {source: rows})

    def _register(self, name: str, rows: Relation) -> None:
        """Make rows known to DuckDB; those that change whenever they are read as the query that gives them.

        DuckDB reads no more of that than what is around it needs, and each place that names it draws its own random
        numbers, as with a query in parentheses.
        """
        if isinstance(rows, SqlRelation) and rows.may_change:
            rows.register_as_written(name)
            self.changing.add(name.lower())
        else:
            rows.register(self._queries.duck, name)


def named_at(query: Query, name: str) -> Span:
    """Where a query names a table or view, as far as its own text does."""
    places, wanted = table_places(query.tokens), name.lower()
    found = [at for at, token in enumerate(query.tokens) if token.is_name and token.name.lower() == wanted]
    at = next((at for at in found if at in places), next(iter(found), None))
    return query.span if at is None else query.tokens[at].span
