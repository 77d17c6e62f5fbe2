"""The shared catalogue file: ``<database>/_thanosql/catalog.json``, replaced atomically, readable by anybody.

The kernel writes it after every commit; the language server only reads it. It can always be rebuilt from the tables.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from thanosql_kernel.catalog.location import INTERNAL, locate
from thanosql_kernel.catalog.model import (
    Catalog,
    Column,
    Folder,
    GeneratedColumn,
    Model,
    Similarity,
    Table,
    Trained,
    View,
    Weights,
)
from thanosql_kernel.errors import DataError
from thanosql_kernel.files import open_regular, replace_file
from thanosql_kernel.wording.data import TS506

FILE_NAME = "catalog.json"
FORMAT = 3
"""The newest that is known. Programs that know an older one would lose what they do not know if they wrote the file."""
_WITHOUT_TRAINED = 2
_WITHOUT_VIEWS = 1
MODELS = "models"
"""The folder, beside the file, of heads that were trained here."""
_LOCK_TIMEOUT_S = 30.0


class Stamp(NamedTuple):
    """What tells one version of the file from another without reading it."""

    modified_ns: int
    size: int
    inode: int


class Look(NamedTuple):
    """What the file said at one moment.

    Attributes:
        catalog: None if there is no file, or a damaged one.
        stamp: The version that was read; None if there is no file.
    """

    catalog: Catalog | None
    stamp: Stamp | None


class NewerFormat(DataError):
    """TS506: the file says things that this version does not know; it would lose them if it wrote the file."""

    default_code = "TS506"


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
            return _stamp(self.path.stat())
        except OSError:
            return None

    def changed_since(self, stamp: Stamp | None) -> bool:
        """Whether the file is another than when ``stamp`` was taken."""
        return self.stamp() != stamp

    def read(self) -> Catalog | None:
        """What the file says; None if it is absent, damaged, or of a newer format."""
        try:
            return self.look().catalog
        except (NewerFormat, PermissionError):
            return None

    def look(self) -> Look:
        """What the file says, and which version of it that was; a damaged one has to be rebuilt from the tables.

        Raises:
            NewerFormat: A newer version of this program wrote it.
            PermissionError: It is somebody else's: what stands in it must not be lost.
        """
        try:
            with open_regular(self.path) as file:
                stamp, data = _stamp(os.fstat(file.fileno())), file.read()
        except PermissionError:
            raise
        except OSError:
            return Look(None, self.stamp())
        try:
            return Look(decode(json.loads(data), self.path.parent / MODELS), stamp)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return Look(None, stamp)

    def write(self, catalog: Catalog) -> None:
        """Replace the file: readers and killed writers see the old one or the new one. For who holds its lock.

        Raises:
            OSError: The folder cannot be written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for remains in self.path.parent.glob(f".{self.path.stem}-*.tmp"):  # of writers that were killed
            remains.unlink(missing_ok=True)
        text = json.dumps(encode(catalog), ensure_ascii=False, indent=1)
        replace_file(self.path, text.encode("utf-8"), is_shared=True)

    def change(self, edit: Callable[[Catalog], Catalog], *, empty: Catalog | None = None) -> Catalog:
        """What the file says after `changed`."""
        catalog = self.changed(edit, empty=empty).catalog
        assert catalog is not None
        return catalog

    def changed(self, edit: Callable[[Catalog], Catalog], *, empty: Catalog | None = None) -> Look:
        """Apply ``edit`` to what the file says now, under its lock; the revision grows by one if anything changed.

        Args:
            edit: Gives the new catalogue; must not change the old one.
            empty: What to start from when there is no readable file.

        Returns:
            What the file says then, and its stamp while nobody else could write it.

        Raises:
            NewerFormat: A newer version of this program wrote the file; it stays as it is.
            OSError: The folder cannot be written.
            filelock.Timeout: Another process held the lock for 30 seconds.
        """
        from filelock import FileLock

        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_TIMEOUT_S):
            old, stamp = self.look()
            base = old if old is not None else (empty or Catalog())
            new = edit(base)
            if old is not None and new == old:
                return Look(old, stamp)
            new = replace(new, revision=base.revision + 1)
            self.write(new)
            return Look(new, self.stamp())


def read(folder: Path | str) -> Catalog:
    """What exists in the database at ``folder``; an empty catalogue if that cannot be told."""
    return CatalogFile(locate(folder).internal).read() or Catalog()


def encode(catalog: Catalog) -> dict[str, Any]:
    """The catalogue as JSON data."""
    data = {
        "format": _format(catalog),
        "revision": catalog.revision,
        "tables": [_without_none(asdict(table)) for table in catalog.tables.values()],
        "models": [_without_none(encode_model(model)) for model in catalog.models.values()],
    }
    views = [_without_none(asdict(view)) for view in catalog.views.values()]
    return {**data, "views": views} if views else data


