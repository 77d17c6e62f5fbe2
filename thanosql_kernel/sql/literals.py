"""Tokens to values."""

from __future__ import annotations

import re

from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.nodes import Scalar, Value

CONSTANTS: dict[str, Scalar] = {"TRUE": True, "FALSE": False, "NONE": None, "NULL": None}
_ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", None: "'"}


def unquote(token: Token) -> str:
    """The value of a string in either kind of quotes, or the word itself."""
    if token.kind == "string" and token.text[0] == "'":
        return token.text[1:-1].replace("''", "'")
    if token.kind == "string" and token.text[0] in "eE":
        return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), token.text[2:-1])
    if token.kind == "string":
        tag = token.text.index("$", 1) + 1
        return token.text[tag:-tag]
    return token.name


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
