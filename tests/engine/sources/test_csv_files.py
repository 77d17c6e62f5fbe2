"""Csv files as people have them: the rows and columns that an eye sees in them."""

from __future__ import annotations

import pytest

LONG = "QUJD,;|\t" * 25_000


def test_a_field_of_200_kb_does_not_hide_the_separator(copies):
    rows = copies.of("사진.csv", f'번호;이름;자료\n1;고양이;"{LONG}"\n2;개;x\n')
    assert rows == [
        {"번호": 1, "이름": "고양이", "자료": LONG},
        {"번호": 2, "이름": "개", "자료": "x"},
    ]


def test_a_record_beyond_the_sample_does_not_hide_the_separator(copies):
    rows = copies.of("a.csv", "a;b;c\n1;x;" + "가" * 1_500_000 + "\n2;y;z\n")
    assert [(row["a"], row["b"], len(row["c"])) for row in rows] == [(1, "x", 1_500_000), (2, "y", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "x,y\r\n1,a\n2,b\r\n3,c\n",
        "x,y\n1,a\r\n2,b\n3,c\r\n",
        "x,y\n1,a\r2,b\r\n3,c",
        "x,y\r1,a\r2,b\r3,c\r",
        "x,y\r\n\r\n1,a\r\n\n2,b\n3,c\r\n\r\n",
        "\ufeffx,y\n1,a\n2,b\n3,c\n",
        '"x","y"\n"1","a"\n"2","b"\n"3","c"',
    ],
)
def test_line_ends_of_all_kinds_and_mixed_end_lines(copies, text):
    assert copies.of("a.csv", text) == [{"x": 1, "y": "a"}, {"x": 2, "y": "b"}, {"x": 3, "y": "c"}]


def test_line_ends_in_quotes_are_left_alone_in_a_mixed_file(copies):
    rows = copies.of("a.csv", 'x;y\r\n1;"a\r\nb"\n2; "c\n;""d"""\r\n3;5" pipe\n')
    assert [row["y"] for row in rows] == ["a\r\nb", 'c\n;"d"', '5" pipe']


def test_a_mixed_file_larger_than_a_chunk_is_read_whole(copies):
    unit = '1,"a\r\nb, ""c"""\r\n22,x\n'
    copies.of("a.csv", "n,x\r\n" + unit * 300_000)
    found = copies.rows("SELECT count(*) AS n, count(DISTINCT x) AS kinds, sum(length(x)) AS size FROM t")
    assert [int(value) for value in found[0].values()] == [600_000, 2, 300_000 * (len('a\r\nb, "c"') + 1)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('a;b\n"x;y";"1,5"\n', [{"a": "x;y", "b": "1,5"}]),
        ("a\u2028b,c\n1,x\u2028y\n", [{"a\u2028b": 1, "c": "x\u2028y"}]),
        ("x,x,X\n1,2,3\n", [{"x": 1, "x_1": 2, "X_2": 3}]),
        ("이름\n고양이\n개\n", [{"이름": "고양이"}, {"이름": "개"}]),
        ("x,y\n1,a\x00b\n", [{"x": 1, "y": "a\x00b"}]),
        ("x,y\n1,\n2,b\n", [{"x": 1, "y": None}, {"x": 2, "y": "b"}]),
        ('x,y\n1,a"b"c\n', [{"x": 1, "y": 'a"b"c'}]),
    ],
)
def test_small_files_are_read_as_they_look(copies, text, rows):
    assert copies.of("a.csv", text) == rows


def test_utf_16_without_a_mark_is_text(copies):
    assert copies.of("a.csv", "name,count\ncat,1\ndog,2\n".encode("utf-16-le")) == [
        {"name": "cat", "count": 1},
        {"name": "dog", "count": 2},
    ]


@pytest.mark.parametrize("content", [b'x,y\n1,"open\n2,b\n', b'x,y\n1,"q" z\n', b"x,y\n1,a,b\n", b"x,y\n1\n"])
def test_a_line_that_can_be_read_in_two_ways_is_refused_with_file_and_line(copies, content):
    copies.write("깨짐.csv", content)
    error = copies.error("깨짐.csv")
    assert error.code == "TS501"
    assert "깨짐.csv" in error.message
    assert "line 2" in error.message
