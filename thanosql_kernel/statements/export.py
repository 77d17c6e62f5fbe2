"""EXPORT: a query's rows to a file that other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Self

from thanosql_kernel.duck.grammar import fault, is_unfinished
from thanosql_kernel.errors import ParseError, ThanoSQLError, Unsupported, nearest
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Value
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.foresight import Foresight
from thanosql_kernel.statements.options import OVERWRITE, Option
from thanosql_kernel.statements.registry import heads, parse_nested
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, counted, statements
from thanosql_kernel.wording.grammar import TS100
from thanosql_kernel.wording.refusals import TS600

FORMATS = ("csv", "tsv", "parquet", "json", "jsonl", "html")


@dataclass(frozen=True)
class Export(Statement):
    """``EXPORT query TO 'path' [OPTIONS(...)]``."""

    heads = (("EXPORT",),)
    syntax = (
        "EXPORT query | table TO 'file.csv|tsv|parquet|json|jsonl|html' | 'folder/' [OPTIONS(overwrite=True)]"
    )
    help = statements.EXPORT
    example = "EXPORT SELECT image_path FROM photos LIMIT 5 TO 'best.csv'"
    option_specs = (OVERWRITE, Option("image_col", "text", statements.COPIED_COL, role="column"))

    query: Query
    path: Value
    given: tuple[Assignment, ...]

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows EXPORT."""
        start = cursor.start_of(words)
        query = _read_name(cursor) or cursor.query_before(_end_of_query(cursor))
        cursor.expect("TO")
        path = cursor.text("path")
        given = cursor.options()
        return cls(cursor.span_from(start), words, query, path, given)

    @property
    def format(self) -> str:
        """The ending of the file; "folder" for a folder."""
        if self.path.text.endswith(("/", "\\")):
            return "folder"
        return PurePosixPath(self.path.text).suffix.removeprefix(".").lower()

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A path without quotes, to another machine, or with an ending that says no known format."""
        yield from super().check(known)
        if self.path.form == "word":
            yield ParseError(TS100.PATH_IN_QUOTES(), span=self.path.span, hint=f"TO '{self.path.text}'")
        elif "://" in self.path.text:
            yield Unsupported(TS600.THIS_MACHINE(), span=self.path.span, hint=TS600.COPY_IT_THERE())
        elif self.path.form != "parameter" and self.format not in (*FORMATS, "folder"):
            endings = ", ".join(f".{ending}" for ending in FORMATS)
            message, hint = TS600.NO_FORMAT(path=self.path.text), TS600.ENDINGS(endings=endings)
            yield Unsupported(message, span=self.path.span, hint=hint, meant=self._meant())

    def _meant(self) -> str | None:
        """The path with the ending that is nearly the one it has."""
        close = nearest(self.format, FORMATS) if self.format else None
        return None if close is None else str(PurePosixPath(self.path.text).with_suffix(f".{close}"))

    def run(self, runtime: Runtime) -> Message:
        """Write the file, whole or not at all."""
        rows = runtime.evaluate(self.query)
        count = runtime.export(
            rows,
            self.path.text,
            format=self.format,
            image_column=self.options.text("image_col"),
            overwrite=self.options.flag("overwrite"),
            span=self.path.span,
        )
        return Message(answers.WRITTEN(rows=counted(count, "row"), path=self.path.text))


def _read_name(cursor: Cursor) -> Query | None:
    """The name of a table or result, if that is all that stands before TO."""
    cursor.want("name", "table or view")
    if (past := cursor.at_version(is_query=True)) is not None:
        return Query(cursor.source, past.span, (), (past,))
    token, following = cursor.peek(), cursor.peek(1)
    if token is None or not token.is_name:
        return None
    if (following is None or following.upper != "TO") and token.upper in heads():
        return None
    cursor.want("query")
    name = cursor.name("table or view")
    return Query(cursor.source, name.span, (token,))


def _end_of_query(cursor: Cursor) -> int:
    """Index of the TO in front of the path: the first behind a whole query, as SIMILAR TO is not."""
    places = cursor.outside("TO")
    if len(places) < 2:
        return places[0] if places else cursor.stop
    return next((place for place in places if _is_query(cursor, place)), places[-1])


def _is_query(cursor: Cursor, end: int) -> bool:
    """Whether a whole query stands between the cursor and the token of that index."""
    trial = Cursor(cursor.source, cursor.tokens[cursor.at : end], nested=parse_nested)
    try:
        query = trial.query()
    except ThanoSQLError:
        return False
    sql = trial.tail[0].sql() if trial.tail else query.sql()
    return fault(sql) is None and not is_unfinished(sql)
