"""JSON of any depth is read and written; up to Python's own depth in the same way as Python does it."""

from __future__ import annotations

import json

import pytest

from thanosql_kernel.duck import deep_json


def deep(depth, value):
    for level in range(depth):
        value = [value, level] if level % 2 else {'가"나': level, "안": value, "끝": None}
    return value


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        [[]],
        {"a": {}},
        1,
        -2.5e300,
        '글\\"\n',
        None,
        True,
        [1, [2, {"a": [3]}], "]"],
        {"": [{}, {"b": ":,"}]},
        deep(9, "x"),
    ],
)
def test_small_values_come_back_as_pythons_own_reader_and_writer_give_them(value):
    text = json.dumps(value)
    assert "".join(deep_json._written(value)) == text
    assert deep_json._read(text) == value
    assert deep_json._read(json.dumps(value, indent=2, ensure_ascii=False)) == value


def test_tens_of_thousands_of_levels_are_no_matter():
    text = deep_json.dumps(deep(30_000, "x"))
    assert len(text) > 150_000
    assert deep_json.dumps(deep_json.loads(text)) == text
