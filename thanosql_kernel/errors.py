"""What can go wrong, by what the user can do about it.

The same objects become kernel tracebacks and language server diagnostics, so an error carries a stable code,
the place in the cell and a hint, and knows how to draw itself with a caret. Standard library only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import ClassVar, NamedTuple

from thanosql_kernel.visible import visible
from thanosql_kernel.wording.grammar import TS105
from thanosql_kernel.wording.lengths import shortened
from thanosql_kernel.wording.names import DID_YOU_MEAN, HINT
from thanosql_kernel.wording.refusals import TS700
from thanosql_kernel.wording.text import Said

#: Of a longer line, what stands around the place of an error is shown.
_LONGEST_LINE, _AROUND = 400, 100


class Span(NamedTuple):
    """A half-open range of code points, ``source[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Replace:
    """Text in the place of a span; of an empty one, an insertion."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Rename:
    """A name in the place of what a span holds, written as that is: in its quotes, behind its owner."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class InsertBefore:
    """Text in front of the whole statement, whatever the error's is nested in."""

    text: str


@dataclass(frozen=True, slots=True)
class Remove:
    """The ``name=value`` that begins a span goes, with its comma."""

    span: Span


@dataclass(frozen=True, slots=True)
class AddOption:
    """``name=value`` more in the OPTIONS behind a span, or OPTIONS with it where there are none."""

    behind: Span
    text: str


Edit = Replace | Rename | InsertBefore | Remove | AddOption


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend what an error is about.

    Attributes:
        title: What it does, e.g. "write clip".
        edit: The change.
        is_preferred: Whether it is the obvious one.
        advice: The title as a hint: what to do, in a sentence without a full stop.
    """

    title: str
    edit: Edit
    is_preferred: bool = True
    advice: str = ""


class ThanoSQLError(Exception):
    """An error to show to the user as one short message.

    Attributes:
        message: What is wrong, in one sentence without a full stop.
        code: A key of `wording.codes.CODES`; the one that the message is about unless given.
        span: Where, in the text of the whole cell; None when no place is to blame.
        hint: What to do about it, what the first fix advises unless given; None when nothing is known to help.
        meant: The name that should most likely stand at ``span``; the hint asks so then.
        fixes: What else could be done about it.
        view: The view whose text is wrong; None if it is the cell's.
    """

    view: str | None = None
    default_code: ClassVar[str] = "TS900"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        span: Span | None = None,
        hint: str | None = None,
        meant: str | None = None,
        fixes: Sequence[Fix] = (),
    ) -> None:
        said = visible(shortened(message), lines=True)
        super().__init__(said)
        hint = hint if meant is None else DID_YOU_MEAN(name=meant)
        if hint is None and fixes:
            hint = fixes[0].advice or None
        self.message = said
        self.code = code or (message.code if isinstance(message, Said) else "") or self.default_code
        self.span = span
        self.hint = None if hint is None else visible(shortened(hint), lines=True)
        self.meant = meant
        self.fixes = tuple(fixes)

    def at(self, span: Span | None) -> ThanoSQLError:
        """Set the place if the error has none yet; returns the error itself."""
        if self.span is None:
            self.span = span
        return self

    def moved(self, by: int) -> ThanoSQLError:
        """The same about a text that stands elsewhere."""
        other = copy(self)
        other.span = None if self.span is None else _moved(self.span, by)
        other.fixes = tuple(replace(fix, edit=_moved_edit(fix.edit, by)) for fix in self.fixes)
        return other

    def render(self, source: str | None = None) -> str:
        """The message, the line with a caret under the place, and the hint."""
        lines = [f"{self.code}: {self.message}"]
        if source is not None and self.span is not None:
            lines += _excerpt(source, self.span)
        if self.hint:
            lines.append(HINT(hint=self.hint))
        return "\n".join(lines)


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _moved_edit(edit: Edit, by: int) -> Edit:
    if isinstance(edit, InsertBefore):
        return edit
    if isinstance(edit, AddOption):
        return replace(edit, behind=_moved(edit.behind, by))
    return replace(edit, span=_moved(edit.span, by))


class ParseError(ThanoSQLError):
    """TS1xx: the text is not a statement of the dialect: rewrite it."""

    default_code = "TS100"


class UnexpectedEnd(ParseError):
    """TS1xx: right so far, but the text ends too early; more lines may complete it."""


class UnknownName(ThanoSQLError):
    """TS2xx: a name that means nothing here, or means something already: use another."""

    default_code = "TS201"


class TypeMismatch(ThanoSQLError):
    """TS3xx: right words, wrong kind of value: cast it or choose another column."""

    default_code = "TS300"


class ModelError(ThanoSQLError):
    """TS4xx: a model cannot do this, now or ever: fetch weights, CONVERT, or choose another."""

    default_code = "TS400"


class DataError(ThanoSQLError):
    """TS5xx: files, network, database: repair them and run the statement again."""

    default_code = "TS500"


class Unsupported(ThanoSQLError):
    """TS6xx: valid ThanoSQL that this kernel does not do."""

    default_code = "TS600"


class Interrupted(ThanoSQLError):
    """TS700: the user stopped the statement; what was computed is kept, nothing half-written."""

    default_code = "TS700"

    def __init__(self, message: str | None = None, **details: object) -> None:
        super().__init__(message or TS700.INTERRUPTED(), **details)  # type: ignore[arg-type]


def too_deep(span: Span | None = None) -> ParseError:
    """The error in place of a RecursionError: Python follows what is nested to a depth of some hundreds."""
    return ParseError(TS105.TOO_DEEP(), span=span, hint=TS105.STORE_A_PART())


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate a typing slip away from ``name`` (letter case ignored), or None."""
    by_letters = {_letters(candidate): candidate for candidate in candidates}
    close = get_close_matches(_letters(name), by_letters, n=1, cutoff=0.6)
    return by_letters[close[0]] if close else None


def _letters(name: str) -> str:
    """The name as its letters are typed: small and narrow, a Korean syllable as the two or three letters of it."""
    return unicodedata.normalize("NFKD", name.lower())


def _excerpt(source: str, span: Span) -> list[str]:
    """The line that holds the start of ``span`` and carets under the part of the span on it."""
    start = min(max(span.start, 0), len(source))
    line_start = source.rfind("\n", 0, start) + 1
    line_end = source.find("\n", start)
    line_end = len(source) if line_end < 0 else line_end
    number = source.count("\n", 0, start) + 1
    gutter = f"{number:>4} | "
    line, start, end = _clipped(source[line_start:line_end], start - line_start, span.end - line_start)
    before = visible(line[:start].expandtabs(4))
    marked = visible(line[start : max(end, start + 1)])
    carets = "^" * max(1, display_width(marked))
    line = visible(line.rstrip("\r").expandtabs(4))
    return [gutter + line, " " * (len(gutter) + display_width(before)) + carets]


def _clipped(line: str, start: int, end: int) -> tuple[str, int, int]:
    """A line, and a place on it; of a very long one what is around the place, and of a long place both ends."""
    if len(line) <= _LONGEST_LINE:
        return line, start, end
    head = max(0, start - _AROUND)
    before = ("…" if head else "") + line[head:start]
    marked = shortened(line[start : max(start, end)])
    if len(marked) > _LONGEST_LINE:
        marked = f"{marked[:_AROUND]}…{marked[-_AROUND:]}"
    after = line[max(start, end) :]
    after = after if len(after) <= _AROUND else after[:_AROUND] + "…"
    return before + marked + after, len(before), len(before) + len(marked)


def display_width(text: str) -> int:
    """Columns that ``text`` takes in a terminal; wide (Korean, Chinese, emoji) characters take two."""
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
