"""Two kernels on one database, as two notebooks of a folder have them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from live_kernel import REAL, live_kernel

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

EACH = 8


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    """The second one works in a folder below, and finds the first one's database above it."""
    folder = tmp_path_factory.mktemp("프로젝트")
    below = folder / "노트북"
    below.mkdir()
    with live_kernel(REAL, folder) as first:
        first.run("CREATE TABLE shared AS SELECT 'first' AS who, 0 AS n")
        with live_kernel(REAL, below) as second:
            yield first, second


def test_rows_of_both_are_kept_when_they_write_at_once(kernels):
    sent = [
        [kernel.send(f"INSERT INTO shared VALUES ('{name}', {number})") for number in range(EACH)]
        for kernel, name in zip(kernels, ("first", "second"), strict=True)
    ]
    for kernel, cells in zip(kernels, sent, strict=True):
        for cell in cells:
            assert kernel.answer(cell).reply["content"]["status"] == "ok"
    for kernel in kernels:
        (plain,) = kernel.run("SELECT count(*) AS n, count(DISTINCT who) AS kernels FROM shared").plain
        assert plain.splitlines()[2].split() == [str(2 * EACH + 1), "2"]


def test_one_completes_the_table_that_the_other_has_made(kernels):
    first, second = kernels
    first.run("CREATE OR REPLACE TABLE 새_표 AS SELECT 1 AS 값")
    code = "SELECT * FROM 새"
    assert "새_표" in second.ask(second.client.complete(code, len(code)), "complete_reply")["matches"]
    first.run("DROP TABLE 새_표")
    assert "새_표" not in second.ask(second.client.complete(code, len(code)), "complete_reply")["matches"]


def test_an_interrupt_stops_one_and_not_the_other(kernels):
    first, second = kernels
    slow = "SELECT sum(sqrt(a.range * b.range)) FROM range(3000000) a, range(3000000) b"
    stopped = first.send(slow)
    first.wait_for(stopped, lambda message: message["msg_type"] == "execute_input")
    first.manager.interrupt_kernel()
    assert second.run("SELECT count(*) AS n FROM range(1000000)").reply["content"]["status"] == "ok"
    assert first.answer(stopped).reply["content"]["ename"] == "KeyboardInterrupt"
