"""How far a hunt over many cases goes: over all of them in ``make soak``, over a part, always the same, in ``make check``.

A hunt is marked ``@pytest.mark.hunt``; ``make soak`` runs these with ``THANOSQL_HUNTS=whole``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

import pytest

T = TypeVar("T")

IS_WHOLE = os.environ.get("THANOSQL_HUNTS") == "whole"

only_whole = pytest.mark.skipif(not IS_WHOLE, reason="it takes a minute, and others try its parts: make soak")
"""Of a test that a part of says nothing."""


def one_of(share: int, cases: Iterable[T]) -> list[T]:
    """One case of ``share``, all over ``cases``; all of them in a whole hunt."""
    return list(cases)[:: 1 if IS_WHOLE else share]


def rounds(few: int, many: int) -> int:
    """How many random cases are tried."""
    return many if IS_WHOLE else few
