"""Files added to a table that is there: its types hold, and no value changes on the way."""

from __future__ import annotations

import datetime as dt

import pytest

APPEND = "if_exists='append'"


@pytest.mark.parametrize("text", ["1.50", "TRUE", "2024/1/5", "1e3", " 7 ", "98765", "2024-01-01T10:00:00Z"])
def test_a_column_of_text_gets_the_text_as_it_is_written(copies, text):
    copies.of("a.csv", "n,값\n1,고양이\n")
    copies.write("b.csv", f'값,n\n"{text}",2\n')
    assert copies.copy("b.csv", APPEND) == [{"n": 1, "값": "고양이"}, {"n": 2, "값": text}]


@pytest.mark.parametrize(
    ("first", "added"),
    [
        ("1", "1.5"),
        ("1", "99999999999999999999"),
        ("1", "고양이"),
        ("0.5", "9007199254740993"),
        ("2024-01-01", "2024-01-01 10:00:00"),
        ("2024-01-01 10:00:00", "2024-01-01 10:00:00+09:00"),
        ("2024-01-01 10:00:00+09:00", "2024-01-01 10:00:00"),
    ],
)
def test_a_value_that_the_column_cannot_hold_is_refused(copies, first, added):
    before = copies.of("a.csv", f"값\n{first}\n")
    copies.write("b.csv", f"값\n{added}\n")
    assert copies.error("b.csv", APPEND).code in ("TS300", "TS301", "TS501")
    assert copies.rows("SELECT * FROM t") == before


@pytest.mark.parametrize(
    ("first", "added", "value"),
    [
        ("0.5", "2", 2.0),
        ("1", "2", 2),
        ("99999999999999999999", "7", 7),
        ("2024-01-01 10:00:00", "2024-01-02", dt.datetime(2024, 1, 2)),
    ],
)
def test_a_value_that_fits_takes_the_type_of_the_column(copies, first, added, value):
    copies.of("a.csv", f"값\n{first}\n")
    copies.write("b.csv", f"값\n{added}\n")
    assert copies.copy("b.csv", APPEND)[1]["값"] == value
    copies.write("c.json", f'[{{"값": "{added}"}}]' if "-" in added else f'[{{"값": {added}}}]')
    assert copies.copy("c.json", APPEND)[2]["값"] == value
