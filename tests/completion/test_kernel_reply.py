"""The kernel's reply: each text once, what was run before first, and nothing asked of DuckDB while somebody waits."""

from __future__ import annotations

import pytest

from thanosql_kernel.analysis.features import complete as completion
from thanosql_kernel.catalog import Catalog, Column, Table
from thanosql_kernel.catalog.location import locate
from thanosql_kernel.catalog.store import CatalogFile
from thanosql_kernel.duck import vocabulary, words
from thanosql_kernel.jupyter import assist


@pytest.fixture(autouse=True)
def database(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("THANOSQL_DATABASE", raising=False)
    columns = (Column("image_path", "VARCHAR"), Column("라벨", "VARCHAR"))
    tables = {name: Table(name, columns, 3, name, 1) for name in ("a", "b", "사진")}
    CatalogFile(locate(tmp_path / ".thanosql").internal).write(Catalog(revision=1, tables=tables))


def test_a_column_of_three_tables_is_one_match_without_its_from():
    reply = assist.complete("SELECT 라", len("SELECT 라"))
    assert reply["matches"][0] == "라벨"
    assert len(set(reply["matches"])) == len(reply["matches"])
    assert reply["cursor_start"] == len("SELECT ")


def test_tables_of_cells_that_ran_come_first():
    cell = "SELECT * FROM "
    assert assist.complete(cell, len(cell), "SELECT * FROM b;\nSELECT * FROM 사진")["matches"] == [
        "사진",
        "b",
        "a",
    ]


def test_duckdb_is_asked_once_a_process(monkeypatch):
    completion.warm()

    def asked(*_, **__):
        raise AssertionError("DuckDB was started")

    monkeypatch.setattr(vocabulary, "start", asked)
    monkeypatch.setattr(words, "start", asked)
    for cell in (
        "SELECT cou",
        "SELECT 1::",
        "SELECT * FROM a WHERE len",
        "SELECT sum(1) AS n FROM a GROUP BY ",
    ):
        assert completion.complete(assist._document(cell), len(cell))
