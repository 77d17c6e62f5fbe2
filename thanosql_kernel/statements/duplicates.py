"""FUNCTION compute.duplicates: copies of photos, and photos of one burst."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Self, cast

from thanosql_kernel.catalog import Column, Similarity
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.catalog.unknown import no_column
from thanosql_kernel.errors import ModelError, ThanoSQLError, TypeMismatch, UnknownName
from thanosql_kernel.models.spec import CLIP_IMAGE, MINI_IMAGE, UNKNOWN_SCALE, Scale, scale_of
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.parameters import literal_of
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.captions import TAKEN_AT
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.duplicate_work import Duplicates, Level
from thanosql_kernel.statements.foresight import Added, Columns, Foresight, Makes, are_all, with_column
from thanosql_kernel.statements.function import Function
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import raised
from thanosql_kernel.statements.using import is_no_picture, no_pictures
from thanosql_kernel.wording import duplicates, models
from thanosql_kernel.wording.models import TS402
from thanosql_kernel.wording.names import TS202
from thanosql_kernel.wording.values import TS300

PHOTO_GROUP, BURST_GROUP, KEEP, SIMILARITY = (
    "duplicate_group",
    "burst_group",
    "keep",
    "duplicate_similarity",
)
NEAR, ALIKE = 0.70, 0.85
"""Cosines of `mini` (see decision 39): of copies of a photo 98 % have as much as the first, of photos from two places
0.002 % the second."""
USUAL_PICTURES = "image_path"

_VECTORS = re.compile(r"(FLOAT|DOUBLE)\[\d*\]\Z")


@dataclass(frozen=True)
class ComputeDuplicates(Function):
    """``FUNCTION compute.duplicates [OPTIONS(...)] AS query``."""

    called = ("compute.duplicates",)
    syntax = (
        "FUNCTION compute.duplicates [OPTIONS(level='photo'|'burst'|'both', image_col='image_path', emb_col=…, …)] "
        "AS query"
    )
    help = duplicates.HELP
    example = "FUNCTION compute.duplicates OPTIONS(level='photo') AS SELECT * FROM photos"
    option_specs = (
        Option("level", "text", duplicates.LEVEL, default="both", choices=("photo", "burst", "both")),
        Option("image_col", "text", duplicates.IMAGE_COL, default=USUAL_PICTURES, role="column"),
        Option("emb_col", "text", duplicates.EMB_COL, role="column"),
        Option("time_col", "text", duplicates.TIME_COL, default=TAKEN_AT, role="column"),
        Option("seconds", "number", duplicates.SECONDS, default=10, minimum=0),
        Option("threshold", "number", duplicates.THRESHOLD, minimum=0, maximum=1),
        Option("burst_threshold", "number", duplicates.BURST_THRESHOLD, minimum=0, maximum=1),
    )

    @classmethod
    def read(cls, cursor: Cursor, start: int, function: Name) -> Self:
        """Read what follows the function's name: it takes rows, no file."""
        given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), ("FUNCTION",), function, given, query, None)

    @property
    def level(self) -> Level:
        """Which groups are wanted."""
        return cast(Level, (self.options.text("level") or "both").lower())

    @property
    def rows(self) -> Query:
        """The query with the pictures."""
        assert self.query is not None
        return self.query

    def check(self, known: Foresight) -> Iterator[ThanoSQLError]:
        """Columns that are not there, or hold something else."""
        yield from super().check(known)
        columns = known.columns(self.rows) if known.has_database else None
        if columns is None or not are_all(columns) or not all(column.type for column in columns):
            return
        parts = {"image_col": self._pictures, "emb_col": self._vectors, "time_col": self._times}
        for option, find in parts.items():
            stated = self.options.given_span(option) is not None
            if not stated or find_column(columns, self.options.text(option) or "") is not None:
                yield from raised(find, columns)

    # -- the columns that it reads -------------------------------------------------------------------------------
    def _pictures(self, columns: tuple[Column, ...]) -> Column:
        """The column of pictures: the one named, else the usual one, else what the vectors were made of."""
        stated = self.options.given_span("image_col")
        name = self.options.text("image_col") or USUAL_PICTURES
        found = find_column(columns, name)
        if found is None and stated is None:
            sources = {
                it.generated.source.lower() for it in columns if it.generated and it.generated.kind == "image"
            }
            found = next((column for column in columns if column.name.lower() in sources), None)
        if found is None:
            names = ", ".join(column.name for column in columns)
            hint = TS202.NAME_THE_COLUMN(option="image_col", names=names)
            raise UnknownName(TS202.NOT_IN_QUERY(column=name), span=stated or self.rows.span, hint=hint)
        if is_no_picture(found.type):
            raise no_pictures(found.name, found.type, stated or self.rows.span)
        return found

    def _vectors(self, columns: tuple[Column, ...]) -> Column:
        """The column of vectors: the one named, else the only one of pictures."""
        stated, name = self.options.given_span("emb_col"), self.options.text("emb_col")
        if name is not None:
            return self._stated_vectors(columns, name)
        vectors = [column for column in columns if _VECTORS.search(column.type)]
        made = [it for it in vectors if it.generated is not None and it.generated.kind == "image"]
        found = made or [it for it in vectors if it.generated is None]
        if len(found) > 1:
            names = ", ".join(column.name for column in found)
            hint = TS402.CHOOSE(column=found[0].name)
            raise ModelError(TS402.SEVERAL_VECTORS(names=names), span=self.rows.span, hint=hint)
        if not found:
            hint = models.RUN_FIRST(conversion=self._conversion())
            raise ModelError(TS402.NO_VECTORS(), span=stated or self.rows.span, hint=hint)
        return found[0]

    def _stated_vectors(self, columns: tuple[Column, ...], name: str) -> Column:
        found = find_column(columns, name)
        span = self.options.given_span("emb_col")
        if found is None:
            raise no_column(name, span, [column.name for column in columns], TS202.QUERY())
        if not _VECTORS.search(found.type):
            raise TypeMismatch(TS300.NOT_VECTORS(column=found.name, type=found.type), span=span)
        if found.generated is not None and found.generated.kind != "image":
            raise TypeMismatch(TS300.VECTORS_OF_TEXTS(column=found.name), span=span)
        return found

    def _conversion(self) -> str:
        """The CONVERT that makes vectors."""
        source = literal_of(self.options.text("image_col") or USUAL_PICTURES)
        return f"CONVERT USING mini OPTIONS(image_col={source}) AS {self.rows.text.strip()}"

    def _times(self, columns: tuple[Column, ...]) -> Column | None:
        """The column of times; None if there is none and nobody named one."""
        stated = self.options.given_span("time_col")
        found = find_column(columns, self.options.text("time_col") or TAKEN_AT)
        if found is not None and found.type.startswith("TIMESTAMP"):
            return found
        if found is not None and stated is not None:
            message = TS300.NO_TIMES(column=found.name, type=found.type)
            raise TypeMismatch(message, span=stated, hint=TS300.CHOOSE_TIMES())
        return None

    # -- what it makes -------------------------------------------------------------------------------------------
    def result_columns(self, vectors: Column | None = None) -> tuple[Column, ...]:
        """The columns of groups, of what to keep, and of the cosine to that."""
        groups = {"photo": (PHOTO_GROUP,), "burst": (BURST_GROUP,), "both": (PHOTO_GROUP, BURST_GROUP)}[
            self.level
        ]
        compared = _compared(vectors)
        return (
            *(Column(name, "INTEGER") for name in groups),
            Column(KEEP, "BOOLEAN"),
            Column(SIMILARITY, "FLOAT", similarity=compared),
        )

    def makes(self, known: Foresight) -> Makes:
        """The rows that are in groups, with these."""
        span = self.options.given_span("level") or self.function.span
        added = tuple(Added(column, span) for column in self.result_columns())
        columns = cache(partial(self._columns, known, added))
        return Makes(known.catalog, columns, added, duplicates.GETS_GROUPS(), partial(self._read, known))

    def _columns(self, known: Foresight, added: tuple[Added, ...]) -> Columns:
        columns = known.columns(self.rows)
        for new in added:
            columns = with_column(columns, new.column)
        return columns

    def _read(self, known: Foresight) -> Column | None:
        columns = known.columns(self.rows) or ()
        return find_column(columns, self.options.text("image_col") or USUAL_PICTURES)

    # -- what it does --------------------------------------------------------------------------------------------
    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows that are in groups, group by group."""
        rows = runtime.evaluate(self.rows)
        vectors, times = self._vectors(rows.columns), self._times(rows.columns)
        near, alike = self._thresholds(vectors)
        wanted = Duplicates(
            self.level,
            self._pictures(rows.columns).name,
            vectors.name,
            times.name if times is not None else None,
            _number(self.options.value("seconds"), 10),
            near,
            alike,
            self.result_columns(vectors),
        )
        return runtime.duplicates(rows, wanted)

    def _thresholds(self, vectors: Column) -> tuple[float, float]:
        """The least cosines of what is compared, and of what is in a burst where no times are known."""
        scale = scale_of(_compared(vectors))
        near, alike = (as_likely(cosine, scale) for cosine in (NEAR, ALIKE))
        return _number(self.options.value("threshold"), near), _number(
            self.options.value("burst_threshold"), alike
        )


def as_likely(cosine: float, scale: Scale) -> float:
    """The cosine of another model that says as much as one of `mini`: as far from what pictures have by chance."""
    scale = CLIP_IMAGE if scale is UNKNOWN_SCALE else scale
    return round(scale.empty + MINI_IMAGE.share(cosine) * (scale.full - scale.empty), 4)


def _compared(vectors: Column | None) -> Similarity | None:
    """What cosines of a column's vectors compare."""
    made = vectors.generated if vectors is not None else None
    return None if made is None else Similarity(made.weights.name, "image", "image")


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, (int, float)) else default
