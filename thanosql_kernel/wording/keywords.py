"""SEARCH KEYWORD: what is said of it."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

SEARCH_KEYWORD = Wording(
    "The words of each text that say best what it is about. Not run by this kernel.",
    "텍스트마다 내용을 가장 잘 나타내는 단어를 찾습니다. 이 커널은 실행하지 않습니다.",
)
SEARCH_WORDS = Wording(
    "WHERE text LIKE '%…%' finds words; SEARCH TEXT finds meanings",
    "단어는 WHERE text LIKE '%…%'로 찾고, 뜻은 SEARCH TEXT로 찾습니다",
)
