"""PREPROCESS: cut media files into rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.statements.statement import Statement, Words


@dataclass(frozen=True)
class Preprocess(Statement):
    """``PREPROCESS VIDEO USING method [OPTIONS(...)] FROM 'path'``."""

    heads = (("PREPROCESS", "VIDEO"), ("PREPROCESS", "IMAGE"), ("PREPROCESS", "AUDIO"))
    unsupported: ClassVar = dict.fromkeys(heads, "COPY t FROM 'folder/' makes a row of each file")
    syntax = "PREPROCESS VIDEO USING method [OPTIONS(…)] FROM 'path'"
    help = "Cut media files into rows. Not run by this kernel."

    method: Name
    given: tuple[Assignment, ...]
    path: Value

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows the words."""
        start = cursor.start_of(words)
        cursor.expect("USING")
        method = cursor.name("function")
        given = cursor.options()
        cursor.expect("FROM")
        path = cursor.text("path")
        return cls(cursor.span_from(start), words, method, given, path)
