"""What to say of names that nothing has, or something has already: the same words wherever it is found out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from thanosql_kernel.errors import Fix, InsertBefore, Replace, Span, TypeMismatch, UnknownName, nearest
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.lookalikes import plain

_SHOWN = 12
_SIMILARITY = re.compile(r".+_similarity\d+\Z")


def no_model(name: str, span: Span | None, models: Iterable[str], fixes: Sequence[Fix] = ()) -> UnknownName:
    """No model has the name."""
    return UnknownName(
        f"no model named {name}",
        code="TS200",
        span=span,
        hint="LIST MODEL shows the models there are",
        meant=nearest(name, models),
        fixes=fixes,
    )


def no_table(name: str, span: Span | None, tables: Iterable[str]) -> UnknownName:
    """No table has the name."""
    meant = nearest(name, tables)
    mistyped = _mistyped(name, meant, span)
    return UnknownName(
        f"no table named {name}",
        code="TS201",
        span=span,
        hint=f"type {plain(name)}" if mistyped else "LIST TABLE shows the tables there are",
        meant=None if mistyped else meant,
        fixes=mistyped,
    )


def no_view(name: str, span: Span | None, views: Iterable[str]) -> UnknownName:
    """No view has the name."""
    return UnknownName(
        f"no view named {name}",
        code="TS201",
        span=span,
        hint="LIST VIEW shows the views there are",
        meant=nearest(name, views),
    )


def not_a_table(
    name: str, span: Span | None, hint: str | None = None, fixes: Sequence[Fix] = ()
) -> UnknownName:
    """A view has the name where a stored table has to be.

    Args:
        name: The view's.
        span: Where.
        hint: What to do; that its rows are those of its query without one.
        fixes: Edits that do it.
    """
    hint = (
        hint
        or f"its rows are those of its query: change the tables that it reads (SHOW VIEWS), or DROP VIEW {name}"
    )
    return UnknownName(f"{name} is a view, not a table", code="TS220", span=span, hint=hint, fixes=fixes)


def not_a_view(
    name: str, span: Span | None, hint: str | None = None, fixes: Sequence[Fix] = ()
) -> UnknownName:
    """A stored table has the name where a view has to be."""
    return UnknownName(f"{name} is a table, not a view", code="TS220", span=span, hint=hint, fixes=fixes)


def no_type(name: str, span: Span | None) -> TypeMismatch:
    """No type has the name."""
    hint = "types are e.g. VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP"
    return TypeMismatch(f"there is no type {name}", code="TS300", span=span, hint=hint)


def no_column(name: str, span: Span | None, columns: Iterable[str], owner: str | None = None) -> UnknownName:
    """No column has the name.

    Args:
        name: As it is written.
        span: Where.
        columns: The names of those that are there.
        owner: What has them; None for all that a query reads.
    """
    names = list(dict.fromkeys(columns))
    made, meant = made_by_search(name, names), nearest(name, names)
    mistyped = _mistyped(name, meant, span)
    return UnknownName(
        f"no column named {name}" if owner is None else f"{owner} has no column {name}",
        code="TS202",
        span=span,
        hint=made or (f"type {plain(name)}" if mistyped else listed(names)),
        meant=None if made or mistyped else meant,
        fixes=mistyped,
    )


def _mistyped(name: str, meant: str | None, span: Span | None) -> list[Fix]:
    """What mends a name that is SQL in signs of another alphabet: ``count（n）``."""
    is_name = plain(name) == name or name.isidentifier() or (meant is not None and plain(meant) != meant)
    if is_name or span is None:
        return []
    return [Fix(f"write {plain(name)}", Replace(span, plain(name)))]


def taken_table(
    name: str, span: Span | None, hint: str | None = None, fixes: Sequence[Fix] = ()
) -> UnknownName:
    """Some table has the name already."""
    message = f"a table named {name} exists already"
    return UnknownName(message, code="TS204", span=span, hint=hint, fixes=fixes)


def taken_view(name: str, span: Span | None, hint: str, fixes: Sequence[Fix] = ()) -> UnknownName:
    """Some view has the name already."""
    return UnknownName(f"a view named {name} exists already", code="TS204", span=span, hint=hint, fixes=fixes)


def view_in_the_way(name: str, span: Span | None) -> UnknownName:
    """A view has the name that a table shall have."""
    drop = f"DROP VIEW {quote_if_needed(name)}"
    fix = Fix(f"insert {drop}", InsertBefore(f"{drop};\n"), is_preferred=False)
    return taken_view(name, span, f"choose another name, or run first: {drop}", [fix])


def table_in_the_way(name: str, span: Span | None) -> UnknownName:
    """A table has the name that a view shall have."""
    return taken_table(
        name, span, f"choose another name; DROP TABLE {quote_if_needed(name)} removes the table and its rows"
    )


def views_in_a_circle(names: Sequence[str], span: Span | None) -> UnknownName:
    """Views that would read each other, each the next one and the last the first."""
    if len(names) == 1:
        message = f"the view {names[0]} reads itself"
    else:
        message = f"views read each other in a circle: {' → '.join((*names, names[0]))}"
    hint = "a view reads tables, and views that do not read it; CREATE OR REPLACE VIEW gives it another query"
    return UnknownName(message, code="TS221", span=span, hint=hint)


def listed(columns: Iterable[str]) -> str | None:
    """The hint that says which columns there are; None where there are none."""
    names = list(dict.fromkeys(columns))
    more = " …" if len(names) > _SHOWN else ""
    return f"the columns are {', '.join(names[:_SHOWN])}{more}" if names else None


def made_by_search(name: str, columns: Iterable[str]) -> str | None:
    """The hint for a similarity that is asked for outside of the SEARCH that makes it; None for any other name."""
    if _SIMILARITY.match(name) is None or any(map(_SIMILARITY.match, columns)):
        return None
    return "a SEARCH makes it: SELECT … FROM (SEARCH IMAGE text='…' USING … AS SELECT * FROM …)"
