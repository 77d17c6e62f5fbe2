"""What is said about values and types: TS3xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS300(Code):
    """A value or column of the wrong type."""

    MEANING = Wording(
        "a value or column of the wrong type",
        "값이나 컬럼의 타입이 다릅니다",
    )
    MORE_NAMES = Wording("{names} for {columns}", "컬럼보다 이름이 많습니다: {names}, {columns}")
    OTHER_WIDTH = Wording(
        "the query has {columns}, {table} takes {count} here",
        "쿼리의 결과에는 {columns}이(가) 있는데, {table} 테이블에 넣을 컬럼은 {count}개입니다",
    )
    THE_COLUMNS = Wording("the columns are {names}", "컬럼은 {names}입니다")


class TS301(Code):
    """The query failed while it ran."""

    MEANING = Wording(
        "the query failed while it ran",
        "쿼리를 실행하는 중에 실패했습니다",
    )
