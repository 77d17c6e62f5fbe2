"""What to say of names that nothing has, or something has already: the same words wherever it is found out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from thanosql_kernel.errors import Fix, InsertBefore, Replace, Span, TypeMismatch, UnknownName, nearest
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.lookalikes import plain
from thanosql_kernel.wording.grammar import INSERT, WRITE
from thanosql_kernel.wording.names import TS200, TS201, TS202, TS204, TS220, TS221, TYPE
from thanosql_kernel.wording.values import TS300

_SHOWN = 12
_SIMILARITY = re.compile(r".+_similarity\d+\Z")


def no_model(name: str, span: Span | None, models: Iterable[str], fixes: Sequence[Fix] = ()) -> UnknownName:
    """No model has the name."""
    return UnknownName(
        TS200.NO_MODEL(name=name),
        span=span,
        hint=TS200.LIST_MODEL(),
        meant=nearest(name, models),
        fixes=fixes,
    )


def no_table(name: str, span: Span | None, tables: Iterable[str]) -> UnknownName:
    """No table has the name."""
    meant = nearest(name, tables)
    mistyped = _mistyped(name, meant, span)
    return UnknownName(
        TS201.NO_TABLE(name=name),
        span=span,
        hint=TYPE(text=plain(name)) if mistyped else TS201.LIST_TABLE(),
        meant=None if mistyped else meant,
        fixes=mistyped,
    )


def no_view(name: str, span: Span | None, views: Iterable[str]) -> UnknownName:
    """No view has the name."""
    return UnknownName(
        TS201.NO_VIEW(name=name),
        span=span,
        hint=TS201.LIST_VIEW(),
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
    hint = hint or TS220.CHANGE_ITS_TABLES(name=name)
    return UnknownName(TS220.IS_VIEW(name=name), span=span, hint=hint, fixes=fixes)


def not_a_view(
    name: str, span: Span | None, hint: str | None = None, fixes: Sequence[Fix] = ()
) -> UnknownName:
    """A stored table has the name where a view has to be."""
    return UnknownName(TS220.IS_TABLE(name=name), span=span, hint=hint, fixes=fixes)


def no_type(name: str, span: Span | None) -> TypeMismatch:
    """No type has the name."""
    return TypeMismatch(TS300.NO_TYPE(name=name), span=span, hint=TS300.TYPES())


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
        TS202.NO_COLUMN(name=name) if owner is None else TS202.NO_COLUMN_IN(owner=owner, name=name),
        span=span,
        hint=made or (TYPE(text=plain(name)) if mistyped else listed(names)),
        meant=None if made or mistyped else meant,
        fixes=mistyped,
    )


def _mistyped(name: str, meant: str | None, span: Span | None) -> list[Fix]:
    """What mends a name that is SQL in signs of another alphabet: ``count（n）``."""
    is_name = plain(name) == name or name.isidentifier() or (meant is not None and plain(meant) != meant)
    if is_name or span is None:
        return []
    return [Fix(WRITE(text=plain(name)), Replace(span, plain(name)))]


def taken_table(
    name: str, span: Span | None, hint: str | None = None, fixes: Sequence[Fix] = ()
) -> UnknownName:
    """Some table has the name already."""
    return UnknownName(TS204.TABLE_EXISTS(name=name), span=span, hint=hint, fixes=fixes)


def taken_view(name: str, span: Span | None, hint: str, fixes: Sequence[Fix] = ()) -> UnknownName:
    """Some view has the name already."""
    return UnknownName(TS204.VIEW_EXISTS(name=name), span=span, hint=hint, fixes=fixes)


def view_in_the_way(name: str, span: Span | None) -> UnknownName:
    """A view has the name that a table shall have."""
    drop = f"DROP VIEW {quote_if_needed(name)}"
    fix = Fix(INSERT(text=drop), InsertBefore(f"{drop};\n"), is_preferred=False)
    return taken_view(name, span, TS204.RENAME_OR_DROP(drop=drop), [fix])


def table_in_the_way(name: str, span: Span | None) -> UnknownName:
    """A table has the name that a view shall have."""
    return taken_table(name, span, TS204.RENAME_OR_DROP_TABLE(name=quote_if_needed(name)))


def views_in_a_circle(names: Sequence[str], span: Span | None) -> UnknownName:
    """Views that would read each other, each the next one and the last the first."""
    circle = " → ".join((*names, names[0]))
    message = TS221.READS_ITSELF(name=names[0]) if len(names) == 1 else TS221.CIRCLE(names=circle)
    return UnknownName(message, span=span, hint=TS221.READ_TABLES())


def listed(columns: Iterable[str]) -> str | None:
    """The hint that says which columns there are; None where there are none."""
    names = list(dict.fromkeys(columns))
    more = " …" if len(names) > _SHOWN else ""
    return TS202.COLUMNS_ARE(names=", ".join(names[:_SHOWN]) + more) if names else None


def made_by_search(name: str, columns: Iterable[str]) -> str | None:
    """The hint for a similarity that is asked for outside of the SEARCH that makes it; None for any other name."""
    if _SIMILARITY.match(name) is None or any(map(_SIMILARITY.match, columns)):
        return None
    return TS202.MADE_BY_SEARCH()
