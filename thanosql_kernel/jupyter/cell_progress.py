"""Which progress bars a cell gets: widgets where somebody can press a button, else a line on stderr."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from thanosql_kernel.jupyter.progress import TextProgress
from thanosql_kernel.jupyter.widgets.progress import WidgetProgress

if TYPE_CHECKING:
    from thanosql_kernel.engine.work import Bar
    from thanosql_kernel.jupyter.widgets.show import Publish


class CellProgress:
    """The bars of one cell.

    JupyterLab and VS Code send the cell's id with it and draw widgets; nbclient, nbval and jupyter console send none,
    and keep every output that comes.

    Args:
        mode: Gives the ``display.progress`` setting: ``auto``, ``widget``, ``text`` or ``off``.
        has_cell_id: Whether the front end has said which of its cells runs.
        publish: Sends messages.
        cancel: Stops the cell.
    """

    def __init__(
        self, mode: Callable[[], str], *, has_cell_id: bool, publish: Publish, cancel: Callable[[], None]
    ) -> None:
        self._mode, self._has_cell_id = mode, has_cell_id
        self._widgets = WidgetProgress(publish, cancel)
        self._text = TextProgress()

    def start(self, label: str, total: int | None, unit: str) -> Bar:
        """A new bar for a piece of work."""
        mode = self._mode().lower()
        if mode == "off":
            return _Nothing()
        if mode == "widget" or (mode == "auto" and self._has_cell_id):
            return self._widgets.start(label, total, unit)
        return self._text.start(label, total, unit)

    def close(self) -> None:
        """The cell has ended."""
        self._widgets.close()


class _Nothing:
    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Nothing to close."""
