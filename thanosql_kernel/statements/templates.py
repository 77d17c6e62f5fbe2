"""Gaps of manuals, ``[like this]``, where no name or value can stand: told as gaps, and not as wrong grammar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from thanosql_kernel.errors import ParseError, Span, Unsupported
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.wording.refusals import TS602

#: What stands in gaps beside words: ``[True|False]``, ``[expression [, …]]``.
_BESIDE_WORDS = frozenset("| , . … - / ' : ? [ ]".split())


def gap(text: str, span: Span) -> Unsupported:
    """The error for a ``[gap to fill in]`` that was copied from a manual."""
    return Unsupported(TS602.GAP(text=text), span=span, hint=TS602.WRITE_YOUR_NAME())


def gap_at(source: str, tokens: Sequence[Token], error: ParseError) -> Unsupported | None:
    """The error for the gap that a parser has stumbled over; None where it is something else.

    Args:
        source: The text.
        tokens: Those of the statement.
        error: What the parser says.
    """
    if error.span is None:
        return None
    at = error.span.start
    found = (gap(source[slice(*span)], span) for span in _gaps(tokens) if span.start <= at < span.end)
    return next(found, None)


def gaps_for_tables(source: str, tokens: Sequence[Token]) -> Iterator[Unsupported]:
    """The errors for gaps that stand in SQL where tables do."""
    opened = {span.start: span for span in _gaps(tokens)}
    for before, token in pairwise(tokens):
        if before.upper in ("FROM", "JOIN") and token.start in opened:
            span = opened[token.start]
            yield gap(source[slice(*span)], span)


def _gaps(tokens: Sequence[Token]) -> Iterator[Span]:
    """Where brackets stand that hold words, and nothing that only values have."""
    start, depth, is_words = 0, 0, False
    for index, token in enumerate(tokens):
        if token.text == "[":
            start, is_words = (index, False) if depth == 0 else (start, is_words)
            depth += 1
        elif token.text == "]" and depth:
            depth -= 1
            if depth == 0 and is_words and _is_gap(tokens[start : index + 1]):
                yield Span(tokens[start].start, token.end)
        elif depth:
            is_words = is_words or token.is_name or token.text == "|"


def _is_gap(tokens: Sequence[Token]) -> bool:
    choices = any(token.text == "|" for token in tokens)
    kinds = ("word", "number", "unclosed", "string") if choices else ("word", "number", "unclosed")
    return all(token.kind in kinds or token.text in _BESIDE_WORDS for token in tokens)
