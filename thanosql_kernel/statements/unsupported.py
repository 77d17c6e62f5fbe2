"""Statements of the dialect that this kernel parses and does not run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.errors import Unsupported
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Name, Value
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.statement import SUPPORTED, Statement


@dataclass(frozen=True)
class Using(Statement):
    """``VERB USING model [OPTIONS(...)] AS query``."""

    heads = (("PREDICT", "USING"), ("EVALUATE", "USING"), ("TRANSFORM", "USING"), ("GENERATE", "USING"))
    syntax = "PREDICT|EVALUATE|TRANSFORM|GENERATE USING model [OPTIONS(…)] AS query"
    help = "Apply a model to rows. Not run by this kernel."
    table_valued = True
    supported = False

    verb: str
    model: Name
    given: tuple[Assignment, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: tuple[str, ...]) -> Self:
        """Read what follows USING."""
        start = cursor.tokens[cursor.at - len(words)].start
        model = cursor.name("model")
        given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words[0], model, given, query)

    def unsupported(self) -> Unsupported:
        """Names the verb."""
        return Unsupported(f"{self.verb} is not supported", span=self.span, hint=SUPPORTED)


@dataclass(frozen=True)
class BuildModel(Statement):
    """``BUILD MODEL m USING base [OPTIONS(...)] AS query``, and FIT MODEL alike."""

    heads = (("BUILD", "MODEL"), ("FIT", "MODEL"), ("BUILD",))
    syntax = "BUILD|FIT MODEL model USING base [OPTIONS(…)] AS query"
    help = "Train a model on rows. Not run by this kernel."
    supported = False

    verb: str
    model: Name
    base: Name
    given: tuple[Assignment, ...]
    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: tuple[str, ...]) -> Self:
        """Read what follows the words."""
        start = cursor.tokens[cursor.at - len(words)].start
        model = cursor.name("model")
        cursor.expect("USING")
        if cursor.looking_at("CLASS") and (after := cursor.peek(1)) is not None and after.is_name:
            cursor.accept("CLASS")
        base = cursor.name("base model")
        given = cursor.options()
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), words[0], model, base, given, query)

    def unsupported(self) -> Unsupported:
        """Names the verb."""
        return Unsupported(f"{self.verb} MODEL is not supported", span=self.span, hint=SUPPORTED)


@dataclass(frozen=True)
class Function(Statement):
    """``FUNCTION module.name [OPTIONS(...)] AS query | FROM 'path'``."""

    heads = (("FUNCTION",),)
    syntax = "FUNCTION module.name [OPTIONS(…)] AS query | FROM 'path'"
    help = "Call a function of the old service. Not run by this kernel."
    table_valued = True
    supported = False

    function: Name
    given: tuple[Assignment, ...]
    query: Query | None
    path: Value | None

    @classmethod
    def parse(cls, cursor: Cursor, words: tuple[str, ...]) -> Self:
        """Read what follows FUNCTION."""
        start = cursor.tokens[cursor.at - len(words)].start
        cursor.name("function")
        cursor.expect(".")
        function = cursor.name("function")
        given = cursor.options()
        if cursor.accept("FROM"):
            path = cursor.text("path")
            return cls(cursor.span_from(start), function, given, None, path)
        cursor.expect("AS")
        query = cursor.query()
        return cls(cursor.span_from(start), function, given, query, None)


@dataclass(frozen=True)
class Preprocess(Statement):
    """``PREPROCESS VIDEO USING method [OPTIONS(...)] FROM 'path'``."""

    heads = (("PREPROCESS", "VIDEO"), ("PREPROCESS", "IMAGE"), ("PREPROCESS", "AUDIO"))
    syntax = "PREPROCESS VIDEO USING method [OPTIONS(…)] FROM 'path'"
    help = "Cut media files into rows. Not run by this kernel."
    supported = False

    method: Name
    given: tuple[Assignment, ...]
    path: Value

    @classmethod
    def parse(cls, cursor: Cursor, words: tuple[str, ...]) -> Self:
        """Read what follows the words."""
        start = cursor.tokens[cursor.at - len(words)].start
        cursor.expect("USING")
        method = cursor.name("function")
        given = cursor.options()
        cursor.expect("FROM")
        path = cursor.text("path")
        return cls(cursor.span_from(start), method, given, path)
