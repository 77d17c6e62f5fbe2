"""Values as short, printable text: the same words in text/plain and text/html."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from wcwidth import wcswidth, wcwidth

from thanosql_kernel.values import python_values
from thanosql_kernel.visible import visible

if TYPE_CHECKING:
    import pyarrow as pa

NULL = "NULL"
VECTOR_HEAD = 3
_VECTOR_LENGTH = 8
_ELLIPSIS = "…"
_SEPARATOR = re.compile(r"[/\\]")
# One word, or words that begin or end as a path does.
_PATH = re.compile(r"\S*|(?:[/\\~]|\.{1,2}[/\\]|[A-Za-z]:[/\\]|\w+://).*|.*\.(?=\d*[^\W\d])\w{1,5}")
_VECTOR = re.compile(r"\[(?:[-\w.+]+, )+…\] \(\d+\)")
_DIGITS = re.compile(r"-?\d+")
_SPACE_OR_SEPARATOR = re.compile(r"[\s/\\]")
#: A longer text is no number and no vector.
_SHORT_CHARACTERS = 200
#: What is left of a text and of a word at least; less would tell nothing.
_LEAST, _LEAST_WORD = 8, 20
#: Of a longer one, only the end is looked at.
_PATH_CHARACTERS = 4_096
#: Marks over a letter that are still counted as a part of it.
_MOST_MARKS = 8


def column_texts(values: pa.ChunkedArray) -> list[str | None]:
    """Each value of a column as one line of text; None stands for NULL."""
    kind = values.type
    if is_vector(kind):
        return [None if value is None else vector_text(value) for value in _vector_heads(values)]
    items = python_values(values)
    text = _fixed if _is_similarity(kind, items) else value_text
    return [None if item is None else text(item) for item in items]


def is_number(kind: pa.DataType) -> bool:
    """Whether values of the type line up at the right."""
    import pyarrow as pa

    types = pa.types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))


def is_text(kind: pa.DataType) -> bool:
    """Whether values of the type are words, which may be broken into lines."""
    import pyarrow as pa

    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_nested(kind)
    ) and not (is_vector(kind))


def is_vector(kind: pa.DataType) -> bool:
    """Whether the type is that of an embedding: a list of a fixed number of floats."""
    import pyarrow as pa

    return bool(pa.types.is_fixed_size_list(kind) and pa.types.is_floating(kind.value_type))


def _vector_heads(values: pa.ChunkedArray) -> list[tuple[Sequence[float], int] | None]:
    """The first numbers and the length of each vector; the others never become Python objects."""
    scalars = (values[row] for row in range(len(values)))
    return [
        (scalar.values[:VECTOR_HEAD].to_pylist(), len(scalar.values)) if scalar.is_valid else None
        for scalar in scalars
    ]


def vector_text(vector: tuple[Sequence[float | None], int]) -> str:
    """``[0.0132, -0.0487, 0.0215, …] (512)``."""
    head, length = vector
    numbers = [NULL if number is None else _fixed(number) for number in head]
    dots = [_ELLIPSIS] if length > len(head) else []
    return f"[{', '.join(numbers + dots)}] ({length})"


def value_text(value: Any) -> str:
    """A value that is not NULL as one line of text."""
    for kind, text in _TEXTS:
        if isinstance(value, kind):
            return text(value)
    return visible(str(value))


def _fixed(number: float) -> str:
    return f"{number:.4f}" if math.isfinite(number) else _float_text(number)


def _float_text(number: float) -> str:
    """Up to six decimals, as many as needed; very large and very small numbers with an exponent."""
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else ("inf" if number > 0 else "-inf")
    if number and not 1e-4 <= abs(number) < 1e15:
        return f"{number:.6g}"
    text = f"{number:.6f}".rstrip("0")
    text = text + "0" if text.endswith(".") else text
    return "0.0" if text == "-0.0" else text


def _moment_text(moment: datetime) -> str:
    """As DuckDB writes it: ``2024-01-31 10:00:00.5+09``."""
    offset = moment.strftime("%z")
    zone = offset[:3] + (f":{offset[3:]}" if offset[3:] not in ("", "00") else "")
    return _trimmed(moment.replace(tzinfo=None).isoformat(sep=" ")) + zone


def _trimmed(clock: str) -> str:
    return clock.rstrip("0") if "." in clock else clock


def _list_text(values: Sequence[Any]) -> str:
    if len(values) > _VECTOR_LENGTH and all(isinstance(value, float) for value in values):
        return vector_text((values[:VECTOR_HEAD], len(values)))
    return f"[{', '.join(_nested(value) for value in values)}]"


def _dict_text(value: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{visible(str(key))}: {_nested(item)}" for key, item in value.items()) + "}"


def _nested(value: Any) -> str:
    """A value inside a list or struct: text in quotes, so that commas in it do not confuse."""
    if value is None:
        return NULL
    return f"'{visible(value)}'" if isinstance(value, str) else value_text(value)


def _is_similarity(kind: pa.DataType, items: Sequence[Any]) -> bool:
    """Whether the column holds single-precision numbers within [-1, 1], as cosines are."""
    import pyarrow as pa

    if not pa.types.is_float32(kind):
        return False
    return all(item is None or not math.isfinite(item) or abs(item) <= 1.0001 for item in items)


def _bytes_text(value: bytes | bytearray | memoryview) -> str:
    """``<12.3 kB JPEG>`` for pictures, else how many bytes there are."""
    from thanosql_kernel.images.inline import described

    return described(value)


_TEXTS: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (str, visible),
    (bool, lambda value: "true" if value else "false"),
    (int, str),
    (float, _float_text),
    (datetime, _moment_text),
    (date, lambda value: value.isoformat()),
    (time, lambda value: _trimmed(value.isoformat())),
    ((bytes, bytearray, memoryview), _bytes_text),
    (dict, _dict_text),
    ((list, tuple), _list_text),
)


def width(text: str) -> int:
    """Terminal columns that the text takes; Korean letters take two."""
    columns = wcswidth(text)
    return columns if columns >= 0 else len(text)


def shorten(text: str, columns: int) -> str:
    """The text cut at its end to fit ``columns`` terminal columns."""
    if _fits(text, columns):
        return text
    return _take(text, columns - 1) + _ELLIPSIS


def shorten_middle(text: str, columns: int) -> str:
    """The text cut in its middle: of a path, the file's name says most."""
    if width(text) <= columns:
        return text
    head = (columns - 1) // 3
    return _take(text, head) + _ELLIPSIS + _take_last(text, columns - 1 - head)


