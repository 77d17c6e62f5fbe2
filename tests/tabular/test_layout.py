"""What separates values and what stands above them, as an eye sees it."""

from __future__ import annotations

import pytest

from thanosql_kernel.tabular.layout import layout_of
from thanosql_kernel.tabular.names import column_names


@pytest.mark.parametrize(
    ("text", "separator", "above", "header", "titles"),
    [
        ("x,y\n1,2\n", ",", 1, ("x", "y"), ()),
        ("\n\nx,y\n1,2\n", ",", 3, ("x", "y"), ()),
        ("sep=;\r\nx;y\r\n1,5;2\r\n", ";", 2, ("x", "y"), ()),
        ('\ufeff"sep=|"\nx|y\n1|2\n', "|", 2, ("x", "y"), ()),
        ("My title\n\nx,y\n1,2\n", ",", 3, ("x", "y"), ("My title",)),
        ("# made by\n# me\nx,y\n1,2\n3,4\n", ",", 3, ("x", "y"), ("# made by", "# me")),
        ("Title,,\n,,\na,b,c\n1,2,3\n", ",", 3, ("a", "b", "c"), ("Title",)),
        ("#id,name\n1,x\n", ",", 1, ("#id", "name"), ()),
        (",value\n0,1\n1,2\n", ",", 1, ("", "value"), ()),
        ("text\nhello, world\nfoo\n", ",", 1, ("text",), ()),
        ('"a\nb",c\n1,2\n', ",", 1, ("a\nb", "c"), ()),
        ("a;b\n1,5;2,5\n", ";", 1, ("a", "b"), ()),
        ("a\u2028b\tc\n1\t2\n", "\t", 1, ("a\u2028b", "c"), ()),
    ],
)
def test_a_table_is_found_in_its_text(text, separator, above, header, titles):
    layout = layout_of(text)
    assert layout is not None
    assert (layout.separator, layout.above, layout.header, layout.titles) == (
        separator,
        above,
        header,
        titles,
    )


def test_what_is_said_holds():
    layout = layout_of('junk "q\nmore\nx;y,z\n1;2,3\n', separator=",", skip=2)
    assert layout is not None
    assert (layout.above, layout.header) == (3, ("x;y", "z"))
    layout = layout_of("1,2\n3,4\n", header=False)
    assert layout is not None
    assert (layout.above, layout.header, layout.width) == (0, None, 2)
    assert layout_of("\n\n") is None


@pytest.mark.parametrize(("header", "are"), [(("1", "kim"), True), (("2024-01-02", "x"), True), (("a.jpg",), True),
                                             (("id", "2024"), False), (("이름", "값"), False)])  # fmt: skip
def test_names_that_look_like_a_row_are_seen(header, are):
    layout = layout_of(",".join(header) + "\n")
    assert layout is not None
    assert layout.looks_like_values is are


def test_names_are_unique_and_none_is_empty():
    assert column_names(["a", " a ", "", "A"]) == ["a", "a_1", "column3", "A_2"]
