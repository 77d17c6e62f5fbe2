"""docs/sql.md is what running every form gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hunts import IS_WHOLE, one_of
from tests.sql_forms.__main__ import page, row
from tests.sql_forms.running import forms, outcomes

PAGE = Path(__file__).parents[2] / "docs" / "sql.md"

#: Raise it with every form that runs more.
LEAST_RUNNING = 189


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return list(outcomes(tmp_path_factory.mktemp("forms"), one_of(4, forms())))


@pytest.mark.hunt
@pytest.mark.e2e
def test_the_page_is_up_to_date(found):
    text = PAGE.read_text("utf-8")
    assert [row(outcome) for outcome in found if row(outcome) not in text.splitlines()] == [], (
        "run: make docs"
    )
    assert not IS_WHOLE or text == page(found), "run: make docs"


def test_there_are_forms_enough_and_each_has_a_name_of_its_own():
    names = [form.name for form in forms()]
    assert len(names) == len(set(names)) >= 150


def test_as_many_run_as_ever():
    """The page says how many; that it is right is tried above."""
    running, of_all = map(int, re.search(r"\*\*(\d+) of (\d+) forms run", PAGE.read_text("utf-8")).groups())
    assert running >= LEAST_RUNNING
    assert of_all == len(list(forms()))


@pytest.mark.hunt
@pytest.mark.e2e
def test_rows_that_come_back_are_duckdbs(found):
    assert [(one.form.name, one.difference) for one in found if one.difference] == []


@pytest.mark.hunt
@pytest.mark.e2e
def test_an_answer_is_no_bug_and_names_nothing_inner(found):
    for outcome in found:
        answer = outcome.answer
        assert not answer.startswith("TS900"), outcome
        for inner in (
            "_thanosql",
            "_n1",
            "_q(",
            "temp.",
            "SET threads",
            "enable_external_access",
            "json_serialize",
        ):
            assert inner not in answer, outcome