def _format(catalog: Catalog) -> int:
    """The oldest format that says all of it."""
    if any(model.trained for model in catalog.models.values()):
        return FORMAT
    return _WITHOUT_TRAINED if catalog.views else _WITHOUT_VIEWS


def decode(data: Mapping[str, Any], heads: Path = Path()) -> Catalog:
    """The catalogue that JSON data describe; fields of later versions are passed over.

    Args:
        data: What the file says.
        heads: The folder with what was trained here.

    Raises:
        NewerFormat: They are of a later format.
        KeyError, TypeError, ValueError: The data are no catalogue.
    """
    if data["format"] > FORMAT:
        raise NewerFormat(TS506.NEWER_FORMAT(format=data["format"], known=FORMAT), hint=TS506.UPGRADE())
    tables = [_decode_table(item) for item in data["tables"]]
    models = [decode_model(item, heads) for item in data["models"]]
    views = [_decode_view(item) for item in data.get("views", ())]
    return Catalog(
        revision=int(data["revision"]),
        tables=MappingProxyType({table.name: table for table in tables}),
        models=MappingProxyType({model.name: model for model in models}),
        views=MappingProxyType({view.name: view for view in views}),
    )


def encode_model(model: Model) -> dict[str, Any]:
    """A model as JSON data; a database can be moved, so a head is named by its folder alone."""
    data = asdict(model)
    if model.trained is not None:
        data["trained"] |= {"on": encode_model(model.trained.on), "folder": Path(model.trained.folder).name}
    return data


def decode_model(item: Mapping[str, Any], heads: Path) -> Model:
    """A model from JSON data.

    Args:
        item: The data.
        heads: The folder with what was trained here.

    Raises:
        KeyError, TypeError, ValueError: They are no model.
    """
    trained = item.get("trained")
    return Model(
        item["name"],
        item["spec"],
        item.get("folder"),
        item.get("repo"),
        _decode_trained(trained, heads) if trained else None,
    )


def _decode_trained(data: Mapping[str, Any], heads: Path) -> Trained:
    return Trained(
        on=decode_model(data["on"], heads),
        base=str(data["base"]),
        suffix=str(data["suffix"]),
        kinds=tuple(data["kinds"]),
        gives=data["gives"],
        dim=int(data["dim"]),
        sources=tuple(map(str, data["sources"])),
        label_col=str(data["label_col"]),
        label_type=str(data["label_type"]),
        folder=str(heads / Path(str(data["folder"])).name),
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
        views=int(data.get("views", 1)),
        sampling=str(data.get("sampling", "")),
    )


def encode_similarity(similarity: Similarity) -> dict[str, Any]:
    """What a column's cosines compare, as JSON data."""
    return asdict(similarity)


def decode_similarity(data: Mapping[str, Any]) -> Similarity:
    """What a column's cosines compare, from JSON data.

    Raises:
        KeyError, TypeError: They do not say it.
    """
    return Similarity(weights=data["weights"], column=data["column"], input=data["input"])


def encode_folders(folders: Sequence[Folder]) -> list[dict[str, Any]]:
    """Folders that a table was copied from as JSON data."""
    return [
        {"path": folder.path, "options": [list(option) for option in folder.options]} for folder in folders
    ]


def decode_folders(data: Sequence[Mapping[str, Any]]) -> tuple[Folder, ...]:
    """Folders that a table was copied from, from JSON data.

    Raises:
        KeyError, TypeError, ValueError: They are not such folders.
    """
    return tuple(
        Folder(str(item["path"]), tuple((str(name), _frozen(value)) for name, value in item["options"]))
        for item in data
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


def _decode_table(item: Mapping[str, Any]) -> Table:
    return Table(
        name=item["name"],
        columns=tuple(_decode_column(column) for column in item["columns"]),
        rows=int(item["rows"]),
        storage_name=item["storage_name"],
        version=int(item["version"]),
        commit=str(item.get("commit", "")),
        folders=decode_folders(item.get("folders", ())),
    )


def _decode_view(item: Mapping[str, Any]) -> View:
    return View(
        name=str(item["name"]),
        sql=str(item["sql"]),
        columns=tuple(_decode_column(column) for column in item.get("columns", ())),
        given=tuple(str(name) for name in item.get("given", ())),
    )


def _decode_column(item: Mapping[str, Any]) -> Column:
    generated, similarity = item.get("generated"), item.get("similarity")
    return Column(
        item["name"],
        item["type"],
        decode_generated(generated) if generated else None,
        decode_similarity(similarity) if similarity else None,
    )


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_without_none(item) for item in value]
    return value


__all__ = ["FILE_NAME", "INTERNAL", "CatalogFile", "Look", "NewerFormat", "Stamp", "decode", "encode", "read"]
