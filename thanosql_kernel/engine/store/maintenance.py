"""Upkeep of tables, the only place that compacts, cleans and reclaims.

After a commit a little of it, within a budget: fragments that are due (see `merging`) are written again as one, and
versions that nobody reads are removed when they have become many or large. Whole by VACUUM. Nothing here changes what a
table holds, nor the order of its rows; work that somebody else's commit has overtaken is dropped.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thanosql_kernel.catalog.model import Damaged, damaged
from thanosql_kernel.clock import cautious_s
from thanosql_kernel.engine.store.commits import changed_at
from thanosql_kernel.engine.store.damage import broken_file
from thanosql_kernel.engine.store.extent import (
    files_in,
    is_much_dead,
    is_plain,
    live_rows,
    movable,
    piece,
    tracked,
    untracked,
)
from thanosql_kernel.engine.store.failures import Conflict, storage_errors
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.lance_files import write_fragment
from thanosql_kernel.engine.store.lance_scan import READ_AHEAD
from thanosql_kernel.engine.store.manifests import versions_of
from thanosql_kernel.engine.store.mend import mend_own
from thanosql_kernel.engine.store.merging import LOWEST_BYTES, MOST_BYTES, next_run, whole_runs
from thanosql_kernel.engine.store.names import user_name
from thanosql_kernel.engine.store.retention import Retention, needed_bytes
from thanosql_kernel.engine.store.sightings import carry_sightings
from thanosql_kernel.engine.store.stream import CountedStream, write_error
from thanosql_kernel.engine.work import Work
from thanosql_kernel.errors import Interrupted
from thanosql_kernel.interrupts import never
from thanosql_kernel.statements.runtime import Reclaimed

if TYPE_CHECKING:
    import pyarrow as pa

BUDGET_S = 0.3
"""For upkeep after a statement."""
_MANY_VERSIONS = 16
_REMOTE_AGE = timedelta(days=1)
"""Kernels on other machines do not tell which versions they read."""
_SETTLED_S = 60.0
"""What a killed writer left is this old at least: another program may be writing at the same time."""
_FOREIGN_AGE_S = 24 * 3600.0
"""Files without an owner that no kernel of ours was seen to write."""
_TRIES = 5

_log = logging.getLogger(__name__)


class _BudgetSpent(Exception):
    pass


class Maintenance:
    """Upkeep of a database's tables.

    Args:
        store: The tables.
        carry: Gives a fragment that is to stand in the place of others what else is kept beside these, as
            `carry_sightings` does.
        retention: Says which earlier versions stay.
    """

    def __init__(
        self,
        store: Store,
        carry: Callable[[Any, Sequence[Any], Any], None] | None = None,
        retention: Retention | None = None,
    ) -> None:
        self._store = store
        self._carriers = [carry_sightings, *([carry] if carry else [])]
        self._commits = 0
        self._retention = Retention(store) if retention is None else retention
        self._most_bytes = MOST_BYTES

    # -- after a commit ------------------------------------------------------------------------------------------
    def after_commit(self, check: Callable[[], None] = never, *, budget_s: float = BUDGET_S) -> None:
        """Look after the tables that were written since the last time; whatever goes wrong is logged.

        Args:
            check: Raises `Interrupted` when the user asked to stop; then upkeep stops too, and nobody is told.
            budget_s: How long it may take.
        """
        deadline = time.monotonic() + budget_s

        def check_all() -> None:
            check()
            if time.monotonic() > deadline + budget_s:
                raise _BudgetSpent

        while self._store.changed and time.monotonic() < deadline:
            name, _ = self._store.changed.popitem()
            self.tend(name, check_all, deadline)
        self._store.usage.let_go()

    def tend(self, name: str, check: Callable[[], None] = never, deadline: float | None = None) -> None:
        """Look after one table: what is due is done, up to the deadline."""
        try:
            dataset = self._compact_due(name, check, deadline)
            if dataset is not None:
                self._clean_due(name, dataset)
        except Interrupted:
            _log.info("upkeep of %s is broken off", name)
        except _BudgetSpent:
            self._most_bytes = max(self._most_bytes // 2, LOWEST_BYTES)
            _log.info("upkeep of %s takes too long here: now %s bytes at a time", name, self._most_bytes)
        except Exception:
            _log.info("no upkeep of %s", name, exc_info=True)
        finally:
            self._store.changed.pop(name, None)

    def _compact_due(self, name: str, check: Callable[[], None], deadline: float | None) -> Any | None:
        """Compact, one run after the other; gives the table as it is then."""
        dataset = self._store.snapshot(name)
        while dataset is not None and is_plain(dataset) and (deadline is None or time.monotonic() < deadline):
            fragments = movable(dataset)
            run = next_run([piece(fragment) for fragment in fragments], self._most_bytes)
            if run is None or not self._rewrite(name, dataset, fragments[run.start : run.stop], check):
                break
            dataset = self._store.snapshot(name)
        return dataset

    def _clean_due(self, name: str, dataset: Any) -> None:
        if not self._store.location.is_local:
            self._commits += 1
            if self._commits % _MANY_VERSIONS == 0:
                self._clean_remote(dataset)
            return
        folder, latest = self._store.folder(name), int(dataset.version)
        history = self._retention.kept(name, dataset)
        old = sum(version < latest and version not in history for version in versions_of(folder))
        if old >= _MANY_VERSIONS or (old > 1 and is_much_dead(needed_bytes(dataset, history), folder)):
            self._remove_versions(name, dataset, {latest, *history}, keep_last=True)
        if self._store.usage.failed_since(name) is not None:
            self._remove_orphans(name, _SETTLED_S)

    # -- whole -----------------------------------------------------------------------------------------------
    def vacuum_all(self, work: Work) -> Reclaimed:
        """All upkeep of all tables, the engine's own too, and of what dead kernels have left; damaged ones are named.

        Raises:
            Interrupted: The user asked to stop.
        """
        self.sweep()
        with suppress(OSError):
            mend_own(self._store, work.check, thoroughly=False)
        freed = Reclaimed()
        for name in self._store.names():
            work.check()
            try:
                freed += self.vacuum(name, work)
            except FileNotFoundError:
                continue
            except Damaged as error:
                work.notice(f"{error.message}\n{error.hint}")
        return freed

    def remove(self, name: str, work: Work) -> Reclaimed:
        """Remove one of the engine's own tables that nobody needs any more."""
        sizes = self._measure(name)
        with self._store.writing(name, work.check):
            self._store.drop(name)
        self._store.changed.pop(name, None)
        return Reclaimed(sum(sizes), len(sizes))

    def sweep(self) -> None:
        """Remove what lies in the database's own folder and nobody alive needs."""
        self._store.usage.bury_dead()
        with suppress(OSError):
            for dropped in list(self._store.trash.iterdir()):
                shutil.rmtree(dropped, ignore_errors=True)
            for spool in list((self._store.location.internal / "tmp").iterdir()):
                _remove_settled(spool)

    def vacuum(self, name: str, work: Work) -> Reclaimed:
        """All upkeep of one table, however long it takes.

        Args:
            name: Its storage name.
            work: Stops it, and shows how far it is.

        Raises:
            Damaged: TS507; nothing of it is removed.
            Interrupted: The user asked to stop; what was done by then stays done.
        """
        self._check_whole(name)
        before = self._measure(name)
        rows = self._compact_whole(name, work)
        dataset = self._store.open(name)
        if self._store.location.is_local:
            _beside_others(lambda: self._remove_versions(name, dataset, {int(dataset.version)}))
            _beside_others(lambda: self._remove_orphans(name, 0.0))
        else:
            self._clean_remote(dataset)
        self._store.changed.pop(name, None)
        after = self._measure(name)
        return Reclaimed(sum(before) - sum(after), len(before) - len(after), rows)

    def _check_whole(self, name: str) -> None:
        dataset = self._store.open(name)
        problem = broken_file(dataset) if self._store.location.is_local else None
        if problem is not None:
            raise damaged(user_name(name), problem)

    def _compact_whole(self, name: str, work: Work) -> int:
        dataset = self._store.snapshot(name)
        if dataset is None or not is_plain(dataset):
            return 0
        fragments = movable(dataset)
        runs = whole_runs([piece(fragment) for fragment in fragments])
        written, total = 0, sum(live_rows(fragments[run.start : run.stop]) for run in runs)
        with work.progress("VACUUM", total, "rows") as bar:
            for run in runs:
                chosen = fragments[run.start : run.stop]
                if self._rewrite(name, dataset, chosen, work.check, bar.advance):
                    written += live_rows(chosen)
        return written

    def _measure(self, name: str) -> list[int]:
        """The sizes of a local table's files."""
        if not self._store.location.is_local:
            return []
        return [size for _, size in files_in(self._store.folder(name))]

    # -- compaction ------------------------------------------------------------------------------------------
    def _rewrite(
        self,
        name: str,
        dataset: Any,
        fragments: Sequence[Any],
        check: Callable[[], None],
        advance: Callable[[int], None] = lambda rows: None,
    ) -> bool:
        """Write the live rows of fragments as one; False if somebody else's commit has overtaken it."""
        old = [fragment.metadata for fragment in fragments]
        scanner = dataset.scanner(fragments=list(fragments), scan_in_order=True, **READ_AHEAD)
        stream = CountedStream(scanner.projected_schema, iter(scanner.to_reader()), check)
        stream.advance = advance
        with self._store.usage.writing(name):
            try:
                with storage_errors():
                    new = write_fragment(dataset, stream.reader())
            except Exception as error:
                raise write_error(error, stream) from error
            if new is None:
                return False
            for carry in self._carriers:
                carry(dataset, fragments, new)
            is_done = False
            try:
                is_done = self._replace(name, dataset, old, new, check)
            finally:
                if not is_done:
                    self._discard(name, new)
            return is_done

    def _discard(self, name: str, fragment: Any) -> None:
        """Remove the files of a fragment that no version has; a commit that has failed may have been one."""
        dataset = self._store.snapshot(name) if self._store.location.is_local else None
        if dataset is not None:
            named = tracked(dataset)
            for path in (f"data/{file._path}" for file in fragment.files):
                if path not in named:
                    with suppress(OSError):
                        (self._store.folder(name) / path).unlink()

    def _replace(
        self, name: str, dataset: Any, old: Sequence[Any], new: Any, check: Callable[[], None]
    ) -> bool:
        """Put a fragment in the place of others, under the table's lock: no writer of ours is overtaken."""
        with self._store.writing(name, check):
            latest = self._store.snapshot(name)
            if latest is None or not latest.schema.equals(dataset.schema, check_metadata=True):
                return False
            there = {fragment.fragment_id: fragment.metadata for fragment in latest.get_fragments()}
            if any(there.get(metadata.id) != metadata for metadata in old):
                return False
            with suppress(Conflict):
                self._store.commit_rewrite(latest, old, new)
                return True
        return False

    # -- cleaning --------------------------------------------------------------------------------------------
    def _remove_versions(self, name: str, dataset: Any, kept: set[int], *, keep_last: bool = False) -> None:
        """Remove the versions before this one that nobody reads, but for those to keep and the last that was another.

        That is what the table held before its last change: one that was only compacted since holds the same. None is
        removed if it is not known which that is, or if this one's files are damaged.

        Which is the latest was looked up before it is asked whether anybody writes: whoever begins later begins there.
        """
        usage, latest = self._store.usage, int(dataset.version)
        if usage.is_written(name) or broken_file(dataset) is not None:
            return
        versions = {version for version in versions_of(self._store.folder(name)) if version <= latest}
        if keep_last:
            changed = changed_at(dataset, versions)
            if changed is None:
                return
            kept.add(max((version for version in versions if version < changed), default=latest))
        unread = sorted(versions - kept - usage.versions_read(name))
        if unread:
            dataset.cleanup_old_versions(versions=unread, error_if_tagged_old_versions=False)

    def _clean_remote(self, dataset: Any) -> None:
        dataset.cleanup_old_versions(older_than=_REMOTE_AGE, error_if_tagged_old_versions=False)

    def _remove_orphans(self, name: str, settled_s: float) -> None:
        """Remove files that no version names and no live writer may own.

        Files are listed before it is asked whether anybody writes: whoever begins later has written none of them.
        """
        dataset = self._store.snapshot(name)
        if dataset is None:
            return
        files, usage = dataset.all_files().read_all().to_pylist(), self._store.usage
        if usage.is_written(name):
            return
        named = tracked(self._store.open(name))
        failed = usage.failed_since(name)
        now = datetime.fromtimestamp(cautious_s(), UTC)
        left = False
        for path, modified in untracked(files, named):
            age_s = (now - modified).total_seconds()
            is_ours = failed is not None and modified.timestamp() >= failed - 2
            if age_s >= (settled_s if is_ours else _FOREIGN_AGE_S):
                with suppress(OSError):
                    (self._store.folder(name) / path).unlink()
            else:
                left = left or is_ours
        if failed is not None and not left:
            usage.forget_failed(name)


