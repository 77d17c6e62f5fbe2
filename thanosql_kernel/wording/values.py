"""What is said about values and types: TS3xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS300(Code):
    """A value or column of the wrong type."""

    MEANING = Wording(
        "a value or column of the wrong type",
        "값이나 컬럼의 타입이 다릅니다",
    )
    NO_TYPE = Wording("there is no type {name}", "{name} 타입이 없습니다")
    TYPES = Wording(
        "types are e.g. VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP",
        "쓸 수 있는 타입의 예: VARCHAR, BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP",
    )


class TS301(Code):
    """The query failed while it ran."""

    MEANING = Wording(
        "the query failed while it ran",
        "쿼리를 실행하는 중에 실패했습니다",
    )
