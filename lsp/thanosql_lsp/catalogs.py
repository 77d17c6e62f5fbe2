"""The catalogue files that the kernel writes, read again only when they changed."""

from __future__ import annotations

from pathlib import Path

from thanosql_kernel.catalog import Catalog
from thanosql_kernel.catalog.location import find_database, locate
from thanosql_kernel.catalog.store import CatalogFile, Stamp


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

    def file(self, folder: Path | None) -> CatalogFile:
        """The catalogue file that a notebook in the folder would use, whether or not it exists."""
        where = folder or Path.cwd()
        location = locate(self.database, working_folder=where) if self.database else find_database(where)
        return CatalogFile(location.internal)

    def catalog(self, folder: Path | None) -> Catalog | None:
        """What the database of a folder holds; None when there is none. Costs a few file status calls."""
        return self._catalog(self.file(folder))

    def look_again(self) -> int:
        """Read all files again that changed since they were read.

        Returns:
            `changes`.
        """
        for path in list(self._read):
            self._catalog(CatalogFile(path.parent))
        return self.changes

    def _catalog(self, file: CatalogFile) -> Catalog | None:
        stamp = file.stamp()
        known = self._read.get(file.path)
        if known is None or known[0] != stamp:
            self.changes += known is not None
            known = self._read[file.path] = (stamp, file.read() if stamp else None)
        return known[1]
