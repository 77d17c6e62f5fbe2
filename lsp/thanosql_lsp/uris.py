"""The paths of files that an editor names by URI."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from pygls.uris import to_fs_path

_UNDECODED = "\N{REPLACEMENT CHARACTER}"


def local_path(uri: str) -> Path | None:
    """The path of a ``file:`` URI, also where names are in an encoding of old; None of any other URI."""
    path = to_fs_path(uri)
    if not path:
        return None
    if _UNDECODED in path and os.name == "posix":
        return Path(os.fsdecode(unquote_to_bytes(urlsplit(uri).path)))
    return Path(path)
