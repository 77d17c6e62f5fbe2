"""The catalogue files that the kernel writes, read again only when they changed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from thanosql_kernel.catalog import Catalog
from thanosql_kernel.catalog.location import find_database, locate
from thanosql_kernel.catalog.store import CatalogFile, Stamp
from thanosql_kernel.files import disk, working_folder


class Catalogs:
    """Catalogues by the folder of those who ask.

    Attributes:
        database: Where the database is, if the user says so.
        changes: How often a catalogue turned out to be another than before.
    """

    def __init__(self) -> None:
        self.database: str | None = None
        self.changes = 0
        self._read: dict[Path, tuple[Stamp | None, Catalog | None]] = {}
        self._last: dict[Path, Catalog | None] = {}

    def file(self, folder: Path | None) -> CatalogFile:
        """The catalogue file that a notebook in the folder would use, whether or not it exists."""
        where = folder or working_folder()
        location = locate(self.database, working_folder=where) if self.database else find_database(where)
        return CatalogFile(location.internal)

    def catalog(self, folder: Path | None) -> Catalog | None:
        """What the database of a folder holds; None when there is none. Costs a few file status calls.

        Where the disk does not answer in time it is what was known before.
        """
        where = folder or working_folder()
        last = self._last.get(where)
        found = disk.ask(where, lambda: self._catalog(self.file(where)), last)
        self._last[where] = found
        return found

    def look_again(self) -> int:
        """Read all files again that changed since they were read.

        Returns:
            `changes`.
        """
        for path in list(self._read):
            disk.ask(path.parent, partial(self._catalog, CatalogFile(path.parent)), None)
        return self.changes

    def _catalog(self, file: CatalogFile) -> Catalog | None:
        stamp = file.stamp()
        known = self._read.get(file.path)
        if known is None or known[0] != stamp:
            self.changes += known is not None
            known = self._read[file.path] = (stamp, file.read() if stamp else None)
        return known[1]
