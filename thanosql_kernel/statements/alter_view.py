"""ALTER VIEW: give a view another name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from thanosql_kernel.catalog import Table
from thanosql_kernel.catalog.unknown import table_in_the_way, taken_view
from thanosql_kernel.errors import Fix, Replace, ThanoSQLError
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.foresight import Foresight, Makes, with_view, without_view
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words, raised
from thanosql_kernel.statements.views import check_new
from thanosql_kernel.wording import answers, statements
from thanosql_kernel.wording.grammar import WRITE
from thanosql_kernel.wording.names import CHOOSE_ANOTHER_NAME, TS220


@dataclass(frozen=True)
class AlterView(Statement):
    """``ALTER VIEW v RENAME TO w``."""

    heads = (("ALTER", "VIEW"),)
    syntax = "ALTER VIEW view RENAME TO name"
    help = statements.ALTER_VIEW
    example = "ALTER VIEW cats RENAME TO all_cats"

    view: Name
    new_name: Name

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows ALTER VIEW."""
        start = cursor.start_of(words)
        view = cursor.name("view")
        cursor.expect("RENAME")
        cursor.expect("TO")
        new_name = cursor.name("new view")
        return cls(cursor.span_from(start), words, view, new_name)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A name that is taken already, or that what it reads reads."""
        yield from super().check(known)
        view = known.catalog.find_view(self.view.text) if known.has_database else None
        if view is None:
            return
        other = known.catalog.find(self.new_name.text)
        if isinstance(other, Table):
            yield table_in_the_way(other.name, self.new_name.span)
        elif other is not None and other is not view:
            yield taken_view(other.name, self.new_name.span, CHOOSE_ANOTHER_NAME())
        else:
            renamed = replace(view, name=self.new_name.text)
            yield from raised(check_new, without_view(known.catalog, view.name), renamed, self.new_name.span)

    def for_table(self, table: Table) -> tuple[str, Sequence[Fix]]:
        """ALTER TABLE."""
        rename = f"ALTER TABLE {quote_if_needed(table.name)} RENAME TO {quote_if_needed(self.new_name.text)}"
        return TS220.WRITE(statement=rename), [Fix(WRITE(text=rename), Replace(self.span, rename))]

    def run(self, runtime: Runtime) -> Message:
        """Change the name."""
        runtime.changes.rename_view(self.view.text, self.new_name.text, self.view.span)
        return Message(answers.VIEW_RENAMED(name=self.view, new_name=self.new_name))

    def makes(self, known: Foresight) -> Makes:
        """The view under its new name."""
        view = known.catalog.find_view(self.view.text)
        if view is None or isinstance(known.catalog.find(self.new_name.text), Table):
            return Makes(known.catalog)
        without = without_view(known.catalog, view.name)
        return Makes(with_view(without, replace(view, name=self.new_name.text)))
