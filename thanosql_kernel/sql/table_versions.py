"""Where SQL names a table as it was: ``t VERSION 3``, or ``t AT (VERSION => 3)`` as DuckDB writes it.

`version` stays a name like any other: ``FROM t version`` gives t another name, and no query of SQL has a number behind
such a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from thanosql_kernel.sql.lexer import Token

_SHAPES = (("VERSION", ""), ("AT", "(", "VERSION", "=", ">", "", ")"))
_NUMBERS = ("number", "parameter")

#: Words of DuckDB's grammar that are never the name of what stands in front of them: its reserved words, and those that
#: may name types and functions alone (``duckdb_keywords()``).
_NO_ALIAS = frozenset(
    "ALL ANALYSE ANALYZE AND ANTI ANY ARRAY AS ASC ASOF ASYMMETRIC AT AUTHORIZATION BINARY BOTH BY CASE CAST CHECK "
    "COLLATE COLLATION COLUMN CONCURRENTLY CONSTRAINT CREATE CROSS DEFAULT DEFERRABLE DESC DESCRIBE DISTINCT DO ELSE "
    "END EXCEPT FALSE FETCH FOR FOREIGN FREEZE FROM FULL GENERATED GLOB GRANT GROUP HAVING ILIKE IN INITIALLY INNER "
    "INTERSECT INTO IS ISNULL JOIN LAMBDA LATERAL LEADING LEFT LIKE LIMIT MAP NATURAL NOT NOTNULL NULL OFFSET ON ONLY "
    "OR ORDER OUTER OVERLAPS PIVOT PIVOT_LONGER PIVOT_WIDER PLACING POSITIONAL PRIMARY QUALIFY REFERENCES RETURNING "
    "RIGHT SELECT SEMI SHOW SIMILAR SOME STRUCT SUMMARIZE SYMMETRIC TABLE TABLESAMPLE THEN TO TRAILING TRUE TRY_CAST "
    "UNION UNIQUE UNPACK UNPIVOT USING VARIADIC VERBOSE WHEN WHERE WINDOW WITH".split()
)
_BEFORE_TABLES = frozenset("FROM JOIN PIVOT UNPIVOT SUMMARIZE TABLE".split())
_AFTER_TABLES = frozenset(
    "SELECT WHERE GROUP HAVING ORDER LIMIT QUALIFY VALUES SET ON WINDOW RETURNING".split()
)
_NAMES_NOTHING = frozenset(("SUMMARIZE", "TABLE"))


def version_length(tokens: Sequence[Token], index: int, stop: int | None = None) -> int:
    """How many tokens behind the name at an index say of which version it is; 0 for none."""
    if not tokens[index].is_name:
        return 0
    rest = tokens[index + 1 : min(stop if stop is not None else len(tokens), index + 8)]
    for shape in _SHAPES:
        if len(rest) >= len(shape) and all(map(_fits, rest, shape)):
            return len(shape)
    return 0


def _fits(token: Token, wanted: str) -> bool:
    return token.kind in _NUMBERS if not wanted else token.kind != "quoted" and token.upper == wanted


def own_name(tokens: Sequence[Token], index: int, behind: int, stop: int) -> str:
    """What names a table's rows in the query, as written: the table, unless another name is given to them.

    Args:
        tokens: Those around it.
        index: Of its name.
        behind: Of the first token behind its version.
        stop: Behind the last one that may be read.

    Returns:
        The name; empty where one is given, or none can be.
    """
    if index and tokens[index - 1].upper in _NAMES_NOTHING:
        return ""
    following = tokens[behind] if behind < stop else None
    if following is None or not following.is_name:
        return tokens[index].text
    is_given = following.upper == "AS" or following.kind == "quoted" or following.upper not in _NO_ALIAS
    return "" if is_given else tokens[index].text


class TablePlaces:
    """Tells, going over the tokens of SQL one after the other, where a table's name may stand.

    Args:
        begins_there: Whether the first of them may be one.
    """

    def __init__(self, *, begins_there: bool = False) -> None:
        self._before = "FROM" if begins_there else ""
        self._lists = [begins_there]  # at each depth of parentheses, whether a comma goes on with tables
        self._opened = [False]  # whether that parenthesis stands where a table may

    @property
    def here(self) -> bool:
        """Whether the next token may name a table."""
        if self._before == ",":
            return self._lists[-1]
        return self._before in _BEFORE_TABLES or (self._before == "(" and self._opened[-1])

    def go_over(self, token: Token) -> None:
        """Take note of the next token."""
        word = "" if token.kind == "quoted" else token.upper
        if word == "(":
            self._opened.append(self.here)
            self._lists.append(self._lists[-1])
        elif word == ")":
            self._opened, self._lists = self._opened[:-1] or [False], self._lists[:-1] or [False]
        elif word in _BEFORE_TABLES or word in _AFTER_TABLES:
            self._lists[-1] = word in _BEFORE_TABLES
        self._before = word
