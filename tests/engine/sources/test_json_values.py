"""Each value of a JSON file is the one that is written."""

from __future__ import annotations

import gzip
import json
import math
from decimal import Decimal

import pytest

TEXTS = [
    "BBD05AE7-1234-5678-9ABC-DEF012345678",
    "25-11-2025",
    "2025-11-25",
    "16:09",
    "2024-01-01T10:00:00+09:00",
    "123",
    "12345678901234567890123",
    "true",
    "1e5",
    "한글",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("lines", [False, True])
def test_a_string_stays_as_it_is_written(copies, text, lines):
    record = {"x": text, "안": {"y": [text, None]}}
    content = json.dumps(record) + "\n" if lines else json.dumps([record])
    assert copies.of("a.json", content) == [record]


@pytest.mark.parametrize(
    "values",
    [
        [1, 2],
        [-1, 9223372036854775807],
        [1234567890123456789, 1234567890123456790],
        [18446744073709551615, -1],
        [123456789012345678901234567890, 1],
        [-9223372036854775809],
    ],
)
def test_whole_numbers_of_any_size_are_exact(copies, values):
    rows = copies.of("a.json", json.dumps([{"n": value, "안": {"m": [value, 7]}} for value in values]))
    assert [int(row["n"]) for row in rows] == values
    assert [[int(item) for item in row["안"]["m"]] for row in rows] == [[value, 7] for value in values]
    assert all(isinstance(row["n"], (int, Decimal)) for row in rows)


@pytest.mark.parametrize("value", [7, 123456789012345678901, 1.5, 0.30000000000000004])
def test_a_number_that_is_missing_takes_no_type_away(copies, value):
    content = [{"n": value, "안": {"m": [value, None]}}, {"n": None, "안": {"m": None}}, {"안": None}]
    rows = copies.of("a.json", json.dumps(content))
    assert [row["n"] for row in rows] == [value, None, None]
    assert rows[0]["안"]["m"] == [value, None]
    assert not isinstance(rows[0]["안"]["m"][0], str)


def test_numbers_that_no_number_type_holds_together_are_text(copies):
    rows = copies.of("a.json", '[{"n": 12345678901234567890123}, {"n": 0.5}]')
    assert [row["n"] for row in rows] == ["12345678901234567890123", "0.5"]
    assert [row["n"] for row in copies.of("a.json", '[{"n": 1e400}, {"n": 2}]')] == ["1e400", "2"]
    assert [row["n"] for row in copies.of("a.json", '[{"n": 0.1}, {"n": 2}]')] == [0.1, 2.0]


def test_nan_and_infinity_of_other_programs_are_read(copies):
    values = [row["n"] for row in copies.of("a.json", '[{"n": NaN}, {"n": -Infinity}, {"n": 1.5}]')]
    assert math.isnan(values[0])
    assert values[1:] == [-math.inf, 1.5]


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbf[{"a":1},{"a":2}]',
        b'\xef\xbb\xbf{"a":1}\n{"a":2}\n',
        '[{"a":1},{"a":2}]'.encode("utf-16"),
        b'{"a":1}\r\n\r\n{"a":2}\r\n',
        b'[\n {"a": 1},\n {"a": 2}\n]\n',
        b'{"a":1}{"a":2}',
    ],
)
def test_records_are_rows_whatever_stands_around_them(copies, content):
    assert copies.of("a.json", content) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("name", ["a.json.gz", "a.jsonl.gz", "a.ndjson.gz", "자료.json.GZ", "a.json"])
def test_packed_json_is_read(copies, name):
    content = gzip.compress(b'{"a":1,"b":"x"}\n{"a":2,"b":null}\n')
    assert copies.of(name, content) == [{"a": 1, "b": "x"}, {"a": 2, "b": None}]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ('[{"a": 1}]', [{"a": 1}]),
        ('{"a": {"b": [1, 2]}}', [{"a": {"b": [1, 2]}}]),
        ('[{"a": 1}, {"b": "x"}]', [{"a": 1, "b": None}, {"a": None, "b": "x"}]),
        ('[{"a": 1}, {"a": "x"}]', [{"a": "1"}, {"a": '"x"'}]),
        ('[{"a": null}]', [{"a": None}]),
        ('[{"date": 1, "a b": 2, "it\'s": 3}]', [{"date": 1, "a b": 2, "it's": 3}]),
        ('[{"a": 1, "A": "2024-01-01"}]', [{"a": "1", "A_1": "2024-01-01"}]),
        ('["x", "16:09"]', [{"json": "x"}, {"json": "16:09"}]),
        ("[1, 2]", [{"json": 1}, {"json": 2}]),
        ('[{"a": "x\\u0000y"}]', [{"a": "x\x00y"}]),
    ],
)
def test_shapes_become_columns(copies, content, rows):
    assert copies.of("a.json", content) == rows


def test_a_record_text_is_a_source(copies):
    rows = copies.copy('[{"경로": "it\'s.jpg", "id": 12345678901234567890123, "날": "25-11-2025"}]')
    assert [(row["경로"], int(row["id"]), row["날"]) for row in rows] == [
        ("it's.jpg", 12345678901234567890123, "25-11-2025")
    ]


@pytest.mark.parametrize(
    "content", [b'[{"a":1},', b'{"a":1}\n{"a":', b'[{"a":1,"a":2}]', b"\x00\x01\x02", b'[{"a":"\\ud83d"}]']
)
def test_what_is_no_json_is_refused_with_the_files_name(copies, content):
    copies.write("깨짐.json", content)
    error = copies.error("깨짐.json")
    assert error.code == "TS501"
    assert "깨짐.json" in error.message
    assert str(copies.folder) not in error.message
