"""Workbooks: the visible sheet, cells as Excel shows them, numbers that Excel really has."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest


@pytest.fixture
def sheet(copies):
    """Rows of a workbook with one sheet."""

    def make(*rows, name="표.xlsx"):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(copies.folder / name)
        return copies.copy(name)

    return make


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ([1e20, 1], [1e20, 1.0]),
        ([-1e300, 5], [-1e300, 5.0]),
        ([2**53 - 1, 1], [2**53 - 1, 1]),
        ([9.2e18, 1], [9.2e18, 1.0]),
        ([1, 2.5], [1.0, 2.5]),
        ([1e20, "합계"], ["1e+20", "합계"]),
        ([True, 1], ["TRUE", "1"]),
        ([True, False], [True, False]),
        ([1, None], [1, None]),
        ([dt.datetime(1900, 1, 1), dt.datetime(9999, 12, 31)], [dt.date(1900, 1, 1), dt.date(9999, 12, 31)]),
        (
            [dt.date(2024, 1, 1), dt.datetime(2024, 1, 1, 9)],
            [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 9)],
        ),
        (["1850-01-01", dt.date(2024, 1, 1)], ["1850-01-01", "2024-01-01"]),
        ([dt.timedelta(hours=30), dt.timedelta(minutes=5)], ["30:00:00", "0:05:00"]),
    ],
)
def test_cells_keep_their_values(sheet, cells, values):
    assert [row["x"] for row in sheet(["n", "x"], *([at, cell] for at, cell in enumerate(cells)))] == values


def test_the_first_sheet_to_be_seen_is_read_and_the_others_are_named(copies):
    book = openpyxl.Workbook()
    book.active.title = "숨김"
    book.active.append(["비밀"])
    book.active.append([1])
    book.active.sheet_state = "hidden"
    book.create_sheet("빈 것")
    for name in ("보임", "다음"):
        other = book.create_sheet(name)
        other.append(["x"])
        other.append([name])
    book.save(copies.folder / "표.xlsx")
    assert copies.copy("표.xlsx") == [{"x": "보임"}]
    assert copies.notices == ("sheet 보임 was read; 숨김 (hidden), 다음 was not",)


def test_an_error_cell_is_null_among_numbers(copies):
    book = openpyxl.Workbook()
    for row in (["n", "x"], [1, 5], [2, "#N/A"], [3, 7]):
        book.active.append(row)
    book.active["B3"].data_type = "e"
    book.save(copies.folder / "표.xlsx")
    assert [row["x"] for row in copies.copy("표.xlsx")] == [5, None, 7]


def test_a_very_wide_sheet_is_read(sheet):
    (row,) = sheet([f"열{at}" for at in range(2000)], list(range(2000)))
    assert list(row.values()) == list(range(2000))


def test_titles_numbers_as_names_and_empty_parts(sheet, copies):
    assert sheet(["제목", None, None], [], ["x", 2024, 2025], [1, 2, 3], [None], [4, 5, 6]) == [
        {"x": 1, "2024": 2, "2025": 3},
        {"x": 4, "2024": 5, "2025": 6},
    ]
    assert copies.notices == ("표.xlsx: left out above the column names: 제목",)


def test_a_sheet_is_read_by_name_and_by_number(copies):
    book = openpyxl.Workbook()
    book.active.append(["x"])
    other = book.create_sheet("둘째")
    for row in (["y"], [1], [2]):
        other.append(row)
    book.save(copies.folder / "표.xlsx")
    for sheet in ("'둘째'", "2"):
        assert copies.copy("표.xlsx", f"if_exists='replace', sheet={sheet}") == [{"y": 1}, {"y": 2}]
    rows = copies.copy("표.xlsx", "if_exists='replace', sheet=2, skip=1, header=False")
    assert rows == [{"column1": 1}, {"column1": 2}]
    for sheet in ("'셋째'", "3"):
        error = copies.error("표.xlsx", f"if_exists='replace', sheet={sheet}")
        assert (error.code, "둘째" in (error.hint or "")) == ("TS501", True)


def test_errors_and_formulas_without_a_value_are_counted(copies):
    book = openpyxl.Workbook()
    for row in (["n", "x"], [1, "#N/A"], [2, "=1+1"]):
        book.active.append(row)
    book.active["B2"].data_type = "e"
    book.save(copies.folder / "표.xlsx")
    assert [row["x"] for row in copies.copy("표.xlsx")] == [None, None]
    assert [notice.count(": 1") for notice in copies.notices] == [1, 1]


def test_a_workbook_with_a_password_is_told_by_name(copies):
    inside = "EncryptedPackage".encode("utf-16-le")
    copies.write("비밀.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + inside + bytes(600))
    assert copies.error("비밀.xlsx").message == "비밀.xlsx needs a password"
