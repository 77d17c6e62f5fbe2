"""People find what they want near the top of the list: measured over sessions as people type them."""

from __future__ import annotations

import pytest

from tests.completion import documented, reached
from tests.completion.score import by_kind, find, mean, worst
from tests.completion.truth import carets
from tests.documented_cells import documented_cells

_LEAST_OVERALL = 0.96
_LEAST_DOCUMENTED = 0.8
#: A kind of place may lose as much: rounding, and one caret of many that moves down by one.
_SLACK = 0.005


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return [find(caret) for caret in carets(tmp_path_factory.mktemp("truth"))]


def told(found):
    return "\n".join(map(str, worst(found, 5)))


def test_there_are_hundreds_of_carets_of_many_kinds(found):
    assert len(found) >= 450
    assert len(by_kind(found)) >= 30
    assert sum(any(letter >= "가" for letter in one.caret.before) for one in found) >= 125


def test_the_answer_is_near_the_top(found):
    assert mean(found) >= _LEAST_OVERALL, told(found)


def test_no_kind_of_place_is_worse_than_it_was(found):
    before = reached.read()
    assert before.keys() == {"overall", *by_kind(found)}
    worse = {
        kind: told(group) for kind, group in by_kind(found).items() if mean(group) < before[kind] - _SLACK
    }
    assert not worse, "\n".join(worse.values())


def test_the_answer_is_near_the_top_in_the_documented_cells():
    found = [find(caret) for caret in documented.carets(documented_cells())]
    assert len(found) > 500
    assert mean(found) >= _LEAST_DOCUMENTED, told(found)
