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
        "setting display.rows\nrows of a table that are shown at once (integer); 20 unless given"
    )


def test_a_column_that_does_not_exist_yet_has_a_page():
    cell = "SELECT mini_clipmini_similarity1 FROM (SEARCH IMAGE text='a' USING mini AS SELECT * FROM t)"
    assert "FLOAT" in page(cell, "mini_clipmini_similarity1")


def test_nothing_is_said_where_nothing_is_known():
    assert page("SELECT 1 + 2", "+") is None
    assert page("-- 고양이", "고양이") is None
