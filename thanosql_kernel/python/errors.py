"""Errors as Python shows them: with their place in the text, and in IPython as short as in a ThanoSQL notebook."""

from __future__ import annotations

from functools import partial
from types import TracebackType

from thanosql_kernel.errors import Interrupted, ThanoSQLError
from thanosql_kernel.jupyter.failures import error_content


class ToldShort:
    """Errors that leave the block say where in a text they are, and nothing of the frames below it.

    Args:
        text: What was run; None where it is not at hand.
    """

    def __init__(self, text: str | None = None) -> None:
        self._text = text

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._shorten(error, Interrupted(str(error) or None))
        elif isinstance(error, ThanoSQLError):
            if not hasattr(error, "_render_traceback_"):
                error.add_note(error.render(self._text))
                self._shorten(error, error)
            raise error.with_traceback(None) from None

    def _shorten(self, error: BaseException, told: ThanoSQLError) -> None:
        """Let IPython show ThanoSQL's own message in place of a traceback."""
        lines = error_content(told, self._text)["traceback"]
        error._render_traceback_ = partial(list, lines)  # type: ignore[attr-defined]  # goes to other processes
