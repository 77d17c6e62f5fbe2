"""What is said about values and types: TS3xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS300(Code):
    """A value or column of the wrong type."""

    MEANING = Wording(
        "a value or column of the wrong type",
        "값이나 컬럼의 타입이 다릅니다",
    )
    NOT_USABLE = Wording("{name} cannot be used: {reason}", "{name}의 값을 쓸 수 없습니다: {reason}")
    FROM_READS = Wording("FROM {name} reads it", "FROM {name}(으)로 읽을 수 있습니다")
    NO_OPTION_VALUE = Wording(
        "{name} is a {kind}, not a text, number or list of those",
        "{name}의 값은 {kind}입니다. 텍스트, 숫자 또는 그 목록이어야 합니다",
    )
    # Why a value of Python has no literal.
    TOO_DEEP = Wording("it is nested too deep", "너무 깊이 중첩되었습니다")
    NO_FORM = Wording("SQL has no form for a {kind}", "SQL로 나타낼 수 없는 {kind} 값입니다")
    NUL = Wording("it holds a NUL character", "NUL 문자가 들어 있습니다")
    NO_UNICODE = Wording("it is not valid Unicode", "올바른 유니코드가 아닙니다")
    TOO_LARGE = Wording("the number is too large", "숫자가 너무 큽니다")


class TS301(Code):
    """The query failed while it ran."""

    MEANING = Wording(
        "the query failed while it ran",
        "쿼리를 실행하는 중에 실패했습니다",
    )