class TendedTables:
    """The engine's own append-only tables, which are looked after while they grow.

    Args:
        store: The tables.
        maintenance: Of the same.
    """

    def __init__(self, store: Store, maintenance: Maintenance) -> None:
        self._store = store
        self._maintenance = maintenance

    def snapshot(self, name: str) -> Any | None:
        """The table as it is now; None if there is none."""
        return self._store.snapshot(name)

    def append(self, name: str, rows: pa.Table) -> None:
        """Add rows in one commit, whatever others commit at the same time; makes the table if there is none."""
        self._store.append(name, rows)

    def compact(self, name: str) -> None:
        """Merge the fragments that are due; other processes may append meanwhile."""
        self._maintenance.tend(name)

    def index_folder(self, name: str) -> Path | None:
        """On this machine, of a table in object storage; None where it is beside the table."""
        location = self._store.location
        return None if location.is_local else location.internal / "keys" / name


def _beside_others(work: Callable[[], None]) -> None:
    """Do it again when another kernel that cleans has just removed what was being looked at."""
    for attempt in range(_TRIES):
        try:
            work()
            return
        except (OSError, RuntimeError, ValueError):
            if attempt == _TRIES - 1:
                raise


def _remove_settled(spool: Path) -> None:
    """Remove what a kernel of an earlier release spooled, unless it may be alive."""
    if cautious_s() - spool.stat().st_mtime > _FOREIGN_AGE_S:
        if spool.is_dir():
            shutil.rmtree(spool, ignore_errors=True)
        else:
            spool.unlink()
