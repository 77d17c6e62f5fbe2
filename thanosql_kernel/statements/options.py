"""OPTIONS(...): what a statement may be told, as data, and the checks that every statement shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from thanosql_kernel.errors import Fix, ParseError, Remove, Replace, Span, ThanoSQLError, Unsupported, nearest
from thanosql_kernel.sql import edits
from thanosql_kernel.sql.lexer import significant, tokenize
from thanosql_kernel.sql.literals import literal
from thanosql_kernel.sql.nodes import Assignment, Scalar, Value
from thanosql_kernel.wording import Wording, statements
from thanosql_kernel.wording.grammar import REMOVE, TS102, TS103, TS104, TS107
from thanosql_kernel.wording.refusals import TS600

OptionKind = Literal["text", "texts", "text or number", "integer", "number", "boolean", "list"]
Role = Literal["column", "new column", "table", "new table", "path", "model", "new model", "any"]

_VALUES: dict[OptionKind, Wording] = {
    "text": TS103.TEXT,
    "texts": TS103.TEXTS,
    "text or number": TS103.TEXT_OR_NUMBER,
    "integer": TS103.INTEGER,
    "number": TS103.NUMBER,
    "boolean": TS103.BOOLEAN,
    "list": TS103.LIST,
}


class Shape(NamedTuple):
    """What other texts than a few words look like.

    Attributes:
        pattern: Matches all of such a text.
        written: How one is written, for people.
    """

    pattern: re.Pattern[str]
    written: str


@dataclass(frozen=True, slots=True)
class Option:
    """One option that a statement has.

    Attributes:
        name: As the manual calls it.
        kind: What value it takes.
        doc: One line for help and hover.
        default: What holds when it is left out; None when nothing does.
        choices: The allowed values, if they are few.
        aliases: Names of older generations.
        role: What a text value names, for completion and rename.
        of: Of a column: the option that names its table; without one it is of the statement's rows.
        none: Whether ``None`` is allowed.
        minimum: Smallest allowed number.
        maximum: Largest allowed number.
        instead: What there is in its place, of an option that is understood and not supported.
        takes_others: Whether texts beside ``choices`` are allowed.
        shape: Of texts that are allowed beside ``choices``.
        has_effect: Whether it does something; one of older generations may be taken and do nothing.
    """

    name: str
    kind: OptionKind
    doc: Wording
    default: Scalar = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    role: Role = "any"
    of: str = ""
    none: bool = False
    minimum: int | None = None
    maximum: int | None = None
    instead: Wording | None = None
    takes_others: bool = False
    shape: Shape | None = None
    has_effect: bool = True

    def accepts(self, value: Value) -> bool:
        """Whether the value is of the option's kind (its choices aside)."""
        it = value.value
        if value.form in ("placeholder", "parameter"):
            return True
        if it is None:
            return self.none
        if self.kind == "boolean":
            return isinstance(it, bool)
        if self.kind == "text or number" and not isinstance(it, str):
            return isinstance(it, int) and not isinstance(it, bool)
        if self.kind in ("integer", "number"):
            right = isinstance(it, int) or (self.kind == "number" and isinstance(it, float))
            return right and not isinstance(it, bool)
        if self.kind == "list":
            return isinstance(it, list)
        if isinstance(it, list):
            return self.kind == "texts" and bool(it) and all(isinstance(item, str) for item in it)
        return isinstance(it, str)


OVERWRITE = Option("overwrite", "boolean", statements.OVERWRITE, default=False)
IF_EXISTS = Option(
    "if_exists",
    "text",
    statements.IF_EXISTS,
    default="fail",
    choices=("fail", "replace", "append", "refresh"),
)
TABLE_NAME = Option("table_name", "text", statements.TABLE_NAME, role="new table")
RESULT_COL = Option("result_col", "text", statements.RESULT_COL, aliases=("column_name",), role="new column")


