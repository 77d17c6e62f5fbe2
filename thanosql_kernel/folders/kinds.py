"""Pictures, films and sounds by the endings of their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from thanosql_kernel.images.endings import PICTURES

Kind = Literal["image", "video", "audio"]
Media = Literal["image", "video", "audio", "all"]

KINDS: tuple[Kind, ...] = ("image", "video", "audio")

#: Lower-case endings, with the dot, by what they hold.
ENDINGS: Mapping[Kind, frozenset[str]] = {
    "image": PICTURES,
    "video": frozenset(
        ".3g2 .3gp .asf .avi .f4v .flv .insv .m2ts .m2v .m4v .mkv .mov .mp4 .mpe .mpeg .mpg .mts .mxf .ogv .qt .vob"
        " .webm .wmv".split()
    ),
    "audio": frozenset(
        ".aac .aif .aifc .aiff .amr .caf .flac .m4a .m4b .mka .mp3 .oga .ogg .opus .wav .wave .wma".split()
    ),
}

#: Endings of pictures that no decoder here reads.
UNREAD_PICTURES = frozenset(
    ".ai .braw .cdr .cgm .clip .dds .djv .djvu .dpx .emf .eps .exr .fits .fpx .hdp .hdr .icns .indd .jxr .kra .lfp"
    " .lfr .pcd .pct .pcx .pict .sgi .svg .svgz .tga .wdp .wmf .x3f .xbm .xcf .xpm".split()
)

#: The ending of a name -> its kind; in the two spellings that cameras write, so that few need to be lowered.
KIND_OF: Mapping[str, Kind] = {
    spelling: kind
    for kind, endings in ENDINGS.items()
    for ending in endings
    for spelling in (ending, ending.upper())
}

_SIGNATURES: tuple[tuple[Kind, int, bytes], ...] = (
    ("image", 0, b"\xff\xd8\xff"),
    ("image", 0, b"\x89PNG\r\n\x1a\n"),
    ("image", 0, b"GIF8"),
    ("image", 8, b"WEBP"),
    ("image", 4, b"ftypheic"),
    ("image", 4, b"ftypheix"),
    ("image", 4, b"ftypmif1"),
    ("image", 4, b"ftypavif"),
    ("audio", 0, b"fLaC"),
    ("audio", 0, b"OggS"),
    ("audio", 8, b"WAVE"),
    ("video", 4, b"ftypisom"),
    ("video", 4, b"ftypmp42"),
    ("video", 4, b"ftypqt  "),
    ("video", 0, b"\x1aE\xdf\xa3"),
)
#: How many bytes of a file `kind_of_content` wants.
SIGNATURE_BYTES = 32


def ending(name: str) -> str:
    """The ending of a name in lower case, with the dot; empty where it has none."""
    at = name.rfind(".")
    return name[at:].lower() if at > 0 else ""


def kind_of_content(head: bytes) -> Kind | None:
    """What a file without an ending is by its first bytes."""
    return next((kind for kind, at, mark in _SIGNATURES if head[at : at + len(mark)] == mark), None)


def prevailing(counts: Mapping[Kind, int]) -> Kind | None:
    """What a folder is taken for if nobody says: None if it holds nothing of these.

    Sounds where they outnumber the rest, as covers lie beside music; otherwise pictures if there are any, for cameras
    make both. Films that belong to live photos must not be counted.

    Args:
        counts: How many files of each kind there are.
    """
    images, videos, audios = (counts.get(kind, 0) for kind in KINDS)
    if audios > images + videos:
        return "audio"
    if images or videos:
        return "image" if images else "video"
    return None
