"""The public cells of the old product: every one parses, or says what is unsupported."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from documented_cells import documented_cells

from thanosql_kernel.errors import ThanoSQLError, Unsupported
from thanosql_kernel.statements.cell import parse_each
from thanosql_kernel.statements.foresight import Unforeseen


@pytest.fixture(scope="module")
def cells():
    return documented_cells()


def test_every_documented_cell_parses_or_is_unsupported(cells):
    wrong = []
    for number, cell in enumerate(cells):
        for _, found in parse_each(cell):
            errors = [found] if isinstance(found, ThanoSQLError) else found.all_problems(Unforeseen())
            wrong += [(number, e.code) for e in errors if not isinstance(e, Unsupported)]
    assert wrong == [(196, "TS107")], "one documented PREDICT leaves a comma out, and is told where"
    assert len(cells) == 412


def test_every_tenth_prefix_of_every_documented_cell_survives(cells):
    for number, cell in enumerate(cells):
        for cut in range(number % 10, len(cell), 10):
            for _, found in parse_each(cell[:cut]):
                errors = [found] if isinstance(found, ThanoSQLError) else found.all_problems(Unforeseen())
                for error in errors:
                    error.render(cell[:cut])
