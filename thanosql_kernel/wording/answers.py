"""What statements answer once they have run, and what they note beside it; progress while they do."""

from __future__ import annotations

from thanosql_kernel.wording.text import Wording

# -- SEARCH
BEST_FIRST = Wording("best first", "유사도가 높은 순서")
BEST_FIRST_BY = Wording("best first by {column}", "{column} 값이 높은 순서")
