"""What the database is like because a statement has run before: its editor keeps quiet about that.

Cells are run again and again. One that makes a table finds it there afterwards, one that drops it finds it gone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.catalog import Catalog, Column, Model, View
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.models.spec import SPECS
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.foresight import with_model, with_table, with_view
from thanosql_kernel.statements.statement import Statement

#: The codes of errors about names that are taken, and of those about names that nothing has.
TAKEN = frozenset(("TS204", "TS205"))
MISSING = frozenset(("TS200", "TS201", "TS202"))

Owner = Literal["itself", "text", "database"]


def owner(statement: Statement, known: Known, error: ThanoSQLError) -> Owner:
    """Whose a name is that is taken: the statement's own since it ran, that of the text in front, or another's.

    What the database has is most likely the statement's own where it would bring nothing new.
    """
    catalog = statement.makes(known).catalog
    before, after, stored = map(_things, (known.catalog, catalog, known.stored))
    replaced = [key for key, thing in after.items() if key in before and before[key] is not thing]
    if any(before[key] is not stored.get(key) for key in replaced):
        return "text"
    name = _name(statement, error)
    of_column = name is not None and name.kind == "new column"
    brings_nothing = _held(catalog, columns=of_column) == _held(known.catalog, columns=of_column)
    return "itself" if replaced and brings_nothing else "database"


def has_taken_away(statement: Statement, known: Known, error: ThanoSQLError) -> bool:
    """Whether something is most likely missing because the statement took it away when it ran.

    Had it been there, the statement would have led to what there is now. What looks like a slip is one.
    """
    name = _name(statement, error)
    before = _with(known.catalog, name, statement, known) if name is not None else None
    if name is None or before is None or error.meant is not None:
        return False
    catalog = statement.makes(replace(known, catalog=before)).catalog
    is_of_column = name.kind == "column"
    return _held(catalog, columns=is_of_column) == _held(known.catalog, columns=is_of_column)


def _name(statement: Statement, error: ThanoSQLError) -> Name | None:
    """The name that an error is about."""
    return next((name for name in statement.names if name.span == error.span), None)


def _with(catalog: Catalog, name: Name, statement: Statement, known: Known) -> Catalog | None:
    """The catalogue with what a name names; None for names of other kinds."""
    if name.kind == "table":
        return with_table(catalog, name.text, None)
    if name.kind == "view":
        return with_view(catalog, View(name.text, ""))
    if name.kind == "model":
        return with_model(catalog, Model(name.text, next(iter(SPECS))))
    table = statement.target(known) if name.kind == "column" else None
    return with_table(catalog, table.name, (*table.columns, Column(name.text, ""))) if table else None


def _things(catalog: Catalog) -> dict[tuple[str, str], object]:
    """All that has a name, by what kind of name it is and the name."""
    readable = {("readable", name.lower()): found for name, found in catalog.readable.items()}
    return {**readable, **{("model", name): model for name, model in catalog.models.items()}}


def _held(catalog: Catalog, *, columns: bool) -> set[object]:
    """What there is, as far as statements say it: of tables the names, those of their columns only if asked for."""
    tables = {
        (table.name, frozenset(column.name.lower() for column in table.columns) if columns else None)
        for table in catalog.tables.values()
    }
    views = {(view.name, " ".join(view.sql.split()), view.given) for view in catalog.views.values()}
    return {*tables, *views, *catalog.models.values()}
