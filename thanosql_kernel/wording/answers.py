"""What statements answer once they have run, and what they note beside it; progress while they do."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- SEARCH
BEST_FIRST = Wording("best first", "유사도가 높은 순서")
BEST_FIRST_BY = Wording("best first by {column}", "{column} 값이 높은 순서")

# -- what was done and what may be next
NEXT = Wording("next: {next}", "다음: {next}")
IS_READY = Wording("{ready} is ready", "{ready}이(가) 준비되었습니다")
ARE_READY = Wording("{ready} are ready", "{ready}이(가) 준비되었습니다")
SEARCHED_FOR = Wording("a beach", "바다")
NOT_SHOWN = Wording("not shown: {names}", "표시하지 않은 컬럼: {names}")
