"""Quotes that are missing, or too many: edits that may mend them, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from thanosql_kernel.errors import Fix, Replace, Span
from thanosql_kernel.sql import edits
from thanosql_kernel.sql.failure import Failure
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.token_reader import closed
from thanosql_kernel.wording.grammar import TS101

#: Where a string may have been meant to end: in front of a sign, or of a word in capitals.
_END = re.compile(r"(?=[),;\]])|(?=\s+[A-Z]{2,}\b)")
_WITHIN_WORD = re.compile(r"(?<=\w)'(?=\w)")
_BACKTICKS = re.compile(r"`([^`\n]+)`")


def quote_candidates(failure: Failure) -> Iterator[Fix]:
    """Edits that may mend the first quote of the text that is not closed, or those that SQL does not have."""
    unclosed = next((index for index, it in enumerate(failure.tokens) if it.kind == "unclosed"), None)
    if unclosed is not None and failure.tokens[unclosed].text[:2] != "/*":
        yield from _closed(failure.tokens[unclosed])
        yield from _doubled(failure)
        yield from _opened(failure, unclosed)
        yield from _closed_earlier(failure, unclosed)
    for match in _BACKTICKS.finditer(failure.source):
        yield edits.writing(Span(*match.span()), f'"{match[1]}"')


def _closed(token: Token) -> Iterator[Fix]:
    """The quote closed by another kind of quote that stands there, or in front of what may not belong to it."""
    other = "'" if token.text[0] == '"' else '"'
    at = token.text.find(other)
    if at > 0:
        yield edits.writing(Span(token.start, token.start + at + 1), f"{other}{token.text[1:at]}{other}")
    for match in _END.finditer(token.text, 1):
        if match.start() > 1:
            end = token.start + match.start()
            yield closed(Span(end, end), token)


def _opened(failure: Failure, unclosed: int) -> Iterator[Fix]:
    """A quote in front of what the open one closes."""
    token = failure.tokens[unclosed]
    if not unclosed or failure.tokens[unclosed - 1].end != token.start:
        return
    first, _ = failure.run(unclosed - 1)
    for index in dict.fromkeys((first, unclosed - 2, unclosed - 3)):
        if index > 0:
            start = failure.tokens[index].start
            yield edits.insertion(token.text[0], start, following=failure.tokens[index].text)


def _doubled(failure: Failure) -> Iterator[Fix]:
    """The quotes within words written twice, as a string has them."""
    places = [match.start() for match in _WITHIN_WORD.finditer(failure.source)]
    for at in places:
        edit = Replace(Span(at, at + 1), "''")
        yield Fix(TS101.DOUBLE_QUOTE(), edit, advice=TS101.DOUBLE_QUOTE_SO())


def _closed_earlier(failure: Failure, unclosed: int) -> Iterator[Fix]:
    """A string in front of the open one closed where it was meant to end."""
    for token in failure.tokens[:unclosed]:
        if token.kind == "string" and token.text[0] == "'":
            for match in _END.finditer(token.text, 1):
                if 1 < match.start() < len(token.text) - 1:
                    end = token.start + match.start()
                    yield closed(Span(end, end), token)
