"""Carets in the documented cells of the old product: every third word of each cell that this kernel runs, half typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from types import MappingProxyType

from tests.completion.truth import Caret
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, Model, Table
from thanosql_kernel.models.spec import builtin_models
from thanosql_kernel.sql.lexer import Token, significant, tokenize
from thanosql_kernel.statements.foresight import Unforeseen
from thanosql_kernel.statements.registry import documented_types

_MAGIC = re.compile(r"\A\s*%%thanosql[^\n]*\n")
_NAMES_NEW = frozenset({"COPY", "AS", "TABLE", ".", "DATASET"})
_LETTERS = 3


def carets(cells: Sequence[str]) -> list[Caret]:
    """The carets, over a database that has every table, column and model that the cells name."""
    texts = [text for cell in cells if "%" not in (text := _MAGIC.sub("", cell)) and _is_run(text)]
    catalog = _catalog(texts)
    return [caret for text in dict.fromkeys(texts) for caret in _carets(text, catalog)]


def _is_run(text: str) -> bool:
    document = Document(text)
    statements = document.statements
    whole = len(statements) == len(document.parsed) > 0
    return whole and not any(True for statement in statements for _ in statement.all_problems(Unforeseen()))


def _carets(text: str, catalog: Catalog) -> Iterator[Caret]:
    tokens = significant(tokenize(text))
    words = [index for index, token in enumerate(tokens) if _is_answer(tokens, index)]
    for number, index in enumerate(words[::3]):
        answer = _answer(tokens, index)
        typed = min(number % (_LETTERS + 1), len(tokens[index].text) - 1)
        before = text[: tokens[index].start] + answer[:typed]
        yield Caret("documented cells", "documented", before, "", answer, catalog)


def _answer(tokens: Sequence[Token], index: int) -> str:
    """The word as lists show it: an option with its sign, ``ORDER BY`` as one."""
    text, behind = tokens[index].text, tokens[index + 1].upper if index + 1 < len(tokens) else ""
    text = _present_names().get(text, text) if behind == "=" else text
    return f"{text}=" if behind == "=" else f"{text} {behind}" if behind == "BY" else text


@cache
def _present_names() -> dict[str, str]:
    """What options of older names are called now: that is the name to be found."""
    options = (option for kind in documented_types() for option in kind.option_specs)
    return {alias: option.name for option in options for alias in option.aliases}


def _is_answer(tokens: Sequence[Token], index: int) -> bool:
    """Whether the token is a word that is there to be found: no name that is new, and no result's that comes later."""
    token, before = tokens[index], tokens[index - 1].upper if index else ""
    if token.kind != "word" or len(token.text) < 2 or token.upper == "TRUE":
        return False
    is_new = before in _NAMES_NEW and token.upper not in ("SELECT", "SEARCH", "CONVERT", "WITH")
    is_alias = index > 0 and tokens[index - 1].kind == "string" and token.text.islower()
    return not is_new and not is_alias and not _is_result(token.text)


def _is_result(name: str) -> bool:
    return "similarity" in name or name in ("search_result", "score", "search_input_type")


def _catalog(texts: Sequence[str]) -> Catalog:
    tables: dict[str, set[str]] = {}
    models = dict(builtin_models())
    for text in texts:
        tokens = significant(tokenize(text))
        pairs = list(pairwise(tokens))
        named = {
            after.name for token, after in pairs if token.upper in ("FROM", "JOIN") and after.kind == "word"
        }
        columns = {token.name for token in _selected(tokens) if not _is_result(token.name)}
        for name in named:
            tables.setdefault(name, {"image_path"}).update(columns)
        models |= {
            after.name: "clip"
            for token, after in pairs
            if token.upper in ("USING", "MODEL") and after.is_name
        }
    found = {
        name: Table(name, tuple(Column(column, "VARCHAR") for column in sorted(columns)), 10, name, 1)
        for name, columns in tables.items()
    }
    return Catalog(
        1,
        MappingProxyType(found),
        MappingProxyType({name: Model(name, spec) for name, spec in models.items()}),
    )


def _selected(tokens: Sequence[Token]) -> Iterator[Token]:
    """The names in select lists."""
    inside = False
    for token in tokens:
        inside = (inside or token.upper == "SELECT") and token.upper != "FROM"
        if inside and token.is_name and token.upper not in ("SELECT", "AS", "DISTINCT"):
            yield token
