from __future__ import annotations

import asyncio
import signal

from thanosql_kernel.jupyter.executions import Executions


def test_an_interrupt_reaches_every_running_cell_and_no_later_one():
    executions = Executions()
    with executions.running() as first, executions.running() as second:
        executions.cancel_all()
        assert first.cancelled()
        assert second.cancelled()
    with executions.running() as third:
        assert not third.cancelled()


def test_many_signals_cancel_and_never_raise():
    before = signal.getsignal(signal.SIGINT)
    executions = Executions()
    loop = asyncio.new_event_loop()
    executions.handle_sigint(loop)
    try:
        with executions.running() as execution:
            for _ in range(100):
                signal.raise_signal(signal.SIGINT)
            assert execution.cancelled()
    finally:
        loop.close()
        signal.signal(signal.SIGINT, before)
