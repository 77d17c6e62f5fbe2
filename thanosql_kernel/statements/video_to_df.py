"""FUNCTION preprocess.video_to_df: a film cut into clips, a row each; PREPROCESS VIDEO says the same in older cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import ClassVar, Self

from thanosql_kernel.catalog import Column
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError
from thanosql_kernel.films.sampling import LEAST_S
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.film_work import Clip
from thanosql_kernel.statements.foresight import Added, Columns, Foresight, Makes, with_table
from thanosql_kernel.statements.function import Function
from thanosql_kernel.statements.options import TABLE_NAME, Option, Options
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, films, old_kinds
from thanosql_kernel.wording.grammar import TS103

DEFAULT_S = 10
CLIP_OPTIONS = (
    Option("method", "text", films.METHOD, default="split", choices=("split",), aliases=("method_name",)),
    Option("interval", "number", films.CLIP_LENGTH, default=DEFAULT_S),
    Option(
        "result_col",
        "text",
        films.CLIP_COLUMN,
        default="video_path",
        aliases=("column_name",),
        role="new column",
    ),
    Option("result_dir", "text", films.RESULT_DIR, aliases=("folder_name",), role="path"),
    TABLE_NAME,
)


@dataclass(frozen=True)
class Cut:
    """What is cut, and how: what both statements have in common.

    Attributes:
        options: Those given.
        path: The film.
        span: Where the statement stands.
    """

    options: Options
    path: Value | None
    span: Span

    def problems(self) -> Iterator[ThanoSQLError]:
        """Clips of no length."""
        seconds, span = self.options.value("interval"), self.options.given_span("interval")
        if isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds < LEAST_S:
            yield ParseError(TS103.AT_LEAST(name="interval", minimum=LEAST_S), span=span)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Of the rows of clips."""
        path = self.options.text("result_col") or "video_path"
        return (Column(path, "VARCHAR"), Column("start_second", "DOUBLE"), Column("end_second", "DOUBLE"))

    def makes(self, known: Foresight) -> Makes:
        """The rows of clips, and the table that they are stored as, if they are."""
        stored_as = self.options.text("table_name")
        catalog = with_table(known.catalog, stored_as, self.columns) if stored_as else known.catalog
        added = Added(self.columns[0], self.options.given_span("result_col") or self.span)
        return Makes(catalog, cache(partial(self._all, known)), (added,), films.GETS_CLIPS())

    def _all(self, known: Foresight) -> Columns:
        return self.columns

    def run(self, runtime: Runtime) -> Relation:
        """Cut the film; its clips as rows, stored too if ``table_name`` says so."""
        assert self.path is not None
        seconds = self.options.value("interval")
        length = float(seconds) if isinstance(seconds, int | float) else float(DEFAULT_S)
        folder = self.options.text("result_dir")
        clips = runtime.split_film(self.path.text, interval_s=length, folder=folder, span=self.path.span)
        rows = runtime.rows(self._table(clips))
        stored_as = self.options.text("table_name")
        if stored_as is not None:
            span = self.options.given_span("table_name")
            runtime.changes.store(stored_as, rows, if_exists="replace", span=span)
            runtime.notice(answers.STORED_AS(table=stored_as))
        return rows

    def _table(self, clips: Sequence[Clip]) -> object:
        import pyarrow as pa

        arrays = [
            pa.array([clip.path for clip in clips], pa.string()),
            pa.array([clip.start_s for clip in clips], pa.float64()),
            pa.array([clip.end_s for clip in clips], pa.float64()),
        ]
        return pa.table(arrays, names=[column.name for column in self.columns])


@dataclass(frozen=True)
class VideoToDf(Function):
    """``FUNCTION preprocess.video_to_df [OPTIONS(...)] FROM 'path'``."""

    called = ("preprocess.video_to_df",)
    syntax = "FUNCTION preprocess.video_to_df [OPTIONS(interval=10, result_dir='folder', …)] FROM 'film.mp4'"
    help = films.VIDEO_TO_DF
    example = "FUNCTION preprocess.video_to_df OPTIONS(interval=10) FROM 'film.mp4'"
    option_specs = CLIP_OPTIONS

    @property
    def _cut(self) -> Cut:
        return Cut(self.options, self.path, self.span)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A query in the place of a path, clips of no length."""
        yield from super(Function, self).check(known)
        if self.path is None:
            message = films.FROM_A_FILM(function=self.function)
            span = self.query.span if self.query is not None else self.function.span
            yield ParseError(message, code="TS100", span=span, hint=films.WRITE_FROM())
        yield from self._cut.problems()

    def makes(self, known: Foresight) -> Makes:
        """The rows of clips."""
        return self._cut.makes(known)

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows of clips."""
        return self._cut.run(runtime)


@dataclass(frozen=True)
class Preprocess(Statement):
    """``PREPROCESS VIDEO USING split [OPTIONS(...)] FROM 'path'``."""

    heads = (("PREPROCESS", "VIDEO"), ("PREPROCESS", "IMAGE"), ("PREPROCESS", "AUDIO"))
    unsupported: ClassVar = {
        heads[1]: old_kinds.PICTURES_AS_THEY_ARE,
        heads[2]: old_kinds.SOUNDS_AS_THEY_ARE,
    }
    syntax = "PREPROCESS VIDEO USING split [OPTIONS(interval=10, table_name='t', …)] FROM 'film.mp4'"
    help = films.VIDEO_TO_DF
    example = "PREPROCESS VIDEO USING split OPTIONS(interval=10, table_name='clips') FROM 'film.mp4'"
    option_specs = CLIP_OPTIONS
    table_valued = True

    method: Name
    given: tuple[Assignment, ...]
    path: Value

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows the words."""
        start = cursor.start_of(words)
        cursor.expect("USING")
        method = cursor.name("function")
        given = cursor.options()
        cursor.expect("FROM")
        path = cursor.text("path")
        return cls(cursor.span_from(start), words, method, given, path)

    @property
    def _cut(self) -> Cut:
        return Cut(self.options, self.path, self.span)

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Another way to cut, clips of no length."""
        yield from super().check(known)
        if self.words in self.unsupported:
            return
        if self.method.text.lower() != "split" and not self.method.placeholder:
            message = TS103.ONE_OF(name="USING", choices="split")
            yield ParseError(message, span=self.method.span, meant="split")
        yield from self._cut.problems()

    def makes(self, known: Foresight) -> Makes:
        """The rows of clips."""
        return Makes(known.catalog) if self.words in self.unsupported else self._cut.makes(known)

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows of clips."""
        return self._cut.run(runtime)
