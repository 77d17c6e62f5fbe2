"""How far a piece of work is, in words: count, rate, time left, errors so far."""

from __future__ import annotations

from dataclasses import dataclass

from thanosql_kernel.visible import visible
from thanosql_kernel.wording import pictures


@dataclass(slots=True)
class Meter:
    """A piece of work.

    Attributes:
        label: What is done, e.g. ``CONVERT``.
        total: How many units there are; None if nobody knows.
        unit: What is counted, e.g. ``images``, ``bytes``.
        done: How many are done.
        errors: How many of those in vain.
        told: How it goes, in a few words; empty for nothing.
    """

    label: str
    total: int | None
    unit: str
    done: int = 0
    errors: int = 0
    told: str = ""

    def __post_init__(self) -> None:
        # A file's name, or a hub's, may be part of them.
        self.label, self.unit = visible(self.label), visible(self.unit)

    @property
    def share(self) -> float | None:
        """What part is done, from 0 to 1; None if nobody knows."""
        return min(1.0, self.done / self.total) if self.total else None

    def words(self, elapsed_s: float) -> str:
        """``250/1,000 images, 125 images/s, 0:06 left, 3 unreadable``."""
        parts = [self._count()]
        rate = self.done / elapsed_s if elapsed_s > 0 else 0.0
        if self.done:
            amount = _amount(rate, self.unit, decimals=rate < 10)
            parts.append(pictures.PER_SECOND(amount=amount))
        if self.total and 0 < self.done < self.total and rate:
            parts.append(pictures.TIME_LEFT(time=_clock_time((self.total - self.done) / rate)))
        else:
            parts.append(_clock_time(elapsed_s))
        if self.errors:
            parts.append(pictures.ERRORS(count=self.errors))
        if self.told:
            parts.append(self.told)
        return ", ".join(parts)

    def _count(self) -> str:
        if not self.total:
            return _amount(self.done, self.unit) if self.done else "…"
        if self.unit == "bytes":
            done, total = _amount(self.done, self.unit), _amount(self.total, self.unit)
            return pictures.DONE_OF(done=done, total=total)
        return _of_unit(f"{self.done:,.0f}/{self.total:,.0f}", self.unit)


def _amount(number: float, unit: str, *, decimals: bool = False) -> str:
    if unit == "bytes":
        return f"{number / 1e6:,.1f} MB"
    return _of_unit(f"{number:,.1f}" if decimals else f"{number:,.0f}", unit)


def _of_unit(number: str, unit: str) -> str:
    said = pictures.UNITS.get(unit)
    return f"{number} {unit}" if said is None else said(number=number)


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
