"""FUNCTION: what is said of it."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

FUNCTION = Wording(
    "Compute something of rows, or of a file, that SQL has no function for.",
    "SQL 함수로 할 수 없는 계산을 행이나 파일에 대해 합니다.",
)
