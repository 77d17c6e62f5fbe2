"""What is said about models: TS4xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording

SEARCH_A_CONVERT = Wording("search the rows of a CONVERT", "CONVERT의 결과를 검색")
SEARCH_THIS_CONVERT = Wording(
    "search the rows of a CONVERT: AS ({conversion})",
    "CONVERT의 결과를 검색하십시오: AS ({conversion})",
)
INSERT_CONVERT = Wording("insert the CONVERT", "CONVERT 문 넣기")
RUN_FIRST = Wording("run first: {conversion}", "먼저 실행하십시오: {conversion}")


class TS400(Code):
    """The model's weights cannot be loaded."""

    MEANING = Wording(
        "the model's weights cannot be loaded",
        "모델의 가중치를 불러올 수 없습니다",
    )


class TS401(Code):
    """The column was made with other weights than the model has now."""

    MEANING = Wording(
        "the column was made with other weights than the model has now",
        "컬럼을 만든 가중치가 모델의 지금 가중치와 다릅니다",
    )
    OTHER_MAKER = Wording(
        "column {column} was made by {made}, not by {model}",
        "{column} 컬럼은 {model} 모델이 아니라 {made} 모델로 만든 것입니다",
    )
    OTHER_WEIGHTS = Wording(
        "column {column} was made with {made}, but {model} is {weights} now",
        "{column} 컬럼은 {made} 가중치로 만든 것인데 {model} 모델의 지금 가중치는 {weights}입니다",
    )
    RUN_AGAIN = Wording("run again: {conversion}", "다시 실행하십시오: {conversion}")
    OTHER_VECTORS = Wording(
        "column {column} holds vectors of {stored}, not of {given}",
        "{column} 컬럼의 벡터는 {given} 가중치가 아니라 {stored} 가중치로 만든 것입니다",
    )
    CONVERT_NEW = Wording(
        "run CONVERT USING {model} over the new rows", "새 행에 CONVERT USING {model} 문을 실행하십시오"
    )


class TS402(Code):
    """No column of embeddings to search: CONVERT first."""

    MEANING = Wording(
        "no column of embeddings to search: CONVERT first",
        "검색할 임베딩 컬럼이 없습니다. 먼저 CONVERT가 필요합니다",
    )
    SEVERAL_COLUMNS = Wording(
        "{model} made several columns here: {names}",
        "{model} 모델로 만든 컬럼이 여러 개 있습니다: {names}",
    )
    CHOOSE = Wording(
        "choose: OPTIONS(emb_col='{column}')",
        "하나를 선택하십시오: OPTIONS(emb_col='{column}')",
    )
    LEFT_OUT = Wording(
        "the query leaves out {column}, the vectors of {model}",
        "쿼리에 {model} 모델의 벡터가 있는 {column} 컬럼이 빠져 있습니다",
    )
    SELECT_TOO = Wording("select {column} too", "{column} 컬럼도 선택하십시오")
    NOTHING_CONVERTED = Wording(
        "nothing here was converted with {model}",
        "여기에는 {model} 모델로 변환한 것이 없습니다",
    )


class TS403(Code):
    """The model cannot do what was asked of it."""

    MEANING = Wording(
        "the model cannot do what was asked of it",
        "모델이 할 수 없는 일입니다",
    )
    CANNOT_READ = Wording("{model} cannot read {unread}", "{model} 모델이 읽지 못합니다: {unread}")
    NOTHING_OF_TEXT = Wording(
        "{model} makes nothing of this text",
        "이 텍스트로는 {model} 모델이 벡터를 만들 수 없습니다",
    )
    NOTHING_OF_IMAGE = Wording(
        "{model} makes nothing of this image",
        "이 사진으로는 {model} 모델이 벡터를 만들 수 없습니다",
    )
    USE_KNOWN_LANGUAGE = Wording(
        "say it in words of a language that the model was taught, English for one",
        "모델이 배운 언어의 단어로 쓰십시오(예: 영어)",
    )
    CANNOT_EMBED = Wording(
        "{model} cannot embed {things}", "{model} 모델은 {things}을(를) 임베딩할 수 없습니다"
    )
    IMAGES = Wording("images", "사진")
    TEXTS = Wording("texts", "텍스트")
    IT_IS = Wording("it is {summary}", "모델 설명: {summary}")
