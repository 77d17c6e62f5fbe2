"""Tables, messages and help pages as HTML and as text."""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from wcwidth import wcswidth

sys.path.insert(0, str(Path(__file__).parent))
from display_cases import Tags, lines_of, table

from thanosql_kernel.catalog import Column, GeneratedColumn, Weights
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.tables import MAX_CELLS
from thanosql_kernel.jupyter.terminal import TEXT_COLUMNS
from thanosql_kernel.statements.results import MediaResult, Message, TableResult


def test_both_forms_are_always_there():
    for result in (Message("done"), table({"a": [1]}), MediaResult("image", (), 0)):
        assert set(mime_bundle(result)) == {"text/plain", "text/html"}


def test_a_table_is_aligned_with_numbers_at_the_right():
    result = table({"name": ["a", "longer"], "n": [5, 12345]})
    assert lines_of(result) == [
        "name        n",
        "------  -----",
        "a           5",
        "longer  12345",
        "2 rows",
    ]


def test_korean_letters_take_two_columns_so_that_the_next_column_lines_up():
    lines = lines_of(table({"이름": ["고양이", "cat", "강아지와 cat"], "x": ["|", "|", "|"]}))
    ends = [line.index("|") for line in lines[2:5]]
    assert len({wcswidth(line[:end]) for line, end in zip(lines[2:5], ends, strict=True)}) == 1


def test_a_cut_table_says_how_many_rows_there_are_in_both_forms():
    bundle = mime_bundle(table({"n": list(range(20))}, total=24_968))
    assert bundle["text/plain"].endswith("\n20 of 24,968 rows")
    assert "20 of 24,968 rows" in bundle["text/html"]


def test_an_empty_table_shows_its_columns():
    bundle = mime_bundle(table({"n": pa.array([], pa.int64())}))
    assert bundle["text/plain"] == "n\n-\n0 rows"
    assert Tags(bundle["text/html"]).heads()


def test_a_table_without_columns_still_says_how_many_rows():
    assert mime_bundle(TableResult(pa.table({}), 3, ()))["text/plain"] == "0 of 3 rows"


def test_html_in_data_names_types_and_notices_is_text():
    attack = "<script>alert('x')</script>\"&"
    result = TableResult(pa.table({attack: [attack]}), 1, (Column(attack, attack),), notices=(attack,))
    html = mime_bundle(result)["text/html"]
    tags = Tags(html)
    assert "script" not in [tag for tag, _ in tags.seen]
    assert "<script" not in html
    assert attack in tags.words
    assert mime_bundle(Message(attack))["text/html"].count("<script") == 0


def test_dollar_signs_are_not_typeset_as_mathematics():
    classes = Tags(mime_bundle(table({"price": ["$5 and $6"]}))["text/html"]).all("div")[0]["class"]
    assert "tex2jax_ignore" in classes
    assert "mathjax_ignore" in classes


def test_vectors_show_three_numbers_and_their_length():
    vectors = np.zeros((2, 512), np.float32)
    vectors[0, :3] = [0.01319, -0.0487, 0.0215]
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), 512)
    lines = lines_of(table(pa.table({"v": column}), types={"v": "FLOAT[512]"}))
    assert lines[2] == "[0.0132, -0.0487, 0.0215, …] (512)"
    assert lines[3] == "[0.0000, 0.0000, 0.0000, …] (512)"


def test_a_vector_that_is_null_is_null():
    column = pa.array([None, [1.0, 2.0]], pa.list_(pa.float32(), 2))
    assert lines_of(table(pa.table({"v": column})))[2:4] == ["NULL", "[1.0000, 2.0000] (2)"]


def test_a_slice_of_vectors_shows_its_own_rows():
    column = pa.array([[1.0, 1.0], [2.0, 2.0]], pa.list_(pa.float32(), 2))
    assert lines_of(table(pa.table({"v": column}).slice(1)))[2] == "[2.0000, 2.0000] (2)"


def test_null_differs_from_an_empty_string_and_stands_out_in_html():
    bundle = mime_bundle(table({"t": ["", None]}))
    assert bundle["text/plain"].split("\n")[2:4] == ["", "NULL"]
    cells = Tags(bundle["text/html"]).cells()
    assert "italic" not in cells[0]["style"]
    assert "italic" in cells[1]["style"]


def test_similarities_have_four_decimals_and_other_numbers_as_many_as_they_need():
    result = table(
        {
            "similarity": pa.array([0.27312345, 1.0, None, -0.5], pa.float32()),
            "price": pa.array([1234567.891, 2.0, 1 / 3, 1e-9]),
            "big": pa.array([1.5e300, float("nan"), float("inf"), -0.0]),
            "id": pa.array([2**62, 1, 0, -1]),
        }
    )
    columns = [line.split() for line in lines_of(result)[2:6]]
    assert columns == [
        ["0.2731", "1234567.891", "1.5e+300", "4611686018427387904"],
        ["1.0000", "2.0", "NaN", "1"],
        ["NULL", "0.333333", "inf", "0"],
        ["-0.5000", "1e-09", "0.0", "-1"],
    ]


