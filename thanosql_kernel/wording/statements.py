"""Help: what statements do, and what their options are for."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

LANGUAGE = Wording(
    "the language of what is said here: auto is that of the system", "표시 언어. auto는 시스템의 언어입니다"
)
