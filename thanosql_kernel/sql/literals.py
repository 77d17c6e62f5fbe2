"""Tokens to values."""

from __future__ import annotations

import re

from thanosql_kernel.sql.lexer import CURLY, Token, tokenize
from thanosql_kernel.sql.nodes import Scalar, Value

CONSTANTS: dict[str, Scalar] = {"TRUE": True, "FALSE": False, "NONE": None, "NULL": None}
_ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", None: "'"}


def unquote(token: Token) -> str:
    """The value of a string in either kind of quotes, or the word itself."""
    if token.kind == "string" and token.text[0] == "'":
        return token.text[1:-1].replace("''", "'")
    if is_curly(token):
        return token.text[1:-1]
    if token.kind == "string" and token.text[0] in "eE":
        return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), token.text[2:-1])
    if token.kind == "string":
        tag = token.text.index("$", 1) + 1
        return token.text[tag:-tag]
    return token.name


def is_curly(token: Token) -> bool:
    """Whether a token is a string in bent quotes, which SQL does not know."""
    return token.kind == "string" and token.text[0] in CURLY


def straight(token: Token, *, in_place: bool = False) -> str:
    """A string in bent quotes as SQL writes it.

    Args:
        token: The string.
        in_place: Whether it must be as long as it was, whatever becomes of a quote in it: nobody reads its value.
    """
    return "'" + token.text[1:-1].replace("'", "’" if in_place else "''") + "'"


def straightened(text: str) -> str:
    """A text with straight quotes around its strings, every character in its place."""
    if text.isascii() or not any(char in text for char in CURLY):
        return text
    return "".join(
        straight(token, in_place=True) if is_curly(token) else token.text for token in tokenize(text)
    )


def literal(token: Token) -> Value:
    """The value of a string, number, constant or bare word."""
    if token.kind == "number":
        return Value(number(token.text), token.span, "number")
    if token.kind == "word" and token.upper in CONSTANTS:
        return Value(CONSTANTS[token.upper], token.span, "constant")
    return Value(unquote(token), token.span, "word" if token.kind == "word" else "string")


def number(text: str) -> int | float:
    """The value of digits with or without a sign, point and exponent."""
    try:
        return int(text)
    except ValueError:
        return float(text)
