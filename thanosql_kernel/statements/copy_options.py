"""What COPY can be told about what it reads, by the kind of source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Literal, NamedTuple, cast

from thanosql_kernel.catalog.unknown import no_type
from thanosql_kernel.duck.binder import known_type
from thanosql_kernel.errors import ParseError, Span, ThanoSQLError
from thanosql_kernel.folders.kinds import Media
from thanosql_kernel.folders.selection import Selection
from thanosql_kernel.sql.nodes import Value
from thanosql_kernel.statements.options import Option, Options, removal
from thanosql_kernel.tabular import encodings
from thanosql_kernel.wording import Wording, tables
from thanosql_kernel.wording import media as said
from thanosql_kernel.wording.grammar import TS104
from thanosql_kernel.wording.tables import TS103

SourceKind = Literal["folder", "csv", "json", "workbook", "parquet"]

#: Of folders of photos, sounds and films.
MEDIA: tuple[Option, ...] = (
    Option("media", "text", said.MEDIA, choices=("image", "video", "audio", "all")),
    Option("metadata", "boolean", said.METADATA, default=True),
    Option("recursive", "boolean", said.RECURSIVE, default=True),
    Option("pattern", "text", said.PATTERN),
    Option("exclude", "texts", said.EXCLUDE),
    Option("follow_links", "boolean", said.FOLLOW_LINKS, default=True),
)

_DELIMITER = Option("delimiter", "text", tables.DELIMITER, aliases=("sep", "separator", "delim"))
_ENCODING = Option("encoding", "text", tables.ENCODING)
_HEADER = Option("header", "boolean", tables.HEADER, default=True)
_SKIP = Option("skip", "integer", tables.SKIP, default=0, minimum=0, aliases=("skiprows",))
_TYPES = Option("types", "texts", tables.TYPES, aliases=("dtypes",))
_SHEET = Option("sheet", "text or number", tables.SHEET, minimum=1, aliases=("sheet_name",))
_FILENAME = Option("filename", "boolean", tables.FILENAME, default=False)
#: Of tables in files.
TABLES: tuple[Option, ...] = (_DELIMITER, _ENCODING, _HEADER, _SKIP, _TYPES, _SHEET, _FILENAME)

#: The options that say something about each kind of source; those of every COPY are not among them.
OF_SOURCES: Mapping[SourceKind, tuple[Option, ...]] = {
    "folder": MEDIA,
    "csv": (_DELIMITER, _ENCODING, _HEADER, _SKIP, _TYPES, _FILENAME),
    "json": (_ENCODING, _FILENAME),
    "workbook": (_SHEET, _HEADER, _SKIP, _FILENAME),
    "parquet": (_FILENAME,),
}

_KINDS: Mapping[SourceKind, Wording] = {
    "folder": said.FOLDER,
    "csv": said.TEXT_TABLE,
    "json": said.JSON,
    "workbook": said.WORKBOOK,
    "parquet": said.PARQUET,
}
_ENDINGS: Mapping[str, SourceKind] = {
    **dict.fromkeys((".csv", ".txt", ".tsv", ".tab"), "csv"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "json"),
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"), "workbook"),
    **dict.fromkeys((".parquet", ".pq", ".pqt"), "parquet"),
}

_NAME_AND_TYPE = re.compile(r'\s*(?:"((?:[^"]|"")+)"|(\S+))\s+(\S.*?)\s*', re.DOTALL)


def source_kind(path: str) -> SourceKind | None:
    """What a path leads to, as far as its text tells: a file by its ending, a folder by the slash behind it."""
    if path.lstrip()[:1] in ("[", "{"):
        return "json"
    if path.endswith("/"):
        return "folder"
    name = PurePath(path.split("?")[0])
    return _ENDINGS.get(
        PurePath(name.stem).suffix.lower() if name.suffix.lower() == ".gz" else name.suffix.lower()
    )


def misplaced(options: Options, kind: SourceKind) -> Iterator[ThanoSQLError]:
    """The options that say nothing about this kind of source."""
    meant = OF_SOURCES[kind]
    for option in {option.name: option for group in OF_SOURCES.values() for option in group}.values():
        given = options.assignment(option.name)
        if given is None or option in meant:
            continue
        yield ParseError(
            TS104.OTHER_SOURCE(name=option.name, source=_KINDS[kind]),
            span=given.name_span,
            hint=TS104.OF_SOURCE(source=_KINDS[kind], names=", ".join(it.name for it in meant))
            if meant
            else None,
            fixes=[removal(given)],
        )


def selection_of(options: Options) -> Selection:
    """Which files of a folder are wanted, and what of them."""
    options = Options(options.given, MEDIA)
    media, exclude = options.text("media"), options.value("exclude")
    return Selection(
        media=cast(Media, media.lower()) if media else None,
        recursive=options.flag("recursive"),
        pattern=options.text("pattern"),
        exclude=tuple(map(str, exclude if isinstance(exclude, list) else [exclude] if exclude else ())),
        follow_links=options.flag("follow_links"),
        metadata=options.flag("metadata"),
    )


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
    if (text := options.text("delimiter")) is not None and delimiter and not is_delimiter(text):
        yield ParseError(TS103.ONE_CHARACTER(name=delimiter.name), span=delimiter.value.span)
    if (text := options.text("encoding")) is not None and encoding and encodings.known(text) is None:
        yield ParseError(TS103.NO_ENCODING(name=text), span=encoding.value.span)
    for column in typed_columns(options):
        if not column.name:
            yield ParseError(TS103.NAME_AND_TYPE(), span=column.span)
        elif not column.type:
            yield no_type(column.written, column.span)


def is_delimiter(text: str) -> bool:
    """Whether it can separate values: one character, or ``\\t`` as people write a tab."""
    return text == "\\t" or (len(text) == 1 and text not in '"\r\n')
