"""``%%thanosql`` and ``%%sql`` in Python notebooks and IPython; loaded by ``%load_ext thanosql_kernel``."""

# IPython's decorators are not annotated.
# mypy: disable-error-code="untyped-decorator,no-untyped-call,misc"

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, needs_local_scope, no_var_expand

from thanosql_kernel.python.connection import Connection
from thanosql_kernel.python.errors import ToldShort
from thanosql_kernel.python.result import QueryResult
from thanosql_kernel.python.showing import show
from thanosql_kernel.statements.cell import begins_statement
from thanosql_kernel.statements.results import Message
from thanosql_kernel.wording import commands

#: ``name << SELECT …``, as JupySQL writes it.
_ASSIGNED = re.compile(r"\s*([^\W\d]\w*)\s*<<(.*)", re.DOTALL)
_ALONE = re.compile(r"\s*%%(?:thanosql|sql)\s([^\n]*)\s*")
#: A variable that holds statements.
_VARIABLE = re.compile(r"\s*\$([^\W\d]\w*)\s*;?\s*")
_KINDS = ("line", "cell")
#: What other extensions call their magic too.
_SHARED = "sql"


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
    def thanosql(
        self, line: str, cell: str | None = None, local_ns: dict[str, Any] | None = None
    ) -> QueryResult | None:
        """Run ThanoSQL.

        ``%thanosql SELECT …`` runs a statement, ``%%thanosql`` all lines below it. Both give what `Connection.sql`
        gives: ``photos = %thanosql SELECT * FROM photos``, and ``photos.df()`` is a pandas data frame. With
        ``%%thanosql photos <<`` it is assigned to a variable, also as ``%%thanosql -o photos``. ``%thanosql $name``
        runs the text of a variable; in a statement ``$name`` is the value of one, and ``FROM name`` reads a data frame
        or an earlier result.
        """
        variables: Mapping[str, object] = ChainMap(local_ns or {}, self._names)
        name, text = _read(line, cell, variables)
        result = self._run(text, variables)
        if name is None:
            return result
        self._names[name] = result
        show(Message("", result.notices), result.session)
        return None

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _run(self, text: str, variables: Mapping[str, object]) -> QueryResult:
        """The result of the last statement; those of the others are shown."""
        if self._connection is None:
            self._connection = Connection()
        with ToldShort(text):
            result = self._connection.run(text, variables, self._tables(variables))
            for earlier in result.shown[:-1]:
                show(earlier, result.session)
            return result

    def _tables(self, variables: Mapping[str, object]) -> Mapping[str, object]:
        """The variables that queries may read; Python's own ``_`` misses what was assigned or printed."""
        if self._connection is None or "_" not in self._connection.session.results.names:
            return variables
        return {name: value for name, value in variables.items() if name != "_"}


def _read(
    line: str, cell: str | None, variables: Mapping[str, object] | None = None
) -> tuple[str | None, str]:
    """The variable to assign to, if there is one, and the statements."""
    found = _ASSIGNED.fullmatch(line)
    name, first = (found[1], found[2]) if found else (None, line)
    if (held := _VARIABLE.fullmatch(first)) is not None:
        return name, f"{_text_of(held[1], variables or {})}\n{cell or ''}".rstrip()
    if cell is None:
        return name, f"%thanosql {first}"
    if found is None and not begins_statement(line):
        return _output_name(line), cell
    return name, f"{first}\n{cell}" if first.strip() else cell


def _text_of(name: str, variables: Mapping[str, object]) -> str:
    """The statements that a variable holds."""
    if name not in variables:
        raise UsageError(commands.NO_VARIABLE(name=name))
    text = variables[name]
    if not isinstance(text, str):
        raise UsageError(commands.NO_TEXT_IN_VARIABLE(name=name, type=type(text).__name__))
    return text


def _output_name(line: str) -> str | None:
    """The variable of ``-o name``; anything else that old notebooks have there is read over."""
    words = line.split()
    if "-o" not in words and "--out" not in words:
        return None
    at = words.index("-o" if "-o" in words else "--out") + 1
    if at == len(words) or not words[at].isidentifier():
        raise UsageError(commands.MAGIC_USAGE())
    return words[at]


def _with_body(lines: list[str]) -> list[str]:
    """A cell of one line with a statement, or a variable's, has lines below: IPython refuses one that has none."""
    found = _ALONE.fullmatch("".join(lines))
    rest = found[1] if found else ""
    has_text = _ASSIGNED.fullmatch(rest) or _VARIABLE.fullmatch(rest) or begins_statement(rest)
    return [*lines, "\n"] if found and has_text else lines


def load(shell: Any) -> None:
    """Register the magics; ``sql`` as well, unless it is somebody else's, such as JupySQL's."""
    if ThanoSQLMagics.__name__ in shell.magics_manager.registry:
        return  # under its other name
    magics = ThanoSQLMagics(shell)
    shell.register_magics(magics)
    manager = shell.magics_manager
    if _SHARED not in {*manager.lazy_magics, *manager.magics["line"], *manager.magics["cell"]}:
        for kind in _KINDS:
            manager.magics[kind][_SHARED] = magics.thanosql
    shell.input_transformers_cleanup.insert(0, _with_body)


def unload(shell: Any) -> None:
    """Close the database and take the magics out again."""
    magics = shell.magics_manager.registry.pop(ThanoSQLMagics.__name__, None)
    if _with_body in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.remove(_with_body)
    for kind in _KINDS:
        registered = shell.magics_manager.magics[kind]
        registered.pop("thanosql", None)
        if magics is not None and registered.get(_SHARED) == magics.thanosql:
            del registered[_SHARED]
    if magics is not None:
        magics.close()