def test_every_kind_of_value_has_one_line():
    result = table(
        pa.table(
            {
                "b": [True],
                "blob": [b"x" * 1234],
                "d": [date(2024, 1, 2)],
                "ts": pa.array([datetime(2024, 1, 2, 3, 4, 5)], pa.timestamp("ns")),
                "tz": pa.array([datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)], pa.timestamp("us", "UTC")),
                "dec": [Decimal("1.50")],
                "list": [["a", None, "b,c"]],
                "nested": [[{"x": 1, "y": [0.5]}]],
                "floats": [[0.1] * 20],
                "none": pa.nulls(1),
            }
        )
    )
    cells = re.split(r"\s{2,}", mime_bundle(result, columns=200)["text/plain"].split("\n")[2])
    assert cells == [
        "true",
        "<1,234 bytes>",
        "2024-01-02",
        "2024-01-02 03:04:05",
        "2024-01-02 03:04:05+00",
        "1.50",
        "['a', NULL, 'b,c']",
        "[{x: 1, y: [0.5]}]",
        "[0.1000, 0.1000, 0.1000, …] (20)",
        "NULL",
    ]


def test_control_characters_cannot_steer_the_console():
    plain = mime_bundle(table({"t": ["a\nb\r\nc\td\x1b[31m\u202eevil"]}))["text/plain"]
    assert plain.split("\n")[2] == "a↵b↵c d␛[31m\\u202eevil"


def test_long_text_is_shortened_and_whole_in_the_title():
    text = "가나다" * 100
    bundle = mime_bundle(table({"t": [text]}))
    line = bundle["text/plain"].split("\n")[2]
    assert line.endswith("…")
    assert TEXT_COLUMNS - 1 <= wcswidth(line) <= TEXT_COLUMNS
    assert Tags(bundle["text/html"]).cells()[0]["title"] == text


def test_paths_and_short_texts_stay_on_one_line_and_long_ones_are_broken():
    path, text = "thanosql-dataset/sample_photos/ai_benchmark/0.jpg", "짧은 글"
    cells = Tags(
        mime_bundle(table({"a": [path], "b": [text], "c": ["a long sentence " * 5]}))["text/html"]
    ).cells()
    assert ["nowrap" in cell["style"] for cell in cells] == [True, True, False]


def test_a_very_long_path_is_shortened_at_its_beginning_in_html_too():
    path = "사진/" * 100 + "고양이.jpg"
    html = mime_bundle(table({"image_path": [path]}))["text/html"]
    (cell,) = Tags(html).cells()
    assert cell["title"] == path
    assert any(word.startswith("…/사진/") and word.endswith("/고양이.jpg") for word in Tags(html).words)


def test_long_texts_keep_some_width_beside_columns_that_are_never_broken():
    cells = Tags(mime_bundle(table({"긴 글": ["가나다라 " * 20], "n": [1]}))["text/html"]).cells()
    assert ["min-width:16em;word-break:keep-all" in cell["style"] for cell in cells] == [True, False]


def test_a_huge_value_cannot_fill_the_notebook():
    bundle = mime_bundle(table({"t": ["x" * 5_000_000]}))
    assert sum(map(len, bundle.values())) < 5_000


def test_the_header_tells_the_type_and_the_model_that_made_the_column():
    made = GeneratedColumn("my_model", "clipen", "image", "image_path", Weights("clip", "1", "ab"), 512)
    column = pa.array([[1.0, 2.0]], pa.list_(pa.float32(), 2))
    result = TableResult(pa.table({"v": column}), 1, (Column("v", "FLOAT[2]", made),))
    title = Tags(mime_bundle(result)["text/html"]).heads()[0]["title"]
    assert "FLOAT[2]" in title
    assert "my_model" in title


def test_more_rows_than_a_notebook_bears_are_cut_and_counted():
    rows = MAX_CELLS + 500
    bundle = mime_bundle(table({"n": list(range(rows))}))
    assert f"{MAX_CELLS:,} of {rows:,} rows" in bundle["text/plain"]


def test_columns_of_one_name_are_both_shown():
    rows = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    result = TableResult(rows, 1, (Column("a", "BIGINT"), Column("a", "BIGINT")))
    assert lines_of(result)[2] == "1  2"


def test_notices_follow_in_both_forms():
    bundle = mime_bundle(table({"n": [1]}, notices=("mini stands in",)))
    assert bundle["text/plain"].endswith("1 row\nnote: mini stands in")
    assert "note: mini stands in" in Tags(bundle["text/html"]).words


def test_a_message_keeps_its_lines():
    bundle = mime_bundle(Message("one\ntwo", notices=("three",)))
    assert bundle["text/plain"] == "one\ntwo\nnote: three"
    assert "pre-wrap" in bundle["text/html"]


def test_a_help_page_is_markdown_and_text():
    bundle = mime_bundle(Message("plain", markdown="**page**"))
    assert bundle == {"text/plain": "plain", "text/markdown": "**page**"}


@pytest.mark.parametrize("sanitize", [False, True])
def test_the_list_of_statements_is_exported_as_it_is_read(sanitize):
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed: pip install -e '.[e2e]'")
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from thanosql_kernel.statements.cell import parse_cell

    (statement,) = parse_cell("HELP")
    output = new_output("display_data", data=mime_bundle(statement.run(None)))
    notebook = new_notebook(cells=[new_code_cell("HELP", outputs=[output])])
    html, _ = nbconvert.HTMLExporter(sanitize_html=sanitize).from_notebook_node(notebook)
    (line,) = [line for line in html.splitlines() if "PRINT IMAGE|AUDIO|VIDEO" in line]
    assert "&lt;" not in line
