"""SQL as people write it runs, and nothing is wrong with it: with the database in sight and with none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from idioms import PARAMETERS, idioms, opened

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    made = opened(tmp_path_factory.mktemp("idioms"))
    yield made
    made.close()


def test_there_are_over_300_of_them():
    assert len(set(idioms())) == len(idioms()) > 300


@pytest.mark.parametrize("number", range(len(idioms())))
def test_right_sql_runs_and_has_no_diagnostics(session, number):
    cell, catalog, folder = idioms()[number], session.catalog, session.working_folder
    assert diagnose(Document(cell, catalog, folder=folder)) == [], cell
    assert diagnose(Document(cell, None, folder=folder)) == diagnose(Document(cell, None)) == [], cell
    session.run(cell, emit=lambda result: None, parameters=PARAMETERS)
