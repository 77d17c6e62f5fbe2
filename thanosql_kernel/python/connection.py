"""A database from Python: statements in, results out."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from thanosql_kernel.catalog import View
from thanosql_kernel.engine.query.scope import is_frame
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import DataError, UnknownName
from thanosql_kernel.python.errors import ToldShort
from thanosql_kernel.python.result import QueryResult
from thanosql_kernel.python.stopping import stoppable
from thanosql_kernel.statements.results import Message, Result
from thanosql_kernel.wording import commands
from thanosql_kernel.wording.data import TS503
from thanosql_kernel.wording.names import TS204

if TYPE_CHECKING:
    from thanosql_kernel.jupyter.cell_progress import CellProgress


class Connection:
    """A database and a working folder; see `thanosql_kernel.connect`.

    One statement runs at a time; other threads wait.

    Args:
        database: A folder or address.
        working_folder: Where relative paths start.
        progress: Whether long work shows how far it is, as ``SET display.progress`` says.

    Attributes:
        session: The engine.
    """

    def __init__(
        self,
        database: str | os.PathLike[str] | None = None,
        *,
        working_folder: str | os.PathLike[str] | None = None,
        progress: bool = True,
    ) -> None:
        folder = None if working_folder is None else Path(working_folder)
        self.session = Session(
            None if database is None else os.fspath(database),
            working_folder=folder,
        )
        self._shows_progress = progress
        self._closed = False

    def sql(
        self, text: str, parameters: Mapping[str, object] | None = None, /, **named: object
    ) -> QueryResult:
        """Run statements, one or several.

        Args:
            text: As in a cell of a ThanoSQL notebook. ``_`` in it is the result of the statement before.
            parameters: Values and tables for names that cannot be written as keywords.
            named: Values, which the text writes ``$name``: texts, numbers, dates, lists; and tables (of pandas, polars,
                pyarrow, or earlier results), which it writes ``FROM name``.

        Returns:
            The last statement's result.

        Raises:
            ThanoSQLError: What went wrong; its notes show where. IPython shows it as a ThanoSQL notebook does.
            TypeError: ``text`` is none.
            KeyboardInterrupt: The user stopped it.
        """
        if not isinstance(text, str):
            raise TypeError(commands.TAKES_A_TEXT(kind=type(text).__name__))
        given = {**(parameters or {}), **named}
        with ToldShort(text):
            self._check_open()
            self._check_free([name for name, value in given.items() if is_frame(value)])
            return self.run(text, given, given)

    def run(self, text: str, parameters: Mapping[str, object], frames: Mapping[str, object]) -> QueryResult:
        """Run statements whose values and tables are looked up when their names are met."""
        shown: list[Result] = []
        pressed = threading.Event()
        with stoppable() as cancelled, self._bars(pressed.set) as progress:
            rows = self.session.run(
                text,
                emit=shown.append,
                progress=progress,
                cancelled=lambda: pressed.is_set() or cancelled(),
                parameters=parameters,
                frames=frames,
            )
        return QueryResult(self.session, shown or [Message("")], rows)

    def close(self) -> None:
        """Let go of files and memory; results that were not read yet are lost."""
        self._closed = True
        self.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<ThanoSQL {self.session.location.address}{', closed' if self._closed else ''}>"

    @contextmanager
    def _bars(self, cancel: Callable[[], None]) -> Iterator[CellProgress | None]:
        """What shows how far statements are; nothing if the caller wants none."""
        if not self._shows_progress:
            yield None
            return
        from thanosql_kernel.python.progress import progress_of

        with closing(progress_of(self.session, cancel)) as progress:
            yield progress

    def _check_open(self) -> None:
        if self._closed:
            raise DataError(TS503.CONNECTION_CLOSED(), hint=TS503.OPEN_ONE())

    def _check_free(self, names: list[str]) -> None:
        """A table that is passed must not be mistaken for a stored one."""
        for name in names:
            found = self.session.catalog.find(name)
            if found is not None:
                said = TS204.PASSED_BESIDE_VIEW if isinstance(found, View) else TS204.PASSED_BESIDE_TABLE
                raise UnknownName(said(name=name), hint=TS204.PASS_ANOTHER_NAME())
