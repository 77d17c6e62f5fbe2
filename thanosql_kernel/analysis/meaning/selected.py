"""What a star in a select list stands for, and what a name given in a subquery is."""

from __future__ import annotations

from thanosql_kernel.analysis.meaning.document import Part
from thanosql_kernel.analysis.meaning.sources import item_columns
from thanosql_kernel.analysis.text.clauses import Tokens, closing, enclosing, query_of, split_commas
from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.model import find_column
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.brackets import CLAUSES
from thanosql_kernel.statements.foresight import Columns

_BEFORE_STAR = frozenset(("SELECT", "DISTINCT", "ALL", ",", "."))


def star_at(part: Part, offset: int) -> tuple[Span, Columns] | None:
    """Where the star at an offset of the document stands, and the columns that it is; None where none is."""
    tokens, local = part.block.tokens, offset - part.start
    index = next(
        (i for i, token in enumerate(tokens) if token.start <= local <= token.end and token.text == "*"), 0
    )
    query = query_of(tokens)
    if index == 0 or not query or tokens[index - 1].upper not in _BEFORE_STAR:
        return None
    first = index - 2 if tokens[index - 1].text == "." else index
    sources = part.known.names.at(query, tokens[index].start).sources
    return tokens[index].span, item_columns(_item(tokens[first:]), sources)


def _item(tokens: Tokens) -> Tokens:
    """The select item at the front."""
    item = next(iter(split_commas(tokens)), ())
    end = next(
        (i for i, token in enumerate(item) if token.upper in CLAUSES or token.text in (")", ";")), len(item)
    )
    opened = next((i for i, token in enumerate(item) if token.text == "("), len(item))
    return item[: closing(item, opened) + 1] if opened < end else item[:end]


def given_column(part: Part, name: str, offset: int) -> Column | None:
    """The column that a name given at an offset of the block is in the innermost subquery around it."""
    query = query_of(part.block.tokens)
    inner, found = query, None
    while (opening := enclosing(inner, offset)) is not None:
        inner = inner[opening + 1 : closing(inner, opening)]
        if inner and inner[0].upper in ("SELECT", "WITH", "FROM"):
            ctes = part.known.names.at(query, inner[0].start).ctes
            found = find_column(part.known.names.output(inner, ctes) or (), name)
    return found
