"""Every documented cell of the old product is run over small tables of its own making, or says what there is instead."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
from corpus_world import CorpusWorld
from documented_cells import documented_cells

from thanosql_kernel.errors import ThanoSQLError, Unsupported
from thanosql_kernel.statements.old_kinds import instead_of
from thanosql_kernel.statements.registry import functions, heads

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

#: Statements that this kernel is to run and does not yet. One that it runs by now is no excuse: see `_waits_for`.
NOT_YET: tuple[str, ...] = ()

#: Errors that are the right answer: what stands in the cell, the code, and why.
RIGHT = (
    (
        "table_name='predict_result_table'\n    text_col",
        "TS107",
        "a comma is missing, and the error puts it in",
    ),
    (
        "PREDICT USING titanic_classification\nAS",
        "TS200",
        "its BUILD MODEL is of AutoML, and nothing here tells so",
    ),
    ("table_namme=", "TS102", "the option is misspelt, and the error says how it is spelt"),
)


class Ran(NamedTuple):
    """A cell and how it ended."""

    number: int
    cell: str
    error: ThanoSQLError | None

    @property
    def is_answered(self) -> bool:
        """Whether it ran, or is of a kind that has its own hint."""
        error = self.error
        return error is None or (
            isinstance(error, Unsupported) and error.code.startswith("TS6") and bool(error.hint)
        )


def _is_done(waiting: str) -> bool:
    """Whether this kernel has by now what a cell waits for."""
    if "." in waiting:
        return waiting in functions()
    head = tuple(waiting.split())
    found = [known for known in heads().get(head[0], ()) if known.words == head]
    return bool(found) and found[0].is_supported


def _waits_for(ran: Ran, world: CorpusWorld) -> str | None:
    """What the cell waits for: a statement of its own, or the one that makes the model that it names."""
    errors = [ran.error, *(world.refused.values() if ran.error and ran.error.code == "TS200" else ())]
    for error in errors:
        for waiting in NOT_YET:
            if error is not None and waiting in error.message and not _is_done(waiting):
                return waiting
    return None


def _is_of_no_kind(ran: Ran) -> bool:
    """Whether the cell names a model that another cell would have made of a kind that is not run."""
    error = ran.error
    if error is None or error.code != "TS200" or error.span is None:
        return False
    words = [word.partition("=")[0] for word in ran.cell.replace(" =", "=").split()]
    return instead_of(ran.cell[slice(*error.span)], words) is not None


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CorpusWorld]:
    with CorpusWorld.opened(tmp_path_factory.mktemp("corpus")) as made:
        yield made


@pytest.fixture(scope="module")
def ran(world: CorpusWorld) -> list[Ran]:
    found = []
    for number, cell in enumerate(documented_cells()):
        world.prepare(cell)
        try:
            world.run(cell)
            found.append(Ran(number, cell, None))
        except ThanoSQLError as error:
            found.append(Ran(number, cell, error))
    return found


def test_every_documented_cell_runs_or_has_its_answer(world: CorpusWorld, ran: list[Ran]):
    wrong = [
        f"cell {it.number}\n{it.error.render(it.cell)}"
        for it in ran
        if it.error is not None
        and _waits_for(it, world) is None
        and not (it.is_answered or _is_of_no_kind(it))
        and not any(text in it.cell and it.error.code == code for text, code, _ in RIGHT)
    ]
    assert wrong == []
    assert len(ran) == 412


def test_a_cell_of_a_statement_that_is_run_is_not_answered_as_unsupported(world: CorpusWorld, ran: list[Ran]):
    done = [waiting for waiting in NOT_YET if _is_done(waiting)]
    assert done == [], "take them out of NOT_YET"
    answered = [it for it in ran if it.error is not None and _waits_for(it, world) is None]
    assert {it.error.code for it in answered if it.error} <= {
        "TS600",
        "TS601",
        "TS602",
        "TS200",
        *(code for _, code, _ in RIGHT),
    }


def test_most_cells_run(ran: list[Ran]):
    assert sum(it.error is None for it in ran) >= 173
