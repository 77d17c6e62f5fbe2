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
    CAST_OR_OTHER_FUNCTION = Wording(
        "CAST the values, or use another function", "값을 CAST하거나 다른 함수를 쓰십시오"
    )


class TS301(Code):
    """The query failed while it ran."""

    MEANING = Wording(
        "the query failed while it ran",
        "쿼리를 실행하는 중에 실패했습니다",
    )
    TRY_CAST = Wording(
        "TRY_CAST gives NULL where a value does not fit", "TRY_CAST를 쓰면 맞지 않는 값은 NULL이 됩니다"
    )
    ARROW = Wording("Arrow cannot carry the rows: {reason}", "행을 Arrow로 옮길 수 없습니다(Arrow: {reason})")
