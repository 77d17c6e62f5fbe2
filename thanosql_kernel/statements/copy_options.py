"""What COPY can be told about what it reads, by the kind of source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Literal, cast

from thanosql_kernel.errors import ParseError, ThanoSQLError
from thanosql_kernel.folders.kinds import Media
from thanosql_kernel.folders.selection import Selection
from thanosql_kernel.statements.options import Option, Options, removal
from thanosql_kernel.wording import Wording
from thanosql_kernel.wording import media as said
from thanosql_kernel.wording.grammar import TS104

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

#: Of tables in files.
TABLES: tuple[Option, ...] = ()

#: The options that say something about each kind of source; those of every COPY are not among them.
OF_SOURCES: Mapping[SourceKind, tuple[Option, ...]] = {
    "folder": MEDIA,
    "csv": (),
    "json": (),
    "workbook": (),
    "parquet": (),
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
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
}


def source_kind(path: str) -> SourceKind | None:
    """What a path leads to, as far as its text tells: a file by its ending, a folder by the slash behind it."""
    if path.lstrip()[:1] in ("[", "{"):
        return "json"
    if path.endswith("/"):
        return "folder"
    name = PurePath(path.split("?")[0])
    return _ENDINGS.get(PurePath(name.stem).suffix.lower() if name.suffix == ".gz" else name.suffix.lower())


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
