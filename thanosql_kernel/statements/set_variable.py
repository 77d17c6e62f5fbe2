"""SET VARIABLE, RESET VARIABLE and SHOW VARIABLES: values that later statements write ``$name``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.sql.parameters import Variable, Variables, variable_key
from thanosql_kernel.sql.query import Query
from thanosql_kernel.statements.changes import Relation
from thanosql_kernel.statements.foresight import Foresight, Makes, text_columns
from thanosql_kernel.statements.results import Message
from thanosql_kernel.statements.runtime import Runtime
from thanosql_kernel.statements.statement import Statement, Words
from thanosql_kernel.wording import answers, statements

_SHOWN = 60


@dataclass(frozen=True)
class SetVariable(Statement):
    """``SET VARIABLE name = expression``."""

    heads = (("SET", "VARIABLE"),)
    syntax = "SET VARIABLE name = expression"
    help = statements.SET_VARIABLE
    example = "SET VARIABLE year = 2024"

    variable: Name
    expression: Query

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows SET VARIABLE."""
        start = cursor.start_of(words)
        variable = cursor.name("variable", optional=True)
        if not cursor.accept("TO"):
            cursor.expect("=")
        expression = cursor.condition()
        return cls(cursor.span_from(start), words, variable, expression)

    def variables(self, before: Variables) -> Variables:
        """One more, whose value is known when this has run."""
        return {**before, variable_key(self.variable.text): None}

    def run(self, runtime: Runtime) -> Message:
        """Find out the value and keep it."""
        found = runtime.set_variable(self.variable.text, self.expression)
        return Message(answers.VALUE_IS(name=found.name, value=_shown(found)))


@dataclass(frozen=True)
class ResetVariable(Statement):
    """``RESET VARIABLE name``."""

    heads = (("RESET", "VARIABLE"),)
    syntax = "RESET VARIABLE name"
    help = statements.RESET_VARIABLE
    example = "RESET VARIABLE year"

    variable: Name

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Read what follows RESET VARIABLE."""
        start = cursor.start_of(words)
        variable = cursor.name("variable", optional=True)
        return cls(cursor.span_from(start), words, variable)

    def variables(self, before: Variables) -> Variables:
        """All but this one."""
        gone = variable_key(self.variable.text)
        return {key: variable for key, variable in before.items() if key != gone}

    def run(self, runtime: Runtime) -> Message:
        """Forget the value; that there is none is what was asked for too."""
        runtime.reset_variable(self.variable.text)
        return Message(answers.NO_VALUE(name=self.variable))


@dataclass(frozen=True)
class ShowVariables(Statement):
    """``SHOW VARIABLES``."""

    heads = (("SHOW", "VARIABLES"),)
    syntax = "SHOW VARIABLES"
    help = statements.SHOW_VARIABLES
    example = "SHOW VARIABLES"
    table_valued = True

    @classmethod
    def parse(cls, cursor: Cursor, words: Words) -> Self:
        """Nothing follows the words."""
        return cls(cursor.span_from(cursor.start_of(words)), words)

    def evaluate(self, runtime: Runtime) -> Relation:
        """One row a variable, by name."""
        import pyarrow as pa

        found = sorted(runtime.variables.values(), key=lambda variable: variable.name)
        data = {
            "name": [variable.name for variable in found],
            "value": [variable.text for variable in found],
            "type": [variable.type for variable in found],
        }
        schema = pa.schema([(name, pa.string()) for name in data])
        return runtime.rows(pa.table(data, schema=schema))

    def makes(self, known: Foresight) -> Makes:
        """Rows with always the same columns."""
        return Makes(known.catalog, lambda: text_columns("name", "value", "type"))


def _shown(variable: Variable) -> str:
    """The value in a line, a text in quotes."""
    text = (
        repr(variable.value)
        if isinstance(variable.value, str) and variable.type == "VARCHAR"
        else variable.text
    )
    line = "NULL" if text is None else " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
