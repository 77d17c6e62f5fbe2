"""The cells of a notebook that is sent as one text, as JupyterLab does, kept up to date from edit to edit."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any, cast

from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.sql.lexer import significant, tokenize
from thanosql_kernel.statements.cell import completeness
from thanosql_kernel.statements.registry import begins_statement

#: What stands between two cells: two blank lines.
BETWEEN = "\n\n\n"
_MAGIC = re.compile(r"\s*[%!]")
_LOOK_AHEAD = 200


class Cell:
    """One cell.

    Attributes:
        text: What stands there, the blank lines behind it included.
        memory: What was found out about it, by whoever did so.
    """

    __slots__ = ("memory", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.memory: dict[str, Any] = {}

    def edited_from(self, old: Cell) -> Cell:
        """Itself, its document made from that of the cell before the edit, which costs only what changed."""
        document: Document | None = old.memory.get("document")
        if document is not None:
            self.memory["document"] = document.changed(self.text)
        return self

    @property
    def document(self) -> Document:
        """What the cell says; who knows what stands above sets it to what it says there."""
        if "document" not in self.memory:
            self.memory["document"] = Document(self.text)
        return cast(Document, self.memory["document"])

    @document.setter
    def document(self, document: Document) -> None:
        self.memory["document"] = document

    def __repr__(self) -> str:
        return f"Cell({self.text!r})"


class Cells:
    """The cells of a text.

    Args:
        text: All of it.
        joined: Whether two blank lines part cells; else the text is one cell.

    Attributes:
        items: The cells in order; joined, their texts are the text. There is at least one.
        ends: Where each ends.
    """

    def __init__(self, text: str, *, joined: bool = False) -> None:
        self.joined = joined
        self.ends = list(self._cut(text, 0))
        self.items = _cells(text, 0, self.ends)

    def replace(self, text: str, start: int, end: int, length: int) -> None:
        """Take in that ``length`` characters replaced those from ``start`` to ``end``.

        Args:
            text: The new text.
            start: Where it changed.
            end: Where the change ended in the old text.
            length: Of what stands there now.
        """
        moved = start + length - end
        first = max(0, self.index_at(start) - 1)
        begin = self.start(first)
        ends: list[int] = []
        after = len(self.ends)
        for at in self._cut(text, begin):
            ends.append(at)
            met = self._cut_at(at - moved) if at - moved >= end and at < len(text) else None
            if met is not None:
                after = met + 1
                break
        fresh = _cells(text, begin, ends)
        self.items[first:after] = _kept(self.items[first:after], fresh)
        self.ends[first:] = ends + [old + moved for old in self.ends[after:]]

    def _cut(self, text: str, start: int) -> Iterator[int]:
        """Where the cells behind ``start`` end, where one must begin; the last end is the text's."""
        while self.joined and (end := _cell_end(text, start)) is not None:
            yield end
            start = end
        yield len(text)

    def _cut_at(self, offset: int) -> int | None:
        """The index of the cell that ends at ``offset``."""
        index = bisect_left(self.ends, offset)
        return index if index < len(self.ends) and self.ends[index] == offset else None

    def index_at(self, offset: int) -> int:
        """The index of the cell that a caret at ``offset`` is in."""
        return min(bisect_right(self.ends, offset), len(self.ends) - 1)

    def start(self, index: int) -> int:
        """Where a cell begins."""
        return self.ends[index - 1] if index else 0


def _cell_end(text: str, start: int) -> int | None:
    """Where the cell that begins at ``start`` ends, the blank lines behind it included; None for the last cell."""
    at = start
    while (found := text.find(BETWEEN, at)) >= 0:
        end = found + len(BETWEEN)
        if not _goes_on(text, start, found):
            return end
        at = end
    return None


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the blank lines at ``end`` stand inside a statement: it is not complete, and none begins behind them."""
    at = end + len(BETWEEN)
    right = text[at : at + _LOOK_AHEAD].partition(BETWEEN)[0]
    tokens = significant(tokenize(right))[:4]
    if not tokens or right.startswith("\n") or _MAGIC.match(right) or begins_statement(tokens):
        return False
    return completeness(text[start:end]) == "incomplete"


def _kept(old: list[Cell], new: list[Cell]) -> list[Cell]:
    """The new cells, but the old objects where the texts are the same; an edited cell learns what its old self was."""
    if len(old) == len(new):
        pairs = zip(old, new, strict=True)
        return [was if was.text == now.text else now.edited_from(was) for was, now in pairs]
    return new


def _cells(text: str, begin: int, ends: list[int]) -> list[Cell]:
    starts = [begin, *ends[:-1]]
    return [Cell(text[start:end]) for start, end in zip(starts, ends, strict=True)]
