"""What the query of a view reads, and what keeps a view from being read: told from texts, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from thanosql_kernel.catalog import Catalog, View
from thanosql_kernel.catalog.unknown import views_in_a_circle
from thanosql_kernel.duck.parser import parsed
from thanosql_kernel.duck.tree import tables_read
from thanosql_kernel.duck.words import is_catalogue
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError, UnknownName
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote, quote_if_needed
from thanosql_kernel.sql.query import PLACEHOLDER, Query
from thanosql_kernel.sql.table_places import names_of_with, table_places
from thanosql_kernel.statements.registry import parse_nested
from thanosql_kernel.statements.statement import Statement
from thanosql_kernel.wording.grammar import TS104
from thanosql_kernel.wording.names import TS201, TS221

#: Views that read views; what works on them follows them by recursion, some dozens of Python's calls each.
MOST_VIEWS = 32


@lru_cache(maxsize=256)
def definition(sql: str) -> Query:
    """The query of a view.

    Raises:
        ThanoSQLError: The text, which somebody may have written into the catalogue by hand, is none.
    """
    cursor = Cursor.over(sql, parse_nested)
    query = cursor.query()
    cursor.expect_end()
    for problem in only_reads(query):
        raise problem
    return query


def named_query(name: str) -> Query:
    """``FROM name``: the query that reads all of a table or view."""
    return Cursor.over(f"FROM {quote(name)}").query()


def whole_table(catalog: Catalog, name: str | None) -> str | None:
    """The table all of whose rows and columns a name gives: itself, or through views that are ``SELECT * FROM`` it."""
    seen: set[str] = set()
    while name is not None and isinstance(view := catalog.find(name), View):
        if view.given or view.name in seen:
            return None
        seen.add(view.name)
        try:
            name = definition(view.sql).plain_table()
        except ThanoSQLError:
            return None
    return name


def only_reads(query: Query) -> Iterator[ThanoSQLError]:
    """What in a view's query would store a table whenever the view is read."""
    for nested in query.nested:
        for statement in (nested.statement, *nested.statement.children()):
            yield from _stores(statement)


def _stores(statement: Statement) -> Iterator[ThanoSQLError]:
    for option in statement.option_specs:
        given = statement.options.assignment(option.name) if option.role == "new table" else None
        if given is not None:
            hint = TS104.LEAVE_OUT(option=given.name)
            yield ParseError(TS104.VIEW_STORES(), span=given.span, hint=hint)


def names_read(query: Query) -> list[str]:
    """The tables and views that a query reads, what is nested in it counted in; names that WITH gives left out."""
    names = own_names(query)
    for nested in query.nested:
        for statement in (nested.statement, *nested.statement.children()):
            names += [name.text for name in statement.names if name.kind in ("table", "table or view")]
            for inner in statement.queries:
                names += own_names(inner)
    return list(dict.fromkeys(names))


def own_names(query: Query) -> list[str]:
    """Those that its own text names, without what is nested in it."""
    if query.bare_name is not None:
        return [query.bare_name]
    sql = query.sql()
    tree = parsed(f"SELECT 1 WHERE (\n{sql}\n)" if query.is_expression else sql)
    if not tree.get("error"):
        found = tables_read(tree)
    else:  # PIVOT, which DuckDB's parser cannot describe, or a text that is no SQL
        given, places = names_of_with(query.tokens), table_places(query.tokens)
        found = [query.tokens[index].name for index in sorted(places) if query.tokens[index].is_name]
        found = [name for name in found if name.lower() not in given]
    return [name for name in found if PLACEHOLDER.match(name) is None]


@lru_cache(maxsize=256)
def reads(sql: str) -> tuple[str, ...]:
    """The tables and views that a view's text names; none if it is no query."""
    try:
        return tuple(names_read(definition(sql)))
    except ThanoSQLError:
        return ()


def missing(catalog: Catalog, names: Sequence[str]) -> Iterator[str]:
    """Those of the names that nothing has which can be read."""
    return (name for name in names if catalog.find(name) is None and not is_catalogue(name))


def check_new(catalog: Catalog, view: View, span: Span | None = None) -> None:
    """Refuse a view that would read itself, or stand above too many others.

    Raises:
        UnknownName: TS221.
    """
    finished: dict[str, int] = {}
    _depth(catalog, view, (), finished, span, view)


def check_readable(catalog: Catalog, view: View, span: Span | None = None) -> None:
    """Refuse a view that cannot be read: something that it reads is not there, or reads it.

    Raises:
        UnknownName: TS201, TS221.
    """
    check_new(catalog, view, span)
    waiting, seen = [view], {view.name}
    while waiting:
        found = waiting.pop()
        names = reads(found.sql)
        for name in missing(catalog, names):
            raise unreadable(name, found, span)
        below = [it for name in names if isinstance(it := catalog.find(name), View) and it.name not in seen]
        seen |= {it.name for it in below}
        waiting += below


def unreadable(name: str, view: View, span: Span | None) -> UnknownName:
    """The error that a view reads a name which nothing has."""
    hint = TS201.MEND_VIEW(name=quote_if_needed(name), view=quote_if_needed(view.name))
    error = UnknownName(TS201.NO_TABLE_FOR_VIEW(name=name, view=view.name), span=span, hint=hint)
    error.view = view.name
    return error


def _depth(
    catalog: Catalog,
    view: View,
    path: tuple[str, ...],
    finished: dict[str, int],
    span: Span | None,
    new: View,
) -> int:
    """How many views stand one on the other from this one down."""
    name = view.name.lower()
    if name in finished:
        return finished[name]
    names = [step.lower() for step in path]
    if name in names:
        raise views_in_a_circle(path[names.index(name) :], span)
    if len(path) >= MOST_VIEWS:
        raise too_many_views(span)
    below = (new if it.lower() == new.name.lower() else catalog.find(it) for it in reads(view.sql))
    depths = [
        _depth(catalog, other, (*path, view.name), finished, span, new)
        for other in below
        if isinstance(other, View)
    ]
    finished[name] = 1 + max(depths, default=0)
    if len(path) + finished[name] > MOST_VIEWS:
        raise too_many_views(span)
    return finished[name]


def too_many_views(span: Span | None) -> UnknownName:
    """The error that views stand too high on each other."""
    return UnknownName(TS221.TOO_MANY_VIEWS(count=MOST_VIEWS), span=span, hint=TS221.STORE_ONE())
