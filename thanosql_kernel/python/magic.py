"""``%%thanosql`` and ``%%sql`` in Python notebooks and IPython; loaded by ``%load_ext thanosql_kernel``."""

# IPython's decorators are not annotated.
# mypy: disable-error-code="untyped-decorator,no-untyped-call,misc"

from __future__ import annotations

import re
import sys
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, needs_local_scope, no_var_expand
from IPython.display import display

from thanosql_kernel.errors import Interrupted, ThanoSQLError
from thanosql_kernel.python.connection import Connection
from thanosql_kernel.python.progress import publish
from thanosql_kernel.python.result import QueryResult
from thanosql_kernel.statements.results import MediaResult, Message, Result, TableResult

_PARAMETER = re.compile(r"\$\w")
_KINDS = ("line", "cell")
#: What other extensions call their magic too.
_SHARED = "sql"
_USAGE = "%%thanosql [-o NAME]: the statements stand in the lines below"


@magics_class
class ThanoSQLMagics(Magics):
    """The magics over one connection, opened when it is first needed."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._names: dict[str, Any] = shell.user_ns
        self._connection: Connection | None = None

    @no_var_expand
    @needs_local_scope
    @line_cell_magic
    def thanosql(self, line: str, cell: str | None = None, local_ns: dict[str, Any] | None = None) -> object:
        """Run ThanoSQL.

        ``%thanosql SELECT …`` runs a statement, ``%%thanosql`` all lines below it. Rows come back as a pandas data
        frame (as a result with ``.arrow()`` without pandas): ``photos = %thanosql SELECT * FROM photos``. With
        ``%%thanosql -o photos`` they are assigned to a variable instead. ``$name`` is the value of a Python variable,
        and ``FROM name`` reads a data frame.
        """
        variables: Mapping[str, object] = ChainMap(local_ns or {}, self._names)
        if cell is None:
            return self._run(f"%thanosql {line}", variables, None)
        return self._run(cell, variables, _output_name(line))

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _run(self, text: str, variables: Mapping[str, object], output: str | None) -> object:
        if self._connection is None:
            self._connection = Connection()
        try:
            result = self._connection.run(text, variables, self._tables(variables))
            *earlier, last = result.shown
            for shown in earlier:
                self._show(shown)
            return self._give(result, last, output)
        except KeyboardInterrupt as error:
            raise _short(error, Interrupted(str(error) or "interrupted"), text) from None
        except ThanoSQLError as error:
            raise _short(error, error, text) from None

    def _tables(self, variables: Mapping[str, object]) -> Mapping[str, object]:
        """The variables that queries may read; Python's own ``_`` misses what was assigned or printed."""
        if self._connection is None or "_" not in self._connection.session.results.names:
            return variables
        return {name: value for name, value in variables.items() if name != "_"}

    def _give(self, result: QueryResult, last: Result, output: str | None) -> object:
        """Show the last result, or return its rows."""
        if output is not None:
            self._names[output] = _rows_of(result)
            self._show(Message("", last.notices))
            return None
        if not isinstance(last, TableResult):
            self._show(last)
            return None
        self._show(Message("", last.notices))
        return _rows_of(result)

    def _show(self, shown: Result) -> None:
        from thanosql_kernel.jupyter.display import mime_bundle
        from thanosql_kernel.jupyter.terminal import displayed_columns

        if isinstance(shown, Message) and not (shown.text or shown.notices):
            return
        sys.stderr.flush()
        if (
            isinstance(shown, MediaResult)
            and shown.form == "widget"
            and self._connection
            and self._is_notebook
        ):
            from thanosql_kernel.jupyter.widgets.show import show_browser

            show_browser(_without_parameters(shown), self._connection.session, publish)
            return
        display(mime_bundle(shown, columns=displayed_columns()), raw=True)

    @property
    def _is_notebook(self) -> bool:
        """Whether there is a kernel, which widgets need."""
        return getattr(self.shell, "kernel", None) is not None


def _without_parameters(result: MediaResult) -> MediaResult:
    """Values of Python are not at hand when the widget searches: without them there is nothing to type into."""
    browsing = result.browsing
    if (
        browsing is None
        or browsing.search is None
        or not _PARAMETER.search(f"{browsing.search.before}{browsing.search.after}")
    ):
        return result
    return replace(result, browsing=replace(browsing, search=None))


def _rows_of(result: QueryResult) -> object:
    """A data frame; the result itself where there is no pandas."""
    return result.df() if find_spec("pandas") else result


def _output_name(line: str) -> str | None:
    """The variable of ``-o name``; anything else that old notebooks have there is read over."""
    words = line.split()
    if "-o" not in words and "--out" not in words:
        return None
    at = words.index("-o" if "-o" in words else "--out") + 1
    if at == len(words) or not words[at].isidentifier():
        raise UsageError(_USAGE)
    return words[at]


def _short(error: BaseException, told: ThanoSQLError, text: str) -> BaseException:
    """The error, shown by IPython as ThanoSQL's own short message in place of a traceback."""
    from thanosql_kernel.jupyter.failures import error_content

    lines = error_content(told, text)["traceback"]
    error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]
    return error


def load(shell: Any) -> None:
    """Register the magics; ``sql`` as well, unless it is somebody else's, such as JupySQL's."""
    magics = ThanoSQLMagics(shell)
    shell.register_magics(magics)
    manager = shell.magics_manager
    if _SHARED not in {*manager.lazy_magics, *manager.magics["line"], *manager.magics["cell"]}:
        for kind in _KINDS:
            manager.magics[kind][_SHARED] = magics.thanosql


def unload(shell: Any) -> None:
    """Close the database and take the magics out again."""
    magics = shell.magics_manager.registry.pop(ThanoSQLMagics.__name__, None)
    for kind in _KINDS:
        registered = shell.magics_manager.magics[kind]
        registered.pop("thanosql", None)
        if magics is not None and registered.get(_SHARED) == magics.thanosql:
            del registered[_SHARED]
    if magics is not None:
        magics.close()
