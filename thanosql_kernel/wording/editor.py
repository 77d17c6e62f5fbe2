"""Completion, hover, fixes, renames and whatever else an editor shows."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

GETS_VECTOR_COLUMN = Wording(
    "the rows get a vector column, made by {model}", "행에 {model} 모델로 만든 벡터 컬럼이 추가됩니다"
)
