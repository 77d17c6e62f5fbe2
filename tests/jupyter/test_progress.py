from __future__ import annotations

import io
import threading
from contextlib import closing

import pytest
from wcwidth import wcswidth

from thanosql_kernel.jupyter.progress import TextProgress


class Clock:
    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def out():
    return io.StringIO()


def states(out):
    return [state.rstrip() for state in out.getvalue().rstrip("\n").split("\r")[1:]]


def screen(out):
    """What a terminal shows: each state overwrites the one before from the left."""
    shown = ""
    for state in out.getvalue().rstrip("\n").split("\r")[1:]:
        shown = state + shown[len(state) :]
    return shown.rstrip()


def test_short_work_shows_nothing(out, clock):
    with closing(TextProgress(out, clock, rewrites=True).start("Embedding", 10, "images")) as bar:
        for _ in range(10):
            bar.advance()
    assert out.getvalue() == ""


def test_long_work_shows_label_count_rate_and_time_left(out, clock):
    with closing(TextProgress(out, clock, rewrites=True).start("Embedding", 1_000, "images")) as bar:
        clock.now_s = 2.0
        bar.advance(250, errors=3)
        assert states(out) == [
            "Embedding [#####---------------]  25 % 250/1,000 images, 125 images/s, 0:06 left, 3 unreadable"
        ]


def test_how_work_goes_stands_at_the_end(out, clock):
    with closing(TextProgress(out, clock, rewrites=True).start("Training", 200, "epochs")) as bar:
        clock.now_s = 2.0
        bar.tell("loss 0.5310")
        bar.advance(100)
        clock.now_s = 2.1
        bar.tell("loss 0.5000")
    assert states(out) == [
        "Training [##########----------]  50 % 100/200 epochs, 50 epochs/s, 0:02 left, loss 0.5310"
    ]


def test_the_line_rewrites_itself_at_most_five_times_a_second(out, clock):
    with closing(TextProgress(out, clock, rewrites=True).start("Embedding", 1_000, "images")) as bar:
        for _ in range(1_000):
            clock.now_s += 0.01
            bar.advance()
    assert 40 <= len(states(out)) <= 52
    assert "1,000/1,000 images" in states(out)[-1]
    assert out.getvalue().endswith("\n")
    assert out.getvalue().count("\n") == 1


def test_a_shorter_state_wipes_a_longer_one(out, clock):
    with closing(TextProgress(out, clock, rewrites=True).start("x", 1_000, "y")) as bar:
        for count in (1, 998, 1):
            clock.now_s += 100.0
            bar.advance(count)
            assert screen(out) == states(out)[-1]
    assert len({len(state) for state in states(out)}) > 1


def test_work_of_unknown_size_is_counted(out, clock):
    with closing(TextProgress(out, clock, rewrites=True).start("Reading", None, "rows")) as bar:
        clock.now_s = 4.0
        bar.advance(10_000)
        assert states(out) == ["Reading 10,000 rows, 2,500 rows/s, 0:04"]


def test_work_that_does_not_advance_appears_all_the_same(out, clock):
    with closing(TextProgress(out, clock, rewrites=True).start("Loading clip", None, "")) as bar:
        clock.now_s = 1.0
        bar.appear()
        assert states(out) == ["Loading clip …, 0:01"]


def test_an_error_leaves_the_last_state_on_a_line_of_its_own(out, clock):
    def fail():
        with closing(TextProgress(out, clock, rewrites=True).start("Embedding", 10, "images")) as bar:
            clock.now_s = 5.0
            bar.advance(4)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert "4/10 images" in states(out)[-1]
    assert out.getvalue().endswith("\n")


def test_many_threads_lose_no_count(out, clock):
    with closing(TextProgress(out, clock, rewrites=True).start("Embedding", 8_000, "images")) as bar:
        clock.now_s = 1.0
        threads = [threading.Thread(target=lambda: [bar.advance() for _ in range(1_000)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert "8,000/8,000 images" in states(out)[-1]


def test_bytes_are_counted_in_megabytes(out, clock):
    with closing(TextProgress(out, clock, rewrites=True).start("Fetching", 41_000_000, "bytes")) as bar:
        clock.now_s = 2.0
        bar.advance(20_500_000)
        assert states(out) == [
            "Fetching [##########----------]  50 % 20.5 MB of 41.0 MB, 10.2 MB/s, 0:02 left"
        ]


def test_a_log_gets_one_line_when_the_work_has_ended(out, clock):
    with closing(TextProgress(out, clock).start("Embedding", 1_000, "images")) as bar:
        for _ in range(1_000):
            clock.now_s += 0.01
            bar.advance()
        assert out.getvalue() == ""
    assert out.getvalue() == "Embedding 1,000/1,000 images, 100 images/s, 0:10\n"


def test_a_log_says_how_far_work_came_that_failed_and_nothing_of_short_work(out, clock):
    for seconds in (0.5, 5.0):
        with closing(TextProgress(out, clock).start("사진 읽기", 10, "images")) as bar:
            clock.now_s += seconds
            bar.advance(4, errors=1)
    assert out.getvalue() == "사진 읽기 4/10 images, 0.8 images/s, 0:08 left, 1 unreadable\n"


@pytest.mark.parametrize(("columns", "has_bar"), [(120, True), (80, False), (30, False)])
def test_a_line_is_never_wider_than_its_terminal(out, clock, columns, has_bar):
    progress = TextProgress(out, clock, rewrites=True, columns=columns)
    with closing(progress.start("사진을 벡터로 바꾸는 중", 1_000, "images")) as bar:
        clock.now_s = 2.0
        bar.advance(250, errors=3)
        (state,) = states(out)
    assert ("[###" in state) is has_bar
    assert wcswidth(state) < columns
    assert state.endswith("…") is (columns == 30)
