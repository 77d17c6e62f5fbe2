"""Each kind of long work stops within two seconds of the signal, and the next cell runs.

A few tries of each; ``python benchmarks/interrupts.py --tries 50`` does many and prints how long they took.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from interrupts import WORKS, Work, measure

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

TRIES = 2


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.name)
def test_long_work_stops_and_the_next_cell_runs(work: Work) -> None:
    outcome = measure(work, TRIES)
    assert outcome.faults == []
    assert outcome.is_good, outcome.replies_s
