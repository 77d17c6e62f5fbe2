"""``exit`` and ``quit``, alone in a cell: they end a console, and are no statements of the language."""

from __future__ import annotations

import re

_LEAVES = re.compile(r"\s*(?:exit|quit)\s*(?:\(\s*\)\s*)?[;\s]*", re.IGNORECASE)
#: What makes a console end, and its kernel with it.
PAYLOAD = {"source": "ask_exit", "keepkernel": False}


def leaves(code: str) -> bool:
    """Whether a cell asks to leave: ``exit``, ``QUIT;``, ``exit()``."""
    return _LEAVES.fullmatch(code) is not None
