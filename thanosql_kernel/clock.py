"""The time, for what is deleted by its age: a clock that is set ahead makes nothing old."""

from __future__ import annotations

import time


def _passed_s() -> float:
    """Seconds that have passed since some moment, those of a sleeping machine too where the system counts them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


_BEGAN_S, _BEGAN_PASSED_S = time.time(), _passed_s()


def cautious_s() -> float:
    """Seconds since 1970: what the wall clock says, or less where it has run ahead since this process began.

    A clock that is set back makes things too young, which keeps them for longer and does no harm.
    """
    return min(time.time(), _BEGAN_S + _passed_s() - _BEGAN_PASSED_S)
