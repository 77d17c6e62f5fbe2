"""The engine inside the kernel: opened at first use, because importing it would delay the first prompt."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from thanosql_kernel.files import working_folder
from thanosql_kernel.sql.parameters import NO_VARIABLES, Variables

if TYPE_CHECKING:
    import pyarrow as pa

    from thanosql_kernel.catalog import Column
    from thanosql_kernel.engine.work import ProgressSink
    from thanosql_kernel.statements.results import Result


class BrowsedSession(Protocol):
    """What the widget asks of the engine, from threads of its own."""

    def glance(self, text: str, *, cancelled: Callable[[], bool]) -> Result:
        """Run a statement that only reads, beside the cell that runs."""
        ...

    def store(
        self,
        name: str,
        rows: pa.Table,
        columns: Sequence[Column],
        *,
        replace: bool,
        cancelled: Callable[[], bool],
    ) -> int:
        """Store rows as a table, between cells; TS204 if there is one and not to ``replace`` it."""
        ...


class CellRunner(BrowsedSession, Protocol):
    """What the kernel asks of a session."""

    def run(
        self,
        text: str,
        *,
        emit: Callable[[Result], None],
        progress: ProgressSink | None,
        cancelled: Callable[[], bool],
        number: int | None,
        keep: bool,
    ) -> object:
        """Run the statements of a cell, giving each result to ``emit``; raises `ThanoSQLError`.

        Its rows are ``_`` in later queries if ``keep``, and ``_3`` if ``number`` is 3.
        """
        ...

    def close(self) -> None:
        """Let go of files and memory."""
        ...


def open_session() -> CellRunner:
    """The session over the user's database; imports the engine."""
    from thanosql_kernel.engine.session import Session

    session: CellRunner = Session(working_folder=working_folder())
    return session


def import_engine() -> None:
    """Import what the first Enter needs, then what every query, stored tables (0.3 and 0.4 s on two cores), and Tab.

    A console waits for an answer to its first Enter for one second, and then never asks again.
    """
    from thanosql_kernel.jupyter import assist

    assist.is_complete("SELECT")
    import duckdb  # noqa: F401

    import thanosql_kernel.engine.session  # noqa: F401
    from thanosql_kernel.engine.store.lance import warm

    warm()
    assist.warm()


class Host:
    """Owns the session. Cells of several shells may come at once; the session lets one in at a time."""

    def __init__(
        self, opener: Callable[[], CellRunner] = open_session, warmer: Callable[[], None] = import_engine
    ) -> None:
        self._opener, self._warmer = opener, warmer
        self._session: CellRunner | None = None
        self._opening = threading.Lock()

    def session(self) -> CellRunner:
        """The session, opened by whoever asks first."""
        with self._opening:
            if self._session is None:
                self._session = self._opener()
            return self._session

    @property
    def variables(self) -> Variables:
        """What SET VARIABLE has set in the session, if there is one by now."""
        variables: Variables = getattr(self._session, "variables", NO_VARIABLES)
        return variables

    def warm_up(self) -> None:
        """Import in the background what the first cell would otherwise wait for."""

        def warm() -> None:
            with contextlib.suppress(Exception):
                self._warmer()

        threading.Thread(target=warm, name="warm-up", daemon=True).start()

    def close(self) -> None:
        """Close the session, if there is one."""
        with self._opening:
            session, self._session = self._session, None
        if session is not None:
            session.close()
