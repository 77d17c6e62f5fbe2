"""Words of SQL: what cannot be a name without quotes, and the functions worth proposing."""

from __future__ import annotations

from thanosql_kernel.duck.words import as_name, is_reserved

#: Words that DuckDB lets be names, and that are grammar where they stand in queries.
_WITHIN_QUERIES = frozenset(
    "BETWEEN EXISTS OVER PARTITION ROWS RANGE PRECEDING FOLLOWING UNBOUNDED CURRENT FILTER VALUES INSERT UPDATE "
    "DELETE SET RECURSIVE EXCLUDE REPLACE RENAME NULLS FIRST LAST ESCAPE MATERIALIZED ROLLUP CUBE SETS GROUPING "
    "TRY_CAST".split()
)


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
