"""``thanosql-kernel convert-worker``: embeds a shard of what a CONVERT would; any number of them run beside each other.

Exit status: 0 all that can be embedded is in the cache, 1 it failed, 2 the arguments make no sense, 128 and the
signal's number when it was stopped: what was embedded by then is in the cache.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from thanosql_kernel.errors import Interrupted, ThanoSQLError
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import workers
from thanosql_kernel.workers.arguments import shard_of
from thanosql_kernel.workers.log import JobLog

if TYPE_CHECKING:
    from thanosql_kernel.engine.embed.shards import Shard

FAILED, WRONG_ARGUMENTS, BY_SIGNAL = 1, 2, 128
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _Stop:
    """Whether a signal asked to stop, and which."""

    def __init__(self) -> None:
        self.signal: int | None = None

    def asked(self) -> bool:
        return self.signal is not None

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Within the block, signals stop the work at its next check and nothing else."""
        before = {number: signal.signal(number, self._hear) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _hear(self, number: int, _: object) -> None:
        self.signal = number


def run(options: argparse.Namespace) -> int:
    """Do it; returns the exit status."""
    from thanosql_kernel.engine.embed.shards import Shard

    try:
        text = shard_of(options)
    except ValueError as error:
        print(visible(str(error)), file=sys.stderr)
        return WRONG_ARGUMENTS
    try:
        shard = Shard.parse(text)
    except ValueError:
        print(visible(workers.NO_SHARD(value=text)), file=sys.stderr)
        return WRONG_ARGUMENTS
    statement = sys.stdin.read() if options.statement == "-" else options.statement
    log, stop = JobLog(str(shard), options.progress_s), _Stop()
    with stop.heard():
        try:
            return _fill(options, statement, shard, log, stop)
        except Interrupted:
            assert stop.signal is not None
            log.say("stopped", signal=signal.Signals(stop.signal).name)
            return BY_SIGNAL + stop.signal
        except ThanoSQLError as error:
            log.say("failed", code=error.code, problem=error.message, hint=error.hint or None)
            print(visible(error.render(statement), lines=True), file=sys.stderr)
            return FAILED


def _fill(options: argparse.Namespace, statement: str, shard: Shard, log: JobLog, stop: _Stop) -> int:
    from thanosql_kernel.engine.session import Session

    session = Session(options.database, working_folder=options.folder)
    try:
        log.say("begun", database=session.location.address, folder=str(session.working_folder))
        filled, notices = session.fill(
            statement, shard=shard, commit_s=options.commit_s, progress=log, cancelled=stop.asked
        )
    finally:
        session.close()
    for notice in notices:
        log.say("notice", text=notice)
    for item, reason in filled.failures:
        log.say("unreadable", item=item, reason=reason)
    log.say(
        "done",
        values=filled.values,
        embedded=filled.embedded,
        known=filled.known,
        unreadable=len(filled.failures),
    )
    return 0
