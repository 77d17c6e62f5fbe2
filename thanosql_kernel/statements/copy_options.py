"""What COPY can be told about what it reads, by the kind of source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from thanosql_kernel.catalog.unknown import no_type
from thanosql_kernel.duck.binder import known_type
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError
from thanosql_kernel.sql.nodes import Value
from thanosql_kernel.statements.options import Option, Options
from thanosql_kernel.tabular import encodings
from thanosql_kernel.wording import tables
from thanosql_kernel.wording.tables import TS103

#: Of folders of photos, sounds and films.
MEDIA: tuple[Option, ...] = ()

#: Of tables in files.
TABLES: tuple[Option, ...] = (
    Option("delimiter", "text", tables.DELIMITER, aliases=("sep", "separator", "delim")),
    Option("encoding", "text", tables.ENCODING),
    Option("header", "boolean", tables.HEADER, default=True),
    Option("skip", "integer", tables.SKIP, default=0, minimum=0, aliases=("skiprows",)),
    Option("types", "texts", tables.TYPES, aliases=("dtypes",)),
    Option("sheet", "text or number", tables.SHEET, aliases=("sheet_name",)),
    Option("filename", "boolean", tables.FILENAME, default=False),
)
_NAME_AND_TYPE = re.compile(r'\s*(?:"((?:[^"]|"")+)"|(\S+))\s+(\S.*?)\s*', re.DOTALL)


class TypedColumn(NamedTuple):
    """A column with the type that somebody gave it.

    Attributes:
        name: As it is written.
        type: As DuckDB writes it; empty for a text that is no name and type, or a type that there is not.
        written: The type as it is written.
        span: Where.
    """

    name: str
    type: str
    written: str
    span: Span


def typed_columns(options: Options) -> Iterator[TypedColumn]:
    """The columns in ``types=['name TYPE', …]``."""
    given = options.assignment("types")
    for item in () if given is None else (given.value.items or (given.value,)):
        yield _typed_column(item)


def _typed_column(item: Value) -> TypedColumn:
    found = _NAME_AND_TYPE.fullmatch(item.value) if isinstance(item.value, str) else None
    if found is None:
        return TypedColumn("", "", "", item.span)
    name = found[1].replace('""', '"') if found[1] else found[2]
    return TypedColumn(name, known_type(found[3]) or "", found[3], item.span)


def table_problems(options: Options) -> Iterator[ThanoSQLError]:
    """Delimiters of several characters, encodings and types that there are not."""
    delimiter, encoding = options.assignment("delimiter"), options.assignment("encoding")
    if (text := options.text("delimiter")) is not None and delimiter and not _is_delimiter(text):
        yield ParseError(TS103.ONE_CHARACTER(name=delimiter.name), span=delimiter.value.span)
    if (text := options.text("encoding")) is not None and encoding and encodings.known(text) is None:
        yield ParseError(TS103.NO_ENCODING(name=text), span=encoding.value.span)
    for column in typed_columns(options):
        if not column.name:
            yield ParseError(TS103.NAME_AND_TYPE(), span=column.span)
        elif not column.type:
            yield no_type(column.written, column.span)


def _is_delimiter(text: str) -> bool:
    return text == "\\t" or (len(text) == 1 and text not in '"\r\n')
