"""What in SQL that does not parse only looks like SQL."""

from __future__ import annotations

from thanosql_kernel.duck.words import is_reserved
from thanosql_kernel.errors import ParseError
from thanosql_kernel.sql.lexer import Token, read_tokens
from thanosql_kernel.sql.lookalikes import is_lookalike, lookalike_error, plain


def mistyped(sql: str) -> ParseError | None:
    """The error for the first sign or keyword in SQL that is written in those of another alphabet; None without one."""
    if sql.isascii():
        return None
    tokens = list(read_tokens(sql))
    found = (index for index, token in enumerate(tokens) if is_lookalike(token) or _is_wide_keyword(token))
    index = next(found, None)
    return None if index is None else lookalike_error(sql, tokens, index)


def _is_wide_keyword(token: Token) -> bool:
    word = plain(token.text)
    return token.kind == "word" and word != token.text and is_reserved(word)
