"""DROP VIEW: forget a view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from thanosql_kernel.catalog import Table
from thanosql_kernel.errors import Fix, Replace, UnknownName
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.statements.foresight import Foresight, Makes, without_view
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words


@dataclass(frozen=True)
class DropView(Statement):
    """``DROP VIEW [IF EXISTS] v``."""

    heads = (("DROP", "VIEW"),)
    syntax = "DROP VIEW [IF EXISTS] view"
    help = "Remove a view. The tables that it reads stay as they are."
    example = "DROP VIEW IF EXISTS cats"

    view: Name
    if_exists: bool

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows DROP VIEW."""
        start = cursor.start_of(words)
        if_exists = cursor.accept_words("IF", "EXISTS") is not None
        view = cursor.name("view", optional=if_exists)
        return cls(cursor.span_from(start), words, view, if_exists)

    def for_table(self, table: Table) -> tuple[str, Sequence[Fix]]:
        """DROP TABLE, which is not the obvious fix: rows go with it."""
        drop = f"DROP TABLE {quote_if_needed(table.name)}"
        fix = Fix(f"write {drop}", Replace(self.span, drop), is_preferred=False)
        return f"{drop} removes it and its rows", [fix]

    def run(self, runtime: Runtime) -> Message:
        """Forget it."""
        if self.if_exists and runtime.catalog.find_view(self.view.text) is None:
            return Message(f"there is no view {self.view}; nothing was done")
        try:
            runtime.changes.drop_view(self.view.text, self.view.span)
        except UnknownName:
            if not self.if_exists:
                raise
            return Message(f"there is no view {self.view} any more; nothing was done")
        return Message(f"view {self.view} dropped")

    def makes(self, known: Foresight) -> Makes:
        """The view is gone."""
        return Makes(without_view(known.catalog, self.view.text))
