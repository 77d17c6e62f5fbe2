"""What a worker says: a line of JSON for each thing, so that people and the tools of clusters can read a job's log."""

from __future__ import annotations

import json
import sys
import time
from typing import TextIO


class JobLog:
    """Writes lines; shows bars as lines, now and again (see `engine.work.ProgressSink`).

    Args:
        shard: Said in each line.
        every_s: Seconds between two lines of a bar.
        stream: Where to; standard error without it.
    """

    def __init__(self, shard: str, every_s: float, stream: TextIO | None = None) -> None:
        self.every_s = every_s
        self._shard = shard
        self._stream = stream or sys.stderr

    def say(self, event: str, **facts: object) -> None:
        """One line, at once."""
        line = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "event": event}
        text = json.dumps({**line, "shard": self._shard, **facts}, ensure_ascii=True)
        print(text, file=self._stream, flush=True)

    def start(self, label: str, total: int | None, unit: str) -> JobBar:
        """A new bar."""
        return JobBar(self, label, total, unit)


class JobBar:
    """One piece of work on its way."""

    def __init__(self, log: JobLog, label: str, total: int | None, unit: str) -> None:
        self._log = log
        self._facts = {"label": label, "unit": unit, "total": total}
        self._total = total
        self._done = self._errors = 0
        self._started_s = self._said_s = time.monotonic()

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        """``n`` more units are done, ``errors`` of them in vain."""
        self._done += n
        self._errors += errors
        if time.monotonic() - self._said_s >= self._log.every_s:
            self._say()

    def tell(self, text: str) -> None:
        """What goes on in a few words is for bars that people watch."""

    def close(self) -> None:
        """The last line."""
        self._say()

    def _say(self) -> None:
        self._said_s = time.monotonic()
        rate = self._done / max(self._said_s - self._started_s, 1e-9)
        left = None if self._total is None else max(0, self._total - self._done)
        eta_s = None if left is None or not self._done else round(left / rate)
        self._log.say(
            "progress",
            **self._facts,
            done=self._done,
            errors=self._errors,
            per_s=round(rate, 1),
            eta_s=eta_s,
        )
