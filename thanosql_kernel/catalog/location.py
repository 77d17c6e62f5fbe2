"""Where the database is: the same answer for the kernel and the language server. Standard library only."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from thanosql_kernel import files

FOLDER_NAME = ".thanosql"
INTERNAL = "_thanosql"


@dataclass(frozen=True, slots=True)
class Location:
    """A database.

    Attributes:
        uri: A folder's path, or ``s3://…``, ``db://…``.
        internal: The local folder that holds the catalogue, locks, logs and caches.
    """

    uri: str
    internal: Path

    @property
    def is_local(self) -> bool:
        """Whether the database is a folder of this machine."""
        return "://" not in self.uri

    @property
    def address(self) -> str:
        """The URI as it is shown: without what may be a password."""
        return without_secrets(self.uri)

    @property
    def folder(self) -> Path:
        """The folder of a local database."""
        return Path(self.uri)


def without_secrets(uri: str) -> str:
    """A URI without user, password and query, which may hold keys; anything else as it is."""
    scheme, found, rest = uri.partition("://")
    return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}" if found else uri


def locate(uri: str | os.PathLike[str], *, working_folder: Path | None = None) -> Location:
    """The database at a folder or URI; relative folders start at the working folder."""
    text = os.fspath(uri)
    if "://" in text:
        digest = hashlib.sha256(text.rstrip("/").encode()).hexdigest()[:16]
        return Location(text, _state_folder() / "databases" / digest)
    folder = (working_folder or files.working_folder()) / files.without_tilde(text)
    return Location(str(folder.absolute()), folder.absolute() / INTERNAL)


def find_database(working_folder: Path, environ: Mapping[str, str] | None = None) -> Location:
    """The database that a notebook in ``working_folder`` uses.

    ``THANOSQL_DATABASE`` if set, else the nearest ``.thanosql`` folder there or above, else a new one there.
    """
    setting = (os.environ if environ is None else environ).get("THANOSQL_DATABASE", "").strip()
    if setting:
        return locate(setting, working_folder=working_folder)
    working_folder = working_folder.absolute()
    for folder in (working_folder, *working_folder.parents):
        # Of a folder that may not be looked into nothing is known.
        if os.path.isdir(folder / FOLDER_NAME):
            return locate(folder / FOLDER_NAME)
    return locate(working_folder / FOLDER_NAME)


def _state_folder() -> Path:
    """Where facts about databases in the cloud are kept on this machine (XDG and its kin by platformdirs)."""
    from platformdirs import user_state_path

    return user_state_path("thanosql")
