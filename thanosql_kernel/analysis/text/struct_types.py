"""The fields of a type as DuckDB writes it: ``STRUCT(x INTEGER, "a b" STRUCT(y VARCHAR[]))``."""

from __future__ import annotations

from thanosql_kernel.analysis.text.clauses import closing, split_commas
from thanosql_kernel.catalog import Column
from thanosql_kernel.sql.lexer import read_tokens


def fields(sql_type: str) -> tuple[Column, ...]:
    """The fields of a STRUCT, each with its type; none of any other type, of lists of structures neither."""
    tokens = tuple(read_tokens(sql_type))
    if len(tokens) < 3 or tokens[0].upper != "STRUCT" or closing(tokens, 1) != len(tokens) - 1:
        return ()
    parts = (part for part in split_commas(tokens[2:-1]) if len(part) > 1)
    return tuple(Column(part[0].name, sql_type[part[1].start : part[-1].end]) for part in parts)


def element(sql_type: str) -> str:
    """The type of a list's elements; "" of what is no list."""
    tokens = tuple(read_tokens(sql_type))
    if len(tokens) < 2 or tokens[-1].text != "]":
        return ""
    opening = next(index for index in range(len(tokens) - 1, -1, -1) if tokens[index].text == "[")
    return sql_type[: tokens[opening].start].rstrip()
