"""EXPLAIN says what a run would read and how, and runs nothing of it."""

from __future__ import annotations

import pyarrow as pa
import pytest

from thanosql_kernel.catalog import Column, GeneratedColumn, Weights
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.runtime import StatementRuntime

DIM = 512
SEARCH = "SEARCH TEXT text='고양이' USING mini AS SELECT * FROM 글"


@pytest.fixture
def texts(world):
    """The table 글: 60 texts with vectors of mini, most of them made up."""
    made = GeneratedColumn("mini", "clipmini", "text", "글", Weights("mini", "1", "f"), DIM)
    vectors = pa.FixedSizeListArray.from_arrays(pa.array([0.5] * 60 * DIM, pa.float32()), DIM)
    rows = pa.table({"번호": range(60), "글": [f"글 {n}" for n in range(60)], "mini_clipmini": vectors})
    columns = [
        Column("번호", "BIGINT"),
        Column("글", "VARCHAR"),
        Column("mini_clipmini", f"FLOAT[{DIM}]", made),
    ]
    runtime = StatementRuntime(world.session.database, world.folder)
    runtime.changes.store("글", ArrowRelation(rows, columns), if_exists="replace")
    runtime.close()
    return world


def explained(world, query):
    return world.run(f"EXPLAIN {query}")[-1].text.split("\n")


def test_a_plain_table_says_its_rows_and_columns(texts):
    assert explained(texts, "SELECT * FROM 글") == ["table 글: 60 rows, all its columns"]


def test_a_run_of_rows_comes_straight_from_storage(texts):
    assert explained(texts, "SELECT 글 FROM 글 LIMIT 5") == [
        "table 글: 60 rows, 5 rows of them straight from storage, of its columns 글"
    ]


def test_columns_that_are_not_named_are_not_read(texts):
    assert explained(texts, "SELECT 번호 % 2, count(*) FROM 글 GROUP BY 1") == [
        "a query of 2 columns: DuckDB reads all rows of what stands below",
        "  table 글: 60 rows, of its columns 번호",
    ]


def test_vectors_of_few_chosen_rows_are_read_late(texts):
    first, _ = explained(texts, "SELECT * FROM 글 WHERE 번호 > 3 ORDER BY 번호 LIMIT 5")
    assert first == (
        "a query of 3 columns: DuckDB gives at most 5 rows, in the order asked for, "
        "mini_clipmini read for the chosen rows alone"
    )


def test_a_search_says_where_its_vectors_are(texts):
    lines = explained(texts, f"SELECT 글 FROM ({SEARCH}) ORDER BY mini_clipmini_similarity1 DESC LIMIT 5")
    assert lines[1:] == [
        "  SEARCH TEXT USING mini: adds mini_clipmini_similarity1",
        "    vectors mini_clipmini: 60 of 60 are loaded first, then resident in memory, 1 MB",
        "    table 글: 60 rows, all its columns",
    ]


def test_vectors_that_were_searched_are_resident(texts):
    dataset = texts.session.database.table("글").dataset
    texts.session.database.searcher.memory.column(dataset, "mini_clipmini", DIM)
    assert "    vectors mini_clipmini: all 60 resident in memory, 1 MB" in explained(
        texts, f"SELECT * FROM ({SEARCH})"
    )


def test_vectors_beyond_the_memory_are_streamed(texts):
    texts.session.database.searcher.memory.cap_bytes = 1000
    lines = explained(texts, f"SELECT * FROM ({SEARCH})")
    assert "    vectors mini_clipmini: 1 MB, more than memory may take: streamed from disk, no index" in lines


def test_nested_statements_do_not_run(texts):
    nested = "CONVERT USING mini OPTIONS(text_col='글', table_name='새') AS SELECT 글 FROM 글"
    lines = explained(texts, f"SEARCH TEXT text='a' USING mini AS ({nested})")
    assert [line.strip().split(":")[0] for line in lines] == [
        "a query of 3 columns",
        "SEARCH TEXT USING mini",
        "vectors mini_clipmini",
        "a query of 2 columns",
        "CONVERT USING mini",
        "works on 글; what was embedded before comes from the cache",
        "table 글",
    ]
    assert texts.session.catalog.find_table("새") is None


def test_mistakes_are_told_as_the_query_itself_would_tell_them(texts):
    for query in (
        "SELECT 글 FROM 굴",
        "SELECT 글자 FROM 글",
        "SEARCH TEXT text='' USING mini AS SELECT * FROM 글",
    ):
        error, own = texts.fail(f"EXPLAIN {query}"), texts.fail(query)
        assert (error.code, error.message, error.hint) == (own.code, own.message, own.hint)
        assert error.span.start == own.span.start + len("EXPLAIN ")


def test_results_and_lists_are_named(texts):
    texts.run("SELECT 1 AS a")
    assert explained(texts, "SELECT * FROM _") == ["an earlier result: 1 row"]
    assert explained(texts, "SELECT * FROM (LIST TABLE)")[1] == "  LIST TABLE"
    assert explained(texts, "SELECT 1") == ["a query of 1 column: DuckDB computes it, nothing is read"]


def test_what_a_search_does_beyond_comparing_is_told(texts):
    told = explained(
        texts,
        "SELECT * FROM (SEARCH TEXT texts=['바다', '산'] weights=[1, -1] USING mini "
        "OPTIONS(keyword='배', keyword_col='글', result_col='s') AS SELECT * FROM 글)",
    )
    assert told[1:4] == [
        "  SEARCH TEXT USING mini: adds s, s_keyword, s_fused",
        "    2 inputs are combined into one vector: the weighted sum of their unit vectors",
        "    words '배' in 글: BM25 over the rows below; both orders fused by reciprocal rank (k = 60)",
    ]


def test_the_query_that_is_searched_for_is_explained_and_not_run(texts):
    told = explained(
        texts,
        "SELECT * FROM (SEARCH TEXT text=(SELECT 글 FROM 글 WHERE 번호 = 3 LIMIT 1) USING mini "
        "OPTIONS(diverse=True, top_k=20) AS SELECT * FROM 글)",
    )
    assert told[2] == "    diverse: 20 of the best 60 rows by maximal marginal relevance (lambda = 0.45)"
    assert told[-3:] == [
        "    looks for what this gives",
        "      a query of 1 column: DuckDB gives at most 1 row, row by row",
        "        table 글: 60 rows, of its columns 번호, 글",
    ]


@pytest.mark.usefixtures("korean")
def test_plans_are_told_in_korean(texts):
    assert explained(texts, "SELECT * FROM 글 WHERE 번호 > 3 ORDER BY 번호 LIMIT 5") == [
        "컬럼 3개의 쿼리: DuckDB가 요청한 순서로 최대 5행을 돌려주며, mini_clipmini 컬럼은 선택된 행에서만 읽습니다",
        "  테이블 글: 60행, 모든 컬럼",
    ]
    assert explained(texts, "SELECT 글 FROM 글 LIMIT 5") == [
        "테이블 글: 60행 가운데 5행을 저장소에서 바로 읽음, 컬럼 글"
    ]


@pytest.mark.parametrize("is_limited", [False, True])
@pytest.mark.parametrize("is_sorted", [False, True])
def test_what_is_asked_of_the_rows_is_told(texts, is_limited, is_sorted):
    query = "SELECT 번호 FROM 글 WHERE 번호 > 3" + " ORDER BY 번호" * is_sorted + " LIMIT 5" * is_limited
    told = explained(texts, query)[0]
    assert ("at most 5 rows" in told, "in the order asked for" in told) == (is_limited, is_sorted)
    assert told.endswith("row by row")
