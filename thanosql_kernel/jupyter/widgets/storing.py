"""What is chosen becomes a table: how many there are, under which name, and what comes next."""

from __future__ import annotations

import threading
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.jupyter.widgets.latest import Latest, Stale
from thanosql_kernel.jupyter.widgets.looks import Looks, show_if
from thanosql_kernel.sql.identifiers import quote_if_needed
from thanosql_kernel.wording import counted, pictures

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from thanosql_kernel.jupyter.host import BrowsedSession
    from thanosql_kernel.jupyter.widgets.choice import Choice
    from thanosql_kernel.statements.results import Browsing

_IS_TAKEN = "TS204"


class StoreBar:
    """The line below the pictures.

    A table that is there is replaced when the user has said so, once for each name, whoever made it.

    Args:
        looks: Makes its parts.
        browsing: The columns, and the name that the statement gives.
        choice: What is chosen.
        session: Stores the rows.
        clear: Called when the user wants nothing chosen.
    """

    def __init__(
        self,
        looks: Looks,
        browsing: Browsing,
        choice: Choice,
        session: BrowsedSession,
        clear: Callable[[], None],
    ) -> None:
        self._browsing, self._choice, self._session = browsing, choice, session
        self._may_replace: set[str] = set()
        self._changing = threading.RLock()
        self._stores = Latest()
        self.count = looks.html("thanosql-count")
        self.clear = looks.button(
            clear, description=str(pictures.CLEAR), tooltip=str(pictures.CHOOSE_NOTHING)
        )
        self.name = looks.text(
            "thanosql-table",
            value=browsing.table or "chosen",
            description=str(pictures.TABLE),
            tooltip=str(pictures.TABLE_NAME),
        )
        self.store = looks.button(
            self._press, description=str(pictures.STORE), tooltip=str(pictures.STORE_ROWS)
        )
        self.told = looks.html("thanosql-told")
        self.replace = looks.button(self._confirm, description=str(pictures.REPLACE))
        self.keep = looks.button(self._ask_no_more, description=str(pictures.KEEP))
        parts = [self.count, self.clear, self.name, self.store, self.told, self.replace, self.keep]
        self.view = looks.box(parts, "thanosql-row", "thanosql-store")
        self.name.observe(lambda change: self._renamed(), "value")
        self.refresh()

    def refresh(self) -> None:
        """What is chosen has changed."""
        count = len(self._choice)
        said = pictures.CHOSEN_COUNT(count=count) if count else pictures.CLICK_TO_CHOOSE()
        self.count.value = escape(said)
        show_if(count > 0, self.clear, self.name, self.store)
        self._ask_no_more()

    def stop(self) -> None:
        """Store nothing that has not begun."""
        self._stores.stop()

    def _press(self) -> None:
        self._store(self.name.value.strip())

    def _confirm(self) -> None:
        name = self.name.value.strip()
        self._may_replace.add(name.casefold())
        self._store(name)

    def _renamed(self) -> None:
        self.store.disabled = not self.name.value.strip()
        self._ask_no_more()

    def _ask_no_more(self) -> None:
        self._tell("")

    def _tell(self, html: str, *, asks: bool = False) -> None:
        with self._changing:
            self.told.value = html
            show_if(asks, self.replace, self.keep)

    def _store(self, name: str) -> None:
        rows = self._choice.table()
        if rows is not None and name:
            self._tell(escape(pictures.STORING()))
            self._stores.ask(partial(self._work, name, rows))

    def _work(self, name: str, rows: pa.Table, stale: Stale) -> None:
        replace = name.casefold() in self._may_replace
        try:
            count = self._session.store(name, rows, self._browsing.columns, replace=replace, cancelled=stale)
        except ThanoSQLError as error:
            if error.code == _IS_TAKEN and not replace:
                self._tell(escape(pictures.REPLACE_IT(problem=error.message)), asks=True)
            else:
                self._tell(escape(error.message))
            return
        stored = pictures.STORED(rows=counted(count, "row"), name=name)
        next_step = pictures.EXPORT_NEXT(table=quote_if_needed(name))
        self._tell(f"{escape(stored)}. {escape(pictures.NEXT())} <code>{escape(next_step)}</code>")
