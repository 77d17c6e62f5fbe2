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
from thanosql_kernel.wording import answers, statements
from thanosql_kernel.wording.grammar import WRITE
from thanosql_kernel.wording.names import TS220


@dataclass(frozen=True)
class DropView(Statement):
    """``DROP VIEW [IF EXISTS] v``."""

    heads = (("DROP", "VIEW"),)
    syntax = "DROP VIEW [IF EXISTS] view"
    help = statements.DROP_VIEW
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
        fix = Fix(WRITE(text=drop), Replace(self.span, drop), is_preferred=False)
        return TS220.DROPS_TABLE(statement=drop), [fix]

    def run(self, runtime: Runtime) -> Message:
        """Forget it."""
        if self.if_exists and runtime.catalog.find_view(self.view.text) is None:
            return Message(answers.NO_VIEW(name=self.view))
        try:
            runtime.changes.drop_view(self.view.text, self.view.span)
        except UnknownName:
            if not self.if_exists:
                raise
            return Message(answers.NO_VIEW_ANY_MORE(name=self.view))
        return Message(answers.VIEW_DROPPED(name=self.view))

    def makes(self, known: Foresight) -> Makes:
        """The view is gone."""
        return Makes(without_view(known.catalog, self.view.text))
