"""Files are known by what they hold; copies by what tells them apart, and by nothing if nothing does."""

import pytest

from thanosql_kernel.engine.refresh.matching import File, pairs


def matched(lost: list[str], found: list[str]) -> dict[str, str]:
    """Pairs of paths; files are written ``content path time``."""
    before, after = ([_file(text) for text in side] for side in (lost, found))
    return {before[one].path: after[other].path for one, other in pairs(before, after).items()}


def _file(text: str) -> File:
    content, path, time = text.split()
    return File(path, None if content == "?" else content, int(time))


@pytest.mark.parametrize(
    ("lost", "found", "expected"),
    [
        (["A a 1"], ["A b 2"], {"a": "b"}),
        (["A a 1"], ["B b 1"], {}),
        (["? a 1"], ["? b 1"], {}),
        (["A a 1", "B b 1"], ["B a 1", "A b 1"], {"a": "b", "b": "a"}),
        (["A a 1", "A b 1"], ["A c 1", "A d 1"], {}),
        (["A a 1", "A b 1"], ["A c 1"], {}),
        (["A a 1"], ["A c 1", "A d 1"], {}),
        (["A x/a 1", "A x/b 1"], ["A y/a 1", "A y/b 1"], {"x/a": "y/a", "x/b": "y/b"}),
        (["A x/a 1", "A y/a 1"], ["A z/a 1"], {}),
        (["A a 1", "A b 2"], ["A c 2", "A d 1"], {"a": "d", "b": "c"}),
        (["A a 1", "A b 2"], ["A b 1", "A c 2"], {"b": "b", "a": "c"}),
        (["A x/a 1", "A x/b 2"], ["A y/a 1", "A y/c 9"], {"x/a": "y/a", "x/b": "y/c"}),
    ],
)
def test_a_row_gets_the_one_file_that_can_be_its(lost, found, expected):
    assert matched(lost, found) == expected
    backwards = {other: one for one, other in matched(found, lost).items()}
    assert backwards == expected


def test_ten_thousand_copies_are_told_apart_by_their_names():
    lost = [f"A x/{number} 1" for number in range(10_000)]
    assert len(matched(lost, [text.replace("x/", "y/") for text in lost])) == 10_000
