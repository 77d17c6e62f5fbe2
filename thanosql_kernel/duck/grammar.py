"""What SQL can go on with, by DuckDB's grammar alone: nothing is bound, and no table needs to exist.

The parser names the token where it can go no further. So a text that it reads up to a sign that no SQL has, set behind
it, is the beginning of something.
"""

from __future__ import annotations

from functools import lru_cache

from thanosql_kernel.duck.parser import failure
from thanosql_kernel.visible import without_halves

_NEVER = "\n\\"

#: Parentheses left open cost DuckDB the square of their number, in time and memory; nobody leaves that many open.
_MOST_OPEN = 64

#: What closes and what follows is often the same, and so is what stands in front of a word that is typed.
_REMEMBERED = 64


@lru_cache(maxsize=_REMEMBERED)
def fault(sql: str) -> int | None:
    """Where in the text no SQL is left that could begin so; None if it is the beginning of some, or whole."""
    if _is_wide_open(sql):
        return 0
    found = failure(sql + _NEVER)
    at = 0 if found is None or found.offset is None else found.offset
    if not sql.isascii():
        at = len(without_halves(sql + _NEVER).encode()[:at].decode(errors="ignore"))
    return at if at < len(sql) else None


@lru_cache(maxsize=_REMEMBERED)
def is_unfinished(sql: str) -> bool:
    """Whether the text is the beginning of some SQL and more has to follow."""
    if sql.endswith(","):
        # DuckDB lets one stand behind the last of a list; whoever types it has not come to the last yet.
        return fault(sql) is None
    if _is_wide_open(sql) or (found := failure(sql)) is None:
        return False
    if found.offset is None:
        # Not the place but the whole is wrong: nested too deep, or a SELECT without columns, which may follow.
        return failure(sql + "\n1") is None
    return fault(sql) is None


@lru_cache(maxsize=_REMEMBERED)
def begins(word: str) -> bool:
    """Whether some statement of DuckDB's begins with the word."""
    return fault(word) is None


def _is_wide_open(sql: str) -> bool:
    return sql.count("(") - sql.count(")") > _MOST_OPEN
