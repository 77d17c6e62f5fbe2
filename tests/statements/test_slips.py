"""The commonest slips: each error says how it is mended, and what it says, applied, does what was meant."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.hunts import one_of

sys.path.insert(0, str(Path(__file__).parent))
from mending import Slip, World, make_world, slips, use_small_model

SLIPS = slips()


@pytest.fixture(scope="module")
def new_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], World]]:
    """Makes copies of one small database."""
    folder, numbers = tmp_path_factory.mktemp("slips"), count()
    with pytest.MonkeyPatch.context() as patch:
        use_small_model(patch)
        make_world(folder / "world")
        yield lambda: World(folder / "world", folder / f"copy{next(numbers)}")


@pytest.fixture(scope="module")
def outcome_of(new_world: Callable[[], World]) -> Callable[[str], list[Any]]:
    """What a statement does to the database."""

    @cache
    def run(text: str) -> list[Any]:
        with new_world() as world:
            world.run(text)
            return world.outcome()

    return run


@pytest.mark.hunt
@pytest.mark.parametrize("slip", one_of(5, SLIPS), ids=lambda slip: slip.written)
def test_a_slip_is_mended_as_its_error_says(
    slip: Slip, new_world: Callable[[], World], outcome_of: Callable[[str], list[Any]]
):
    with new_world() as world:
        mended, errors = world.mended(slip.written)
        assert world.outcome() == outcome_of(slip.meant), mended
    assert all(error.hint for error in errors)


def test_there_are_slips_in_every_statement():
    assert len(SLIPS) > 200
    first_words = {slip.meant.split()[0].rstrip(";") for slip in SLIPS}
    assert first_words >= set(
        "COPY CONVERT SEARCH PRINT SELECT CREATE EXPORT LIST SHOW GET SET DESCRIBE HELP DROP DELETE UPDATE INSERT "
        "PREDICT".split()
    )
