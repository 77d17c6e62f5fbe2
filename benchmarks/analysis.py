"""How long an editor waits: completion, hover and diagnostics for each key of a statement typed into a long text.

``python benchmarks/analysis.py`` types three statements in the middle of texts of 10 kB and 1 MB and prints, for every
question an editor asks after a key, the median and 95th percentile in milliseconds. Then it lays out 1,000 statements.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import quantiles
from typing import Any

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.format import format as laid_out
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.errors import Span

CELLS = """
-- photos of the year {n}
COPY photos_{t} OPTIONS(if_exists='replace') FROM 'photos/{n}.csv'
CONVERT USING tutorial_search_clip OPTIONS(image_col='image_path', table_name='photos_{t}', batch_size=128)
AS SELECT * FROM photos_{t};

PRINT IMAGE AS (
    SELECT image_path, tutorial_search_clip_clipen_similarity1
    FROM (
        SEARCH IMAGE text='a black cat on a roof' USING tutorial_search_clip AS
        SELECT * FROM photos_{t}
    )
    ORDER BY tutorial_search_clip_clipen_similarity1 DESC
    LIMIT 5
)
SELECT 라벨, count(*) AS n, avg(length(설명))
FROM photos_{t} p JOIN labels l ON p.id = l.id WHERE l.점수 > 0.5 GROUP BY 라벨;
"""

TYPED = (
    "CONVERT USING tutorial_search_clip OPTIONS(image_col='image_path', result_col='v') AS SELECT * FROM photos_1;\n",
    "SELECT image_path, s.tutorial_search_clip_clipen_similarity2 FROM (SEARCH IMAGE texts=['a cat', 'a \"dog\"'] "
    "USING tutorial_search_clip AS SELECT * FROM photos_2) s WHERE s.image_path LIKE '%x' ORDER BY 2 DESC;\n",
    'PRINT IMAGE OPTIONS(limit=3) AS SELECT "image_path" FROM photos_1 /* 설명 */ LIMIT 5;\n',
)

#: Statements to lay out, 60 to 150 characters each.
UNEVEN = (
    "copy photos_{n} options(if_exists='replace') from 'data/2024/photos_{n}.csv'",
    "convert using tutorial_search_clip options(image_col='a', table_name='t') as select * from photos_{n}",
    "search image text='a black cat on a roof' using clip options(result_col='s{n}') as select image_path from t_{n}",
    "select 라벨, count(*) as n, avg(price) from t_{n} where price>{n} group by 라벨 having count(*)>2 order by n desc",
    "select p.image_path, l.name from t_{n} p join labels l on p.id=l.id and l.kind in ('a','b') where l.score>0.5",
    "select image_path, row_number() over (partition by label order by price desc nulls last) as rank from t_{n}",
    "select case when price>100 then 'dear' when price is null then 'unknown' else 'cheap' end as kind from photos_{n}",
    "with near as (select * from t_{n} where price<3) select n.* from near n where n.type='x' union all from far_{n}",
    "select * from (search image text='cat' using clip as select * from photos_{n}) s order by similarity desc limit 5",
    "print image options(limit=3, columns=3) as (select image_path from photos_{n} where label='고양이' limit 5)",
)


def sample(length: int) -> str:
    """A text of about that many bytes."""
    parts, size, number = [], 0, 0
    while size < length:
        cell = CELLS.format(n=number, t=number % 50)
        parts.append(cell)
        size += len(cell.encode())
        number += 1
    return "".join(parts)


def milliseconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Time that something takes, and what it gives."""
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1e3, result


def type_into(text: str) -> dict[str, list[float]]:
    """Times after each key of `TYPED`, in milliseconds."""
    opening, document = milliseconds(lambda: Document(text))
    everything, _ = milliseconds(lambda: document.parts)
    checking, _ = milliseconds(lambda: diagnose(document))
    times: dict[str, list[float]] = {
        "open": [opening + everything],
        "first diagnostics": [checking],
        "key + completion": [],
        "hover": [],
        "diagnostics after a pause": [],
    }
    at = text.index("\nPRINT IMAGE", len(text) // 2) + 1
    for number, char in enumerate("".join(TYPED)):
        offset = at + number

        def answer(old: Document = document, offset: int = offset, char: str = char) -> Document:
            edited = old.edited(Span(offset, offset), char)
            complete(edited, offset + 1)
            return edited

        taken, document = milliseconds(answer)
        times["key + completion"].append(taken)
        times["hover"].append(milliseconds(lambda d=document, o=offset: hover(d, o))[0])
        if number % 8 == 0:
            times["diagnostics after a pause"].append(milliseconds(lambda d=document: diagnose(d))[0])
    return times


def lay_out(count: int) -> None:
    """Print how long so many statements take, from text to text."""
    text = ";\n".join(UNEVEN[number % len(UNEVEN)].format(n=number) for number in range(count)) + ";\n"
    laid_out(UNEVEN[0])
    print(f"{count:,} statements laid out, {len(text):,} characters")
    for name in ("first", "second", "third"):
        taken, even = milliseconds(lambda: laid_out(text))
        print(f"  {name:<28}        {taken:8.0f} ms   {even.count(chr(10)):,} lines")


def main() -> None:
    """Print the table."""
    for length in (10_000, 1_000_000):
        text = sample(length)
        print(f"{len(text.encode()):,} bytes, {text.count(chr(10)):,} lines")
        for name, found in type_into(text).items():
            cuts = quantiles(found, n=100, method="inclusive") if len(found) > 1 else [found[0]] * 99
            print(
                f"  {name:<28} median {cuts[49]:8.2f} ms   p95 {cuts[94]:8.2f} ms   max {max(found):8.2f} ms"
            )
    lay_out(1000)


if __name__ == "__main__":
    main()
