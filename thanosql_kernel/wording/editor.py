"""Completion, hover, fixes, renames and whatever else an editor shows."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- the columns that a statement adds
GETS_SIMILARITIES = Wording(
    "the rows get one similarity for each input, from -1 to 1",
    "행에 입력마다 유사도(-1에서 1)가 하나씩 추가됩니다",
)
GETS_LABELS = Wording(
    "the rows get the label that fits best, and its cosine, from -1 to 1",
    "행에 가장 잘 맞는 레이블과 그 코사인 유사도(-1에서 1)가 추가됩니다",
)
GETS_VECTOR_COLUMN = Wording(
    "the rows get a vector column, made by {model}", "행에 {model} 모델로 만든 벡터 컬럼이 추가됩니다"
)
