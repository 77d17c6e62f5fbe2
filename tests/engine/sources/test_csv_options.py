"""What COPY can be told of a csv file, and what it says of what it decided itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

REPLACE = "if_exists='replace', "


def test_options_say_how_a_file_is_written(copies):
    copies.write("a.csv", "쓸데없는 줄\n이름|zip|price\n홍길동|01234|1.50\n".encode("cp949"))
    options = "delimiter='|', encoding='euc-kr', skip=1, types=['zip VARCHAR', 'price DECIMAL(10,2)']"
    assert copies.copy("a.csv", REPLACE + options) == [
        {"이름": "홍길동", "zip": "01234", "price": Decimal("1.50")}
    ]
    assert copies.notices == ()
    copies.write("b.csv", "1\tx\n2\ty\n")
    rows = copies.copy("b.csv", REPLACE + r"delimiter='\t', header=False")
    assert rows == [{"column1": 1, "column2": "x"}, {"column1": 2, "column2": "y"}]


@pytest.mark.parametrize(
    ("options", "content", "code", "said"),
    [
        ("types=['price DECIMAL(10,2)']", "price\n1.555\n", "TS501", "1.555"),
        ("types=['n INTEGER']", "n\n1.5\n", "TS501", "1.5"),
        ("types=['t TIMESTAMP']", "t\n2024-01-01T10:00:00+09:00\n", "TS501", "+09:00"),
        ("types=['t DATE']", "t\n2024-01-01 10:00\n", "TS501", "10:00"),
        ("types=['nn INTEGER']", "n\n1\n", "TS501", "no column nn"),
        ("types=['n INTEGR']", "n\n1\n", "TS300", "INTEGR"),
        ("types=['n']", "n\n1\n", "TS103", "name and a type"),
        ("delimiter='||'", "n\n1\n", "TS103", "one character"),
        ("encoding='eucc'", "n\n1\n", "TS103", "eucc"),
        ("encoding='utf-8'", b"n\n1\n\xff\n", "TS501", "line 3"),
        ("sheet=1", "n\n1\n", "TS104", "sheet"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(copies, options, content, code, said):
    copies.write("a.csv", content)
    error = copies.error("a.csv", REPLACE + options)
    assert error.code == code
    assert said in error.message


@pytest.mark.parametrize(
    ("content", "rows", "said"),
    [
        ("\n\nx,y\n1,2\n", [{"x": 1, "y": 2}], []),
        ("My title\n\nx,y\n1,2\n", [{"x": 1, "y": 2}], ["My title"]),
        ("a,a,b\n1,2,3\n", [{"a": 1, "a_1": 2, "b": 3}], ["a_1"]),
        ("a,b,\n1,2,\n", [{"a": 1, "b": 2}], ["column3"]),
        ("1,kim\n2,lee\n", [{"1": 2, "kim": "lee"}], ["header=False"]),
        ("김,나이\n홍길동,3\n".encode("cp949"), [{"김": "홍길동", "나이": 3}], ["CP949"]),
        ("Größe\n5\n".encode("cp1252"), [{"Größe": 5}], ["Windows-1252"]),
        ("x\n\n1\n\"\"\n2\n\n", [{"x": 1}, {"x": None}, {"x": 2}], []),
    ],
)  # fmt: skip
def test_what_was_decided_is_said(copies, content, rows, said):
    assert copies.of("a.csv", content) == rows
    assert len(copies.notices) == len(said)
    assert all(word in notice for word, notice in zip(said, copies.notices, strict=True))


@pytest.mark.parametrize(
    ("content", "said", "hint"),
    [
        ("x,y\n1,2\n" + '3,"open\n' + "1,2\n" * 3, "line 3", "twice"),
        ("a title\nx,y\n1,2\n", "line 2", "skip=1"),
        ("이름,나이\n홍길동,3\n".encode() + b"a\xff,3\n", "line 3", "encoding="),
        (b"a\n\xe8\xec\xff\xc8\xe2\xe0\xed\xd0\xd1\n", "encoding", "encoding="),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line_and_what_helps(copies, content, said, hint):
    copies.write("깨짐.csv", content)
    error = copies.error("깨짐.csv")
    assert (error.code, said in error.message, hint in (error.hint or "")) == ("TS501", True, True)


def test_a_quote_that_swallows_a_large_file_is_told_with_its_line(copies):
    copies.write("a.csv", "x,y\n" + "1,2\n" * 100 + '7,"open\n' + "1,2\n" * 4_500_000)
    assert "line 102" in copies.error("a.csv").message
