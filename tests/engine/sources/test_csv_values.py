"""Each value of a csv is the one that is written: exact, or text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest


def plain(values):
    return [int(value) if isinstance(value, Decimal) else value for value in values]


@pytest.mark.parametrize(
    "texts",
    [
        ["1234567890123456789", "1234567890123456790"],
        ["9007199254740993", "-9007199254740993"],
        ["9223372036854775807", "-9223372036854775808"],
        ["9223372036854775808", "1"],
        ["18446744073709551616", "-99999999999999999999"],
        ["9" * 38, "0"],
    ],
)
def test_whole_numbers_of_any_size_are_exact(column, texts):
    kind, values = column(*texts)
    assert kind in ("BIGINT", "DECIMAL(38,0)")
    assert plain(values) == [int(text) for text in texts]


@pytest.mark.parametrize(
    "texts",
    [
        ["9" * 39, "1"],
        ["01234", "98765"],
        ["+821012345678", "+8210"],
        ["12345678901234567.89", "0.5"],
        ["9007199254740993", "0.5"],
        ["1e400", "1"],
        ["1e-500", "1"],
        ["16:09", "25:10"],
        ["16:09:00", "09:00:00"],
        ["25-11-2025", "01-02-2025"],
        ["11/25/2025", "01/02/2025"],
        ["BBD05AE7-1234-5678-9ABC-DEF012345678"],
        ["1,5", "2,5"],
        ["2024-01-01T10:00:00+09:00", "2024-01-01T10:00:00"],
        ["2024-01-01T10:00:00Z", "2024-01-01"],
        ["2024-01-01 10:00:00.123456789"],
        ["2024-01-01 10:00:00 Asia/Seoul"],
        ["NaN", "1"],
        ["yes", "no"],
    ],
)
def test_what_no_type_holds_as_it_is_written_stays_text(column, texts):
    assert column(*texts) == ("VARCHAR", texts)


@pytest.mark.parametrize(
    "texts",
    [
        ["0.1", "-2.5e3", ".5", "7"],
        ["0.30000000000000004", "0.10000000000000001"],
        ["1.000000000000000056e-01", "2.500000000000000000e+00"],
        ["37.5665350000000000000", "126.9779692"],
        ["123456789012345.67"],
    ],
)
def test_decimals_are_doubles_where_the_double_is_what_is_written(column, texts):
    assert column(*texts) == ("DOUBLE", [float(text) for text in texts])


def test_times_with_a_zone_keep_the_moment(column):
    kind, values = column("2024-01-01T10:00:00+09:00", "2024-01-01T10:00:00Z", "2024-01-01 10:00:00.25-0330")
    assert kind == "TIMESTAMP WITH TIME ZONE"
    assert [value.astimezone(dt.UTC).replace(tzinfo=None) for value in values] == [
        dt.datetime(2024, 1, 1, 1),
        dt.datetime(2024, 1, 1, 10),
        dt.datetime(2024, 1, 1, 13, 30, 0, 250000),
    ]


def test_times_without_a_zone_and_days_are_what_they_say(column):
    assert column("2024-01-01 10:00", "2024-01-02T11:00:01.5000000") == (
        "TIMESTAMP",
        [dt.datetime(2024, 1, 1, 10), dt.datetime(2024, 1, 2, 11, 0, 1, 500000)],
    )
    assert column("2024-01-31", "2024-2-1") == ("DATE", [dt.date(2024, 1, 31), dt.date(2024, 2, 1)])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("7", "BIGINT"),
        ("123456789012345678901", "DECIMAL(38,0)"),
        ("1.5", "DOUBLE"),
        ("0.30000000000000004", "DOUBLE"),
        ("true", "BOOLEAN"),
        ("2024-01-31", "DATE"),
        ("2024-01-01 10:00", "TIMESTAMP"),
        ("2024-01-01 10:00+09:00", "TIMESTAMP WITH TIME ZONE"),
        ("글", "VARCHAR"),
    ],
)
@pytest.mark.parametrize("missing", [0, 1, 2, 12_000])
def test_a_value_that_is_missing_takes_no_type_away(copies, text, kind, missing):
    lines = [f"{at},{'' if at == missing else text}" for at in range(max(3, missing + 1))]
    rows = copies.of("a.csv", "\n".join(["n,값", *lines]) + "\n")
    assert copies.types()["값"] == kind
    assert [row["n"] for row in rows if row["값"] is None] == [missing]


def test_a_type_that_fails_far_down_gives_way_to_the_next(copies):
    lines = "".join(f"{at},{at}\n" for at in range(12_000))
    copies.of("a.csv", f"큰수,소수\n{lines}99999999999999999999,0.5\n")
    assert [column.type for column in copies.connection.session.catalog.table("t").columns] == [
        "DECIMAL(38,0)",
        "DOUBLE",
    ]
