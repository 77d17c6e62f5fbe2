"""A nested statement reads stored tables; what WITH names around it is not taken for one of them, nor one for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from thanosql_kernel.models import registry


class Encoder:
    name, revision, dim, fingerprint, preprocess = "random", "0", 4, "0" * 64, None

    def encode_texts(self, texts: list[str]) -> Any:
        return np.ones((len(texts), 4), np.float32)


@pytest.fixture
def searched(photos, monkeypatch):
    monkeypatch.setattr(registry, "load", lambda model, **settings: Encoder())
    return photos


SEARCH = "SEARCH TEXT text='a' USING mini OPTIONS(emb_col='v', result_col='s') AS "


@pytest.mark.parametrize(
    "cell",
    [
        f"WITH t AS (SELECT * FROM t WHERE id > 4) SELECT id FROM ({SEARCH} SELECT * FROM ‸t)",
        f"WITH t AS (SELECT * FROM t WHERE id > 4) SELECT id FROM t WHERE id IN (SELECT id FROM ({SEARCH} SELECT * FROM ‸T))",
        f"WITH 묶음 AS (SELECT * FROM t) SELECT id FROM ({SEARCH} FROM ‸묶음 AS x)",
        f"WITH a AS (SELECT 1 AS x), t AS (FROM a), b AS (SELECT * FROM ({SEARCH} SELECT * FROM ‸t)) FROM b",
    ],
)
def test_a_name_of_with_is_refused_in_a_nested_statement(searched, cell):
    at = cell.index("‸")
    error = searched.fail(cell.replace("‸", ""))
    assert error.code == "TS600"
    assert error.span is not None
    assert error.span.start == at
    assert error.hint


@pytest.mark.parametrize(
    ("cell", "rows"),
    [
        (f"WITH t AS (SELECT * FROM ({SEARCH} SELECT * FROM t)) SELECT count(s) AS n FROM t", 6),
        (f"WITH c AS (SELECT 1 AS id) SELECT count(*) AS n FROM c, ({SEARCH} SELECT * FROM t)", 6),
        (f"WITH c AS (SELECT 1) SELECT count(*) AS n FROM ({SEARCH} WITH c AS (FROM t) SELECT * FROM c)", 6),
        (
            f"SELECT count(*) AS n FROM (WITH t AS (SELECT 1) FROM t) AS a, ({SEARCH} SELECT * FROM t) AS b",
            6,
        ),
    ],
)
def test_names_that_are_the_tables_own_are_read(searched, cell, rows):
    assert searched.rows(cell) == [{"n": rows}]
