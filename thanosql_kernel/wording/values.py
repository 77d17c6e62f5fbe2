"""What is said about values and types: TS3xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS300(Code):
    """A value or column of the wrong type."""

    MEANING = Wording(
        "a value or column of the wrong type",
        "값이나 컬럼의 타입이 다릅니다",
    )
    NO_ROWS = Wording("the statement gave no rows", "문장의 결과에 행이 없습니다")
    WHAT_GIVES_ROWS = Wording(
        "SELECT, CONVERT, SEARCH and PRINT give rows",
        "행이 나오는 문장은 SELECT, CONVERT, SEARCH, PRINT입니다",
    )


class TS301(Code):
    """The query failed while it ran."""

    MEANING = Wording(
        "the query failed while it ran",
        "쿼리를 실행하는 중에 실패했습니다",
    )
