"""PRINT IMAGE, PRINT AUDIO, PRINT VIDEO: look at the files that rows name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column, is_for_models
from thanosql_kernel.errors import (
    ParseError,
    Span,
    ThanoSQLError,
    TypeMismatch,
    UnknownName,
    Unsupported,
    nearest,
)
from thanosql_kernel.models.spec import scale_of
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.sql.query import Query, is_result_name
from thanosql_kernel.statements.captions import (
    PERIODS,
    TAKEN_AT,
    caption,
    left_out,
    when_and_where,
)
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.duplicates import ComputeDuplicates
from thanosql_kernel.statements.foresight import Columns, Foresight, Makes, are_all, with_table
from thanosql_kernel.statements.grouping import (
    ByColumns,
    ByDate,
    Grouping,
    duplicate_groups,
    kept_column,
    mark_of,
)
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.results import (
    Browsing,
    MediaForm,
    MediaItem,
    MediaKind,
    MediaResult,
    Period,
    SearchBox,
)
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.search import Search
from thanosql_kernel.statements.statement import Statement, Words, raised
from thanosql_kernel.statements.using import are_pictures
from thanosql_kernel.values import records
from thanosql_kernel.wording import statements
from thanosql_kernel.wording.grammar import TS100
from thanosql_kernel.wording.names import TS202
from thanosql_kernel.wording.refusals import TS600
from thanosql_kernel.wording.values import TS300

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows that a widget pages through unless told otherwise.
MAX_BROWSED = 1000
#: Largest cosine that single precision gives.
_LARGEST_COSINE = 1.0001


@dataclass(frozen=True)
class PrintMedia(Statement):
    """``PRINT IMAGE|AUDIO|VIDEO [OPTIONS(...)] [INTO table] AS query``."""

    heads = (("PRINT", "IMAGE"), ("PRINT", "AUDIO"), ("PRINT", "VIDEO"))
    syntax = (
        "PRINT IMAGE|AUDIO|VIDEO [OPTIONS(image_col='image_path', limit=…, columns=…, size=…, format=…, group_by=…)] "
        "[INTO table] AS query"
    )
    help = statements.PRINT
    example = "PRINT IMAGE AS SELECT image_path FROM photos LIMIT 5"
    option_specs = (
        Option("image_col", "text", statements.PATH_COLUMN, aliases=("image_column",), role="column"),
        Option("audio_col", "text", statements.PATH_COLUMN, aliases=("audio_column",), role="column"),
        Option("video_col", "text", statements.PATH_COLUMN, aliases=("video_column",), role="column"),
        Option("base_dir", "text", statements.BASE_DIR, role="path"),
        Option("limit", "integer", statements.LIMIT, minimum=1),
        Option("columns", "integer", statements.SIDE_BY_SIDE, minimum=1),
        Option("size", "integer", statements.PICTURE_SIZE, minimum=16),
        Option(
            "format",
            "text",
            statements.PRINT_FORMAT,
            default="grid",
            choices=("grid", "sheet", "widget"),
        ),
        Option("group_by", "text", statements.GROUP_BY, choices=PERIODS, role="column", takes_others=True),
        Option(
            "date_col",
            "text",
            statements.DATE_COLUMN,
            default=TAKEN_AT,
            aliases=("date_column",),
            role="column",
        ),
    )

    kind: MediaKind
    given: tuple[Assignment, ...]
    query: Query
    into: Name | None = None

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows PRINT and the kind."""
        start = cursor.start_of(words)
        given = cursor.options()
        into = cursor.name("new table") if cursor.accept("INTO") else None
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words, cast(MediaKind, words[1].lower()), given, query, into)

    def run(self, runtime: Runtime) -> MediaResult:
        """Read the paths and captions of the rows to show."""
        options, form = self.options, self._form
        rows = self._rows(runtime)
        runtime.keep(rows)
        path = self._path_column(rows.columns)
        others = [column for column in rows.columns if column.name != path.name and not is_for_models(column)]
        names = [path.name, *(column.name for column in others)]
        grouping = self._grouping(rows.columns)
        table, headings = self._read(rows, names, grouping, self._limit(runtime))
        data = records(table.select(names))
        kept = kept_column(rows.columns)
        told = left_out(names).union(
            grouping.columns if isinstance(grouping, ByColumns) else (), [kept or ""]
        )
        return MediaResult(
            self.kind,
            tuple(self._item(runtime, row, path, others, kept) for row in data),
            rows.count(),
            options.integer("size"),
            options.integer("columns"),
            form=form,
            similarities={it.name: scale_of(it.similarity) for it in others if is_similarity(it, data)},
            browsing=self._browsing(table, rows.columns) if form == "widget" else None,
            left_out=told.intersection(names),
            headings=headings,
        )

    def _read(
        self, rows: Relation, names: list[str], grouping: Grouping, limit: int
    ) -> tuple[pa.Table, dict[int, str]]:
        """The first rows in the order in which they are shown, and what stands above some of them."""
        wanted = None if self._form == "widget" else list(dict.fromkeys([*names, *grouping.columns]))
        table = rows.fetch(wanted, limit=None if grouping.needs_all and wanted else limit)
        table = grouping.ordered(table)
        shown = table.slice(0, limit)
        return shown, grouping.headings(table, len(shown))

    def _grouping(self, columns: Sequence[Column]) -> Grouping:
        """By date or by a column as the statement says; near-duplicates by their groups.

        Raises:
            UnknownName: TS202, there is no such column.
            TypeMismatch: TS300, a column of dates holds none.
        """
        dates, named = self._dates(columns), self.options.text("group_by")
        if self._period is not None and dates is not None:
            return ByDate((dates,), self._period)
        if named is not None:
            found = find_column(tuple(columns), named)
            if found is None:
                raise self._no_group(named, [column.name for column in columns])
            return ByColumns((found.name,))
        if isinstance(self.query.only_nested, ComputeDuplicates):
            return ByColumns(duplicate_groups(columns))
        return Grouping()

    def _no_group(self, named: str, names: Sequence[str]) -> UnknownName:
        return UnknownName(
            TS202.NOT_IN_QUERY(column=named),
            span=self.options.given_span("group_by"),
            hint=TS202.GROUP_BY_WHAT(
                periods=", ".join(f"'{period}'" for period in PERIODS), names=", ".join(names)
            ),
            meant=nearest(named, [*PERIODS, *names]),
        )

    @property
    def _period(self) -> Period | None:
        named = (self.options.text("group_by") or "").lower()
        return next((period for period in PERIODS if period == named), None)

    def _dates(self, columns: Sequence[Column]) -> str | None:
        """The column with the dates of pictures; None if there is none and nobody asked for it.

        Raises:
            UnknownName: TS202, there is no such column.
            TypeMismatch: TS300, it holds no dates.
        """
        stated, name = self._stated_dates(), self.options.text("date_col") or TAKEN_AT
        column = find_column(tuple(columns), name)
        if column is not None and column.type.startswith(("TIMESTAMP", "DATE")):
            return column.name
        if stated is None:
            return None
        if column is not None:
            message = TS300.NO_DATES(column=column.name, type=column.type)
            raise TypeMismatch(message, span=stated, hint=TS300.CHOOSE_DATES())
        names = ", ".join(column.name for column in columns)
        hint = TS202.NAME_THE_COLUMN(option="date_col", names=names)
        raise UnknownName(TS202.NOT_IN_QUERY(column=name), span=stated, hint=hint)

    def _stated_dates(self) -> Span | None:
        """Where the statement asks for dates."""
        by_date = self.options.given_span("group_by") if self._period is not None else None
        return self.options.given_span("date_col") or by_date

    def _rows(self, runtime: Runtime) -> Relation:
        rows, search = runtime.evaluate(self.query), self.query.only_nested
        return search.shown(runtime, rows) if isinstance(search, Search) else rows

    def _browsing(self, table: pa.Table, columns: Sequence[Column]) -> Browsing:
        into = None if self.into is None else self.into.text
        dates = self._dates(columns)
        return Browsing(table, tuple(columns), into, find_search_box(self), dates, self._period)

    @property
    def _form(self) -> MediaForm:
        return cast(MediaForm, (self.options.text("format") or "grid").lower())

    def column_options(self) -> Iterator[str]:
        """The ones with the paths and the dates."""
        yield f"{self.kind}_col"
        yield "date_col"

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """A form that only pictures have, INTO without a widget, rows without paths."""
        yield from super().check(known)
        if self.kind != "image" and self._form != "grid":
            message = TS600.NO_PRINT_FORMAT(kind=self.kind.upper(), format=self._form)
            span = self.options.given_span("format")
            yield Unsupported(message, span=span, hint=TS600.LEAVE_FORMAT_OUT())
        if self.into is not None and self._form != "widget":
            yield ParseError(TS100.INTO_WITHOUT_WIDGET(), span=self.into.span, hint=TS100.ADD_WIDGET())
        if known.has_database:
            yield from self._path_problems(known.columns(self.query))

    def _path_problems(self, columns: Columns) -> Iterator[ThanoSQLError]:
        stated = self.options.text(f"{self.kind}_col")
        is_there = stated is None or find_column(columns or (), stated) is not None
        if are_all(columns) and is_there and all(column.type for column in columns or ()):
            yield from raised(self._path_column, columns)
        if are_all(columns) and all(column.type for column in columns or ()):
            yield from raised(self._grouping, columns)

    def _limit(self, runtime: Runtime) -> int:
        """How many rows to read: as many as asked for, at most the ``display.tiles`` setting; a widget has pages."""
        if self._form == "widget":
            return self.options.integer("limit") or MAX_BROWSED
        tiles = cast(int, runtime.setting("display.tiles"))
        return min(self.options.integer("limit") or tiles, tiles)

    def makes(self, known: Foresight) -> Makes:
        """The table of chosen rows, if one is named."""
        if self.into is None:
            return Makes(known.catalog)
        return Makes(with_table(known.catalog, self.into.text, known.columns(self.query)))

    def _item(
        self, runtime: Runtime, row: dict[str, object], path: Column, others: list[Column], kept: str | None
    ) -> MediaItem:
        from thanosql_kernel.images.inline import holds_picture, key_of, place_of
        from thanosql_kernel.web.naming import named

        value, folder = row[path.name], self.options.text("base_dir")
        mark = str(mark_of(row, kept))
        captions = tuple((column.name, caption(row[column.name])) for column in others)
        read = runtime.reader(value) if self.kind == "image" else None
        if read is not None:
            key = key_of(value).hex() if holds_picture(value) else place_of(value)
            return MediaItem(named(value), captions, when_and_where(row), read, key, mark)
        text = place_of(value)
        if text is not None and folder is not None:
            text = os.path.join(folder, text)
        second = row.get(self._second_column((path, *others)) or "")
        starts = float(second) if isinstance(second, float) and second >= 0 else None
        return MediaItem(text, captions, when_and_where(row), mark=mark, second=starts)

    def _second_column(self, columns: Sequence[Column]) -> str | None:
        """The column that says where videos are shown from: what SEARCH VIDEO puts beside its similarities."""
        scores = {f"{column.name}_second" for column in columns if column.type == "FLOAT"}
        found = (column.name for column in columns if column.type == "DOUBLE" and column.name in scores)
        return next(found, None) if self.kind == "video" else None

    def _path_column(self, columns: Sequence[Column]) -> Column:
        """The column named, else the usual names, else the only text column."""
        stated, span = self.options.text(f"{self.kind}_col"), self.options.given_span(f"{self.kind}_col")
        texts = [column for column in columns if self._is_shown(column)]
        for name in (stated,) if stated else (f"{self.kind}_path", self.kind, "filepath", "path"):
            column = find_column(tuple(columns), name)
            if column is not None and column not in texts:
                wrong, hint = TS300.NOT_PATHS, TS300.CHOOSE_TEXT_COLUMN()
                if self.kind == "image":
                    wrong, hint = TS300.NOT_PICTURES, TS300.CHOOSE_PICTURES()
                message = wrong(column=column.name, type=column.type)
                raise TypeMismatch(message, span=span or self.query.span, hint=hint)
            if column is not None:
                return column
        if stated is None and len(texts) == 1:
            return texts[0]
        names = ", ".join(column.name for column in columns)
        raise UnknownName(
            TS202.NOT_IN_QUERY(column=stated or f"{self.kind}_path"),
            span=span or self.query.span,
            hint=TS202.NAME_THE_COLUMN(option=f"{self.kind}_col", names=names),
        )

    def _is_shown(self, column: Column) -> bool:
        """Whether a column may have what is shown: paths, and of pictures what holds them."""
        if column.generated is not None:
            return False
        return column.type == "VARCHAR" or (self.kind == "image" and are_pictures(column.type))


