"""The vector of what is searched for: of one text or picture, or of several together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.errors import ModelError
from thanosql_kernel.statements.vectors import Combined, SearchInput, Sought
from thanosql_kernel.wording.searching import TS110

Floats = NDArray[np.float32]

_NOTHING = 1e-5
"""A weighted sum this short beside its weights is the rounding error of what cancels out."""


def inputs_of(sought: Sought) -> Iterator[SearchInput]:
    """The texts and pictures in it."""
    if isinstance(sought, SearchInput):
        yield sought
    else:
        for _, part in sought.parts:
            yield from inputs_of(part)


def vector_of(sought: Sought, embed: Callable[[SearchInput], Floats]) -> Floats:
    """Its vector, float32 (dim,): of several the unit vector of the weighted sum of theirs.

    Raises:
        ModelError: TS110, they cancel each other out.
    """
    if isinstance(sought, SearchInput):
        return embed(sought)
    return _direction(sought, embed).astype(np.float32)


def _direction(sought: Sought, embed: Callable[[SearchInput], Floats]) -> NDArray[np.float64]:
    if isinstance(sought, SearchInput):
        vector = embed(sought).astype(np.float64)
        return vector / np.linalg.norm(vector)
    total = sum(weight * _direction(part, embed) for weight, part in sought.parts if weight)
    length = float(np.linalg.norm(total))
    if length <= _NOTHING * sum(abs(weight) for weight, _ in sought.parts):
        raise cancels_out(sought)
    return np.asarray(total / length)


def cancels_out(sought: Combined) -> ModelError:
    """The error that a weighted sum has no direction."""
    return ModelError(TS110.CANCELS_OUT(), span=sought.span, hint=TS110.OTHER_WEIGHTS())
