"""Whole statements to fill in: their examples, with what is the user's to choose as tab stops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from thanosql_kernel.sql.lexer import read_tokens
from thanosql_kernel.statements.cell import parse_statement
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.statement import Statement


@cache
def skeleton(kind: type[Statement]) -> str:
    """The example of a statement in the snippet syntax of the language server protocol.

    Tab stops that nobody changes give the example again.
    """
    if (several := _alternatives(kind)) is not None:
        return several
    text, parts, at = kind.example, [], 0
    numbers: dict[str, int] = {}
    for start, end, choices in _gaps(kind):
        parts += [_escaped(text[at:start]), _tab_stop(text[start:end], numbers, choices)]
        at = end
    return "".join([*parts, _escaped(text[at:])])


def _alternatives(kind: type[Statement]) -> str | None:
    """Of a statement that is nothing but its head: the heads that its syntax shows, to choose from."""
    shown = [part.strip() for part in kind.syntax.split("|")]
    if set(shown) - {" ".join(head) for head in kind.heads} or kind.example not in shown or len(shown) == 1:
        return None
    first = kind.heads[0][0]
    rest = [part.removeprefix(first).strip() for part in dict.fromkeys([kind.example, *shown])]
    return f"{first} ${{1|{','.join(rest)}|}}"


def _tab_stop(text: str, numbers: dict[str, int], choices: tuple[str, ...]) -> str:
    if text in numbers:
        return f"${{{numbers[text]}}}"
    numbers[text] = number = len(numbers) + 1
    if choices:
        return f"${{{number}|{','.join(dict.fromkeys([text, *choices]))}|}}"
    return f"${{{number}:{_escaped(text)}}}"


def _gaps(kind: type[Statement]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where names, texts and numbers stand in the example, and what an option allows there."""
    statement = parse_statement(kind.example)
    names = {(name.span.start, name.span.end) for name in statement.names}
    tokens = list(read_tokens(kind.example))
    for index, token in enumerate(tokens):
        before = tokens[index - 1].upper if index else ""
        option = _option(kind, tokens[index - 2].text) if before == "=" else None
        if token.kind == "string":
            yield token.start + 1, token.end - 1, option.choices if option else ()
        elif (
            token.kind == "number"
            or (token.start, token.end) in names
            or (token.kind == "word" and before in ("FROM", "JOIN"))
        ):
            yield token.start, token.end, ()
        elif option is not None and option.kind == "boolean":
            yield token.start, token.end, ("True", "False")


def _option(kind: type[Statement], name: str) -> Option | None:
    return next((option for option in kind.option_specs if name in (option.name, *option.aliases)), None)


def _escaped(text: str) -> str:
    return re.sub(r"([\\$}])", r"\\\1", text)
