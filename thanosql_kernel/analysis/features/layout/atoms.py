"""The tokens of a statement as the layout needs them: operators whole, comments at the token they belong to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from thanosql_kernel.analysis.features.layout.documents import Comment
from thanosql_kernel.duck.words import is_called
from thanosql_kernel.sql.lexer import Token, TokenKind, tokenize

#: Operators with a space on both sides wherever a value stands in front of them; the others stay as they are written.
_SPACED = frozenset("= < > <= >= <> != == + - * / % || := => ** // ^ & | << >> ~~ !~~ && @> <@ ^@".split())
#: Operators that a long expression may be broken in front of; a line that begins with % would be a magic line.
BREAKABLE = frozenset("+ - * / ||".split())
_OPERATOR_SIGNS = frozenset("+-*/<>=~!@^&|%`:")
#: A run of signs that ends with one of + and - is one operator only if it has one of these (PostgreSQL, 4.1.3).
_SIGNS_BEFORE_MINUS = frozenset("~!@%^&|`")
_ENDS_VALUE = frozenset({"END", "NULL", "TRUE", "FALSE"})
_ARROWS = ("->", "->>")
_HUGS: dict[str, Literal["left", "both"]] = {",": "left", ".": "both", "::": "both"}


@dataclass(slots=True)
class Atom:
    """A token.

    Attributes:
        kind: Its kind; ``operator`` for one or more signs that are read as one.
        text: As it is printed.
        start: Where it stands.
        word: Its text if it is a keyword where it stands, else "".
        is_glued: Whether it stands right behind the one in front.
        names_option: Whether it names an option, whose ``=`` has no spaces.
        is_binary: Whether it is an operator with a value in front of it.
        hugs: On which sides there is never a space.
        begins_line: Whether it must be the first on its line: a string goes on behind a line end.
        before: The comments on lines of their own in front of it.
        behind: The comments behind it on its line.
    """

    kind: TokenKind | Literal["operator"]
    text: str
    start: int
    word: str
    is_glued: bool
    names_option: bool
    is_binary: bool = False
    hugs: Literal["", "left", "both"] = ""
    begins_line: bool = False
    before: list[Comment] = field(default_factory=list)
    behind: list[Comment] = field(default_factory=list)

    @property
    def ends_value(self) -> bool:
        """Whether a value may end with it."""
        if self.kind == "word":
            return not self.word or self.word in _ENDS_VALUE
        return self.kind in ("quoted", "string", "number", "parameter") or self.text in (")", "]", "}", "?")


def read_atoms(
    text: str, tokens: Sequence[Token], keywords: Collection[int], options: Collection[int]
) -> list[Atom]:
    """The atoms of the tokens.

    Args:
        text: What the tokens stand in.
        tokens: Those that carry meaning.
        keywords: Where those start that are keywords.
        options: Where those start that name options.
    """
    atoms: list[Atom] = []
    end = tokens[0].start
    for token in tokens:
        is_glued = end == token.start
        if not (is_glued and atoms and _goes_on(atoms[-1], token)):
            word = token.text.upper() if token.start in keywords else ""
            atom = Atom(token.kind, word or token.text, token.start, word, is_glued, token.start in options)
            if token.kind == "symbol":
                _read_sign(atom, atoms[-1] if atoms else None)
            if not is_glued:
                _read_gap(text[end : token.start], atoms[-1], atom)
            atoms.append(atom)
        end = token.end
    _even_arrows(atoms)
    return atoms


def _read_sign(atom: Atom, before: Atom | None) -> None:
    """What a sign is where it stands."""
    if atom.text in _HUGS:
        atom.hugs = _HUGS[atom.text]
    elif atom.text == "=" and before is not None and before.names_option:
        atom.hugs = "both"
    elif _OPERATOR_SIGNS.issuperset(atom.text):
        atom.kind = "operator"
        atom.is_binary = before is not None and before.ends_value


def _goes_on(before: Atom, token: Token) -> bool:
    """Whether a token is more of an operator; it is added to it."""
    run = before.text + token.text
    is_run = before.kind == "operator" and token.kind == "symbol" and _OPERATOR_SIGNS.issuperset(run)
    if not is_run or (":" in run and run != ":="):
        return False
    if token.text in ("+", "-") and _SIGNS_BEFORE_MINUS.isdisjoint(run):
        return False
    before.text = run
    return True


def _read_gap(gap: str, before: Atom, atom: Atom) -> None:
    """What stands between two tokens: comments, and line ends that matter."""
    if "\n" not in gap and gap.isspace():
        return
    on_new_line = False
    for token in tokenize(gap):
        if token.kind == "space":
            on_new_line = on_new_line or "\n" in token.text
        elif on_new_line:
            atom.before.append(Comment(token.text.rstrip(), own_line=True))
        else:
            before.behind.append(Comment(token.text.rstrip(), own_line=False))
    atom.begins_line = "\n" in gap and atom.kind == before.kind == "string"


def _even_arrows(atoms: Sequence[Atom]) -> None:
    """``a->>'b'`` and ``x -> x + 1`` stay as they are; spaces on one side only become spaces on both.

    With no value in front, it may come to stand first on its line: what is in front of it says nothing.
    """
    for atom, after in pairwise(atoms):
        if atom.text in _ARROWS and atom.is_binary:
            atom.is_glued = after.is_glued = atom.is_glued and after.is_glued


# -- how close they stand ----------------------------------------------------------------------------------------
def is_spaced(before: Atom, atom: Atom) -> bool:
    """Whether a space belongs between two atoms that follow each other on a line."""
    if atom.hugs or before.hugs == "both":
        return False
    if before.text == "," or before.hugs or before.behind:
        return True
    if before.kind == "operator":
        return _is_spaced_operand(before, atom)
    if atom.kind == "operator":
        return not (_is_as_written(atom) and atom.is_glued)
    if atom.text in ("(", "[", "{"):
        return _is_spaced_bracket(before, atom)
    has_edge = before.word or atom.word or before.text in (")", "]", "}")
    return not atom.is_glued or (bool(has_edge) and atom.kind != "symbol")


def _is_as_written(operator: Atom) -> bool:
    """Whether it keeps its spaces or their absence: ``@x``, ``x!``, ``l[1:2]``, ``a->>'b'``."""
    is_known = operator.text in _SPACED or (operator.is_binary and len(operator.text) > 1)
    return not is_known or operator.text in _ARROWS


def _is_spaced_operand(operator: Atom, atom: Atom) -> bool:
    if operator.is_binary and not _is_as_written(operator):
        return True
    ends_list = operator.text == "*" and bool(atom.word) and not is_called(atom.word)  # SELECT *FROM t
    return ends_list or not atom.is_glued


def _is_spaced_bracket(before: Atom, atom: Atom) -> bool:
    if atom.text != "(" or not before.word:
        return not atom.is_glued
    return before.word != "OPTIONS" and not (is_called(before.text) and atom.is_glued)
