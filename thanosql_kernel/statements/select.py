"""SELECT and WITH: any query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.duck.grammar import is_unfinished
from thanosql_kernel.duck.words import is_reserved
from thanosql_kernel.sql.brackets import CLOSING
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.foresight import Foresight, Makes
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import statements


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
    help = statements.SELECT
    example = "SELECT * FROM photos LIMIT 5"

    is_query = True

    query: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read the query from its first word on."""
        cursor.at -= len(words)
        query = cursor.sql(lambda: False)
        if _ends_too_early(query):
            cursor.want("condition")
            raise cursor.fail()
        return cls(query.span, words, query)

    def evaluate(self, runtime: Runtime) -> Relation:
        """The rows."""
        return runtime.evaluate(self.query)

    def makes(self, known: Foresight) -> Makes:
        """Rows with the columns of the select list."""
        return Makes(known.catalog, lambda: known.columns(self.query))


def _ends_too_early(query: Query) -> bool:
    """Whether DuckDB says that more must follow, or all there is yet is ``SELECT *``.

    It is asked where a query seldom ends: behind a word that is no name, and behind a sign.
    """
    last = query.tokens[-1]
    if len(query.tokens) == 2 and [token.upper for token in query.tokens] == ["SELECT", "*"]:
        return True
    is_sign = last.kind == "symbol" and last.text not in CLOSING.values()
    return (is_sign or (last.kind == "word" and is_reserved(last.text))) and is_unfinished(query.sql())
