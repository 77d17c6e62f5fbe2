"""How a text table is laid out: what separates values, what stands above the header, what the columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SEPARATORS = ",;\t|"
#: Lines that are looked at; more are not needed to see a table in them.
SAMPLE_LINES = 50
# Excel's own word for what separates the values of a file, in its first line.
_STATED = re.compile(r'\ufeff?"?sep=(.)"?(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_LINE_END = re.compile("\r\n|\r|\n")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_YEAR = re.compile("(1[89]|2[01])[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([ T].*)?")
_PATH = re.compile(r".*\.(jpe?g|png|gif|webp|heic|tiff?|bmp)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of texts.

    Attributes:
        values: As written; a blank line has none.
        line: Where it begins, from 0 on.
    """

    values: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text table is laid out.

    Attributes:
        separator: What separates values.
        above: How many records, blank ones too, stand before the first row of values.
        header: The names as they are written; of a table without a header None.
        width: How many columns it has.
        titles: Lines of title or comment above the header that nobody asked to skip.
    """

    separator: str
    above: int
    header: tuple[str, ...] | None
    width: int
    titles: tuple[str, ...] = ()

    @property
    def looks_like_values(self) -> bool:
        """Whether what was taken for names could be a row: numbers that are no years, days, files."""
        return any(map(_is_value, self.header or ()))


def layout_of(
    text: str, *, separator: str | None = None, skip: int = 0, header: bool = True
) -> Layout | None:
    """The layout of the table that a text begins with; None if there is no row in it.

    Args:
        text: The first lines, whole, with ``skip`` more than `SAMPLE_LINES`.
        separator: What separates values, if it is known.
        skip: How many lines to leave out.
        header: Whether the first row holds the names.
    """
    stated = _STATED.match(text)
    separator = separator or (stated[1] if stated else separator_of(_without(text, skip)))
    found = list(records(text, separator))
    start = next(
        (at for at, record in enumerate(found) if record.line >= max(skip, stated is not None)), len(found)
    )
    above = 0 if skip or not header else titles([record.values for record in found[start:]])
    filled = (at for at in range(start + above, len(found)) if found[at].values)
    first = next(filled, None)
    if first is None:
        return None
    named = found[first].values
    said = tuple(
        text
        for record in found[start : start + above]
        if (text := separator.join(record.values).strip(separator + " "))
    )
    return Layout(separator, first + header, named if header else None, len(named), said)


def _without(text: str, lines: int) -> str:
    ends = [end.end() for end in _LINE_END.finditer(text)]
    return text[ends[min(lines, len(ends)) - 1] :] if lines and ends else text


def titles(rows: Sequence[Sequence[str]]) -> int:
    """How many rows stand above the header of a table with several columns: blank ones, comments and titles."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width = widths.most_common(1)[0][0] if widths else 0
    for at, row in enumerate(rows):
        if not _is_title(row, width, rows[at + 1] if at + 1 < len(rows) else ("",)):
            return at if len(row) == width else 0
    return 0


def _is_title(row: Sequence[str], width: int, following: Sequence[str]) -> bool:
    """Whether a row is none of the table's: a comment, or one value before a blank line or beside empty ones."""
    filled = [value for value in row if value.strip()]
    if not filled:
        return True
    is_comment = row[0].startswith("#") and len(row) != width
    is_set_off = len(row) == width > 2 or (len(row) in (1, width) and not any(map(str.strip, following)))
    return is_comment or (len(filled) == 1 and is_set_off)


def records(text: str, separator: str) -> Iterator[Record]:
    """The lines of a sample as DuckDB splits them; the `csv` module refuses values of over 131,072 characters."""
    pattern = re.compile(
        rf' *"((?:[^"]|"")*+)(?:"|\Z)([^{re.escape(separator)}\r\n]*)|([^{re.escape(separator)}\r\n]*)'
    )
    at, line, begins, row = (1 if text[:1] == "\ufeff" else 0), 0, 0, []
    while at < len(text):
        match = pattern.match(text, at)
        assert match is not None
        quoted, behind, plain = match.groups()
        row.append(plain if quoted is None else quoted.replace('""', '"') + behind)
        line += _ends(quoted or "")
        is_blank = not row[1:] and match.end() == at
        at = match.end()
        if text.startswith(separator, at):
            at += 1
            if at < len(text):
                continue
            row.append("")
        at += 2 if text.startswith("\r\n", at) else 1
        yield Record(() if is_blank else tuple(row), begins)
        line += 1
        begins, row = line, []


def _ends(text: str) -> int:
    return len(_LINE_END.findall(text))


def separator_of(text: str) -> str:
    """The separator that splits most lines into equally many parts; of several, the one with most parts."""

    def merit(separator: str) -> tuple[float, int]:
        widths = Counter(len(record.values) for record in records(text, separator) if record.values)
        width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(0, 0))
        return (count / widths.total() if width > 1 else 0.0, width)

    return max(SEPARATORS, key=merit)


def _is_value(text: str) -> bool:
    text = text.strip()
    is_number = _NUMBER.fullmatch(text) is not None and not _YEAR.fullmatch(text)
    return is_number or any(pattern.fullmatch(text) for pattern in (_DAY, _PATH))
