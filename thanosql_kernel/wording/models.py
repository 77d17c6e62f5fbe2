"""What is said about models: TS4xx."""

from __future__ import annotations

from thanosql_kernel.wording.text import Code, Wording


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


class TS402(Code):
    """No column of embeddings to search: CONVERT first."""

    MEANING = Wording(
        "no column of embeddings to search: CONVERT first",
        "검색할 임베딩 컬럼이 없습니다. 먼저 CONVERT가 필요합니다",
    )


class TS403(Code):
    """The model cannot do what was asked of it."""

    MEANING = Wording(
        "the model cannot do what was asked of it",
        "모델이 할 수 없는 일입니다",
    )
    CANNOT_EMBED = Wording(
        "{model} cannot embed {things}", "{model} 모델은 {things}을(를) 임베딩할 수 없습니다"
    )
    IMAGES = Wording("images", "사진")
    TEXTS = Wording("texts", "텍스트")
    IT_IS = Wording("it is {summary}", "모델 설명: {summary}")
