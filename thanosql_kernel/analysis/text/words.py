"""Words of SQL: what cannot be a name without quotes, and the functions worth proposing."""

from __future__ import annotations

from thanosql_kernel.duck.words import as_name, is_reserved

#: Words that DuckDB lets be names, and that are grammar where they stand in queries.
_WITHIN_QUERIES = frozenset(
    "BETWEEN EXISTS OVER PARTITION ROWS RANGE PRECEDING FOLLOWING UNBOUNDED CURRENT FILTER VALUES INSERT UPDATE "
    "DELETE SET RECURSIVE EXCLUDE REPLACE RENAME NULLS FIRST LAST ESCAPE MATERIALIZED ROLLUP CUBE SETS GROUPING "
    "TRY_CAST".split()
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
    return word.upper() in _WITHIN_QUERIES or is_reserved(word)


def quoted(name: str, inside: str = "") -> str:
    """The name as SQL wants it: in double quotes unless it is a plain word, or already inside quotes.

    Args:
        name: Without quotes.
        inside: The quote that it stands in, "" for none.
    """
    return name if inside else as_name(name)
