"""Where the clauses of SQL begin, and which of their words stand in front of what they list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from thanosql_kernel.analysis.features.layout.tree import Bracket, Node, first, word
from thanosql_kernel.analysis.text.clauses import JOIN_SIDES, JOINS, SET_WORDS
from thanosql_kernel.sql.brackets import CLAUSES
from thanosql_kernel.statements.registry import heads

Nodes = Sequence[Node]

_JOIN_WORDS = JOINS | JOIN_SIDES
#: What may follow UNION.
_SET_OPTIONS = frozenset("ALL DISTINCT BY NAME".split())
#: Clauses whose first word is one only in front of another.
_PAIRED = {"GROUP": "BY", "ORDER": "BY", "PARTITION": "BY", "ON": "CONFLICT"}
_ALWAYS = (CLAUSES - _PAIRED.keys() - {"FROM"}) | SET_WORDS | {"RETURNING", "FETCH", "WHEN"}
#: What begins a part of a call or a window, where no query stands.
_WITHIN_CALLS = frozenset("ORDER PARTITION GROUP WHERE ROWS RANGE GROUPS FOR".split())
#: Words that begin a clause of the statement that another word begins.
_OWN_CLAUSES = {
    "PIVOT": frozenset({"ON", "USING"}),
    "UNPIVOT": frozenset({"ON", "INTO"}),
    "MERGE": frozenset({"USING"}),
    "DELETE": frozenset({"USING"}),
}


def begins_query(nodes: Nodes) -> bool:
    """Whether SQL with clauses of its own stands there, not values: a query, or queries joined by UNION."""
    opening = word(nodes[0])
    if opening:
        return opening in heads() or opening == "TABLE"
    return len(nodes) > 1 and isinstance(nodes[0], Bracket) and word(nodes[1]) in SET_WORDS


def clauses_of(nodes: Nodes) -> Iterator[Nodes]:
    """The clauses of a query; what stands in front of the first is one too."""
    own = _OWN_CLAUSES.get(word(nodes[0]), frozenset())
    return _cut(nodes, lambda index: _begins_clause(nodes, index, own))


def parts_of_call(nodes: Nodes) -> Iterator[Nodes]:
    """What stands in the brackets of a call or a window, cut in front of ORDER BY, PARTITION BY and the like."""

    def begins(index: int) -> bool:
        paired = _PAIRED.get(word(nodes[index]))
        return begins_part(nodes[index]) and paired in (None, _word(nodes, index + 1))

    return _cut(nodes, begins)


def begins_part(node: Node) -> bool:
    """Whether a part of a call or a window may begin there."""
    return word(node) in _WITHIN_CALLS


def _cut(nodes: Nodes, begins: Callable[[int], bool]) -> Iterator[Nodes]:
    start = 0
    for index in range(1, len(nodes)):
        if begins(index):
            yield nodes[start:index]
            start = index
    yield nodes[start:]


def _word(nodes: Nodes, index: int) -> str:
    return word(nodes[index]) if 0 <= index < len(nodes) else ""


def _begins_clause(nodes: Nodes, index: int, own: frozenset[str]) -> bool:
    found, before = word(nodes[index]), _word(nodes, index - 1)
    if not found:
        return isinstance(nodes[index], Bracket) and _ends_set_words(nodes, index - 1)
    if found in _ALWAYS:
        return True
    if found in _PAIRED and _PAIRED[found] == _word(nodes, index + 1):
        return True
    if found in _JOIN_WORDS:
        return before not in _JOIN_WORDS
    if found in own and index + 1 < len(nodes):
        return found != "USING" or _is_source(nodes[index + 1])
    return _begins_here(nodes, index, found, before)


def _is_source(node: Node) -> bool:
    """Whether rows or values stand there, not the columns of USING (a, b)."""
    return not (isinstance(node, Bracket) and node.nodes and not begins_query(node.nodes))


def _begins_here(nodes: Nodes, index: int, found: str, before: str) -> bool:
    """Whether a word that often is part of a clause begins one."""
    after = _word(nodes, index + 1)
    if found == "FROM":  # IS DISTINCT FROM, DELETE FROM
        return before not in ("DISTINCT", "DELETE")
    if found == "SET":  # DO UPDATE SET, THEN UPDATE SET
        return before != "UPDATE"
    if found == "VALUES":  # THEN INSERT (a, b) VALUES
        return word(nodes[0]) != "MERGE"
    if found == "WITH":  # WITH ORDINALITY, WITH TIES
        return after in ("", "RECURSIVE") and before not in _SET_OPTIONS
    if found == "USING":
        return after == "SAMPLE"
    return found in ("PIVOT", "UNPIVOT") and index + 1 < len(nodes) and first(nodes[index + 1]).text == "("


def _ends_set_words(nodes: Nodes, index: int) -> bool:
    """Whether UNION, UNION ALL, UNION BY NAME end there."""
    while _word(nodes, index) in _SET_OPTIONS:
        index -= 1
    return _word(nodes, index) in SET_WORDS


def lead(clause: Nodes) -> int:
    """How many nodes of a clause stand in front of what it lists; 0 if it lists nothing."""
    opening = word(clause[0])
    if not opening or opening in _JOIN_WORDS or opening in SET_WORDS:
        return 0
    if opening == "SELECT":
        return _select_lead(clause)
    if _PAIRED.get(opening) == "BY":
        return 2
    for index, node in enumerate(clause):
        if word(node) == "SET":
            return index + 1
    return 2 if _word(clause, 1) == "RECURSIVE" else 1


def _select_lead(clause: Nodes) -> int:
    count = 1
    while _word(clause, count) in ("DISTINCT", "ALL"):
        count += 1
    if _word(clause, count) == "ON" and count + 1 < len(clause):
        count += 2
    return count
