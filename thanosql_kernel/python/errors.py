"""Errors as Python shows them: with their place in the text, and in IPython as short as in a ThanoSQL notebook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from thanosql_kernel.errors import Interrupted, ThanoSQLError
from thanosql_kernel.jupyter.failures import error_content


@contextmanager
def told_short(text: str | None = None) -> Iterator[None]:
    """Errors that leave the block say where in ``text`` they are, and nothing of the frames below it."""
    try:
        yield
    except KeyboardInterrupt as error:
        _shorten(error, Interrupted(str(error) or None), text)
        raise
    except ThanoSQLError as error:
        if not hasattr(error, "_render_traceback_"):
            error.add_note(error.render(text))
            _shorten(error, error, text)
        raise error.with_traceback(None) from None


def _shorten(error: BaseException, told: ThanoSQLError, text: str | None) -> None:
    """Let IPython show ThanoSQL's own message in place of a traceback."""
    lines = error_content(told, text)["traceback"]
    error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]
