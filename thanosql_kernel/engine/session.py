"""What front ends use: a database, a working folder, and cells of text run against them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from thanosql_kernel import files
from thanosql_kernel.catalog import Catalog, Column
from thanosql_kernel.catalog.location import find_database, locate
from thanosql_kernel.engine.bug_log import logged
from thanosql_kernel.engine.database import Database
from thanosql_kernel.engine.query.scope import Frames
from thanosql_kernel.engine.query.variables import SessionVariables
from thanosql_kernel.engine.read_only import ReadOnlyRuntime
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.results import KeptRelation, KeptResults
from thanosql_kernel.engine.runtime import StatementRuntime
from thanosql_kernel.engine.store.failures import Conflict, exhausted
from thanosql_kernel.engine.store.lance import warm
from thanosql_kernel.engine.work import ProgressSink
from thanosql_kernel.errors import Interrupted, ParseError, ThanoSQLError, Unsupported, too_deep
from thanosql_kernel.forks import is_fork, start_work
from thanosql_kernel.sql.nodes import Scalar
from thanosql_kernel.sql.parameters import Parameters
from thanosql_kernel.statements.cell import parse_cell, parse_statement, statements_to_run
from thanosql_kernel.statements.convert import Convert
from thanosql_kernel.statements.repair import repaired_in_cell
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.statement import Statement
from thanosql_kernel.wording.refusals import TS604, TS700
from thanosql_kernel.wording.workers import TS605

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.engine.embed.filling import Filled
    from thanosql_kernel.engine.embed.shards import Shard

T = TypeVar("T")
_TRIES = 8
_WAIT_S = 0.05


class Session:
    """A database and a working folder; runs one cell at a time.

    Args:
        database: A folder or URI; the nearest one without it (see `catalog.location.find_database`).
        working_folder: Where relative paths start; the process's own without it.

    Attributes:
        database: What is used.
        location: Where it is.
        working_folder: Where relative paths start.
    """

    def __init__(self, database: str | Path | None = None, *, working_folder: Path | None = None) -> None:
        _refuse_in_fork()
        start_work()
        self.working_folder = (working_folder or files.working_folder()).absolute()
        self.location = (
            find_database(self.working_folder)
            if database is None
            else locate(database, working_folder=self.working_folder)
        )
        self.database = Database(self.location)
        self._turn = threading.RLock()  # reading an earlier result may be a part of running a cell

    @property
    def catalog(self) -> Catalog:
        """What exists now."""
        _refuse_in_fork()
        return self.database.catalog

    @property
    def settings(self) -> dict[str, Scalar]:
        """The values of `statements.settings.SETTINGS`."""
        return self.database.settings

    @property
    def variables(self) -> SessionVariables:
        """What SET VARIABLE has set."""
        return self.database.variables

    @property
    def results(self) -> KeptResults:
        """Of earlier cells, for later ones."""
        return self.database.results

    def run(
        self,
        text: str,
        *,
        emit: Callable[[Result], None],
        progress: ProgressSink | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        number: int | None = None,
        keep: bool = True,
        parameters: Mapping[str, object] | None = None,
        frames: Frames | None = None,
    ) -> KeptRelation | None:
        """Run a cell: nothing if any statement of it does not parse, else one after the other up to the first error.

        Args:
            text: The cell.
            emit: Given each statement's result, in order, from this thread.
            progress: Shows bars.
            cancelled: Whether the user asked to stop; asked often, from any thread.
            number: Of the cell: with 3 its last rows are ``_3`` in later queries.
            keep: Whether its rows are ``_`` in later queries.
            parameters: Python's values of ``$name``, before those of variables; None where there is no Python.
            frames: Python's variables; those that hold tables may be named in queries where no stored table is.

        Returns:
            The rows of the last statement, None if it showed none.

        Raises:
            ThanoSQLError: What went wrong first; TS900, with where the log is, for a bug.
        """
        shown = None
        with self._turn_taken(cancelled), _mended(text):
            given = Parameters(self.variables, parameters)
            for statement in statements_to_run(text, given):
                result, shown = self._run(statement, progress, cancelled, frames)
                if shown is not None and keep:
                    self.results.add(shown, number)
                self.results.trim()  # what was kept before may have been read into memory
                emit(result)
                self.database.maintain(cancelled)
        return shown

    def read(
        self,
        rows: KeptRelation,
        work: Callable[[KeptRelation], T],
        *,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> T:
        """Read rows that `run` gave, between cells.

        Raises:
            ThanoSQLError: They cannot be read any more.
        """

        def check() -> None:
            if cancelled():
                raise Interrupted

        with self._turn_taken(cancelled):
            return work(rows.watch(check))

    def glance(self, text: str, *, cancelled: Callable[[], bool] = lambda: False) -> Result:
        """Run a statement that only reads, beside the cell that runs, if one does; nothing is kept of it.

        Raises:
            ThanoSQLError: What went wrong; TS603 if it would have changed anything.
        """
        _refuse_in_fork()
        runtime = ReadOnlyRuntime(self.database, self.working_folder, cancelled=cancelled)
        try:
            with self._bugs_logged(), runtime.explaining():
                statement = parse_statement(text, Parameters(self.variables))
                statement.ensure(runtime)
                return runtime.finished(statement.run(runtime))
        finally:
            runtime.close()

    def store(
        self,
        name: str,
        rows: pa.Table,
        columns: Sequence[Column],
        *,
        replace: bool,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> int:
        """Store rows as a table between cells; returns how many there are.

        Raises:
            ThanoSQLError: They cannot be stored; TS204 if there is a table of that name and not to ``replace`` it.
        """
        with self._turn_taken(cancelled):
            runtime = self._runtime(cancelled)
            try:
                return runtime.changes.store(
                    name, ArrowRelation(rows, columns), if_exists="replace" if replace else "fail"
                )
            finally:
                runtime.close()
                self.database.maintain(cancelled)

    def fill(
        self,
        text: str,
        *,
        shard: Shard,
        commit_s: float,
        progress: ProgressSink | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[Filled, Sequence[str]]:
        """Embed a shard of what a CONVERT would, into the cache alone; what was done, and what there is to tell.

        Args:
            text: The CONVERT.
            shard: Which of the column's values.
            commit_s: How often what was embedded is committed.
            progress: Shows bars.
            cancelled: Whether to stop; what was embedded by then is committed.

        Raises:
            ThanoSQLError: As CONVERT's; TS605 for any other statement.
        """
        with self._turn_taken(cancelled), _mended(text):
            statement = _only_convert(text)
            runtime = self._runtime(cancelled, progress)
            try:
                with runtime.explaining():
                    statement.ensure(runtime)
                    rows = runtime.evaluate(statement.query)
                    wish = statement.wish(runtime.catalog.model(statement.model.text, statement.model.span))
                    return runtime.fill(rows, shard=shard, commit_s=commit_s, **wish), [*runtime.notices]
            finally:
                runtime.close()

    @contextmanager
    def _turn_taken(self, cancelled: Callable[[], bool]) -> Iterator[None]:
        """Nobody else's cell runs meanwhile; what nobody expected is written to the log."""
        _refuse_in_fork()
        self._wait_for_turn(cancelled)
        try:
            with self._bugs_logged(), self.database.in_use():
                yield
        finally:
            self._turn.release()

    @contextmanager
    def _bugs_logged(self) -> Iterator[None]:
        """What nobody expected becomes TS900, and is written to the log."""
        try:
            yield
        except ThanoSQLError:
            raise
        except RecursionError as error:
            raise too_deep() from error
        except Exception as error:
            if (found := exhausted(error)) is not None:
                raise found from error
            raise logged(error, self.location.internal / "log") from error

    def _run(
        self,
        statement: Statement,
        progress: ProgressSink | None,
        cancelled: Callable[[], bool],
        frames: Frames | None,
    ) -> tuple[Result, KeptRelation | None]:
        """Run a statement; from the start when somebody else's commit overtook its own."""
        embedded = refreshed = None
        for attempt in range(_TRIES):
            runtime = StatementRuntime(
                self.database,
                self.working_folder,
                progress=progress,
                cancelled=cancelled,
                frames=frames,
                embedded=embedded,
                refreshed=refreshed,
            )
            try:
                with runtime.explaining():
                    runtime.check_interrupted()
                    statement.ensure(runtime)
                    result = statement.run(runtime)
                    shown = runtime.handed_over()
                    kept = None if shown is None else self.database.keep(shown)
                    return runtime.finished(result), kept
            except Conflict as error:
                if attempt == _TRIES - 1:
                    raise error.at(statement.span) from None
                embedded, refreshed = runtime.embedded, runtime.refreshed
                if embedded is not None:
                    embedded.begin_anew()
            finally:
                runtime.close()
        raise AssertionError("unreachable")

    def warm(self) -> None:
        """Import in the background what the first query needs, off the way to the first prompt."""
        threading.Thread(target=_warm_quietly, name="thanosql-warm", daemon=True).start()

    def close(self) -> None:
        """Let go of files and memory; in a fork they are the other process's."""
        if not is_fork():
            self.database.close()

    def _runtime(
        self, cancelled: Callable[[], bool], progress: ProgressSink | None = None
    ) -> StatementRuntime:
        return StatementRuntime(self.database, self.working_folder, cancelled=cancelled, progress=progress)

    def _wait_for_turn(self, cancelled: Callable[[], bool]) -> None:
        while not self._turn.acquire(timeout=_WAIT_S):
            if cancelled():
                raise Interrupted(TS700.STOPPED_WAITING())


def _only_convert(text: str) -> Convert:
    statements = parse_cell(text)
    if len(statements) == 1 and isinstance(statements[0], Convert):
        return statements[0]
    span = statements[-1].span if statements else None
    raise Unsupported(TS605.ONLY_CONVERT(), span=span, hint=TS605.LIKE_THIS())


@contextmanager
def _mended(text: str) -> Iterator[None]:
    """An error of grammar says how it is mended."""
    try:
        yield
    except ParseError as error:
        raise repaired_in_cell(error, text) from None


def _refuse_in_fork() -> None:
    if is_fork():
        raise Unsupported(TS604.FORKED(), hint=TS604.SPAWN())


def _warm_quietly() -> None:
    with suppress(Exception):
        warm()
        import duckdb  # noqa: F401
