"""Where a part of a statement ends that is written in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from thanosql_kernel.sql.lexer import Token


class Ends:
    """Tells the words that end a part of a statement from those within it.

    ``CASE WHEN … END`` holds what would end it elsewhere, and so does ``IS DISTINCT FROM``.

    Args:
        tokens: The statement's; asked about one after the other, those in parentheses left out.
        words: What ends the part.
    """

    def __init__(self, tokens: Sequence[Token], words: Collection[str]) -> None:
        self._tokens = tokens
        self._words = words
        self._cases = 0

    def __call__(self, index: int) -> bool:
        """Whether the part ends in front of the token."""
        word = self._tokens[index].upper
        if word == "CASE" or (word == "END" and self._cases):
            self._cases += 1 if word == "CASE" else -1
            return False
        is_operator = word == "FROM" and index > 0 and self._tokens[index - 1].upper == "DISTINCT"
        return not self._cases and word in self._words and not is_operator
