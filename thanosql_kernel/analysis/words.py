"""Words of SQL: what cannot be a name without quotes, and the functions worth proposing."""

from __future__ import annotations

#: Words that SQL's grammar keeps for itself where a name could stand.
RESERVED = frozenset(
    "SELECT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET TABLE UNION EXCEPT INTERSECT WITH AS ON USING AND OR NOT IN "
    "CASE WHEN THEN ELSE END DISTINCT ALL DESC ASC CREATE DEFAULT CHECK COLUMN CONSTRAINT FOREIGN PRIMARY "
    "REFERENCES ANY ARRAY BOTH CAST COLLATE FALSE TRUE NULL IS LIKE ILIKE BETWEEN JOIN LEFT RIGHT INNER OUTER FULL "
    "CROSS NATURAL LATERAL QUALIFY WINDOW PIVOT UNPIVOT SOME TO UNIQUE INTO EXISTS GLOB SIMILAR ASOF SEMI ANTI "
    "POSITIONAL DESCRIBE SHOW SUMMARIZE".split()
)
_KEYWORDS = RESERVED | frozenset(
    "BY OVER PARTITION ROWS RANGE PRECEDING FOLLOWING UNBOUNDED CURRENT FILTER VALUES INSERT UPDATE DELETE SET "
    "RECURSIVE EXCLUDE REPLACE RENAME NULLS FIRST LAST ESCAPE MATERIALIZED ROLLUP CUBE SETS GROUPING TRY_CAST".split()
)

FUNCTIONS = {
    "count": "number of rows",
    "sum": "sum",
    "avg": "mean",
    "min": "smallest value",
    "max": "largest value",
    "round": "round(x, digits)",
    "lower": "in small letters",
    "upper": "in capitals",
    "length": "number of characters",
    "coalesce": "the first value that is not NULL",
    "cast": "CAST(x AS type)",
    "concat": "texts joined",
    "replace": "replace(text, from, to)",
    "substring": "substring(text, start, length)",
    "trim": "without spaces around",
    "list_contains": "whether a list holds a value",
    "regexp_matches": "whether a text matches a pattern",
    "row_number": "row_number() OVER (ORDER BY …)",
    "list_cosine_similarity": "cosine of two vectors",
    "strftime": "a date as text",
}


def is_keyword(word: str) -> bool:
    """Whether SQL may read the bare word as its own."""
    return word.upper() in _KEYWORDS


def is_reserved(word: str) -> bool:
    """Whether SQL never reads the bare word as a name."""
    return word.upper() in RESERVED


def quoted(name: str, inside: str = "") -> str:
    """The name as SQL wants it: in double quotes unless it is a plain word, or already inside quotes.

    Args:
        name: Without quotes.
        inside: The quote that it stands in, "" for none.
    """
    plain = name.isidentifier() and name.upper() not in RESERVED
    return name if inside or plain else '"' + name.replace('"', '""') + '"'
