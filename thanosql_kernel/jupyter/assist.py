"""What an editor asks while a cell is written, in the words of the Jupyter protocol."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from traceback import format_exc
from typing import TYPE_CHECKING, Any

from thanosql_kernel.files import disk, working_folder
from thanosql_kernel.jupyter.leaving import leaves
from thanosql_kernel.visible import visible

if TYPE_CHECKING:
    from thanosql_kernel.analysis.features.completion.items import Completion
    from thanosql_kernel.analysis.meaning.document import Document
    from thanosql_kernel.catalog import Catalog
    from thanosql_kernel.catalog.store import Stamp
    from thanosql_kernel.sql.parameters import Variables

_log = logging.getLogger(__name__)

INDENT = "  "
_WORD_BEFORE = re.compile(r"\w*\Z")


def warm() -> None:
    """Import what the first Tab would otherwise wait for."""
    from thanosql_kernel.analysis.features.complete import warm as warm_completion

    warm_completion()
    complete("SELECT", 6)
    inspect("SELECT", 6)


def is_complete(code: str) -> dict[str, Any]:
    """Content of an ``is_complete_reply``: whether Enter should run the cell or start a new line."""
    from thanosql_kernel.statements.cell import completeness

    if leaves(code):
        return {"status": "complete"}
    status = completeness(code)
    if status == "incomplete":
        return {"status": status, "indent": next_indent(code)}
    return {"status": status}


def next_indent(code: str) -> str:
    """The indent of the line after ``code``: as the last line, one step deeper inside an open parenthesis."""
    last = code.rstrip("\n").rsplit("\n", 1)[-1]
    indent = last[: len(last) - len(last.lstrip())]
    opened = last.count("(") - last.count(")")
    if opened > 0:
        return indent + INDENT
    return indent.removesuffix(INDENT) if opened < 0 else indent


def complete(
    code: str, cursor_pos: int, above: str = "", variables: Variables | None = None
) -> dict[str, Any]:
    """Content of a ``complete_reply``; what is replaced starts where the word does, Korean words too.

    Args:
        code: The cell.
        cursor_pos: Where the caret is in it.
        above: What was run before; names used there come earlier.
        variables: Those of the session; None for none.
    """
    # What a completion would change elsewhere cannot be told in a reply: a column of two tables is one match.
    first: dict[str, Completion] = {}
    for item in _completions(code, cursor_pos, above, variables):
        first.setdefault(item.text, item)
    found = list(first.values())
    start, end = _replaced(code, cursor_pos, found)
    types = [
        {"text": item.text, "type": item.kind, "signature": item.detail, "start": start, "end": end}
        for item in found
    ]
    return {
        "status": "ok",
        "matches": [item.text for item in found],
        "cursor_start": start,
        "cursor_end": end,
        # JupyterLab shows these beside the matches.
        "metadata": {"_jupyter_types_experimental": types},
    }


def _completions(code: str, cursor_pos: int, above: str, variables: Variables | None) -> list[Completion]:
    """What `analysis` finds over the catalogue file, which other cells and kernels keep up to date.

    A list that cannot be made is empty: without a reply the front end would wait for good.
    """
    from thanosql_kernel.analysis.features import complete as analysis

    try:
        return analysis.complete(_document(code, variables), cursor_pos, above=above)
    except Exception:
        _log.warning("no completions: %s", visible(format_exc(), lines=True))
        return []


def _replaced(code: str, cursor_pos: int, found: list[Completion]) -> tuple[int, int]:
    if found:
        return found[0].span
    before = _WORD_BEFORE.search(code, 0, cursor_pos)
    return (before.start() if before else cursor_pos), cursor_pos


def inspect(code: str, cursor_pos: int) -> dict[str, Any]:
    """Content of an ``inspect_reply``: a short page on the word at the cursor, as Markdown and text."""
    from thanosql_kernel.analysis.features.hover import hover

    try:
        found = hover(_document(code), cursor_pos)
    except Exception:
        _log.warning("no help page: %s", visible(format_exc(), lines=True))
        found = None
    if found is None:
        return {"status": "ok", "found": False, "data": {}, "metadata": {}}
    data = {"text/plain": found.plain, "text/markdown": found.markdown}
    return {"status": "ok", "found": True, "data": data, "metadata": {}}


def _document(code: str, variables: Variables | None = None) -> Document:
    """The cell over the catalogue file, which other cells and kernels keep up to date."""
    from thanosql_kernel.analysis.meaning.document import Document
    from thanosql_kernel.catalog.location import find_database

    folder = working_folder()
    catalog = disk.ask(folder, lambda: _catalogue.at(find_database(folder).internal), None)
    return Document(code, catalog, folder=folder, variables=dict(variables or {}))


class _CatalogueInMemory:
    """The catalogue file as last read: reading one of 200 tables of 50 columns takes 30 ms."""

    def __init__(self) -> None:
        self._read: tuple[Path, Stamp | None, Catalog | None] | None = None

    def at(self, internal: Path) -> Catalog | None:
        """The catalogue in a database's internal folder; None if there is none."""
        from thanosql_kernel.catalog.store import CatalogFile

        file = CatalogFile(internal)
        stamp, known = file.stamp(), self._read
        if known is None or known[:2] != (internal, stamp):
            known = self._read = internal, stamp, file.read()
        return known[2]


_catalogue = _CatalogueInMemory()
