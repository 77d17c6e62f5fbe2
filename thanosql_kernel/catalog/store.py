"""The shared catalogue file: ``<database>/_thanosql/catalog.json``, replaced atomically, readable by anybody.

The kernel writes it after every commit; the language server only reads it. It can always be rebuilt from the tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from thanosql_kernel.catalog.location import INTERNAL, locate
from thanosql_kernel.catalog.model import Catalog, Column, GeneratedColumn, Model, Table, Weights
from thanosql_kernel.files import open_regular, replace_file

FILE_NAME = "catalog.json"
FORMAT = 1
_LOCK_TIMEOUT_S = 30.0


class Stamp(NamedTuple):
    """What tells one version of the file from another without reading it."""

    modified_ns: int
    size: int
    inode: int


class CatalogFile:
    """The catalogue file in a database's internal folder.

    Args:
        internal: The folder that holds the file (see `location.Location.internal`).
    """

    def __init__(self, internal: Path) -> None:
        self.path = internal / FILE_NAME

    def stamp(self) -> Stamp | None:
        """The file's present version; None if there is no file."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)

    def changed_since(self, stamp: Stamp | None) -> bool:
        """Whether the file is another than when ``stamp`` was taken."""
        return self.stamp() != stamp

    def read(self) -> Catalog | None:
        """What the file says; None if it is absent or damaged, and then has to be rebuilt from the tables."""
        try:
            with open_regular(self.path) as file:
                return decode(json.loads(file.read().decode("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def write(self, catalog: Catalog) -> None:
        """Replace the file: readers and killed writers see the old one or the new one.

        Raises:
            OSError: The folder cannot be written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(encode(catalog), ensure_ascii=False, indent=1)
        replace_file(self.path, text.encode("utf-8"))

    def change(self, edit: Callable[[Catalog], Catalog], *, empty: Catalog | None = None) -> Catalog:
        """Apply ``edit`` to what the file says now, under its lock; the revision grows by one if anything changed.

        Args:
            edit: Gives the new catalogue; must not change the old one.
            empty: What to start from when there is no readable file.

        Raises:
            OSError: The folder cannot be written.
            filelock.Timeout: Another process held the lock for 30 seconds.
        """
        from filelock import FileLock

        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_TIMEOUT_S):
            old = self.read()
            base = old if old is not None else (empty or Catalog())
            new = edit(base)
            if old is not None and new == old:
                return old
            new = replace(new, revision=base.revision + 1)
            self.write(new)
            return new


def read(folder: Path | str) -> Catalog:
    """What exists in the database at ``folder``; an empty catalogue if that cannot be told."""
    return CatalogFile(locate(folder).internal).read() or Catalog()


def encode(catalog: Catalog) -> dict[str, Any]:
    """The catalogue as JSON data."""
    return {
        "format": FORMAT,
        "revision": catalog.revision,
        "tables": [_without_none(asdict(table)) for table in catalog.tables.values()],
        "models": [_without_none(asdict(model)) for model in catalog.models.values()],
    }


def decode(data: Mapping[str, Any]) -> Catalog:
    """The catalogue that JSON data describe; fields of later versions are passed over.

    Raises:
        KeyError, TypeError, ValueError: The data are no catalogue.
    """
    tables = [_decode_table(item) for item in data["tables"]]
    models = [Model(item["name"], item["spec"], item.get("folder")) for item in data["models"]]
    return Catalog(
        revision=int(data["revision"]),
        tables=MappingProxyType({table.name: table for table in tables}),
        models=MappingProxyType({model.name: model for model in models}),
    )


def encode_generated(generated: GeneratedColumn) -> dict[str, Any]:
    """A generated column's facts as JSON data."""
    return asdict(generated)


def decode_generated(data: Mapping[str, Any]) -> GeneratedColumn:
    """The facts of a generated column from JSON data.

    Raises:
        KeyError, TypeError, ValueError: They are not such facts.
    """
    weights = data["weights"]
    return GeneratedColumn(
        model=data["model"],
        base=data["base"],
        kind=data["kind"],
        source=data["source"],
        weights=Weights(weights["name"], weights["revision"], weights["fingerprint"]),
        dim=int(data["dim"]),
    )


def _decode_table(item: Mapping[str, Any]) -> Table:
    return Table(
        name=item["name"],
        columns=tuple(_decode_column(column) for column in item["columns"]),
        rows=int(item["rows"]),
        storage_name=item["storage_name"],
        version=int(item["version"]),
    )


def _decode_column(item: Mapping[str, Any]) -> Column:
    generated = item.get("generated")
    return Column(item["name"], item["type"], decode_generated(generated) if generated else None)


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_without_none(item) for item in value]
    return value


__all__ = ["FILE_NAME", "INTERNAL", "CatalogFile", "Stamp", "decode", "encode", "read"]
