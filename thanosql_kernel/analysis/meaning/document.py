"""A document as an editor has it: statements, and what is known at each place. An edit costs only what it touches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.analysis.meaning.place import Place, find_place
from thanosql_kernel.analysis.text.blocks import Block, Outcome, cut_blocks, shift_piece
from thanosql_kernel.catalog import Catalog
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.sql.parameters import NO_VARIABLES, Variables
from thanosql_kernel.sql.script import Piece
from thanosql_kernel.statements.cell import parse_piece
from thanosql_kernel.statements.statement import Statement

#: Characters that are read between two yields.
_AT_ONCE = 2000

#: Blocks in front of an edit that may have looked as far as there to tell where they end.
_MOST_LOOKING = 8

#: Characters behind a token that tell where it ends, as those of ``1e+5`` do behind the 1.
_BEHIND_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Part:
    """A block where it stands.

    Attributes:
        start: Where the block begins in the document.
        block: Its text and statement.
        known: What is known in front of it.
    """

    start: int
    block: Block
    known: Known


class Document:
    """The text of one cell or file.

    Args:
        text: All of it.
        catalog: What the database holds; None when there is none to look at, so that no name is wrong.
        folder: Where relative paths start; None when files must not be looked at.
        above: The statements of the cells above, in order.
        variables: What SET VARIABLE has set before them.
    """

    def __init__(
        self,
        text: str,
        catalog: Catalog | None = None,
        *,
        folder: Path | None = None,
        above: Sequence[Statement] = (),
        variables: Variables = NO_VARIABLES,
    ) -> None:
        start = Known.at_start(catalog, folder, variables).after(above)
        self._set(text, start, _Blocks([], []), _Blocks([], []))

    def _set(self, text: str, start: Known, done: _Blocks, kept: _Blocks) -> None:
        self.text = text
        self._done = done
        self._kept = kept
        self._knowns = [start]

    def edited(self, span: Span, text: str) -> Document:
        """The document with a part of its text replaced; what the edit does not touch is not read again."""
        whole = self.text[: span.start] + text + self.text[span.end :]
        known = self._done.joined(self._kept)
        before, after = known.around(span, len(text) - (span.end - span.start))
        done = before.settled(len(self._done.items))
        document = Document.__new__(Document)
        kept = before.behind(len(done.items)).joined(after)
        document._set(whole, self._knowns[0], done, kept)
        document._knowns = self._knowns[: len(done.items) + 1]
        return document

    def changed(self, text: str) -> Document:
        """The document with another text, most of which is the same."""
        start = common_length(self.text, text)
        end = common_length(self.text[start:][::-1], text[start:][::-1])
        return self.edited(Span(start, len(self.text) - end), text[start : len(text) - end])

    def under(self, known: Known) -> Document:
        """The same text where something else is known in front of it."""
        if known == self._knowns[0]:
            return self
        document = Document.__new__(Document)
        document._set(self.text, known, self._done, self._kept)
        return document

    # -- blocks ----------------------------------------------------------------------------------------------
    def _cut_to(self, offset: int) -> None:
        """Cut the text until the block at ``offset`` is there, taking kept blocks wherever one fits."""
        done, kept = self._done, self._kept
        fresh: Iterator[Block] | None = None
        while done.end <= offset and done.end < len(self.text):
            at = done.end
            block = kept.take(at)
            if block is not None:
                fresh = None
            else:
                fresh = fresh or cut_blocks(self.text, at)
                block = next(fresh)
            done.append(block)

    def reading(self) -> Iterator[None]:
        """Read all of it, a few milliseconds' worth between two yields; what was read before costs nothing."""
        while self._done.end < len(self.text):
            self._cut_to(self._done.end + _AT_ONCE)
            self._know(len(self._done.items))
            yield

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All blocks, in order."""
        self._cut_to(len(self.text))
        self._know(len(self._done.items))
        return tuple(map(Part, self._done.starts, self._done.items, self._knowns))

    def part_at(self, offset: int) -> Part | None:
        """The block that holds ``offset``, the later one between two; None in an empty text."""
        self._cut_to(offset)
        index = bisect_right(self._done.starts, offset) - 1
        if index < 0:
            return None
        self._know(index)
        return Part(self._done.starts[index], self._done.items[index], self._knowns[index])

    def _know(self, index: int) -> None:
        """Foresee until it is known what is known in front of the block of that index."""
        while len(self._knowns) <= index:
            known, block = self._knowns[-1], self._done.items[len(self._knowns) - 1]
            self._knowns.append(known_behind(block, known))

    @property
    def known_after(self) -> Known:
        """What is known behind the last statement."""
        self._cut_to(len(self.text))
        self._know(len(self._done.items))
        return self._knowns[-1]

    @cached_property
    def is_old_notebook(self) -> bool:
        """Whether there are magic lines, beside which free text is no error."""
        return any(part.block.is_magic for part in self.parts)

    # -- statements ------------------------------------------------------------------------------------------
    @cached_property
    def parsed(self) -> tuple[tuple[Piece, Outcome], ...]:
        """Every statement, or why it does not parse; places count from the start of the document."""
        return tuple(self._parsed())

    def _parsed(self) -> Iterator[tuple[Piece, Outcome]]:
        for part in self.parts:
            if part.block.piece is not None:
                piece = shift_piece(part.block.piece, part.start)
                try:
                    yield piece, parse_piece(self.text, piece)
                except ThanoSQLError as error:
                    yield piece, error

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that parse; places count from the start of each one's block."""
        return tuple(part.block.statement for part in self.parts if part.block.statement)

    def known_before(self, offset: int) -> Known:
        """What is known where the statement around ``offset`` begins."""
        part = self.part_at(offset)
        return part.known if part else self._knowns[0]

    def place(self, offset: int) -> Place | None:
        """What may be typed at ``offset``; None inside comments, numbers and magic lines."""
        part = self.part_at(offset) or Part(0, Block("", None, None), self._knowns[0])
        return find_place(part.block, part.start, offset - part.start, part.known)


