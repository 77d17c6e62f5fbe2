"""What DuckDB refuses is told in Korean sentences of our own; of what is left, its text is a detail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from thanosql_kernel.catalog import Column
from thanosql_kernel.duck import parser
from thanosql_kernel.duck.binder import bind
from thanosql_kernel.duck.errors import Place, SqlFailure, failure_of, translate
from thanosql_kernel.duck.start import start
from thanosql_kernel.duck.told import told
from thanosql_kernel.wording import set_language
from thanosql_kernel.wording.duckdb import MESSAGES

SETUP = "CREATE TABLE t AS SELECT 1 AS a, 'x' AS b, {'x': 1} AS st, [1, 2] AS l, DATE '2024-01-01' AS d"
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_ENGLISH = re.compile(r"[a-z]{3,} [a-z]{3,}")

REFUSED = {
    "SELECT CAST('x' AS INTEGER)": "문자열 'x'을(를) INT32 타입으로 변환할 수 없습니다",
    "SELECT b::DOUBLE FROM t": "문자열 'x'을(를) DOUBLE 타입으로 변환할 수 없습니다(b 컬럼의 값)",
    "SELECT 300::TINYINT": "INT32 타입의 값 300은 INT8 타입의 범위를 벗어납니다",
    "SELECT DATE '2024-13-01'": '"2024-13-01"은 없는 날짜입니다',
    "SELECT strptime('x', '%Y')": None,
    "SELECT 9223372036854775807 + 1": "덧셈의 결과가 INT64 타입의 범위를 벗어납니다: 9223372036854775807 + 1",
    "SELECT 1 // 0": "0으로 나누었습니다: (1 // 0)",
    "SELECT a, count(*) FROM t": '"a" 컬럼은 GROUP BY 절에 있거나 집계 함수 안에 있어야 합니다',
    "SELECT a FROM t WHERE sum(a) > 1": "WHERE 절에는 집계 함수를 쓸 수 없습니다",
    "SELECT sum(sum(a)) FROM t": "집계 함수 안에 집계 함수를 쓸 수 없습니다",
    "SELECT row_number() FROM t": None,
    "SELECT a FROM t x, t y": "\"a\" 컬럼이 여러 테이블에 있습니다. 'x.a' 또는 'y.a'처럼 쓰십시오",
    "SELECT lower(a) FROM t": None,
    "SELECT round('a')": None,
    "SELECT a < st FROM t": None,
    "SELECT CASE WHEN a = 1 THEN 1 ELSE st END FROM t": None,
    "SELECT a.x FROM t": "\"a\"에는 필드가 없어서 'x' 필드를 꺼낼 수 없습니다",
    "SELECT (SELECT a, b FROM t)": "하위 쿼리의 컬럼은 1개여야 하는데 2개입니다",
    "SELECT a FROM t UNION SELECT a, b FROM t": "UNION, EXCEPT, INTERSECT의 양쪽은 컬럼의 수가 같아야 합니다",
    "SELECT a FROM t ORDER BY 5": "ORDER 절의 번호는 1부터 1까지여야 합니다",
    "SELECT a FROM t LIMIT -1": "LIMIT과 OFFSET은 음수일 수 없습니다",
    "SELECT regexp_matches('a', '(')": "정규식에 ) 기호가 빠졌습니다: (",
    "SELECT unnest(a) FROM t": None,
    "SELECT * FROM (VALUES (1), (1, 2))": None,
    "SELECT a FROM t GROUP": '"GROUP" 부근의 SQL 문법이 맞지 않습니다',
    "SELECT error('값이 음수입니다')": "값이 음수입니다",
}


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    set_language("ko")
    yield
    set_language("en")


@pytest.fixture(scope="module")
def refused() -> Iterator[object]:
    import duckdb

    connection = start({"threads": 1, "errors_as_json": "true"})
    connection.execute(SETUP)

    def failure(sql: str) -> SqlFailure:
        with pytest.raises(duckdb.Error) as caught:
            connection.execute(sql).fetchall()
        return failure_of(caught.value)

    yield failure
    connection.close()


@pytest.mark.parametrize("sql", REFUSED)
def test_a_common_refusal_is_a_korean_sentence(refused, sql):
    message = told(refused(sql).message)
    assert REFUSED[sql] in (None, message)
    assert re.search("[가-힣]", message)
    assert "DuckDB" not in message
    assert not _ENGLISH.search(_QUOTED.sub("", message))


def test_a_rare_refusal_carries_the_words_of_duckdb_as_a_detail(refused):
    message = told(refused("SELECT jaccard('', '')").message)
    assert message == "쿼리를 처리할 수 없습니다(DuckDB: Jaccard Function: An argument too short)"


@pytest.mark.parametrize("sql", [sql for sql in REFUSED if "error(" not in sql])
def test_in_english_the_words_are_those_of_duckdb(refused, sql):
    set_language("en")
    message = refused(sql).message
    first = " ".join(told(message).split(". ")[0].split())
    assert " ".join(message.split()).startswith(first)


@pytest.mark.parametrize("english", MESSAGES)
def test_no_template_hides_another(english):
    """What a template says of itself is taken for what that template is, not for a looser one in front of it."""
    set_language("en")
    values = {"problem": "Value out of range"}
    said = MESSAGES[english](**{name: values.get(name, "1") for name in _names(english)})
    assert told(said) == str(said).rstrip("!.")
    set_language("ko")
    expected = MESSAGES[english](
        **{name: told(values[name]) if name in values else "1" for name in _names(english)}
    )
    assert told(said) == expected


def _names(template: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", template))


@pytest.mark.parametrize(
    ("sql", "code", "message"),
    [
        ("SELECT nix FROM t", "TS202", "nix 컬럼이 없습니다"),
        ("SELECT * FROM nix", "TS201", "nix 테이블이 없습니다"),
        ("SELECT nix(a) FROM t", "TS105", "nix 함수가 없습니다"),
        ("SELECT lower(1)", "TS300", None),
        ("SELECT a FROM t GROUP a", "TS105", '"a" 부근의 SQL 문법이 맞지 않습니다'),
        ("SELECT ST_Point(1, 2)", "TS600", None),
    ],
)
def test_codes_are_the_same_in_korean(sql, code, message):
    failure = parser.failure(sql)
    if failure is None:
        with pytest.raises(SqlFailure) as caught:
            bind(sql, {"t": (Column("a", "INTEGER"),)})
        failure = caught.value
    error = translate(failure, Place(sql, 0))
    assert error.code == code
    assert message in (None, error.message)
    assert re.search("[가-힣]", error.message)