def find_search_box(statement: Statement) -> SearchBox | None:
    """Where the outermost SEARCH for one text has its words.

    None where searching again would store a table, or read an earlier result, which is another one by then.
    """
    nested = list(statement.children())
    if any(map(_stores, nested)):
        return None
    searches = [child for child in nested if isinstance(child, Search)]
    queries = [query for part in (statement, *nested) for query in part.queries]
    if any(token.is_name and is_result_name(token.name) for query in queries for token in query.tokens):
        return None
    for search in searches:
        inputs = search.search_inputs()
        if len(inputs) == 1 == len(search.asked.pieces) and inputs[0].kind == "text":
            source, span = search.query.source, inputs[0].span
            before, after = source[statement.span.start : span.start], source[span.end : statement.span.end]
            return SearchBox(inputs[0].value, before, after)
    return None


def _stores(statement: Statement) -> bool:
    """Whether an option says as what table its rows are stored."""
    options = [option for option in statement.option_specs if option.role == "new table"]
    return any(statement.options.text(option.name) for option in options)


def is_similarity(column: Column, rows: Sequence[Mapping[str, object]]) -> bool:
    """Whether the column holds single-precision numbers within [-1, 1], as cosines are."""
    if column.type != "FLOAT":
        return False
    values = [value for row in rows if isinstance(value := row[column.name], float)]
    return bool(values) and all(abs(value) <= _LARGEST_COSINE for value in values)
