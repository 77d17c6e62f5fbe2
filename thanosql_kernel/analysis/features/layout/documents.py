"""Documents that are printed on one line where they fit and broken where they do not.

After Wadler, "A prettier printer" (2003), with what comments need: they end a line, and nothing moves past them.
Widths are counted in code points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 100
INDENT = 4
#: The width of what fits on no line.
_ENDLESS = 1 << 40


@dataclass(slots=True)
class Break:
    """A line end, or ``flat`` in a document that stands on one line.

    Attributes:
        flat: A space or nothing.
        width: Of ``flat``.
        following: If not 0, the line ends only where what follows, that wide, does not fit on it.
    """

    flat: str
    width: int
    following: int = 0


@dataclass(slots=True)
class Comment:
    """A comment: on a line of its own, or behind what it follows."""

    text: str
    own_line: bool

    @property
    def ends_line(self) -> bool:
        """Whether nothing may follow it on its line."""
        return self.own_line or self.text[0] != "/"

    @property
    def width(self) -> int:
        """Of the comment with a space in front of it."""
        return _ENDLESS if self.ends_line or "\n" in self.text else 1 + len(self.text)


@dataclass(slots=True)
class Joined:
    """Documents one behind the other."""

    parts: tuple[Document, ...]
    width: int


@dataclass(slots=True)
class Indented:
    """A document whose lines begin further to the right."""

    inner: Document
    width: int


@dataclass(slots=True)
class Group:
    """A document that is broken at all its own breaks or at none.

    Attributes:
        inner: The document.
        width: On one line.
        own_width: The same without a comment that it ends with, which may follow on that line.
        hangs: Whether its lines are indented from the line that it begins on, not from what it stands in.
    """

    inner: Document
    width: int
    own_width: int
    hangs: bool


Document = str | Break | Comment | Joined | Indented | Group

LINE = Break(" ", 1)
SOFT = Break("", 0)
HARD = Break("", _ENDLESS)


def width(document: Document) -> int:
    """How wide it is on one line."""
    return len(document) if isinstance(document, str) else document.width


def joined(*parts: Document) -> Document:
    """The documents one behind the other."""
    return parts[0] if len(parts) == 1 else Joined(parts, sum(map(width, parts)))


def separated(parts: Iterable[Document], separator: Document = LINE) -> Document:
    """The documents with something between each two."""
    found: list[Document] = []
    for part in parts:
        found += (separator, part) if found else (part,)
    return joined(*found)


def filled(following: Document) -> Break:
    """A space, or a line end where what follows fits on the next line only."""
    return Break(" ", 1, max(1, width(following)))


def indented(*parts: Document) -> Document:
    """The documents, their lines further to the right."""
    inner = joined(*parts)
    return Indented(inner, width(inner))


def group(*parts: Document, most: int = WIDTH, hangs: bool = False) -> Document:
    """The documents on one line if they fit and are not wider than ``most``, each break a line end if not."""
    inner = joined(*parts)
    total = width(inner)
    own = total - _ENDLESS if _ends_with_comment(inner) else total
    is_broken = own > most
    return Group(inner, _ENDLESS if is_broken else total, _ENDLESS if is_broken else own, hangs)


def _ends_with_comment(document: Document) -> bool:
    """Whether a comment stands at its end that nothing may follow on its line."""
    while not isinstance(document, str | Break | Comment):
        if isinstance(document, Joined):
            document = document.parts[-1]
        else:
            document = document.inner
    return isinstance(document, Comment) and document.width == _ENDLESS and not document.own_line


def printed(document: Document) -> str:
    """Its lines."""
    return _Printer().print(document)


class _Printer:
    """Prints one document.

    Attributes:
        _out: What is printed.
        _column: How much stands on the line.
        _line_indent: Where the line begins.
        _is_blank: Whether nothing stands on it yet.
        _must_end: Whether the line ends before any text.
    """

    def __init__(self) -> None:
        self._out: list[str] = []
        self._column = 0
        self._line_indent = 0
        self._is_blank = True
        self._must_end = False
        self._waiting: list[tuple[int, bool, Document]] = []

    def print(self, document: Document) -> str:
        self._waiting.append((0, False, document))
        while self._waiting:
            indent, flat, part = self._waiting.pop()
            if isinstance(part, str):
                self._text(part, indent)
            elif isinstance(part, Joined):
                self._waiting += [(indent, flat, inner) for inner in reversed(part.parts)]
            elif isinstance(part, Break):
                self._break(part, indent, flat)
            elif isinstance(part, Indented):
                self._waiting.append((indent + INDENT, flat, part.inner))
            elif isinstance(part, Group):
                start = self._line_indent if part.hangs and not self._on_new_line else indent
                self._waiting.append((start, flat or self._fits(part, indent), part.inner))
            else:
                self._comment(part, indent)
        return "".join(self._out)

    @property
    def _on_new_line(self) -> bool:
        return self._is_blank or self._must_end

    def _text(self, text: str, indent: int) -> None:
        if self._on_new_line:
            if text == " ":
                return
            self._end_line()
            self._out.append(" " * indent)
            self._line_indent = self._column = indent
            self._is_blank = False
        self._out.append(text)
        line_end = text.rfind("\n")
        self._column = self._column + len(text) if line_end < 0 else len(text) - line_end - 1

    def _end_line(self) -> None:
        self._must_end = False
        if not self._is_blank:
            while self._out[-1] == " ":
                self._out.pop()
            self._out.append("\n")
            self._is_blank = True

    def _break(self, line: Break, indent: int, flat: bool) -> None:
        stays = line.following and (
            self._column + 1 + line.following <= WIDTH or indent + line.following > WIDTH
        )
        if flat or (stays and not self._on_new_line):
            self._text(line.flat, indent)
        else:
            self._end_line()

    def _comment(self, comment: Comment, indent: int) -> None:
        if comment.own_line:
            self._end_line()
        else:
            self._text(" ", indent)
        self._text(comment.text, indent)
        self._must_end = comment.ends_line

    def _fits(self, part: Group, indent: int) -> bool:
        room = WIDTH - (indent if self._on_new_line else self._column)
        if part.own_width > room:
            return False
        return part.own_width < part.width or self._rest_fits(room - part.width)

    def _rest_fits(self, room: int) -> bool:
        """Whether what follows, up to where the line may end, fits too."""
        for _, flat, waiting in reversed(self._waiting):
            parts = [waiting]
            while parts:
                part = parts.pop()
                if isinstance(part, Joined) and not flat:
                    parts += reversed(part.parts)
                elif isinstance(part, Indented | Group) and not flat:
                    parts.append(part.inner)
                elif isinstance(part, Comment) or (isinstance(part, Break) and not flat):
                    return True
                else:
                    room -= width(part)
                    if room < 0:
                        return False
        return True
