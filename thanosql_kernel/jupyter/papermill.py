"""papermill's way into notebooks of this kernel: ``-p year 2024`` becomes a cell with ``SET VARIABLE year = 2024;``.

papermill looks up a notebook's language among its own translators and lets nobody register another from outside, but
for engines: the entry point ``papermill.engine`` loads this module when papermill starts.
https://papermill.readthedocs.io/en/latest/extending-entry-points.html
"""

# papermill is not annotated.
# mypy: disable-error-code="misc,no-untyped-call"

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

from thanosql_kernel.duck.start import start
from thanosql_kernel.duck.words import as_name
from thanosql_kernel.sql.lexer import tokenize
from thanosql_kernel.sql.parameters import literal_of
from thanosql_kernel.statements.cell import parse_each
from thanosql_kernel.statements.set_variable import SetVariable

LANGUAGE = "thanosql"


class ThanoSQLTranslator(Translator):
    """Writes parameters as SET VARIABLE, and reads those of a cell that is tagged ``parameters``."""

    #: What papermill shows of a value of no type that it could name.
    UNKNOWN: ClassVar = "None"

    @classmethod
    def translate(cls, val: object) -> str:
        """A value as a literal of SQL.

        Raises:
            ValueError: SQL has no form for it.
        """
        return literal_of(val)

    @classmethod
    def comment(cls, cmt_str: str) -> str:
        """A line that says what the cell is."""
        return f"-- {' '.join(cmt_str.split())}".rstrip()

    @classmethod
    def assign(cls, name: str, str_val: str) -> str:
        """The statement that gives a name its value."""
        return f"SET VARIABLE {as_name(name)} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell: Any) -> list[Parameter]:
        """The variables that a cell sets, each with its type, its value as written, and the comment behind it."""
        text = parameters_cell["source"]
        found = {name: Parameter(name, *rest) for name, *rest in _variables(text)}
        return list(found.values())


class ThanoSQLEngine(NBClientEngine):
    """papermill's own engine; ``--engine thanosql`` runs notebooks as they always are."""


def _variables(text: str) -> Iterator[tuple[str, str, str, str]]:
    for _, statement in parse_each(text):
        if isinstance(statement, SetVariable):
            written = statement.expression.text
            yield statement.variable.text, _type(written), written, _comment_behind(text, statement.span.end)


def _type(expression: str) -> str:
    """The SQL type of an expression that reads no tables."""
    import duckdb

    try:
        with start({"threads": 1}) as instance:
            ((kind,),) = instance.execute(f"SELECT typeof((\n{expression}\n))").fetchall()
    except (duckdb.Error, ValueError):
        return ThanoSQLTranslator.UNKNOWN
    return "NoneType" if kind == '"NULL"' else str(kind)


def _comment_behind(text: str, end: int) -> str:
    """The comment on the rest of a line."""
    rest = text[end:].partition("\n")[0]
    comments = [
        token.text for token in tokenize(rest) if token.kind == "comment" and token.text.startswith("--")
    ]
    return comments[0].removeprefix("--").strip() if comments else ""


papermill_translators.register(LANGUAGE, ThanoSQLTranslator)
