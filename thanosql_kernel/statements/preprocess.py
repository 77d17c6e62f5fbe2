"""PREPROCESS: cut media files into rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import old_kinds, statements


@dataclass(frozen=True)
class Preprocess(Statement):
    """``PREPROCESS VIDEO USING method [OPTIONS(...)] FROM 'path'``."""

    heads = (("PREPROCESS", "VIDEO"), ("PREPROCESS", "IMAGE"), ("PREPROCESS", "AUDIO"))
    unsupported: ClassVar = {
        ("PREPROCESS", "VIDEO"): old_kinds.CLIPS,
        ("PREPROCESS", "IMAGE"): old_kinds.PICTURES_AS_THEY_ARE,
        ("PREPROCESS", "AUDIO"): old_kinds.SOUNDS_AS_THEY_ARE,
    }
    syntax = "PREPROCESS VIDEO USING method [OPTIONS(…)] FROM 'path'"
    help = statements.PREPROCESS

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
