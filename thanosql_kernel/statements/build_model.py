"""BUILD MODEL and FIT MODEL: train a model on rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import instead, statements


@dataclass(frozen=True)
class BuildModel(Statement):
    """``BUILD MODEL m USING base [OPTIONS(...)] AS query``, and FIT MODEL alike."""

    heads = (("BUILD", "MODEL"), ("FIT", "MODEL"), ("BUILD",))
    unsupported: ClassVar = dict.fromkeys(heads, instead.TRAINED_MODELS)
    syntax = "BUILD|FIT MODEL model USING base [OPTIONS(…)] AS query"
    help = statements.BUILD_MODEL

    model: Name
    base: Name
    given: tuple[Assignment, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows the words."""
        start = cursor.start_of(words)
        model = cursor.name("new model")
        cursor.expect("USING")
        if cursor.looking_at("CLASS") and (after := cursor.peek(1)) is not None and after.is_name:
            cursor.accept("CLASS")
        base = cursor.name("base model")
        given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words, model, base, given, query)
