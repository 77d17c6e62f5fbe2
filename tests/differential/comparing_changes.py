"""Random changes made here and by DuckDB, whose tables have a key where they need one: what differs afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa

from tests.differential.comparing import plain_value, tuples
from tests.differential.random_changes import Change, ChangeMaker
from tests.differential.used_database import UsedDatabase, WrongSimilarities
from thanosql_kernel.engine.store.commits import _keeps_rows
from thanosql_kernel.errors import ThanoSQLError

CHANGES_A_DATABASE = 120
CHANGES_BETWEEN_USES = 8
#: Why ours may refuse what DuckDB does: it takes any of several rows, or leaves all but the first out.
_STRICTER = ("more than once", "comes more than once", "does not fit")


class Outcomes(Counter[str]):
    """How often statements ran on both sides, were refused by both, or by one."""


def differences(folder: Path, seed: int, changes: int, outcomes: Outcomes | None = None) -> Iterator[str]:
    """Make so many changes; yields a report of each after which our rows are not DuckDB's."""
    for number, count in parts(changes):
        reports, found = of_one_database(folder, seed, number, count)
        if outcomes is not None:
            outcomes.update(found)
        yield from reports


def parts(changes: int) -> list[tuple[int, int]]:
    """Number of each database, and how many changes it gets."""
    starts = range(0, changes, CHANGES_A_DATABASE)
    return [(start // CHANGES_A_DATABASE, min(CHANGES_A_DATABASE, changes - start)) for start in starts]


def of_one_database(folder: Path, seed: int, number: int, changes: int) -> tuple[list[str], Outcomes]:
    """Make a database, use it, change it; the reports."""
    rng = Random(f"changes {seed} {number}")
    database = UsedDatabase(folder / f"changes-{seed}-{number}", rng)
    maker, outcomes, reports = ChangeMaker(database, rng), Outcomes(), []
    for index in range(changes):
        if index % CHANGES_BETWEEN_USES == 0:
            database.use()
        try:
            change = maker.change()
        except WrongSimilarities as error:
            reports.append(str(error))
            continue
        report = _Comparison(database, maker, change, outcomes).report()
        reports += [report] if report else []
    database.close()
    return reports, outcomes


def reports_of_one_database(folder: Path, seed: int, number: int, changes: int) -> list[str]:
    """The reports alone."""
    return of_one_database(folder, seed, number, changes)[0]


class _Comparison:
    """One change on both sides.

    Args:
        database: Both sides.
        maker: What made the change.
        change: The change.
        outcomes: Counted here.
    """

    def __init__(
        self, database: UsedDatabase, maker: ChangeMaker, change: Change, outcomes: Outcomes
    ) -> None:
        self._database = database
        self._change = change
        self._outcomes = outcomes
        self._name = change.shape.name
        self._ours, self._plain = maker.maker.written(change.sql)

    def report(self) -> str:
        """What differs; "" for nothing."""
        before, version = self._ids(), self._version()
        wanted = self._run_plain()
        database = self._database
        database.writer = database.rng.choice((database.ours, database.ours, database.other))
        try:
            given = database.writer.sql(self._ours)
            rows = given.arrow() if self._change.returns else None
        except ThanoSQLError as error:
            return self._refused(error, wanted, version)
        if isinstance(wanted, str):
            self._outcomes["refused by DuckDB alone"] += 1
            self._settle(self._rollback)
            return (
                ""
                if "ubquer" in wanted or "excluded" in wanted
                else self._told(f"DuckDB refuses it: {wanted}")
            )
        database.plain.execute("COMMIT")
        self._outcomes["run by both"] += 1
        reason = self._compared(rows, wanted, before, version)
        self._settle(self._take_over if reason else self._drop_key)
        return self._told(reason) if reason else ""

    # -- DuckDB's side ---------------------------------------------------------------------------------------
    def _run_plain(self) -> list[Any] | str:
        """What DuckDB gives, or why it refuses; a transaction is open then."""
        plain = self._database.plain
        if self._change.key:
            plain.execute(f"CREATE UNIQUE INDEX schlüssel ON {self._name} ({', '.join(self._change.key)})")
        plain.execute("BEGIN")
        try:
            return [tuple(map(plain_value, row)) for row in plain.execute(self._plain).fetchall()]
        except duckdb.Error as error:
            return str(error)

    def _rollback(self) -> None:
        """Undo DuckDB's change."""
        self._database.plain.execute("ROLLBACK")
        self._take_over()

    def _take_over(self) -> None:
        """Let DuckDB have our rows."""
        self._drop_key()
        ours = self._table()
        self._database.plain.register("ours", _with_lists(ours))
        self._database.plain.execute(f"CREATE OR REPLACE TABLE {self._name} AS SELECT * FROM ours")

    def _drop_key(self) -> None:
        self._database.plain.execute("DROP INDEX IF EXISTS schlüssel")

    def _settle(self, undo: Any) -> None:
        """Leave both sides as others want them: no two ids agree, none is NULL."""
        undo()
        database = self._database
        database._known.clear()
        twice = database.plain.execute(
            f"SELECT id FROM {self._name} WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1"
        ).fetchall()
        among = ", ".join(str(number) for (number,) in twice) or "-1000000"
        database.both(f"DELETE FROM {self._name} WHERE id IS NULL OR id IN ({among})")
        ((most,),) = database.plain.execute(f"SELECT max(id) FROM {self._name}").fetchall()
        database._next_id = max(database._next_id, (most or 0) + 1)

    # -- what must hold --------------------------------------------------------------------------------------
    def _refused(self, error: ThanoSQLError, wanted: list[Any] | str, version: int) -> str:
        """What is wrong with our refusal."""
        is_both = isinstance(wanted, str)
        self._outcomes["refused by both" if is_both else "refused by us alone"] += 1
        changed = self._commits(version) > 0
        self._settle(self._rollback)
        if error.code == "TS900":
            return self._told(f"a bug: {error.render(self._ours)}")
        if changed:
            return self._told("an error, and the table has changed")
        if is_both or any(reason in str(error) for reason in _STRICTER):
            return ""
        return self._told(error.render(self._ours))

    def _compared(self, rows: pa.Table | None, wanted: list[Any], before: list[Any], version: int) -> str:
        ours = self._table()
        mine = Counter(tuples(ours))
        theirs = Counter(tuples(self._database.plain.sql(f"FROM {self._name}").to_arrow_table()))
        if mine != theirs:
            return f"ours alone {_few(mine - theirs)}, DuckDB's alone {_few(theirs - mine)}"
        if rows is not None and Counter(tuples(rows)) != Counter(wanted):
            return f"RETURNING gives {_few(Counter(tuples(rows)))}, not {_few(Counter(wanted))}"
        if self._commits(version) > 1:
            return f"{self._commits(version)} commits"
        return self._misplaced(before, ours.column("id").to_pylist())

    def _misplaced(self, before: list[Any], after: list[Any]) -> str:
        """Old rows stay in their order, and in front of new ones, which come as they were given."""
        if not self._change.ids_stay:
            return ""
        known = set(before)
        kept = [number for number in after if number in known]
        there = set(kept)
        if len(there) == len(kept) and kept != [number for number in before if number in there]:
            return f"rows have changed places: {before} {after}"
        new = [number for number in after[len(kept) :] if number is not None]
        if self._change.in_order and len(there) == len(kept) and new != sorted(new):
            return f"new rows are in another order: {new}"
        return ""

    # -- our side --------------------------------------------------------------------------------------------
    def _table(self) -> pa.Table:
        return self._database.ours.sql(f"SELECT * FROM {self._name}").arrow()

    def _ids(self) -> list[Any]:
        ids: list[Any] = self._table().column("id").to_pylist()
        return ids

    def _version(self) -> int:
        self._refresh()
        dataset, _ = self._database.ours.session.database.tables.open(self._name)
        return int(dataset.version)

    def _commits(self, version: int) -> int:
        """How many commits since a version changed rows; upkeep, which follows statements, changes none."""
        self._refresh()
        tables = self._database.ours.session.database.tables
        dataset, table = tables.open(self._name)
        numbers = (number for number in tables.store.version_times(table.storage_name) if number > version)
        found = [dataset.read_transaction(number) for number in numbers]
        return sum(not _keeps_rows(transaction) for transaction in found)

    def _refresh(self) -> None:
        self._database.ours.session.database.tables.refresh()

    def _told(self, reason: str) -> str:
        return f"{reason}\n  ours:  {self._ours}\n  plain: {self._plain}"


def _with_lists(table: pa.Table) -> pa.Table:
    from tests.differential.used_database import _with_lists

    return _with_lists(table)


def _few(rows: Counter[Any]) -> str:
    return f"{rows.total()} rows {str([tuple(str(v)[:20] for v in row) for row in list(rows)[:3]])[:400]}"
