"""The user's tables: the store, and the catalogue that describes it and follows whatever others change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog import Catalog, Column, Model, Table
from thanosql_kernel.catalog.location import Location
from thanosql_kernel.catalog.model import DAMAGED, Damaged, damaged
from thanosql_kernel.catalog.store import CatalogFile, Look
from thanosql_kernel.catalog.unknown import taken_table, view_in_the_way
from thanosql_kernel.engine.store import damage, failures, versions
from thanosql_kernel.engine.store.failures import Conflict, Unwritable, reason_of, storage_errors
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.locks import locked
from thanosql_kernel.engine.store.manifests import Version
from thanosql_kernel.engine.store.names import check_table_name, storage_name, user_name
from thanosql_kernel.engine.store.provenance import folders_of, generated_of, similarity_of
from thanosql_kernel.errors import Span
from thanosql_kernel.statements.runtime import TableVersion
from thanosql_kernel.wording.data import TS503

if TYPE_CHECKING:
    import pyarrow as pa

Check = Callable[[], None]
Describe = Callable[[Any], Sequence[str]]
"""The SQL types of an Arrow schema's fields."""


class Tables:
    """The tables of a database and its catalogue.

    Args:
        location: The database.
        models: The models of a new database.
        sql_types: Gives the SQL types of an Arrow schema.
    """

    def __init__(self, location: Location, models: Mapping[str, Model], sql_types: Describe) -> None:
        self.store = Store(location)
        self._file = CatalogFile(location.internal)
        self._empty = Catalog(models=MappingProxyType(dict(models)))
        self._sql_types = sql_types
        self._last = Look(None, None)
        self._is_ahead = False  # of the file, which could not be written
        self._schemas: dict[str, tuple[pa.Schema, tuple[Column, ...]]] = {}

    @property
    def models(self) -> Mapping[str, Model]:
        """The models, which are known even if the tables cannot be reached."""
        return self._from_file().models

    @property
    def catalog(self) -> Catalog:
        """What existed at the last `refresh`: a statement asks for one, and for another after what it changes."""
        return self._last.catalog or self.refresh()

    def refresh(self) -> Catalog:
        """Bring the catalogue up to date with the tables; writes it only if they differ.

        A database that does not exist yet is not made by looking at it. Where nothing can be written, on a full or
        read-only disk, it is kept here until it can: what is committed is done, and the tables tell all of it.

        Raises:
            NewerFormat: TS506.
        """
        known = failures.database_read()(self._from_file)()
        if not self._is_ahead and self._is_current(known, self.store.versions()):
            return known
        try:
            return self._change(lambda catalog: self._reconciled(catalog, self.store.versions()))
        except Unwritable:
            known = self._reconciled(self._file.read() or known, self.store.versions())
            self._last, self._is_ahead = Look(known, self._file.stamp()), True
            return known

    def open(self, name: str) -> tuple[Any, Table]:
        """The data set of a table that the last look has found, at its latest version, and what it is.

        Raises:
            UnknownName: TS201.
            Conflict: Somebody else has dropped or renamed it since.
            Damaged: TS507.
        """
        table = self.catalog.table(name)
        dataset = self._opened(table)
        columns = self._columns_of(table.storage_name, dataset.schema)
        if int(dataset.version) != table.version or columns != table.columns:
            table = self._described(table.name, table.storage_name, dataset)
        return dataset, table

    def open_version(self, name: str, number: int, span: Span | None = None) -> tuple[Any, Table]:
        """The data set of a table as it was at a version, and what the table was then.

        Raises:
            UnknownName: TS201, TS210.
            Damaged: TS507.
        """
        table = self.catalog.named_table(name, span)
        dataset = versions.opened(self.store, table.storage_name, number, span)
        return dataset, self._described(table.name, table.storage_name, dataset)

    def _opened(self, table: Table) -> Any:
        with _present(table):
            return self.store.open(table.storage_name)

    @contextmanager
    def writing(self, name: str, check: Callable[[], None] | None = None) -> Iterator[str]:
        """Hold the lock of a table, new or not; gives its storage name. What exists is looked at afresh within."""
        table = self.catalog.find_table(name)
        storage = table.storage_name if table else storage_name(name)
        with self.store.writing(storage, check):
            self.refresh()
            yield storage

    def write(
        self,
        name: str,
        reader: pa.RecordBatchReader,
        *,
        mode: str,
        read_version: int | None = None,
        span: Span | None = None,
    ) -> None:
        """Write a table in one commit; the table's lock must be held.

        Args:
            name: The table.
            reader: Its rows, as they are to be stored.
            mode: "create", "replace" or "append".
            read_version: For "replace": the version that the new rows were made from; the present one without it.
            span: Where the user named it.

        Raises:
            Conflict: The table is not at ``read_version`` any more.
        """
        table = self.catalog.find_table(name)
        if table is None:
            if read_version is not None:
                raise Conflict(TS503.REMOVED(), span=span)
            check_table_name(name, span)
            _refuse_view(self.catalog, name, span)
            self.store.create(storage_name(name), reader)
        else:
            version = int(self._opened(table).version)  # a table that cannot be read is not overwritten
            if mode == "append":
                self.store.append(table.storage_name, reader)
            elif read_version in (None, version):
                self.store.replace(table.storage_name, reader, read_version=version)
            else:
                raise Conflict(TS503.CHANGED(), span=span)
        self.refresh()

    def drop(self, name: str, span: Span | None = None, check: Check | None = None) -> None:
        """Remove a table.

        Raises:
            UnknownName: TS201; also when somebody else removed it first.
        """
        with self.writing(self.catalog.named_table(name, span).name, check):
            table = self.catalog.named_table(name, span)
            with _present(table):
                self.store.drop(table.storage_name)
            self.refresh()

    def rename(
        self,
        name: str,
        new_name: str,
        span: Span | None = None,
        check: Callable[[], None] | None = None,
    ) -> None:
        """Give a table another name.

        Raises:
            UnknownName: TS201; TS204 when there is one of the new name. Also when somebody else was first.
        """
        check_table_name(new_name, span)
        storage = self._renamable(name, new_name, span).storage_name
        with ExitStack() as locks:
            # In one order, or two that rename towards each other would wait for each other.
            for lock in sorted({storage, storage_name(new_name)}):
                locks.enter_context(self.store.writing(lock, check))
            self.refresh()
            table = self._renamable(name, new_name, span)
            if table.storage_name != storage:
                raise Conflict(TS503.CHANGED(), span=span)
            if table.name != new_name:
                with _present(table):
                    self.store.rename(storage, storage_name(new_name))
                self.refresh()

    def _renamable(self, name: str, new_name: str, span: Span | None) -> Table:
        table, taken = self.catalog.named_table(name, span), self.catalog.find_table(new_name)
        if taken is not None and taken.name != table.name:
            raise taken_table(taken.name, span)
        if taken is None:
            _refuse_view(self.catalog, new_name, span)
        return table

    def restore(self, name: str, version: int | None, span: Span | None, check: Check) -> int | None:
        """Bring a version of a table back; see `versions.restore`."""
        table = self.catalog.named_table(name, span)
        with self.writing(table.name, check) as storage:
            self.catalog.named_table(table.name, span)
            restored = versions.restore(self.store, storage, version, check)
            self.refresh()
            return restored

    def versions(self, name: str, span: Span | None, check: Check) -> list[TableVersion]:
        """The versions of a table that have not been cleaned away, the newest first."""
        table = self.catalog.named_table(name, span)
        found = [item.told() for item in versions.versions(self.store, table.storage_name, check)]
        if not found:
            raise _gone(table.name)
        return found

    # -- views -----------------------------------------------------------------------------------------------
    def change_views(self, names: Iterable[str], edit: Callable[[Catalog], Catalog], check: Check) -> None:
        """Change views of the catalogue, with the locks of all tables held that could have these names.

        Args:
            names: The views that come or go.
            edit: Gives the new catalogue; sees what exists, and may raise.
            check: Raises `Interrupted` when the user asked to stop.
        """
        with ExitStack() as locks:
            for name in sorted({storage_name(name) for name in names}):
                file = self.store.location.internal / "locks" / f"{name}.lock"
                locks.enter_context(locked(file, check))
            self.refresh()
            self._change(edit)

    # -- models ----------------------------------------------------------------------------------------------
    def put_model(self, model: Model) -> None:
        """Register a model name, over whatever had it."""
        self._change(
            lambda catalog: replace(catalog, models=MappingProxyType({**catalog.models, model.name: model}))
        )

    def forget_model(self, name: str) -> None:
        """Forget a model name."""

        def edit(catalog: Catalog) -> Catalog:
            models = {key: model for key, model in catalog.models.items() if key != name}
            return replace(catalog, models=MappingProxyType(models))

        self._change(edit)

    def _from_file(self) -> Catalog:
        """What the catalogue's file says; a damaged one begins anew: models are lost, tables describe themselves."""
        if self._last.catalog is None or self._file.changed_since(self._last.stamp):
            look = self._file.look()
            if look.catalog is None and look.stamp is not None:
                return self._change(lambda catalog: catalog)
            self._last = Look(look.catalog or self._empty, look.stamp)
        return self._last.catalog or self._empty

    def _change(self, edit: Callable[[Catalog], Catalog]) -> Catalog:
        with storage_errors():
            self._last = self._file.changed(edit, empty=self._empty)
        self._is_ahead = False
        return self._last.catalog or self._empty

    def _reconciled(self, catalog: Catalog, versions: Mapping[str, Version]) -> Catalog:
        known, tables = {table.storage_name: table for table in catalog.tables.values()}, dict[str, Table]()
        for storage, version in versions.items():
            table = known.get(storage)
            if table is None or (table.version, table.commit) != version:
                table = self._looked_at(table.name if table else user_name(storage), storage, table)
            # What was committed since the versions were looked at has another commit at the next look.
            if table is not None:
                tables[table.name] = replace(table, commit=version.commit)
        ordered = dict(sorted(tables.items()))
        return replace(catalog, tables=MappingProxyType(ordered))

    def _looked_at(self, name: str, storage: str, known: Table | None) -> Table | None:
        """What a table is now, None if it is gone; of a damaged one what was known, so that its name is not free."""
        try:
            return self._described(name, storage, self._whole(storage))
        except FileNotFoundError:
            return None
        except Damaged:
            return replace(known or Table(name, (), 0, storage, DAMAGED), version=DAMAGED)

    def _whole(self, storage: str) -> Any:
        """The data set of a table whose rows can be counted, which takes a look at what says which are deleted.

        Raises:
            FileNotFoundError: There is no such table.
            Damaged: TS507.
        """
        dataset = self.store.open(storage)
        try:
            dataset.count_rows()
        except (OSError, ValueError) as error:
            if self.store.snapshot(storage) is None:
                raise FileNotFoundError(storage) from error
            raise damaged(user_name(storage), reason_of(error)) from error
        return dataset

    def _is_current(self, catalog: Catalog, versions: Mapping[str, Version]) -> bool:
        """Whether the catalogue says what the tables are; a damaged one may have been repaired."""
        if any(
            table.version == DAMAGED and not self._is_damaged(table.storage_name)
            for table in catalog.tables.values()
        ):
            return False
        known = {table.storage_name: table for table in catalog.tables.values()}
        return known.keys() == versions.keys() and all(
            table.commit == versions[name].commit and table.version in (versions[name].number, DAMAGED)
            for name, table in known.items()
        )

    def _is_damaged(self, storage: str) -> bool:
        try:
            self._whole(storage)
        except Damaged:
            return True
        except FileNotFoundError:
            return False
        return False

    def damaged(self, check: Check) -> dict[str, Damaged]:
        """The tables whose newest version cannot be read; opens all of them, 0.3 ms each."""
        found = {}
        for table in self.catalog.tables.values():
            check()
            try:
                self._whole(table.storage_name)
            except Damaged as error:
                found[table.name] = error
            except FileNotFoundError:
                continue
        return found

    def explained(self, error: Exception, dataset: Any, table: Table, check: Check) -> Exception:
        """Why a local data set could not be read, if it is that: it is gone, or damaged; else the error itself.

        Args:
            error: What went wrong with a statement.
            dataset: What it read.
            table: What the catalogue said of it.
            check: Raises `Interrupted` when the user asked to stop.

        Returns:
            A `Conflict` if somebody dropped or replaced the table meanwhile: the statement is run again.
        """
        if isinstance(error, Damaged) or not self.store.location.is_local:
            return error
        problem = damage.broken_file(dataset)
        if problem is None and isinstance(error, (OSError, ValueError, RuntimeError)):
            problem = damage.unreadable_rows(dataset, check)
        if problem is None:
            return error
        present = self.store.snapshot(table.storage_name)
        if present is None or damage.missing_file(dataset) not in (None, damage.missing_file(present)):
            return _gone(table.name)
        return damaged(table.name, problem)

    def _described(self, name: str, storage: str, dataset: Any) -> Table:
        columns = self._columns_of(storage, dataset.schema)
        rows, folders = int(dataset.count_rows()), folders_of(dataset.schema)
        return Table(name, columns, rows, storage, int(dataset.version), folders=folders)

    def _columns_of(self, storage: str, schema: pa.Schema) -> tuple[Column, ...]:
        """The columns that a schema tells of; a table that another program made anew may have the old one's version."""
        known = self._schemas.get(storage)
        if known is not None and known[0].equals(schema, check_metadata=True):
            return known[1]
        columns = tuple(
            Column(field.name, sql_type, generated_of(field), similarity_of(field))
            for field, sql_type in zip(schema, self._sql_types(schema), strict=True)
        )
        self._schemas[storage] = schema, columns
        return columns


@contextmanager
def _present(table: Table) -> Iterator[None]:
    """Whoever finds the table gone begins again, and then knows no table of that name."""
    try:
        yield
    except FileNotFoundError as error:
        raise _gone(table.name) from error


def _refuse_view(catalog: Catalog, name: str, span: Span | None) -> None:
    view = catalog.find_view(name)
    if view is not None:
        raise view_in_the_way(view.name, span)


def _gone(name: str) -> Conflict:
    return Conflict(TS503.GONE(name=name))