class _Blocks:
    """Blocks and where they start, in order, with gaps or without."""

    def __init__(self, starts: list[int], items: list[Block]) -> None:
        self.starts = starts
        self.items = items
        self._at = 0

    @property
    def end(self) -> int:
        return self._end(len(self.items))

    def append(self, block: Block) -> None:
        self.starts.append(self.end)
        self.items.append(block)

    def joined(self, other: _Blocks) -> _Blocks:
        """These and those of the other that lie behind them."""
        first = bisect_left(other.starts, self.end)
        return _Blocks(self.starts + other.starts[first:], self.items + other.items[first:])

    def behind(self, index: int) -> _Blocks:
        """Those from an index on, without those that text behind them may change."""
        found = _Blocks(self.starts[index:], self.items[index:])
        for loose in reversed(found._loose()):
            del found.starts[loose], found.items[loose]
        return found

    def _loose(self) -> list[int]:
        """Which of them text far behind may change, or change one of the two that tell where they end; in order."""
        loose = [index for index, block in enumerate(self.items) if block.depends_on_rest]
        return sorted({near for index in loose for near in range(max(0, index - 2), index + 1)})

    def settled(self, joined: int) -> _Blocks:
        """Those in front that follow each other without a gap and that no text behind them can change.

        Args:
            joined: How many are known to have no gap between them.
        """
        loose = self._loose()
        count = loose[0] if loose else len(self.items)
        gaps = (index for index in range(joined, count) if self.starts[index] != self._end(index))
        count = next(gaps, count)
        return _Blocks(self.starts[:count], self.items[:count])

    def _end(self, index: int) -> int:
        """Where the block in front of an index ends."""
        return self.starts[index - 1] + len(self.items[index - 1].text) if index else 0

    def around(self, span: Span, growth: int) -> tuple[_Blocks, _Blocks]:
        """Those in front of an edit that it cannot touch, and those behind it, moved."""
        first = bisect_left(self.starts, span.start)
        for index in range(first - 1, max(0, first - _MOST_LOOKING) - 1, -1):
            if self.starts[index] + self.items[index].seen + _BEHIND_TOKEN >= span.start:
                first = index
        # A quote that is not closed is seen as far as its line, and told by all that follows.
        while first and any(block.depends_on_rest for block in self.items[first - 1 : first + 2]):
            first -= 1
        last = bisect_right(self.starts, span.end)
        before = _Blocks(self.starts[:first], self.items[:first])
        after = _Blocks([start + growth for start in self.starts[last:]], self.items[last:]).behind(0)
        return before, after

    def take(self, at: int) -> Block | None:
        """The block that starts there, if there is one; asked for in rising order."""
        while self._at < len(self.starts) and self.starts[self._at] < at:
            self._at += 1
        found = self._at < len(self.starts) and self.starts[self._at] == at
        return self.items[self._at] if found else None


def known_behind(block: Block, known: Known) -> Known:
    """What is known behind a block, remembered for as long as what is known in front stays the same."""
    if block.statement is None:
        return known
    memory: tuple[Known, Known] | None = block.memory.get("known")
    if memory is None or memory[0] is not known:
        memory = (known, known.after((block.statement,)))
        block.memory["known"] = memory
    return memory[1]


def common_length(left: str, right: str) -> int:
    """Length of the common beginning, found by halving: comparing slices is as fast as memory."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
