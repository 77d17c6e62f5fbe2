"""Which progress bars a cell gets: widgets where somebody can press a button, else a line on stderr."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from thanosql_kernel.engine.work import Bar
    from thanosql_kernel.jupyter.progress import TextProgress
    from thanosql_kernel.jupyter.widgets.progress import WidgetProgress


class CellProgress:
    """The bars of one cell.

    JupyterLab and VS Code send the cell's id with it and draw widgets; nbclient, nbval and jupyter console send none,
    and keep every output that comes.

    Args:
        mode: Gives the ``display.progress`` setting: ``auto``, ``widget``, ``text`` or ``off``.
        widgets: The bars with a button; None where nothing draws them.
        text: The lines.
        automatic: Which of them ``auto`` is.
    """

    def __init__(
        self,
        mode: Callable[[], str],
        *,
        widgets: WidgetProgress | None,
        text: TextProgress,
        automatic: Literal["widget", "text"],
    ) -> None:
        self._mode, self._automatic = mode, automatic
        self._widgets, self._text = widgets, text

    def start(self, label: str, total: int | None, unit: str) -> Bar:
        """A new bar for a piece of work."""
        mode = self._mode().lower()
        wanted = self._automatic if mode == "auto" else mode
        if wanted == "off":
            return _Nothing()
        if wanted == "widget" and self._widgets is not None:
            return self._widgets.start(label, total, unit)
        return self._text.start(label, total, unit)

    def close(self) -> None:
        """The cell has ended."""
        if self._widgets is not None:
            self._widgets.close()


class _Nothing:
    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        """Show nothing."""

    def tell(self, text: str) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Nothing to close."""
