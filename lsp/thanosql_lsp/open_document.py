"""A document that an editor has open: its text, line index and cells."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from lsprotocol import types
from pygls.workspace import TextDocument

from thanosql_kernel.analysis.meaning.document import common_length
from thanosql_kernel.errors import Span
from thanosql_lsp.cells import Cells
from thanosql_lsp.lines import Encoding, LineIndex
from thanosql_lsp.uris import local_path

_CELL_MAGIC = re.compile(r"\s*%%(?:thano)?sql\b")
_JOINED = re.compile(r"\.ipynb(\.[^/#]*)?$")


class OpenDocument(TextDocument):
    """Takes over from pygls all that has to do with positions (its line breaks are not the protocol's).

    Attributes:
        index: The text and its lines.
        cells: The text in cells; none when the text is not ThanoSQL.
    """

    def __init__(
        self, uri: str, text: str, version: int | None, language_id: str, encoding: Encoding
    ) -> None:
        super().__init__(uri, text, version, language_id)
        self.index = LineIndex(text, encoding)
        self.joined = _JOINED.search(unquote(uri)) is not None
        self._cells: Cells | None = None

    @property
    def text(self) -> str:
        """All of it."""
        return self.index.text

    @property
    def source(self) -> str:
        """The text, as pygls calls it."""
        return self.index.text

    @property
    def folder(self) -> Path | None:
        """Where the file lies; None for documents that were never saved."""
        if not self.uri.startswith(("file:", "vscode-notebook-cell:")):
            return None
        path = local_path("file:" + self.uri.partition("#")[0].partition(":")[2])
        return path.parent if path else None

    @property
    def is_served(self) -> bool:
        """Whether it is ThanoSQL: Python only behind ``%%thanosql`` or ``%%sql``."""
        return self.language_id != "python" or _CELL_MAGIC.match(self.text) is not None

    @property
    def cells(self) -> Cells:
        """The text in cells."""
        if self._cells is None:
            self._cells = Cells(self.text, joined=self.joined)
        return self._cells

    def forget(self) -> None:
        """Read the text anew when it is looked at."""
        self._cells = None

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """Take in an edit, of a part or of everything."""
        if isinstance(change, types.TextDocumentContentChangePartial):
            self._replace(self.span(change.range), change.text)
        else:
            self._replace(*difference(self.text, change.text))

    def _replace(self, span: Span, new: str) -> None:
        start, end = span
        self.index = self.index.replaced(start, end, new)
        if self._cells is not None:
            self._cells.replace(self.text, start, end, len(new))

    def offset(self, position: types.Position) -> int:
        """The code point offset of a position."""
        return self.index.offset(position.line, position.character)

    def position(self, offset: int) -> types.Position:
        """The position of a code point offset."""
        return types.Position(*self.index.position(offset))

    def span(self, where: types.Range) -> Span:
        """The code points of a range, whichever end comes first."""
        start, end = sorted((self.offset(where.start), self.offset(where.end)))
        return Span(start, end)

    def range(self, span: Span) -> types.Range:
        """The range of some code points."""
        return types.Range(self.position(span.start), self.position(span.end))


def difference(old: str, new: str) -> tuple[Span, str]:
    """The one part of ``old`` that has to be replaced, and by what, to get ``new``."""
    start = common_length(old, new)
    length = min(len(old), len(new)) - start
    end = _common_end(old, new, length)
    return Span(start, len(old) - end), new[start : len(new) - end]


def _common_end(left: str, right: str, limit: int) -> int:
    """Length of the common end, at most ``limit``."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if left[len(left) - middle : len(left) - low] == right[len(right) - middle : len(right) - low]:
            low = middle
        else:
            high = middle - 1
    return low
