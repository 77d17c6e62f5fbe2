"""Files hold the values that DuckDB shows."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from thanosql_kernel.errors import ThanoSQLError


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("sum(n)", "6"),
        ("count(*)", "3"),
        ("sum(n) * 100000000000000000000", "600000000000000000000"),
        ("18446744073709551615::UBIGINT", "18446744073709551615"),
        ("1.50::DECIMAL(10,2)", "1.5"),
        ("'nan'::DOUBLE", "null"),
        ("'-inf'::FLOAT", "null"),
        ("[1.5, 'inf'::DOUBLE, NULL]", "[1.5,null,null]"),
        ("{'a': 'nan'::DOUBLE, '나': [{'b': 'inf'::FLOAT}]}", '{"a":null,"나":[{"b":null}]}'),
        ("MAP {'k': 'nan'::DOUBLE}", '{"k":null}'),
        ("NULL::STRUCT(a DOUBLE)", "null"),
        ("NULL", "null"),
        ("true", "true"),
        ("DATE '2024-01-31'", '"2024-01-31"'),
        ("TIMESTAMP '2024-01-31 10:00:00.5'", '"2024-01-31 10:00:00.5"'),
        ("'줄\n\"둘\"'", '"줄\\n\\"둘\\""'),
    ],
)
@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_json_has_the_value(exported, expression, text, ending):
    content = exported(f"SELECT {expression} AS s FROM (VALUES (1), (2), (3)) t(n)", ending).strip()
    inner = content.strip("[]\n\t ") if ending == "json" else content
    assert inner.splitlines()[0].rstrip(",") == f'{{"s":{text}}}'
    records = json.loads(content) if ending == "json" else [json.loads(line) for line in content.splitlines()]
    assert records[0] == {"s": json.loads(text)}


@pytest.mark.parametrize(
    ("expression", "cell"),
    [
        ("6::HUGEINT", "6"),
        ("1.50::DECIMAL(10,2)", "1.50"),
        ("0.1::FLOAT", "0.1"),
        ("1e20::DOUBLE", "1e+20"),
        ("NULL", ""),
        ("''", ""),
        ("'a,b'", "a,b"),
        ("' 앞 \"뒤\" '", ' 앞 "뒤" '),
        ("'줄\r\n둘'", "줄\r\n둘"),
        ("['a', NULL]", '["a",null]'),
        ("{'a': 1}", '{"a":1}'),
        ("[0.5, 0.25]::FLOAT[2]", "[0.5,0.25]"),
        ("TIMESTAMP '2024-01-31 10:00:00'", "2024-01-31 10:00:00"),
        ("true", "true"),
    ],
)
@pytest.mark.parametrize(("ending", "separator"), [("csv", ","), ("tsv", "\t")])
def test_csv_has_the_value(exported, expression, cell, ending, separator):
    text = exported(f"""SELECT {expression} AS "값,\t1", 7 AS n""", ending)
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=separator)) == [
        ["값,\t1", "n"],
        [cell, "7"],
    ]


def test_a_csv_that_copy_reads_again_has_the_same_rows(connection):
    query = """SELECT 12345678901234567890123::HUGEINT AS id, 0.30000000000000004::DOUBLE AS x, '007' AS zip, true AS b,
        DATE '2024-01-31' AS d, TIMESTAMP '2024-01-31 10:00:00.25' AS t, 'a"b' || chr(10) || ',c' AS s"""
    connection.sql(f"EXPORT {query} TO 'a.csv'; COPY t FROM 'a.csv'")
    (row,) = connection.sql("SELECT * FROM t").arrow().to_pylist()
    (wanted,) = connection.sql(query).arrow().to_pylist()
    assert row.pop("id") == Decimal("12345678901234567890123")
    del wanted["id"]
    assert row == wanted


@pytest.mark.parametrize(
    ("ending", "content"), [("csv", "\ufeffa,b\n"), ("tsv", "\ufeffa\tb\n"), ("json", "[]\n"), ("jsonl", "")]
)
def test_no_rows_make_an_empty_file_of_the_format(exported, ending, content):
    assert exported("SELECT 1 AS a, 2 AS b WHERE false", ending) == content


def test_many_rows_are_written_in_order_and_in_large_groups(connection, tmp_path):
    for ending in ("csv", "json", "jsonl", "parquet"):
        connection.sql(f"EXPORT SELECT range AS n FROM range(200000) TO 'n.{ending}'")
    wanted = list(range(200_000))
    assert [int(line) for line in (tmp_path / "n.csv").read_text("utf-8-sig").splitlines()[1:]] == wanted
    assert [record["n"] for record in json.loads((tmp_path / "n.json").read_text())] == wanted
    parquet = pq.ParquetFile(tmp_path / "n.parquet")
    assert parquet.read().column("n").to_pylist() == wanted
    assert parquet.num_row_groups <= 2


def test_an_error_in_the_middle_is_the_querys_own(connection, beside):
    with pytest.raises(ThanoSQLError) as caught:
        connection.sql(
            "EXPORT SELECT CAST(IF(range < 90000, '1', '고양이') AS INTEGER) AS n FROM range(100000) TO 'n.json'"
        )
    assert caught.value.code == "TS301"
    assert beside() == []
