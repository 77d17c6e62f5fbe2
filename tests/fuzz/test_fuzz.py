"""Whatever the text is, an editor's questions and a run end in answers or in errors of ours, and soon."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
import cells
from asking import ask
from hunts import rounds
from running import Ground, stays_inside

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.errors import ParseError
from thanosql_kernel.statements.cell import parse_cell

tried = settings(max_examples=rounds(40, 2000), suppress_health_check=list(HealthCheck), derandomize=True)
TEXTS = st.one_of(
    st.randoms(use_true_random=False).map(cells.cell),
    st.text(st.characters(), max_size=60),
    st.lists(
        st.sampled_from((*cells.ODD, "SELECT", "FROM", "(", ")", "'", '"', ";", "\n", "%", "t", "1")),
        max_size=30,
    ).map(" ".join),
)


@pytest.mark.hunt
@tried
@given(TEXTS, st.randoms(use_true_random=False))
def test_any_text_can_be_asked_about(text: str, rng: random.Random) -> None:
    ask(text, rng)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    before = Path.cwd()
    opened = Ground(tmp_path_factory.mktemp("ground"))
    yield opened
    opened.close()
    os.chdir(before)


@pytest.mark.hunt
def test_any_cell_runs_or_says_why_not(ground: Ground) -> None:
    rng, ran = random.Random(1), 0
    for _ in range(rounds(60, 2000)):
        ran += ground.run(cells.cell(rng))
    assert ran > 20


@pytest.mark.parametrize("text", cells.kept())
def test_what_once_went_wrong_is_right(text: str) -> None:
    ask(text, random.Random(text))


def test_statements_nested_in_each_other_are_looked_at_once_each() -> None:
    text = "SELECT x FROM " + "(SEARCH IMAGE text='a' USING mini AS " * 40 + "없는_표" + ")" * 40
    ask(text, random.Random(1))


@pytest.mark.parametrize(
    "text", ["SELECT id\udcff FROM photos", "PRINT T\ud800ABLE", "%thanosql SELECT '\udcff'"]
)
def test_half_of_a_letter_is_refused_where_it_stands(text: str) -> None:
    ask(text, random.Random(1))
    with pytest.raises(ParseError, match="half of a letter") as caught:
        parse_cell(text)
    assert text[slice(*caught.value.span)] in ("\udcff", "\ud800")
    assert [mark.span for mark in diagnose(Document(text))] == [caught.value.span]


def test_cells_that_would_leave_their_folder_are_not_tried() -> None:
    for path in ("/tmp/x.csv", "../x.csv", "a/x.csv", "s3://a/x.csv"):
        assert not stays_inside(f"EXPORT SELECT 1 TO '{path}'")
    assert stays_inside("EXPORT SELECT 1 TO 'x.csv'")
    assert stays_inside("SELECT 1")
