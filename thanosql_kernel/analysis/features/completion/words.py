"""The words of SQL that may follow at a place in a query, the likelier first."""

from __future__ import annotations

from collections.abc import Iterator

from thanosql_kernel.analysis.features.completion.position import Position
from thanosql_kernel.analysis.text.clauses import top

_SET = ("UNION ALL", "UNION", "EXCEPT", "INTERSECT")
_JOIN = ("JOIN", "LEFT JOIN", "INNER JOIN", "CROSS JOIN", "RIGHT JOIN", "FULL JOIN")
#: Clause -> what may follow it.
_NEXT: dict[str, tuple[str, ...]] = {
    "SELECT": ("FROM", "WHERE", *_SET),
    "FROM": ("WHERE", "ORDER BY", "LIMIT", "GROUP BY", *_JOIN, "QUALIFY", "OFFSET", *_SET),
    "WHERE": ("ORDER BY", "LIMIT", "GROUP BY", "QUALIFY", "OFFSET", *_SET),
    "GROUP": ("ORDER BY", "HAVING", "LIMIT", "QUALIFY", "OFFSET", *_SET),
    "HAVING": ("ORDER BY", "LIMIT", "QUALIFY", "OFFSET", *_SET),
    "QUALIFY": ("ORDER BY", "LIMIT", "OFFSET", *_SET),
    "ORDER": ("LIMIT", "OFFSET"),
    "LIMIT": ("OFFSET",),
}
_ORDER = "SELECT FROM JOIN WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET".split()
_BEHIND_WORD: dict[str, tuple[str, ...]] = {
    "GROUP": ("BY",),
    "ORDER": ("BY",),
    "PARTITION": ("BY",),
    "IS": ("NULL", "NOT NULL", "TRUE", "FALSE", "DISTINCT FROM", "NOT DISTINCT FROM"),
    "NOT": ("IN", "LIKE", "BETWEEN", "ILIKE", "NULL"),
    "NULLS": ("LAST", "FIRST"),
    "LEFT": ("JOIN", "OUTER JOIN"),
    "RIGHT": ("JOIN", "OUTER JOIN"),
    "FULL": ("JOIN", "OUTER JOIN"),
    **dict.fromkeys("INNER OUTER CROSS NATURAL SEMI ANTI ASOF POSITIONAL".split(), ("JOIN",)),
}
_COMPARISONS = (
    "IS NULL",
    "IS NOT NULL",
    "LIKE",
    "IN",
    "BETWEEN",
    "ILIKE",
    "NOT LIKE",
    "NOT IN",
    "NOT ILIKE",
    "NOT BETWEEN",
)
_COMPARING = frozenset("LIKE ILIKE GLOB IN IS BETWEEN = == < > <= >= <> != ~".split())
_VALUES = ("CASE", "NOT", "NULL", "TRUE", "FALSE", "EXISTS", "INTERVAL")
_FRAMES = ("ROWS BETWEEN", "RANGE BETWEEN")
#: Words behind which a bracket holds names of columns and nothing else.
ONLY_COLUMNS = frozenset({"USING", "EXCLUDE"})
_CONDITIONS = frozenset({"WHERE", "HAVING", "QUALIFY", "ON"})


def words(position: Position) -> Iterator[str]:
    """The words, most of them of one kind: what begins a value, goes on behind one, or begins a clause."""
    expected = position.expected
    if position.opener in ONLY_COLUMNS:
        return
    if expected == "value":
        yield from _beginning_values(position)
    elif expected in ("operator", "number"):
        yield from _possible(position, _behind_value(position))
    elif expected == "behind table":
        yield from _possible(position, _behind_table(position))
    elif expected == "words":
        yield from _behind_word(position)


def _behind_word(position: Position) -> Iterator[str]:
    if position.is_behind_set_word and position.last is None:
        yield from ("SELECT", "ALL", "FROM", "BY NAME")
    elif position.last is not None:
        yield from _BEHIND_WORD.get(position.last.upper, ())


def _beginning_values(position: Position) -> Iterator[str]:
    last = position.last
    word = last.upper if last is not None else ""
    if last is None:
        yield from _opened(position)
        if position.opener == "OVER":
            return
    if word == "SELECT" or (last is None and position.opener):
        yield "DISTINCT"
    if word == "CASE":
        yield "WHEN"
    if word == "BY":
        yield "ALL"
        if position.clause == "GROUP":
            yield from ("ROLLUP", "CUBE", "GROUPING SETS")
    yield from _VALUES


