"""Errors that SQL of ours raises itself: DuckDB hands them on as its own, and here they are known again."""

from __future__ import annotations

from typing import NamedTuple

from thanosql_kernel.sql.parameters import text_literal
from thanosql_kernel.wording import Wording

#: In front of the subject and of the message: no text of DuckDB's has it.
_MARK = "\x1f"
_VALUE = "\x1e"


class Raised(NamedTuple):
    """What SQL of ours says of some value.

    Attributes:
        subject: What it is about, e.g. the column that the value was to go into.
        message: In the words of the user's language.
    """

    subject: str
    message: str


def raising(wording: Wording, value: str = "", *, subject: str = "", **values: object) -> str:
    """SQL that raises an error.

    Args:
        wording: What it says.
        value: SQL of what stands in it as ``{value}``; what else stands in it is known beforehand.
        subject: What it is about, for code.
    """
    said = f"{_MARK}{subject}{_MARK}{wording(value=_VALUE, **values)}"
    pieces = [text_literal(piece) for piece in said.split(_VALUE)]
    return f"error({f' || CAST({value} AS VARCHAR) || '.join(pieces)})"


def raised(message: str) -> Raised | None:
    """What SQL of ours has said, if it was that which DuckDB hands on."""
    _, *found = message.split(_MARK, 2)
    return Raised(*found) if len(found) == 2 else None
