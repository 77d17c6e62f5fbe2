"""The grammar of the statement at the caret, and where in it the caret is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.meaning.place import Place
from thanosql_kernel.errors import Span
from thanosql_kernel.statements.help_page import describe_option
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.statement import Statement


@dataclass(frozen=True, slots=True)
class Parameter:
    """One part of a signature.

    Attributes:
        span: Where its words stand in the label.
        doc: What it is.
    """

    span: Span
    doc: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A line of grammar with one part of it marked.

    Attributes:
        label: The line.
        doc: What the statement or option does.
        parameters: Its parts, in order.
        active: Index of the part that the caret is in; None if it is in none.
    """

    label: str
    doc: str
    parameters: tuple[Parameter, ...]
    active: int | None


def signature(document: Document, offset: int) -> Signature | None:
    """The options inside ``OPTIONS(``, else the grammar of the statement; None outside dialect statements."""
    place = document.place(offset)
    if place is None or place.statement is None or not place.statement.syntax:
        return None
    if _inside_options(place):
        return _of_options(place, place.statement)
    return None if place.in_sql else _of_statement(place, place.statement)


def _inside_options(place: Place) -> bool:
    """Whether the last parenthesis left open in front of the caret is that of OPTIONS."""
    depth = 0
    for index in range(len(place.before) - 1, 0, -1):
        text = place.before[index].text
        depth += (text == ")") - (text == "(")
        if depth < 0:
            return place.before[index - 1].upper == "OPTIONS"
    return False


def _of_options(place: Place, statement: type[Statement]) -> Signature:
    """``OPTIONS(a='…', b=1)`` with the option that is being written marked."""
    parts = [_written(option) for option in statement.option_specs]
    label, spans = "OPTIONS(", []
    for number, part in enumerate(parts):
        label += ", " if number else ""
        spans.append(Span(len(label), len(label) + len(part)))
        label += part
    parameters = tuple(
        Parameter(span, describe_option(option))
        for span, option in zip(spans, statement.option_specs, strict=True)
    )
    return Signature(f"{label})", str(statement.help), parameters, _active_option(place, statement))


def _active_option(place: Place, statement: type[Statement]) -> int | None:
    """Index of the option whose name or value the caret is at."""
    name = place.typed
    for index in range(len(place.before) - 1, -1, -1):
        token = place.before[index]
        if token.text == "," and not _in_list(place, index):
            break
        if token.text == "=" and index:
            name = place.before[index - 1].text
            break
    wanted = name.lower()
    for number, option in enumerate(statement.option_specs):
        if wanted and wanted in (option.name, *option.aliases):
            return number
    matches = [
        n for n, option in enumerate(statement.option_specs) if wanted and option.name.startswith(wanted)
    ]
    return matches[0] if matches else None


def _in_list(place: Place, index: int) -> bool:
    texts = [token.text for token in place.before[:index]]
    return texts.count("[") > texts.count("]")


def _written(option: Option) -> str:
    """An option as one would write it, with its default or the form of its value."""
    if option.default is not None:
        return f"{option.name}={option.default!r}"
    forms = {
        "text": "'…'",
        "texts": "'…'|['…', …]",
        "text or number": "'…'|1",
        "integer": "n",
        "number": "x",
        "boolean": "True",
        "list": "[…]",
    }
    value = "|".join(f"'{choice}'" for choice in option.choices) if option.choices else forms[option.kind]
    return f"{option.name}={value}"


_PART = re.compile(r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]|'[^']*'|[^\s\[\]]+")
_KIND_WORDS = {
    "model": ("model",),
    "base model": ("base", "model"),
    "table": ("table",),
    "new table": ("table", "name"),
    "column": ("column", "a"),
    "data set": ("dataset",),
    "path": ("'",),
    "query": ("query",),
    "condition": ("condition", "expression"),
    "option": ("option",),
}


def _of_statement(place: Place, statement: type[Statement]) -> Signature:
    """The syntax line, the part that may come next marked."""
    parts = list(_PART.finditer(statement.syntax))
    parameters = tuple(Parameter(Span(*part.span()), _part_doc(part[0], statement)) for part in parts)
    active = next((n for n, part in enumerate(parts) if _fits(place, part[0])), None)
    return Signature(statement.syntax, str(statement.help), parameters, active)


def _part_doc(part: str, statement: type[Statement]) -> str:
    """What the inputs are that stand there; nothing for other parts."""
    return "; ".join(
        f"{option.name}: {option.doc}" for option in statement.input_specs if f"{option.name}=" in part
    )


def _fits(place: Place, part: str) -> bool:
    """Whether what the parser would accept at the caret is that part."""
    bare = part.strip("[]")
    for want in place.wants:
        if want.kind == "word" and re.match(rf"{re.escape(want.text)}\b", bare):
            return True
        kind = want.text if want.kind == "name" else want.kind
        if any(bare.startswith(word) for word in _KIND_WORDS.get(kind, ())):
            return True
    return False
