"""Tables in LanceDB's layout: ``<database>/<name>.lance``. Only `commits` and `lance_files` import lance beside it.

Every change is one commit: readers, and writers that are killed, see the old table or the new one.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog.location import Location
from thanosql_kernel.catalog.model import Damaged, damaged
from thanosql_kernel.engine.store import manifests
from thanosql_kernel.engine.store.commits import Commits, lance_library, unless_overtaken
from thanosql_kernel.engine.store.failures import Conflict, database_read, reason_of, storage_errors
from thanosql_kernel.engine.store.fields import have_data
from thanosql_kernel.engine.store.identity import table_identity
from thanosql_kernel.engine.store.locks import locked
from thanosql_kernel.engine.store.names import is_internal, user_name
from thanosql_kernel.engine.store.provenance import after_drop, after_rename, before_add
from thanosql_kernel.engine.store.remote import RemoteTables
from thanosql_kernel.engine.store.usage import Lease, Usage
from thanosql_kernel.errors import Unsupported
from thanosql_kernel.wording.data import TS503
from thanosql_kernel.wording.refusals import TS600

if TYPE_CHECKING:
    import pyarrow as pa

_SUFFIX = ".lance"
_OPEN_TRIES = 20

#: Rows of a fragment at most (Lance's own default is 1,048,576). An UPDATE of one row writes its column's part of one
#: fragment: of a million texts of 30 characters 1.6 MB in 25 ms instead of 12.6 in 230, of vectors 0.26 GB instead of
#: 2. Scans and single rows are read as fast.
FRAGMENT_ROWS = 131_072


class Store(Commits):
    """The tables of one database, by their storage names.

    Args:
        location: Where it is; a folder is made when it is first written to.

    Attributes:
        usage: What this kernel uses of the database, and what others do.
        changed: The tables that were written and not looked after since (see `store.maintenance`).
    """

    def __init__(self, location: Location) -> None:
        if location.uri.startswith("db://"):
            raise Unsupported(TS600.LANCEDB_CLOUD(), hint=TS600.FOLDER_OR_BUCKET())
        self.location = location
        self.usage = Usage(location)
        self.changed: dict[str, None] = {}
        self._latest = manifests.LatestVersions(location.uri, _SUFFIX)
        self._remote = RemoteTables(location.uri, _SUFFIX)

    # -- reading ---------------------------------------------------------------------------------------------
    def versions(self) -> dict[str, manifests.Version]:
        """Storage name -> latest version of every table that users may see; a local folder needs no LanceDB for it."""
        if not self.location.is_local:
            return self._remote.versions()
        return self._latest.of(name for name in self.names() if not is_internal(name))

    def names(self) -> Sequence[str]:
        """The storage names of all tables, the engine's own too.

        Raises:
            DataError: TS501, their folder may not be looked into.
        """
        if not self.location.is_local:
            return self._remote.names()
        with suppress(FileNotFoundError, NotADirectoryError), database_read():
            entries = sorted(os.listdir(self.location.uri))
            return [entry.removesuffix(_SUFFIX) for entry in entries if entry.endswith(_SUFFIX)]
        return []

    def open(self, name: str, version: int | None = None) -> Any:
        """A table at its latest version, or another, as a Lance data set.

        Raises:
            FileNotFoundError: There is no such table or version.
            Damaged: TS507, its manifest cannot be read.
        """
        if not self.location.is_local:
            return self._remote.open(name, version)
        leased, lease = self._leased(name, version)
        try:
            dataset = lance_library().dataset(self._uri(name), version=leased)
        except (ValueError, OSError) as error:
            if leased not in manifests.versions_of(self._uri(name)):
                raise FileNotFoundError(name) from error
            raise damaged(user_name(name), reason_of(error)) from error
        dataset.lease = lease
        return dataset

    def _leased(self, name: str, version: int | None) -> tuple[int, Lease]:
        """A version of a local table, the latest without one, that nobody cleans away as long as the lease is there.

        Raises:
            FileNotFoundError: There is no such table.
        """
        uri = self._uri(name)
        if version is not None:
            return version, self.usage.read(name, version)
        latest = manifests.latest_version(uri)
        for _ in range(_OPEN_TRIES):
            if latest is None:
                raise FileNotFoundError(name)
            lease = self.usage.read(name, latest)
            leased, latest = latest, manifests.latest_version(uri)
            if leased == latest:
                break
        return leased, lease

    def version_times(self, name: str) -> dict[int, datetime]:
        """The versions of a table that have not been cleaned away, and when each was committed."""
        if not self.location.is_local:
            return {
                int(item["version"]): item["timestamp"].astimezone() for item in self.open(name).versions()
            }
        return manifests.times(self._uri(name))

    def snapshot(self, name: str) -> Any | None:
        """Like `open`; None if there is no such table."""
        try:
            return self.open(name)
        except FileNotFoundError:
            return None

    def _latest_version(self, name: str) -> int:
        """The latest version of a table; 0 if it is gone."""
        dataset = self.snapshot(name)
        return int(dataset.version) if dataset is not None else 0

    def has_version(self, name: str, version: int, identity: bytes) -> bool:
        """Whether a version of a table is still there, and no other table's under its name (see `table_identity`)."""
        if self.location.is_local and version not in manifests.versions_of(self._uri(name)):
            return False
        try:
            dataset = self.open(name, version)
        except (FileNotFoundError, Damaged):
            return False
        return table_identity(dataset) == identity

    def reach(self) -> None:
        """Find out whether the database can be asked at all.

        Raises:
            DataError: TS502, it is in object storage that does not answer or refuses to.
        """
        if not self.location.is_local:
            self._remote.names()

    # -- writing ---------------------------------------------------------------------------------------------
    @contextmanager
    def writing(self, name: str, check: Callable[[], None] | None = None) -> Iterator[None]:
        """Hold a table's lock: no other ThanoSQL process writes it meanwhile.

        Raises:
            DataError: TS503 after ten minutes, TS504 when the folder cannot be written.
        """
        with locked(self.location.internal / "locks" / f"{name}.lock", check), self._noted(name):
            yield

    @contextmanager
    def _noted(self, name: str) -> Iterator[None]:
        """Others know that the table is being written, and we that it is to be looked after."""
        with self.usage.writing(name):
            yield
        self.changed[name] = None

    def create(self, name: str, reader: pa.RecordBatchReader) -> Any:
        """Write a new table; it is visible once all its rows are.

        Raises:
            Conflict: Somebody made it first.
        """
        lance, uri = lance_library(), self._uri(name)
        with storage_errors():
            if not self.location.is_local:
                return self._create_there(name, reader)
            Path(self.location.uri).mkdir(parents=True, exist_ok=True)
            self._remove_remains(Path(uri))
            try:
                return lance.write_dataset(
                    reader, uri, mode="create", max_rows_per_file=FRAGMENT_ROWS, **self._options()
                )
            except OSError as error:
                if "already exists" in str(error):
                    raise Conflict(TS503.MADE()) from error
                raise

    def _create_there(self, name: str, reader: pa.RecordBatchReader) -> Any:
        """In object storage, where a lock of this machine keeps nobody off and a late creation overwrites."""
        lance, uri = lance_library(), self._uri(name)
        from lance.fragment import write_fragments

        schema = reader.schema
        fragments = write_fragments(
            reader, uri, schema=schema, mode="create", max_rows_per_file=FRAGMENT_ROWS, **self._options()
        )
        operation = lance.LanceOperation.Overwrite(schema, fragments)
        with unless_overtaken(0, lambda: self._latest_version(name)):
            return lance.LanceDataset.commit(uri, operation, max_retries=0, **self._options())

    def replace(self, name: str, reader: pa.RecordBatchReader, *, read_version: int) -> Any:
        """Replace all rows and columns of a table that is still at ``read_version``.

        Raises:
            Conflict: It is not any more, and nothing was changed.
        """
        lance, uri = lance_library(), self._uri(name)
        from lance.fragment import write_fragments

        with storage_errors():
            schema = reader.schema
            fragments = write_fragments(
                reader,
                uri,
                schema=schema,
                mode="overwrite",
                max_rows_per_file=FRAGMENT_ROWS,
                **self._options(),
            )
            operation = lance.LanceOperation.Overwrite(schema, fragments)
            # Without retries Lance refuses an overwrite that somebody else's commit has overtaken.
            with unless_overtaken(read_version, lambda: self._latest_version(name)):
                return lance.LanceDataset.commit(
                    uri, operation, read_version=read_version, max_retries=0, **self._options()
                )

    def append(self, name: str, rows: pa.RecordBatchReader | pa.Table) -> Any:
        """Add rows in one commit, whatever others commit at the same time; makes the table if there is none."""
        with storage_errors():
            if self.location.is_local:
                Path(self.location.uri).mkdir(parents=True, exist_ok=True)
            if self.snapshot(name) is None and (made := self._made(name, rows)) is not None:
                return made
            with self._noted(name):
                return lance_library().write_dataset(
                    rows, self._uri(name), mode="append", max_rows_per_file=FRAGMENT_ROWS, **self._options()
                )

    def _made(self, name: str, rows: pa.RecordBatchReader | pa.Table) -> Any | None:
        """A new table of some rows; None if another process made it, maybe where nobody knows of our locks."""
        with self.writing(name):
            if self.snapshot(name) is not None:
                return None
            try:
                return self.create(name, rows if not hasattr(rows, "to_reader") else rows.to_reader())
            except Conflict:
                if not hasattr(rows, "to_reader"):  # it has been read by now
                    raise
                return None

    def drop(self, name: str) -> None:
        """Remove a table; a local one vanishes at once and is deleted then."""
        with storage_errors():
            if not self.location.is_local:
                self._remote.drop(name)
                return
            trash = self.trash / uuid.uuid4().hex
            self.trash.mkdir(parents=True, exist_ok=True)
            os.rename(self._uri(name), trash)
            shutil.rmtree(trash, ignore_errors=True)

    def rename(self, name: str, new_name: str) -> None:
        """Give a table another storage name.

        Raises:
            Conflict: Another program has made a table of the new name meanwhile.
        """
        with storage_errors():
            if self.location.is_local:
                self._remove_remains(Path(self._uri(new_name)))
                self.usage.follow(name, new_name)
                try:
                    os.rename(self._uri(name), self._uri(new_name))
                except OSError as error:
                    if manifests.latest_version(self._uri(new_name)) is None:
                        raise
                    raise Conflict(TS503.NAME_TAKEN()) from error
                return
            dataset = self.open(name)
            self.create(new_name, dataset.scanner(scan_in_order=True).to_reader())
            self.drop(name)

    # -- versions --------------------------------------------------------------------------------------------
    def restore(self, name: str, version: int) -> None:
        """Commit what an earlier version held as the newest one.

        Raises:
            Conflict: Somebody else committed meanwhile.
        """
        dataset, latest = self.open(name, version), self._latest_version(name)
        with storage_errors(), unless_overtaken(latest, lambda: self._latest_version(name)):
            dataset.restore()

    def set_aside(self, name: str, version: int) -> None:
        """Take the manifest of a version that cannot be read out of a local table, into the internal folder."""
        with storage_errors():
            manifests.set_aside(self._uri(name), version, self.location.internal / "damaged")

    # -- columns: changes of metadata, no row is written again ----------------------------------------------------
    def add_column(self, name: str, field: pa.Field) -> None:
        """Add a column of NULLs."""
        import pyarrow as pa

        changed = before_add((dataset := self.open(name)).schema, field.name)
        if changed:  # right by itself too: there is no column of that name
            self.commit_fields(dataset, changed)
        with storage_errors():
            self.open(name).add_columns(pa.schema([field]))

    def drop_column(self, name: str, column: str) -> None:
        """Remove a column; rows that keep nothing but NULLs are written again, or Lance could not read them."""
        dataset = self.open(name)
        rest = [field for field in dataset.lance_schema.fields() if field.name() != column]
        with storage_errors():
            if have_data(dataset, rest):
                self.commit_fields(dataset, after_drop(dataset.schema, column))
                return
        rows = dataset.scanner(columns=[field.name() for field in rest], scan_in_order=True).to_reader()
        self.replace(name, rows, read_version=int(dataset.version))

    def rename_column(self, name: str, column: str, new_name: str) -> None:
        """Give a column another name; its metadata stays with it, and what was made of it knows the new name."""
        dataset = self.open(name)
        self.commit_fields(dataset, after_rename(dataset.schema, column, new_name))

    def _remove_remains(self, folder: Path) -> None:
        """Delete what a writer left that was killed before its first commit."""
        if folder.exists() and manifests.latest_version(folder) is None:
            shutil.rmtree(folder)

    @property
    def trash(self) -> Path:
        """Where dropped tables are while they are deleted."""
        return self.location.internal / "trash"

    def folder(self, name: str) -> Path:
        """Where a local table is."""
        return Path(self._uri(name))

    def _uri(self, name: str) -> str:
        if self.location.is_local:
            return os.path.join(self.location.uri, name + _SUFFIX)
        return f"{self.location.uri.rstrip('/')}/{name}{_SUFFIX}"

    def _options(self) -> Mapping[str, Any]:
        """How to reach object storage: as its own environment variables say (AWS_ENDPOINT, AWS_ACCESS_KEY_ID …)."""
        return {}


def warm() -> None:
    """Import what the first query needs."""
    lance_library()
