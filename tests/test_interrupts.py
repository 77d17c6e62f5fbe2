"""Long calls that the user can stop."""

import threading

import pytest

from thanosql_kernel.errors import Interrupted
from thanosql_kernel.interrupts import abandonable, never, run_interruptibly


def interrupted() -> None:
    raise Interrupted


def test_an_abandonable_call_gives_its_value() -> None:
    with abandonable(never) as call:
        assert [call(lambda number=number: number + 1) for number in range(3)] == [1, 2, 3]


def test_all_calls_share_one_thread_at_the_side() -> None:
    with abandonable(never) as call:
        threads = {call(threading.get_ident) for _ in range(5)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_the_thread_at_the_side_ends_with_its_block() -> None:
    with abandonable(never) as call:
        thread = call(threading.current_thread)
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_an_error_of_the_work_comes_out_of_the_call() -> None:
    with abandonable(never) as call, pytest.raises(ZeroDivisionError):
        call(lambda: 1 // 0)


@pytest.mark.timeout(20)
def test_an_interrupt_leaves_work_that_does_not_end() -> None:
    gate = threading.Event()
    with pytest.raises(Interrupted), abandonable(interrupted) as call:
        call(gate.wait)
    gate.set()


def test_a_key_that_interrupts_while_the_work_is_waited_for_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped, join, joined = threading.Event(), threading.Thread.join, []

    def interrupted_join(thread: threading.Thread, timeout: float | None = None) -> None:
        joined.append(thread)
        if len(joined) == 1:
            raise KeyboardInterrupt
        join(thread, timeout)

    monkeypatch.setattr(threading.Thread, "join", interrupted_join)
    with pytest.raises(KeyboardInterrupt):
        run_interruptibly(stopped.wait, check=never, cancel=stopped.set)
    assert not joined[0].is_alive()
