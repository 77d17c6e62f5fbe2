"""What options are given in a statement's tokens, however unfinished it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from thanosql_kernel.sql.lexer import Token


def option_text(tokens: Sequence[Token], names: Collection[str]) -> str | None:
    """The text that is given to an option; None where there is none.

    Args:
        tokens: The statement's.
        names: The option's, in lower case.
    """
    for (name, equals), (_, value) in pairwise(pairwise(tokens)):
        if name.text.lower() in names and equals.text == "=" and value.kind in ("string", "quoted", "word"):
            return value.text if value.kind == "word" else value.text[1:-1]
    return None