class Options:
    """The options given to a statement, read through the ones it has."""

    def __init__(self, given: Sequence[Assignment], known: Sequence[Option]) -> None:
        self.given = tuple(given)
        self.known = tuple(known)
        self._by_name = {name: option for option in known for name in (option.name, *option.aliases)}

    def assignment(self, name: str) -> Assignment | None:
        """What was assigned to the option (under any of its names)."""
        wanted = self._by_name[name].name
        for item in self.given:
            option = self._by_name.get(item.name.lower())
            if option is not None and option.name == wanted:
                return item
        return None

    def value(self, name: str) -> Scalar | list[Scalar]:
        """The value given to the option, else its default."""
        item = self.assignment(name)
        return self._by_name[name].default if item is None else item.value.value

    def text(self, name: str) -> str | None:
        """The value of an option that takes a text."""
        value = self.value(name)
        return value if isinstance(value, str) else None

    def integer(self, name: str) -> int | None:
        """The value of an option that takes a whole number."""
        value = self.value(name)
        return value if isinstance(value, int) else None

    def flag(self, name: str) -> bool:
        """The value of an option that takes True or False."""
        return self.value(name) is True

    def given_span(self, name: str) -> Span | None:
        """Where the option's value stands, None if it was left out."""
        item = self.assignment(name)
        return None if item is None else item.value.span

    def ineffective(self) -> Iterator[str]:
        """The options given that do nothing, as they are written."""
        for item in self.given:
            option = self._by_name.get(item.name.lower())
            if option is not None and not option.has_effect:
                yield item.name

    def problems(self) -> Iterator[ThanoSQLError]:
        """Unknown options, options given twice, values of the wrong kind or outside the choices."""
        seen: dict[str, Assignment] = {}
        for item in self.given:
            option = self._by_name.get(item.name.lower())
            if item.comma_missing:
                yield self._comma_missing(item)
            if option is None:
                yield self._unknown(item)
                continue
            if option.instead:
                message = TS600.NO_SUCH_OPTION(name=option.name)
                yield Unsupported(message, span=item.value.span, hint=str(option.instead))
            if option.name in seen:
                message, fixes = TS104.GIVEN_TWICE(name=item.name), [removal(item)]
                yield ParseError(message, span=item.name_span, fixes=fixes)
            seen[option.name] = item
            yield from self._value_problems(option, item)

    def _value_problems(self, option: Option, item: Assignment) -> Iterator[ThanoSQLError]:
        """What is wrong with a value; of several texts that there is an option for several."""
        for problem in value_problems(option, item.value, item.name):
            several = self._by_name.get(f"{option.name}s")
            if several is not None and not option.accepts(item.value) and several.accepts(item.value):
                problem.fixes = (fix := edits.writing(item.name_span, several.name), *problem.fixes)
                problem.hint = fix.advice
            yield problem

    def _comma_missing(self, item: Assignment) -> ThanoSQLError:
        end = self.given[self.given.index(item) - 1].span.end
        return ParseError(
            TS107.COMMA_MISSING(name=item.name),
            span=item.name_span,
            hint=TS107.INSERT_COMMA(),
            fixes=[Fix(TS107.INSERTING_COMMA(), Replace(Span(end, end), ","))],
        )

    def _unknown(self, item: Assignment) -> ThanoSQLError:
        known = ", ".join(option.name for option in self.known)
        return ParseError(
            TS102.NO_OPTION(name=item.name) if known else TS102.NO_OPTIONS(),
            span=item.name_span,
            hint=TS102.THE_OPTIONS(names=known) if known else None,
            meant=nearest(item.name, self._by_name),
            fixes=[removal(item)],
        )


def removal(item: Assignment) -> Fix:
    """The option taken out."""
    return Fix(REMOVE(text=item.name), Remove(item.name_span), is_preferred=False)


def value_problems(option: Option, value: Value, written_as: str) -> Iterator[ThanoSQLError]:
    """What is wrong with a value for an option."""
    if not option.accepts(value):
        takes = TS103.TAKES_NONE_TOO if option.none else TS103.TAKES
        message = takes(name=written_as, kind=_VALUES[option.kind])
        yield ParseError(message, span=value.span, fixes=list(_unquoted(option, value)))
    elif value.form == "parameter":
        return
    elif _is_no_choice(option, value.value):
        written = (*option.choices, *([option.shape.written] if option.shape else []))
        allowed = ", ".join(f"'{choice}'" for choice in written)
        meant = nearest(str(value.value), option.choices)
        message = TS103.ONE_OF(name=written_as, choices=allowed)
        yield ParseError(message, span=value.span, meant=meant)
    elif (
        option.minimum is not None and isinstance(value.value, (int, float)) and value.value < option.minimum
    ):
        yield ParseError(TS103.AT_LEAST(name=written_as, minimum=option.minimum), span=value.span)
    elif (
        option.maximum is not None and isinstance(value.value, (int, float)) and value.value > option.maximum
    ):
        yield ParseError(TS103.AT_MOST(name=written_as, maximum=option.maximum), span=value.span)


def _is_no_choice(option: Option, value: object) -> bool:
    """Whether only a few texts are allowed, and this is another one."""
    is_limited = bool(option.choices) and not option.takes_others
    if not is_limited or not isinstance(value, str) or value.lower() in option.choices:
        return False
    return option.shape is None or option.shape.pattern.fullmatch(value) is None


def _unquoted(option: Option, value: Value) -> Iterator[Fix]:
    """A number, True or False that stands in quotes without them."""
    text = value.value.strip() if isinstance(value.value, str) and value.form == "string" else ""
    (token,) = tokens if len(tokens := significant(tokenize(text))) == 1 else (None,)
    if token is not None and token.kind in ("number", "word") and option.accepts(literal(token)):
        yield edits.writing(value.span, text)
