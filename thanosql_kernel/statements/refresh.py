"""REFRESH: a table of photos is brought up to date with its folders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self, cast

from thanosql_kernel.catalog import Column, Table
from thanosql_kernel.catalog.unknown import no_model
from thanosql_kernel.errors import Interrupted, ModelError, ThanoSQLError, UnknownName, Unsupported
from thanosql_kernel.folders.columns import PATHS
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.statements.cell import parse_statement
from thanosql_kernel.statements.changes import Refreshed
from thanosql_kernel.statements.convert import Convert, conversion
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.statements.templates import gap
from thanosql_kernel.wording import counted, statements
from thanosql_kernel.wording import refresh as said
from thanosql_kernel.wording.refusals import TS600


@dataclass(frozen=True)
class Refresh(Statement):
    """``REFRESH t [OPTIONS(...)] [FROM 'folder']``."""

    heads = (("REFRESH",),)
    syntax = "REFRESH table [OPTIONS(missing='remove'|'keep')] [FROM 'folder']"
    help = statements.REFRESH
    example = "REFRESH photos"
    option_specs = (
        Option("missing", "text", statements.MISSING, default="remove", choices=("remove", "keep")),
    )

    table: Name
    given: tuple[Assignment, ...]
    folder: Value | None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows REFRESH."""
        start = cursor.start_of(words)
        table = cursor.name("table")
        given = cursor.options()
        folder = cursor.text("path") if not _is_query(cursor) and cursor.accept("FROM") else None
        given = given or cursor.options()
        return cls(cursor.span_from(start), words, table, given, folder)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A table that is none of a folder, a path that is none."""
        yield from super().check(known)
        if self.folder is not None and self.folder.form == "placeholder":
            yield gap(self.folder.text, self.folder.span)
        if self.folder is not None and self.folder.form == "word":
            message, hint = TS600.PYTHON_VARIABLE(name=self.folder.text), TS600.PATH_IN_QUOTES()
            yield Unsupported(message, span=self.folder.span, hint=hint)
        table = known.catalog.find_table(self.table.text)
        if known.has_database and table is not None:
            yield from self._unrefreshable(table)

    def _unrefreshable(self, table: Table) -> Iterator[ThanoSQLError]:
        """A table that names no files, and one of which nobody knows where they are."""
        span = self.table.span
        if not any(column.name.lower() in PATHS.values() for column in table.columns):
            message, hint = TS600.NO_PATHS_OF_FILES(table=table.name), TS600.REPLACE_OR_APPEND()
            yield Unsupported(message, span=span, hint=hint)
        elif self.folder is None and not table.folders:
            message, hint = TS600.NO_FOLDER_KNOWN(table=table.name), TS600.NAME_THE_FOLDER(table=table.name)
            yield Unsupported(message, span=span, hint=hint)

    def run(self, runtime: Runtime) -> Message:
        """Bring the rows up to date in one commit, then make the vectors of what is new."""
        folder = None if self.folder is None else (self.folder.text, self.folder.span)
        keeps = (self.options.text("missing") or "").lower() == "keep"
        span = self.table.span if self.folder is None else self.folder.span
        done = runtime.refresh(self.table.text, folder, keeps_missing=keeps, span=span)
        for name in done.outdated:
            self._embed(runtime, name)
        table = runtime.catalog.table(self.table.text)
        return Message(tell_refreshed(runtime, table.name, done))

    def _embed(self, runtime: Runtime, name: str) -> None:
        """Make the vectors that a generated column lacks, as the CONVERT did that made the others."""
        table = runtime.catalog.table(self.table.text, self.table.span)
        column = table.column(name)
        if column is None or column.generated is None:
            return
        written = conversion(column, table.name)
        try:
            self._check_model(runtime, column)
            cast(Convert, parse_statement(written)).embed(runtime, table.name, is_refresh=True)
        except Interrupted:
            raise
        except (ModelError, UnknownName) as error:
            told = f"{error.message}. {error.hint or ''}".strip()
            runtime.notice(said.NOT_EMBEDDED(column=column.name, problem=told, convert=written))
        except ThanoSQLError as error:
            error.span, error.fixes = self.table.span, ()
            raise

    def _check_model(self, runtime: Runtime, column: Column) -> None:
        """Go on only with the very model that made the column.

        Raises:
            UnknownName: TS200, it is gone.
            ModelError: It cannot be loaded, or it is another one now.
        """
        made = column.generated
        assert made is not None
        if made.model not in runtime.models:
            raise no_model(made.model, self.table.span, runtime.models)
        if not runtime.made_by(column, runtime.models[made.model]):
            raise ModelError(said.OTHER_WEIGHTS(stored=made.weights.name, model=made.model))


def tell_refreshed(runtime: Runtime, table: str, done: Refreshed) -> str:
    """What has become of a table's rows, for people."""
    parts = [
        text(count=count)
        for text, count in (
            (said.ADDED, done.added),
            (said.REMOVED, done.removed),
            (said.RENAMED, done.renamed),
            (said.CHANGED, done.changed),
        )
        if count
    ]
    if done.missing:
        runtime.notice(said.STILL_MISSING(rows=counted(done.missing, "row")))
    return said.REFRESHED(changes=", ".join(parts) or said.NOTHING(), name=table, kept=done.kept)


def _is_query(cursor: Cursor) -> bool:
    """Whether what follows is a query of its own: FROM begins a line, and a name follows, no folder in quotes."""
    begins, name = cursor.peek(), cursor.peek(1)
    if begins is None or name is None or not cursor.looking_at("FROM") or name.kind != "word":
        return False
    return "\n" in cursor.source[cursor.tokens[cursor.at - 1].end : begins.start]
