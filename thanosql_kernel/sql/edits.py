"""Fixes in a text, each with a title for editors and the hint that says the same."""

from __future__ import annotations

from thanosql_kernel.errors import Fix, Replace, Span
from thanosql_kernel.wording import grammar

_LONGEST = 60
#: Signs that stand right behind what is in front of them.
CLOSING_SIGNS = (")", "]", "}", ",")


def writing(span: Span, text: str, *, old: str = "") -> Fix:
    """Something else in the place of what is there; the hint says in the place of what if ``old`` does."""
    told = _short(text.strip())
    advice = grammar.WRITE_FOR(text=told, old=_short(old)) if old else grammar.WRITE_SO(text=told)
    return Fix(grammar.WRITE(text=told), Replace(span, text), advice=advice)


def insertion(text: str, at: int, *, following: str = "") -> Fix:
    """More text, in front of what follows or at the end.

    Args:
        text: The text with the blanks around it.
        at: Where.
        following: What stands there; "" at the end.
    """
    values = {"text": _short(text.strip()), "next": _short(following)}
    title, advice = (
        (grammar.INSERT_BEFORE, grammar.INSERT_BEFORE_SO)
        if following
        else (grammar.INSERT_AT_END, grammar.INSERT_AT_END_SO)
    )
    return Fix(title(**values), Replace(Span(at, at), text), advice=advice(**values))


def removal(span: Span, text: str) -> Fix:
    """Nothing in the place of what is there."""
    return Fix(grammar.REMOVE(text=text), Replace(span, ""), advice=grammar.REMOVE_SO(text=text))


def move(edit: Replace, text: str, *, following: str = "") -> Fix:
    """A part put in front of what stands elsewhere, or at the end.

    Args:
        edit: What that makes of the text from the one place to the other.
        text: The part.
        following: What it stands in front of then; "" at the end.
    """
    values = {"text": _short(text), "next": _short(following)}
    title, advice = (
        (grammar.MOVE_BEFORE, grammar.MOVE_BEFORE_SO)
        if following
        else (grammar.MOVE_TO_END, grammar.MOVE_TO_END_SO)
    )
    return Fix(title(**values), edit, advice=advice(**values))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
