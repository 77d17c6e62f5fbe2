"""Each kind of long work stops within two seconds of the signal, and the next cell runs.

One try of every third kind, five of each in ``make soak``; ``python benchmarks/interrupts.py --tries 50`` does many and prints how long they took.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from interrupts import WORKS, Work, measure

from tests.hunts import one_of, rounds

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.mark.hunt
@pytest.mark.parametrize("work", one_of(3, WORKS), ids=lambda work: work.name)
def test_long_work_stops_and_the_next_cell_runs(work: Work) -> None:
    outcome = measure(work, rounds(1, 5))
    assert outcome.faults == []
    assert outcome.is_good, outcome.replies_s
