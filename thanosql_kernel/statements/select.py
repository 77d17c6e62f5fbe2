"""SELECT and WITH: any query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.foresight import Foresight, Makes
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words


@dataclass(frozen=True)
class Select(Statement):
    """A query whose rows are shown."""

    heads = (
        ("SELECT",),
        ("WITH",),
        ("FROM",),
        ("VALUES",),
        ("SUMMARIZE",),
        ("PIVOT",),
        ("UNPIVOT",),
        ("TABLE",),
    )
    syntax = "SELECT columns FROM table | (statement) [WHERE …] [GROUP BY …] [ORDER BY …] [LIMIT n]"
    help = (
        "Any SQL query. CONVERT, SEARCH, PREDICT and LIST may stand in parentheses where SQL allows a table."
    )
    example = "SELECT * FROM photos LIMIT 5"

    is_query = True

    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read the query from its first word on."""
        cursor.at -= len(words)
        query = cursor.sql(lambda: False)
        if _ends_too_early(query.tokens):
            cursor.want("condition")
            raise cursor.fail()
        return cls(query.span, words, query)

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows."""
        return runtime.evaluate(self.query)

    def makes(self, known: Foresight) -> Makes:
        """Rows with the columns of the select list."""
        return Makes(known.catalog, lambda: known.columns(self.query))


_DANGLING = frozenset(
    "SELECT FROM WHERE BY AND OR NOT JOIN ON UNION ALL EXCEPT INTERSECT TABLE , . = < > + - / || AS".split()
)


def _ends_too_early(tokens: tuple[Token, ...]) -> bool:
    """Whether the last token cannot end a query, or all there is yet is ``SELECT *``."""
    if len(tokens) > 2 and tokens[-2].upper in ("BY", "LIMIT") and tokens[-1].upper == "ALL":
        return False
    return tokens[-1].upper in _DANGLING or (len(tokens) == 2 and tokens[1].text == "*")
