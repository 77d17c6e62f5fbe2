"""What a statement gave, for Python: shown as in a notebook, and its rows as Arrow, pandas or plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from thanosql_kernel.engine.relations.results import KeptRelation
from thanosql_kernel.errors import ThanoSQLError, TypeMismatch, Unsupported
from thanosql_kernel.packages import missing
from thanosql_kernel.python.errors import ToldShort
from thanosql_kernel.python.frames import frame_of, rows_of
from thanosql_kernel.python.stopping import stoppable
from thanosql_kernel.statements.results import Result, TableResult
from thanosql_kernel.wording.refusals import TS600
from thanosql_kernel.wording.values import TS300

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from thanosql_kernel.engine.session import Session


class QueryResult:
    """The result of the last of some statements.

    Its rows are those that the statement gave, whatever happens to the tables later; more than a page of them is read
    when it is asked for.

    Attributes:
        shown: What a notebook would show, one for each statement.
        session: The engine.
        kept_rows: The rows, not read yet; None if there are none. Queries of later statements read them there.
    """

    def __init__(self, session: Session, shown: Sequence[Result], rows: KeptRelation | None) -> None:
        self.shown = tuple(shown)
        self.session = session
        self.kept_rows = rows

    @property
    def notices(self) -> tuple[str, ...]:
        """Lines worth telling beside the result."""
        return self.shown[-1].notices

    @property
    def has_rows(self) -> bool:
        """Whether the statement gives rows: CREATE TABLE, for one, does not."""
        return self.kept_rows is not None

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self._given.names

    def arrow(self) -> pa.Table:
        """All rows as an Arrow table; vectors are fixed-size lists of float32.

        Raises:
            ThanoSQLError: There are none, or they cannot be read any more.
            KeyboardInterrupt: The user stopped it.
        """
        return self._table

    def df(self) -> pd.DataFrame:
        """All rows as a pandas data frame; a vector is a numpy array, integers are integers with NULLs too.

        Raises:
            Unsupported: pandas is not installed.
            ThanoSQLError: As `arrow`.
        """
        with ToldShort():
            if missing(["pandas"]):
                raise Unsupported(TS600.NO_PANDAS(), hint=TS600.INSTALL_PANDAS())
        return frame_of(self._table, self._sql_types)

    pandas = df

    def rows(self) -> list[dict[str, Any]]:
        """All rows as dictionaries by column name."""
        return rows_of(self._table, self._sql_types)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows())

    def __len__(self) -> int:
        with ToldShort(), stoppable() as cancelled:
            return self.session.read(self._given, lambda rows: rows.count(), cancelled=cancelled)

    def __bool__(self) -> bool:
        """A result is true, however many rows it has."""
        return True

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Makes it a table for pandas, polars, DuckDB and `Connection.sql`."""
        return self._table.__arrow_c_stream__(requested_schema)

    @cached_property
    def _table(self) -> pa.Table:
        with ToldShort(), stoppable() as cancelled:
            return self.session.read(self._given, lambda rows: rows.fetch(), cancelled=cancelled)

    @property
    def _sql_types(self) -> list[str]:
        return [column.type for column in self._given.columns]

    @property
    def _given(self) -> KeptRelation:
        with ToldShort():
            if self.kept_rows is None:
                raise TypeMismatch(TS300.NO_ROWS(), hint=TS300.WHAT_GIVES_ROWS())
            return self.kept_rows

    # -- how it is shown -------------------------------------------------------------------------------------
    @cached_property
    def _bundle(self) -> dict[str, str]:
        from thanosql_kernel.jupyter.display import mime_bundle

        return dict(mime_bundle(self.shown[-1]))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from thanosql_kernel.jupyter.terminal import displayed_columns

        return self._bundle | {"text/plain": self._text(displayed_columns())}

    def _ipython_display_(self) -> None:
        """Show a widget; IPython shows everything else by the forms below."""
        from thanosql_kernel.python.showing import is_empty, is_widget, show_widget

        last = self.shown[-1]
        if is_widget(last):
            show_widget(last, self.session)
        elif not is_empty(last):
            raise NotImplementedError

    def _repr_html_(self) -> str | None:
        return self._bundle.get("text/html")

    def __repr__(self) -> str:
        from thanosql_kernel.jupyter.terminal import printed_columns

        try:
            return self._text(printed_columns())
        except ThanoSQLError as error:
            return error.render()

    def _text(self, columns: int) -> str:
        """A table as wide as its reader's terminal; of anything else the text."""
        from thanosql_kernel.jupyter.display import table_plain

        last = self.shown[-1]
        return table_plain(last, columns) if isinstance(last, TableResult) else self._bundle["text/plain"]
