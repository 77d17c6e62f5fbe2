"""Gaps of manuals, ``[like this]``: told as gaps wherever they stand, while lists and subscripts stay what they are."""

from __future__ import annotations

import pytest

from thanosql_kernel.errors import ThanoSQLError, Unsupported
from thanosql_kernel.statements.cell import parse_each
from thanosql_kernel.statements.foresight import Unforeseen

GAPS = {
    "COPY [Name of table in the thanoSQL DB] OPTIONS(overwrite=True) FROM [absolute path]": "[Name of table in the thanoSQL DB]",
    "COPY t OPTIONS(overwrite=[True|False]) FROM 'a.csv'": "[True|False]",
    "SEARCH IMAGE USING m OPTIONS(search_by=['image'|'text'], search_input='a') AS SELECT * FROM t": "['image'|'text']",
    "CONVERT USING m OPTIONS([option]=[value]) AS SELECT * FROM t": "[option]",
    "CONVERT USING m AS [query]": "[query]",
    "PRINT IMAGE AS [a query, or a table]": "[a query, or a table]",
    "SELECT * FROM [table name]": "[table name]",
    "SELECT * FROM t JOIN [table_name] USING (id)": "[table_name]",
    "PRINT IMAGE AS (SELECT * FROM [테이블 이름])": "[테이블 이름]",
    "LIST [what]": "[what]",
    "DELETE MODEL [model name]": "[model name]",
    "GET THANOSQL DATASET [ThanoSQL dataset name] OPTIONS(overwrite=True)": "[ThanoSQL dataset name]",
}
NONE = (
    "SELECT [1, 2], [a, b], tags[1], ['x y'], [x FOR x IN [1, 2] IF x > 1] FROM t",
    "SELECT * FROM t WHERE a IN [1, 2]",
    "PREDICT USING m OPTIONS(labels=['a', 'b']) AS SELECT * FROM t",
    "SEARCH IMAGE texts=['a', 'b'] USING m AS SELECT * FROM t",
)


def problems(text: str) -> list[ThanoSQLError]:
    [(_, found)] = parse_each(text)
    return [found] if isinstance(found, ThanoSQLError) else list(found.all_problems(Unforeseen()))


@pytest.mark.parametrize(("text", "gap"), GAPS.items(), ids=list(GAPS))
def test_a_gap_is_told_where_it_stands(text: str, gap: str):
    error = problems(text)[0]
    assert isinstance(error, Unsupported)
    assert (error.code, text[slice(*error.span)]) == ("TS602", gap)


@pytest.mark.parametrize("text", NONE)
def test_lists_are_no_gaps(text: str):
    assert problems(text) == []


def test_what_is_wrong_elsewhere_is_told_and_not_a_list():
    assert problems("SEARCH IMAGE texts=[cat, dog] USIN m AS SELECT * FROM t")[0].code == "TS100"
