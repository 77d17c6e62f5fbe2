"""What is said about values and types: TS3xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


class TS300(Code):
    """A value or column of the wrong type."""

    MEANING = Wording(
        "a value or column of the wrong type",
        "값이나 컬럼의 타입이 다릅니다",
    )
    NOT_PATHS = Wording(
        "{column} holds {type}, not paths",
        "{column} 컬럼에는 경로가 아니라 {type} 값이 있습니다",
    )
    CHOOSE_TEXT_COLUMN = Wording("choose a text column", "텍스트 컬럼을 선택하십시오")
    NOT_TEXT = Wording(
        "column {column} holds {type}, not text",
        "{column} 컬럼에는 텍스트가 아니라 {type} 값이 있습니다",
    )
    CHOOSE_PATHS_OR_TEXTS = Wording(
        "choose a column of paths or texts",
        "경로나 텍스트가 있는 컬럼을 선택하십시오",
    )
    NOT_VECTORS = Wording(
        "column {column} holds {type}, not vectors",
        "{column} 컬럼에는 벡터가 아니라 {type} 값이 있습니다",
    )
    OTHER_LENGTH = Wording(
        "column {column} holds vectors of {length} numbers, {model} makes {dim}",
        "{column} 컬럼에는 숫자 {length}개로 된 벡터가 있는데 {model} 모델은 {dim}개로 된 벡터를 만듭니다",
    )


class TS301(Code):
    """The query failed while it ran."""

    MEANING = Wording(
        "the query failed while it ran",
        "쿼리를 실행하는 중에 실패했습니다",
    )
