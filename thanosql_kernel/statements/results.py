"""What a statement gives back: plain data that a front end turns into text, HTML or a widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.models.spec import Scale

if TYPE_CHECKING:
    import pyarrow as pa

MediaKind = Literal["image", "audio", "video"]
MediaForm = Literal["grid", "sheet", "widget"]
Period = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Message:
    """A line or two of plain text, e.g. what was stored.

    Attributes:
        text: May hold line breaks.
        markdown: The same for front ends that draw Markdown; "" when the text is all there is.
        notices: Lines worth telling beside the result.
        sample: A few rows of what was stored, to be seen below the text.
    """

    text: str
    notices: tuple[str, ...] = ()
    markdown: str = ""
    sample: TableResult | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """How often each label is taken for which.

    Attributes:
        names: The labels.
        counts: A row for each label that rows have, in it how often each label is said.
        caption: What rows and columns are.
    """

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    caption: str


@dataclass(frozen=True, slots=True)
class TableResult:
    """The first rows of a table.

    Attributes:
        rows: The rows to show, at most the ``display.rows`` setting.
        total: How many rows there are in all.
        columns: Names, SQL types and provenance, in the order of ``rows``.
        notices: Lines worth telling beside the result.
        images: Whether small pictures stand beside paths.
        paths: Finds the files that paths in it name; None for the process's own working folder.
        heading: What was done and what may be next, to be seen above the rows; "" for nothing.
        matrix: What is drawn below the rows.
    """

    rows: pa.Table
    total: int
    columns: tuple[Column, ...]
    notices: tuple[str, ...] = ()
    images: bool = False
    paths: PathFinder | None = None
    heading: str = ""
    matrix: Matrix | None = None


@dataclass(frozen=True, slots=True)
class MediaItem:
    """One picture, sound or video.

    Attributes:
        path: As the row has it, or what a picture that is no file is called; None when the row has NULL.
        caption: Column name and value as text, in order, the path column left out.
        taken: When and where it was taken, in one line; "" where that is not known.
        read: Gives the bytes of a picture that is no file, or raises `UnreadableImage`; None for files.
        key: Tells it from others that are called the same; the path of a file.
        mark: A word beside its number, such as that it is kept.
        second: Where a video is shown from; None for its beginning.
    """

    path: str | None
    caption: tuple[tuple[str, str], ...]
    taken: str = ""
    read: Callable[[], bytes] | None = field(default=None, compare=False)
    key: str | None = None
    mark: str = ""
    second: float | None = None

    def __post_init__(self) -> None:
        """A file's key is its path."""
        if self.key is None:
            object.__setattr__(self, "key", self.path)


@dataclass(frozen=True, slots=True)
class SearchBox:
    """A statement's text around the words that its SEARCH looks for, so that others can be put there.

    Attributes:
        text: What is searched for now.
        before: The statement up to the literal.
        after: The statement behind it.
    """

    text: str
    before: str
    after: str

    def statement(self, text: str) -> str:
        """The statement that searches for something else."""
        literal = text.replace("'", "''")
        return f"{self.before}'{literal}'{self.after}"


@dataclass(frozen=True, slots=True)
class Browsing:
    """What a widget needs beyond pictures.

    Attributes:
        rows: One for each item, all columns of the query.
        columns: Names, SQL types and provenance, in the order of ``rows``.
        table: What the chosen rows are stored as; None when the statement does not say.
        search: Where other words to search for go; None if the query searches for no text.
        dates: The column with their dates; None if there is none.
        period: Of which length the periods are that headings stand above.
    """

    rows: pa.Table
    columns: tuple[Column, ...]
    table: str | None = None
    search: SearchBox | None = None
    dates: str | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class MediaResult:
    """Pictures, sounds or videos to show.

    Attributes:
        kind: What the paths hold.
        items: Those to show, in row order.
        total: How many rows there were in all.
        size: Longest side of a thumbnail in pixels; None for the default.
        columns: Tiles a row; None for as many as fit.
        notices: Lines worth telling beside the result.
        form: How to show pictures: a grid of thumbnails, one picture of them all, or a widget to browse.
        similarities: The caption columns that hold cosines, in order, with what these are like.
        browsing: What the widget form needs; None for the others.
        paths: Finds the files that the items name; None for the process's own working folder.
        left_out: The caption columns that small pictures have no lines of.
        headings: What stands above items, by their position.
    """

    kind: MediaKind
    items: tuple[MediaItem, ...]
    total: int
    size: int | None = None
    columns: int | None = None
    notices: tuple[str, ...] = field(default=())
    form: MediaForm = "grid"
    similarities: Mapping[str, Scale] = field(default_factory=dict)
    browsing: Browsing | None = None
    paths: PathFinder | None = None
    left_out: frozenset[str] = frozenset()
    headings: Mapping[int, str] = field(default_factory=dict)

    def lines(self, item: MediaItem) -> list[tuple[str, str]]:
        """The caption of a small picture below its similarities and its path."""
        beside = self.left_out.union(self.similarities)
        return [(name, value) for name, value in item.caption if name not in beside]


Result = Message | TableResult | MediaResult
