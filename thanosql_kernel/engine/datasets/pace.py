"""How fast a server may be asked: all workers wait when it says so, longer each time it says so again."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Protocol

LONGEST_S = 60.0
MOST_PATIENCE_S = 600.0
MOST_IN_A_ROW = 10
_FIRST_S = 1.0
_LOOK_S = 0.2


class Unwelcome(Exception):
    """The server wants to be left alone for long.

    Attributes:
        wait_s: For how many seconds.
    """

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class Clock(Protocol):
    """Time that passes."""

    def now(self) -> float:
        """Seconds since some beginning; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


class SystemClock:
    """The time of this machine."""

    def now(self) -> float:
        """Seconds since some beginning."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


class Pace:
    """When the workers may ask again.

    Args:
        check: Raises `Interrupted` when the user asked to stop.
        clock: The time.
        chance: Makes workers that were sent away together come back one by one.
    """

    def __init__(
        self, check: Callable[[], None], clock: Clock | None = None, chance: random.Random | None = None
    ) -> None:
        self.clock = clock or SystemClock()
        self._check, self._chance = check, chance or random.Random()
        self._lock = threading.Lock()
        self._not_before = self._slowed_at = float("-inf")
        self.in_a_row = 0
        """How often the server asked for patience since it last gave what was asked for."""

    def wait(self) -> float:
        """Wait until the server may be asked; returns the time.

        Raises:
            Unwelcome: It named more than ten minutes, or gave nothing else than refusals for about so long.
        """
        while (left := self._not_before - (now := self.clock.now())) > 0:
            if left > MOST_PATIENCE_S or self.in_a_row > MOST_IN_A_ROW:
                raise Unwelcome(left)
            self._check()
            self.clock.sleep(min(left, _LOOK_S))
        return now

    def slow_down(self, asked_at: float, wish_s: float | None) -> None:
        """The server asked for patience: nobody asks for so long, or twice as long as the last time.

        Args:
            asked_at: When the request began; those on the way together count once.
            wish_s: How many seconds the server named, if it did.
        """
        with self._lock:
            if asked_at >= self._slowed_at:
                self.in_a_row += 1
                self._slowed_at = self.clock.now()
            wait_s = self.spread(self.in_a_row) if wish_s is None else wish_s * self._chance.uniform(1.0, 1.1)
            self._not_before = max(self._not_before, self._slowed_at + wait_s)

    def pause(self, times: int) -> None:
        """Wait after ``times`` failures in a row."""
        with self._lock:
            self._not_before = max(self._not_before, self.clock.now() + self.spread(times))
        self.wait()

    def go_on(self) -> None:
        """The server gave what was asked for."""
        self.in_a_row = 0

    def spread(self, times: int) -> float:
        """Seconds to wait after so many refusals: doubled each time, half of it by chance."""
        return float(min(LONGEST_S, _FIRST_S * 2 ** min(times - 1, 16)) * self._chance.uniform(0.5, 1.0))
