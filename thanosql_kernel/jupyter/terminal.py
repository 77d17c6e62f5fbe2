"""How wide text may be: as wide as the terminal that shows it, if that is known."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

#: Of text that nobody knows the terminal of: outputs in notebooks, which are compared, and in logs.
TEXT_COLUMNS = 120
_LEAST_COLUMNS = 20


def terminal_columns(stream: TextIO | None) -> int | None:
    """The width of the terminal that a stream goes to; None if it goes to none."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns if stream is not None else 0
    except (AttributeError, OSError, ValueError):
        return None
    return max(_LEAST_COLUMNS, columns) if columns else None


def inherited_columns() -> int | None:
    """The width of the terminal that a kernel was started from: `jupyter console` hands its own down.

    What ipykernel puts in the place of stdout says no to ``isatty()``, but knows the terminal where it has taken
    stdout's place for other programs too; where it has not, stdout itself still does.
    """
    return terminal_columns(sys.stdout) or terminal_columns(sys.__stdout__)


def printed_columns() -> int:
    """The width that what Python prints has: ``COLUMNS``, or that of the terminal."""
    return max(_LEAST_COLUMNS, shutil.get_terminal_size((TEXT_COLUMNS, 0)).columns)


def displayed_columns() -> int:
    """The width that what IPython displays has: a notebook's does not depend on where Jupyter was started."""
    return printed_columns() if sys.stdout.isatty() else TEXT_COLUMNS
