"""What stands in a statement as documents: one clause a line, what is short on one line, what is long in even parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thanosql_kernel.analysis.features.layout import clauses
from thanosql_kernel.analysis.features.layout.atoms import BREAKABLE, Atom, is_spaced
from thanosql_kernel.analysis.features.layout.clauses import Nodes
from thanosql_kernel.analysis.features.layout.documents import (
    HARD,
    LINE,
    SOFT,
    Document,
    filled,
    group,
    indented,
    joined,
    separated,
)
from thanosql_kernel.analysis.features.layout.tree import Bracket, Node, Part, first, last, word

#: The widest query in parentheses, or CASE, that stands on one line.
_SHORT = 60


def document_of(parts: Sequence[Part], *, is_whole: bool = False) -> Document:
    """A statement in its parts.

    Args:
        parts: The parts.
        is_whole: Whether it is nested in nothing: a query in parentheses is broken then, however short.
    """
    found: list[Document] = []
    before: Part | None = None
    for part in parts:
        hugs = before is not None and part.is_sql and isinstance(part.nodes[0], Bracket)
        if before is not None:
            # EXPORT on a line of its own would be no statement above one of another kind.
            is_verb = not part.is_sql and not before.is_sql and len(before.nodes) == 1
            found.append(" " if hugs or is_verb else LINE)
        found.append(_sql(part.nodes, is_broken=hugs and is_whole) if part.is_sql else _head(part.nodes))
        before = part
    return joined(*found)


def _head(nodes: Nodes) -> Document:
    """Words, names and options of a statement: what does not fit on a line is broken at OPTIONS, then at USING."""
    at = next((i for i, node in enumerate(nodes) if word(node) == "OPTIONS"), len(nodes))
    if at + 1 >= len(nodes) or not isinstance(options := nodes[at + 1], Bracket):
        return _words(nodes)
    found = [_words(nodes[:at]), LINE, _node(nodes[at]), *_opened(options, _listed(options.nodes))]
    if behind := nodes[at + 2 :]:
        found += [" ", _run(behind)]
    return group(*found)


def _words(nodes: Nodes) -> Document:
    for index, node in enumerate(nodes):
        if index and word(node) == "USING" and not word(nodes[index - 1]):
            return group(_run(nodes[:index]), LINE, _run(nodes[index:]))
    return _run(nodes)


# -- queries -----------------------------------------------------------------------------------------------------
def _sql(nodes: Nodes, *, is_broken: bool = False) -> Document:
    found = [_clause(clause) for clause in clauses.clauses_of(nodes)]
    if is_broken and isinstance(nodes[0], Bracket):
        behind = next(clauses.clauses_of(nodes))[1:]
        found[0] = joined(_bracket(nodes[0], is_broken=True), *([" ", _run(behind)] if behind else ()))
    return separated(found)


def _clause(nodes: Nodes) -> Document:
    count = clauses.lead(nodes)
    items = list(_split_commas(nodes[count:]))
    if count == 0 or not items:
        return _item(nodes)
    opening = word(nodes[0])
    if opening == "WITH":
        return joined(_run(nodes[:count]), " ", _items(items))
    if opening == "SELECT" or len(items) > 1:
        return group(_run(nodes[:count]), indented(LINE, _items(items)))
    return joined(_run(nodes[:count]), " ", _item(items[0]))


def _split_commas(nodes: Nodes) -> Iterator[Nodes]:
    """The items of a list, each with the comma behind it."""
    start = 0
    for index, node in enumerate(nodes):
        if isinstance(node, Atom) and node.text == ",":
            yield nodes[start : index + 1]
            start = index + 1
    if start < len(nodes):
        yield nodes[start:]


def _items(items: Sequence[Nodes]) -> Document:
    return separated(_item(item) for item in items)


# -- expressions -------------------------------------------------------------------------------------------------
def _item(nodes: Nodes) -> Document:
    """One value, table or condition, with the comma behind it."""
    if (at := _join_condition(nodes)) is not None:
        return joined(_run(nodes[:at]), indented(group(LINE, _condition(nodes[at:]))))
    return group(_condition(nodes, hangs=True))


def _join_condition(nodes: Nodes) -> int | None:
    """Index of the ON of a join."""
    return next((index for index, node in enumerate(nodes) if index and word(node) == "ON"), None)


def _condition(nodes: Nodes, *, hangs: bool = False) -> Document:
    """An expression that may be broken in front of AND and OR.

    Args:
        nodes: The expression.
        hangs: Whether the lines behind the first are indented.
    """
    pieces = [_sum(piece) for piece in _split_conditions(nodes)]
    if len(pieces) == 1:
        return pieces[0]
    rest = [document for piece in pieces[1:] for document in (LINE, piece)]
    return joined(pieces[0], indented(*rest) if hangs else joined(*rest))


def _split_conditions(nodes: Nodes) -> Iterator[Nodes]:
    start, in_between = 0, False
    for index, node in enumerate(nodes):
        found = word(node)
        if found in ("AND", "OR") and index > start and not in_between:
            yield nodes[start:index]
            start = index
        in_between = found == "BETWEEN" or (in_between and found != "AND")
    yield nodes[start:]


def _sum(nodes: Nodes) -> Document:
    """An expression that may be broken in front of operators."""
    signs = [index for index, node in enumerate(nodes) if _is_breakable(node)]
    if not signs:
        return _run(nodes)
    pieces = [_run(nodes[a:b]) for a, b in zip([0, *signs], [*signs, len(nodes)], strict=True)]
    rest = [document for piece in pieces[1:] for document in (filled(piece), piece)]
    return group(pieces[0], indented(*rest))


def _is_breakable(node: Node) -> bool:
    return isinstance(node, Atom) and node.is_binary and node.text in BREAKABLE


def _run(nodes: Nodes) -> Document:
    """Nodes with spaces where they belong."""
    found: list[Document] = []
    before: Node | None = None
    for node in nodes:
        space = before is not None and is_spaced(last(before), first(node))
        document = _node(node)
        if isinstance(document, str) and found and isinstance(found[-1], str):
            found[-1] += f" {document}" if space else document
        else:
            found += (" ", document) if space else (document,)
        before = node
    return joined(*found)


def _node(node: Node) -> Document:
    return _bracket(node) if isinstance(node, Bracket) else _atom(node)


def _atom(atom: Atom) -> Document:
    if not (atom.before or atom.behind or atom.begins_line):
        return atom.text
    return joined(*atom.before, *([HARD] if atom.begins_line else ()), atom.text, *atom.behind)


# -- brackets ----------------------------------------------------------------------------------------------------
def _bracket(bracket: Bracket, *, is_broken: bool = False) -> Document:
    if bracket.open.word == "CASE":
        return _case(bracket)
    if not bracket.parts[0].nodes:
        return joined(_atom(bracket.open), _atom(bracket.close))
    if bracket.holds_statement or clauses.begins_query(bracket.nodes):
        query = document_of(bracket.parts)
        return group(*_opened(bracket, query), most=0 if is_broken else _SHORT, hangs=True)
    return group(*_opened(bracket, _call(bracket.nodes)), hangs=True)


def _opened(bracket: Bracket, inner: Document) -> tuple[Document, ...]:
    """The brackets around what stands in them; comments in front of the closing one are inside."""
    comments, close = bracket.close.before, joined(bracket.close.text, *bracket.close.behind)
    return _atom(bracket.open), indented(SOFT, inner, *comments), SOFT, close


def _call(nodes: Nodes) -> Document:
    """Arguments, values, a window, or one expression."""
    parts = clauses.parts_of_call(nodes)
    return separated(_clause(part) if clauses.begins_part(part[0]) else _listed(part) for part in parts)


def _listed(nodes: Nodes) -> Document:
    """What commas part: literals and names as many a line as fit, other things one a line."""
    items = list(_split_commas(nodes))
    if len(items) == 1:
        return _condition(nodes)
    if not all(map(_is_simple, items)):
        return _items(items)
    documents = [_run(item) for item in items]
    found = documents[:1]
    for document in documents[1:]:
        found += (filled(document), document)
    return joined(*found)


def _is_simple(item: Nodes) -> bool:
    return len(item) <= 3 and all(isinstance(node, Atom) and not node.names_option for node in item)


def _case(bracket: Bracket) -> Document:
    """CASE … END: on one line if it is short, else a line for each WHEN and ELSE, and END below CASE."""
    nodes = bracket.nodes
    starts = [index for index, node in enumerate(nodes) if word(node) in ("WHEN", "ELSE")]
    operand = nodes[: starts[0]] if starts else nodes
    branches = [nodes[a:b] for a, b in zip(starts, [*starts[1:], len(nodes)], strict=True)]
    found: list[Document] = [_atom(bracket.open)]
    if operand:
        found += [" ", _run(operand)]
    for branch in branches:
        found.append(indented(LINE, _branch(branch)))
    comments, close = bracket.close.before, joined(bracket.close.text, *bracket.close.behind)
    return group(*found, indented(*comments), LINE, close, most=_SHORT, hangs=True)


def _branch(nodes: Nodes) -> Document:
    """WHEN … THEN …, or ELSE …."""
    at = next((index for index, node in enumerate(nodes) if word(node) == "THEN"), len(nodes))
    found = [_condition(nodes[:at])]
    if at < len(nodes):
        found += [LINE, _condition(nodes[at:])]
    return group(found[0], indented(*found[1:])) if len(found) > 1 else _item(nodes)