def _opened(position: Position) -> Iterator[str]:
    """What begins in a bracket."""
    if position.opener == "OVER":
        yield from ("PARTITION BY", "ORDER BY")
    elif position.opener == "FILTER":
        yield "WHERE"
    elif position.opener in ("", "IN", "EXISTS", "ANY", "ALL"):
        yield "SELECT"


def _behind_table(position: Position) -> Iterator[str]:
    joined = position.joined
    first = joined[0] if joined else None
    is_bare = first is not None and joined[-1] is first and first.is_name
    in_join = any(token.upper == "JOIN" for _, token in top(position.before))
    has_condition = any(token.upper in ("ON", "USING") for _, token in top(joined))
    if in_join and not has_condition and not _needs_no_condition(position):
        yield from ("ON", "USING")
    if any(token.upper == "SELECT" for _, token in top(position.all)):
        yield from _NEXT["FROM"]
    else:
        yield from _NEXT["FROM"][:3]
        yield "SELECT"
        yield from _NEXT["FROM"][3:]
    if is_bare or (joined and joined[-1].text == ")" and not has_condition):
        yield "AS"
    if is_bare:
        yield "VERSION"


def _needs_no_condition(position: Position) -> bool:
    sides = [
        token.upper for token in position.before if token.upper in ("CROSS", "NATURAL", "POSITIONAL", "JOIN")
    ]
    return len(sides) > 1 and sides[-1] == "JOIN" and sides[-2] != "JOIN"


def _behind_value(position: Position) -> Iterator[str]:
    in_condition = position.open_case == "WHEN" or position.clause in _CONDITIONS
    in_condition = in_condition or (not position.clause and not position.opener)
    if position.expected == "number":
        yield from _NEXT.get(position.clause, ())
        return
    term = _term(position)
    if "BETWEEN" in term:
        yield "AND"
        return
    yield from _of_case(position.open_case)
    compared = not _COMPARING.isdisjoint(term)
    if in_condition and not compared:
        yield from _COMPARISONS
    if in_condition:
        yield from ("AND", "OR")
    if not position.open_case:
        yield from _closing(position)
    if not in_condition:
        yield from (*_COMPARISONS, "AND", "OR")


def _of_case(word: str) -> tuple[str, ...]:
    """What goes on with a CASE behind a value in it."""
    return {"CASE": ("WHEN",), "WHEN": ("THEN",), "THEN": ("ELSE", "END", "WHEN"), "ELSE": ("END",)}.get(
        word, ()
    )


def _closing(position: Position) -> Iterator[str]:
    """What may come once the value is complete."""
    last = position.last
    is_call = last is not None and last.text == ")"
    if position.clause == "SELECT":
        is_star = last is not None and last.text == "*"
        yield from ("FROM", "EXCLUDE", "REPLACE") if is_star else ("FROM", "AS")
        if is_call:
            yield from ("OVER", "FILTER")
        yield from _NEXT["SELECT"][1:]
    elif position.clause == "ORDER":
        is_directed = last is not None and last.upper in ("DESC", "ASC")
        if not is_directed:
            yield from ("DESC", "ASC")
        yield from _NEXT["ORDER"] if position.opener != "OVER" else _FRAMES
        if last is not None and last.upper not in ("LAST", "FIRST"):
            yield from ("NULLS LAST", "NULLS FIRST")
    elif position.clause == "PARTITION":
        yield from ("ORDER BY", *_FRAMES)
    elif position.clause == "ON":
        yield from _NEXT["FROM"]
    elif position.clause:
        yield from _NEXT.get(position.clause, ())
    elif position.opener in ("CAST", "TRY_CAST"):
        yield "AS"
    elif position.opener in ("EXTRACT", "SUBSTRING", "TRIM"):
        yield "FROM"
    elif position.opener:
        yield "ORDER BY"


def _term(position: Position) -> set[str]:
    """The words and symbols since the last AND or OR; BETWEEN among them only while its AND is missing."""
    found: set[str] = set()
    for _, token in top(position.part):
        if token.upper == "AND" and "BETWEEN" in found:
            found = (found - {"BETWEEN"}) | {"="}
        elif token.upper in ("AND", "OR", "WHEN", "THEN", "ELSE", ","):
            found = set()
        else:
            found.add(token.upper)
    return found


def _possible(position: Position, found: Iterator[str]) -> Iterator[str]:
    """Those that do not begin a clause which stands behind the caret already, or belongs behind one that does."""
    behind = [token.upper for _, token in top(position.after) if token.upper in _ORDER]
    first = _ORDER.index(behind[0]) if behind else len(_ORDER)
    for word in found:
        clause = word.split()[0]
        if clause not in _ORDER or _ORDER.index(clause) < first:
            yield word
