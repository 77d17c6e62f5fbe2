"""Shift-Tab: a short page on the word at the cursor."""

import pytest

from thanosql_kernel.jupyter.assist import inspect


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("THANOSQL_DATABASE", raising=False)


def page(cell, word):
    content = inspect(cell, cell.index(word) + 1)
    assert content["status"] == "ok"
    return content["data"].get("text/plain") if content["found"] else None


def test_a_statement_an_option_and_a_model_have_pages():
    cell = "CONVERT USING clip OPTIONS(batch_size=8) AS SELECT * FROM t"
    assert "CONVERT USING model" in page(cell, "CONVERT")
    assert "results do not depend on it" in page(cell, "batch_size")
    assert "ViT-B/32" in page(cell, "clip")


def test_a_setting_has_a_page():
    assert page("SET display.rows = 5", "rows") == (
        "setting display.rows\nrows of a table that are shown at once (integer); 20 unless given\n"
        "example: SET display.rows = 20"
    )


def test_a_column_that_does_not_exist_yet_has_a_page():
    cell = "SELECT mini_clipmini_similarity1 FROM (SEARCH IMAGE text='a' USING mini AS SELECT * FROM t)"
    assert "FLOAT" in page(cell, "mini_clipmini_similarity1")


def test_nothing_is_said_where_nothing_is_known():
    assert page("SELECT 1 + 2", "+") is None
    assert page("-- 고양이", "고양이") is None


@pytest.mark.parametrize(
    ("cell", "word", "example"),
    [
        ("CONVERT USING clip AS SELECT * FROM t", "clip", "CONVERT USING clip OPTIONS(table_name='photos') AS SELECT * FROM photos"),
        ("COPY 사진 FROM 'a.csv'", "사진", "SELECT * FROM 사진 LIMIT 5"),
        ("CONVERT USING mini OPTIONS(on_error='null') AS SELECT * FROM t", "on_error", "CONVERT USING … OPTIONS(on_error='fail') …"),
        ("CONVERT USING mini OPTIONS(batch_size=8) AS SELECT * FROM t", "batch_size", "CONVERT USING … OPTIONS(batch_size=16) …"),
        ("SELECT mini_clipmini FROM (CONVERT USING mini AS SELECT * FROM t)", "mini_clipmini",
         "SEARCH IMAGE text='a black cat' USING mini OPTIONS(emb_col='mini_clipmini') AS SELECT * FROM …"),
        ("SELECT mini_clipmini_similarity1 FROM (SEARCH IMAGE text='a' USING mini AS SELECT * FROM t)", "mini_clipmini_similarity1",
         "SELECT mini_clipmini_similarity1 FROM … ORDER BY mini_clipmini_similarity1 DESC LIMIT 5"),
    ],
)  # fmt: skip
def test_a_page_ends_with_an_example(cell, word, example):
    assert page(cell, word).splitlines()[-1] == f"example: {example}"
    markdown = inspect(cell, cell.index(word) + 1)["data"]["text/markdown"]
    assert markdown.endswith(f"Example:\n\n```sql\n{example}\n```")
