"""What the grammar takes and this kernel runs: found by writing the shortest statement of each kind and asking it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from thanosql_kernel.errors import ThanoSQLError, Unsupported
from thanosql_kernel.models.spec import SPECS
from thanosql_kernel.sql.cursor import Cursor
from thanosql_kernel.sql.nodes import Assignment, Scalar, Value
from thanosql_kernel.sql.token_reader import Want
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.registry import heads, parse_at, parse_nested
from thanosql_kernel.statements.statement import Statement

#: What fills a gap of each kind.
_FILLERS = {
    "name": " x",
    "path": " 'x.csv'",
    "value": " 'x'",
    "query": " SELECT 1",
    "condition": " true",
    "type": " INTEGER",
}
#: Gaps that are filled before a statement counts as one that cannot be written so.
_MOST_GAPS = 12


@cache
def runs_head(words: tuple[str, ...]) -> bool:
    """Whether a statement that begins with these words is run."""
    found = _completed(" ".join(words))
    return found is None or _runs(found)


@cache
def runs_some(words: tuple[str, ...]) -> bool:
    """Whether some statement whose first words these are is run."""
    return any(
        head[: len(words)] == words and runs_head(head) for group in heads().values() for head, _ in group
    )


@cache
def runs_with(kind: type[Statement], option: Option) -> bool:
    """Whether a kind of statement is run with an option."""
    found = next((it for head in kind.heads if (it := _completed(" ".join(head))) and _runs(it)), None)
    if found is None or not hasattr(found, "given"):
        return True
    given = (Assignment(option.name, found.span, _value(option, found)),)
    changed: Any = replace(found, given=given)  # type: ignore[call-arg]
    return _runs(changed)


@cache
def runs_on(kind: type[Statement], word: str) -> bool:
    """Whether a kind of statement is run where it goes on with a word that the grammar takes."""
    return all(_runs(found) for found in _variants(kind, word))


def _variants(kind: type[Statement], word: str) -> Iterator[Statement]:
    """The shortest statements of a kind that hold the word."""
    for head in filter(runs_head, kind.heads):
        text = " ".join(head)
        for _ in range(_MOST_GAPS):
            cursor, found = _parsed(text)
            wants = cursor.wants.get(len(cursor.tokens), [])
            if any(want.kind == "word" and want.text == word for want in wants):
                with_word = _completed(f"{text} {word}")
                if with_word is not None:
                    yield with_word
            if found is not None:
                break
            text += _filler(wants)


def _completed(text: str) -> Statement | None:
    """The statement that a text becomes once what is missing is there; None if that leads nowhere."""
    for _ in range(_MOST_GAPS):
        cursor, found = _parsed(text)
        if found is not None:
            return found
        text += _filler(cursor.wants.get(len(cursor.tokens), []))
    return None


def _parsed(text: str) -> tuple[Cursor, Statement | None]:
    cursor = Cursor.over(text, parse_nested)
    try:
        return cursor, parse_at(cursor)
    except ThanoSQLError:
        return cursor, None


def _filler(wants: list[Want]) -> str:
    """What could stand in a gap; words of the grammar last, of those the one that it insists on."""
    for want in wants:
        if want == ("name", "base model"):
            return f" {next(iter(SPECS))}"
        if want.kind in _FILLERS:
            return _FILLERS[want.kind]
    words = [want.text for want in wants if want.kind in ("word", "symbol") and not want.text.islower()]
    return f" {words[-1]}" if words else ""


def _value(option: Option, found: Statement) -> Value:
    values: dict[str, Scalar | list[Scalar]] = {
        "integer": option.minimum or 1,
        "number": option.minimum or 1,
        "boolean": True,
        "list": ["x"],
    }
    text = option.choices[0] if option.choices else "x"
    return Value(values.get(option.kind, text), found.span, "constant")


def _runs(statement: Statement) -> bool:
    return not any(isinstance(problem, Unsupported) for problem in statement.problems())