def shorten_path(path: str, columns: int) -> str:
    """The path without its first folders, as ``…/cats/1.jpg``; a name that is too long itself is cut in its middle."""
    if width(path) <= columns:
        return path
    for separator in _SEPARATOR.finditer(path, 1):
        short = _ELLIPSIS + path[separator.start() :]
        if separator.end() < len(path) and width(short) <= columns:
            return short
    return shorten_middle(path[_name_start(path) :], columns)


def shorten_value(text: str, columns: int) -> str:
    """A value cut where it says least: a path at its beginning, a vector loses numbers, other text its end."""
    if _fits(text, columns):
        return text
    if _VECTOR.fullmatch(text):
        return _shorten_vector(text, columns)
    return _shorten_start(text, columns) if is_path(text) else shorten(text, columns)


def least_width(text: str) -> int:
    """The width that a value should not go without.

    A number would be another one, a vector keeps one number and its length, a word such as ``classification-12`` is
    what tells rows apart; sentences and paths can do with less.
    """
    if len(text) <= _SHORT_CHARACTERS:
        if _DIGITS.fullmatch(text):
            return width(text)
        if _VECTOR.fullmatch(text):
            return width(_shorten_vector(text, 0))
    least = _LEAST if _SPACE_OR_SEPARATOR.search(text[:_LEAST_WORD]) else _LEAST_WORD
    return min(width(text[:least]), least)


def is_path(text: str) -> bool:
    """Whether the text looks like the place of a file: it has a ``/`` or a ``\\`` and is no sentence."""
    text = text[-_PATH_CHARACTERS:]
    return _SEPARATOR.search(text) is not None and _PATH.fullmatch(text) is not None


def split_path(path: str) -> tuple[str, str]:
    """The folder of a path, ``""`` if it names none, and the file's name."""
    start = _name_start(path)
    return path[: max(start - 1, min(start, 1))], path[start:]


def _name_start(path: str) -> int:
    """Where the last name of a path begins, a separator at its very end read over."""
    return max((match.end() for match in _SEPARATOR.finditer(path, 0, len(path) - 1)), default=0)


def _shorten_start(path: str, columns: int) -> str:
    """The end of a path, from the beginning of a folder if that does not cost much of the room."""
    path = path[-_PATH_CHARACTERS:]
    short = shorten_path(path, columns)
    return short if width(short) > columns * 3 // 5 else _ELLIPSIS + _take_last(path, columns - 1)


def _shorten_vector(text: str, columns: int) -> str:
    """As many numbers as fit, one at least."""
    numbers, bracket, length = text.rpartition("] (")
    shown = [number for number in numbers[1:].split(", ") if number != _ELLIPSIS]
    texts = [
        f"[{', '.join(shown[:count])}, {_ELLIPSIS}{bracket}{length}" for count in range(len(shown), 0, -1)
    ]
    return next((short for short in texts if width(short) <= columns), texts[-1])


def _fits(text: str, columns: int) -> bool:
    """Whether the text is no wider; of a very long one only a part is measured."""
    return len(text) <= _MOST_MARKS * columns and width(text) <= columns


def _take(text: str, columns: int) -> str:
    used = 0
    for at, char in enumerate(text):
        used += max(0, wcwidth(char))
        if used > columns:
            return text[:at]
    return text


def _take_last(text: str, columns: int) -> str:
    """The end of the text, without marks whose letter was cut off."""
    tail = _take(text[::-1], columns)[::-1]
    return tail.lstrip("".join({char for char in tail if wcwidth(char) <= 0}))


def pad(text: str, columns: int, *, right: bool) -> str:
    """The text filled up with blanks; ``right`` puts it at the right end."""
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks
