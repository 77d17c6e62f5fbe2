"""The tree of a statement's brackets, each with the parts of what stands in it: words of a statement, or SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from thanosql_kernel.analysis.features.layout.atoms import Atom
from thanosql_kernel.errors import Span
from thanosql_kernel.statements.statement import Statement

_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Unfit(Exception):
    """The layout has no place for something in the statement."""


@dataclass(slots=True)
class Bracket:
    """A pair of brackets, or CASE … END, and what stands in it.

    Attributes:
        parts: What stands in it.
        holds_statement: Whether that is a statement of the dialect.
    """

    open: Atom
    close: Atom
    parts: list[Part]
    holds_statement: bool

    @property
    def nodes(self) -> list[Node]:
        """What stands in it, in one piece."""
        return [node for part in self.parts for node in part.nodes]


Node = Atom | Bracket


@dataclass(slots=True)
class Part:
    """A part of a statement: the words, names and options of its own grammar, or SQL."""

    nodes: list[Node]
    is_sql: bool


def parts_of(atoms: Sequence[Atom], statement: Statement) -> list[Part]:
    """The parts of a statement.

    Raises:
        Unfit: Its brackets do not match.
    """
    nested = {
        child.span.start: child.statement
        for one in (statement, *statement.children())
        for query in one.queries
        for child in query.nested
        if not child.statement.reads_stored
    }
    return list(_split(_nodes(atoms, nested), statement))


# -- brackets ----------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Open:
    open: Atom | None
    nodes: list[Node] = field(default_factory=list)


def _nodes(atoms: Sequence[Atom], nested: Mapping[int, Statement]) -> list[Node]:
    stack = [_Open(None)]
    for atom in atoms:
        inner = stack[-1]
        if atom.text in _CLOSING or atom.word == "CASE":
            stack.append(_Open(atom))
        elif inner.open is not None and _closes(inner.open, atom):
            stack.pop()
            stack[-1].nodes.append(_bracket(inner.open, inner.nodes, atom, nested))
        else:
            if atom.text == ":" and inner.open is not None and inner.open.text == "{":
                atom.hugs = "left"
            inner.nodes.append(atom)
    if len(stack) > 1:
        raise Unfit("a bracket or CASE is not closed")
    return stack[0].nodes


def _closes(opening: Atom, atom: Atom) -> bool:
    return atom.word == "END" if opening.word == "CASE" else atom.text == _CLOSING[opening.text]


def _bracket(opening: Atom, nodes: list[Node], closing: Atom, nested: Mapping[int, Statement]) -> Bracket:
    statement = nested.get(start_of(nodes[0])) if nodes and opening.text == "(" else None
    parts = [Part(nodes, is_sql=True)] if statement is None else list(_split(nodes, statement))
    return Bracket(opening, closing, parts, statement is not None)


def start_of(node: Node) -> int:
    """Where it begins."""
    return first(node).start


def first(node: Node) -> Atom:
    """The atom that it begins with."""
    return node.open if isinstance(node, Bracket) else node


def last(node: Node) -> Atom:
    """The atom that it ends with."""
    return node.close if isinstance(node, Bracket) else node


def word(node: Node) -> str:
    """The keyword that it is, else ""."""
    return "" if isinstance(node, Bracket) else node.word


# -- parts -------------------------------------------------------------------------------------------------------
def _split(nodes: list[Node], statement: Statement) -> Iterator[Part]:
    bare = [query for query in statement.queries if not query.tokens and len(query.nested) == 1]
    if statement.plain_sql and not bare:
        yield Part(nodes, is_sql=True)
        return
    rest = nodes
    for query in sorted(statement.queries, key=lambda query: query.span):
        head, inner, behind = _cut(rest, query.span)
        if not inner and head:
            continue  # it stands in a bracket, as the value of an option
        rest = behind
        if head:
            yield Part(head, is_sql=False)
        if query in bare:
            yield from _split(inner, query.nested[0].statement)
        elif inner:
            yield Part(inner, is_sql=True)
    if rest:
        yield Part(rest, is_sql=False)


def _cut(nodes: list[Node], span: Span) -> tuple[list[Node], list[Node], list[Node]]:
    """The nodes in front of a place, in it and behind it."""
    before = [node for node in nodes if start_of(node) < span.start]
    behind = [node for node in nodes if start_of(node) >= span.end]
    return before, nodes[len(before) : len(nodes) - len(behind)], behind
