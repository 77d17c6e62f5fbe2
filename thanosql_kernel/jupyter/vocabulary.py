"""The words that an editor colours: ``vocabulary.json``, which ``make docs`` writes from the statements and DuckDB.

VS Code's grammar, JupyterLab's language and the lexer of Pygments are made of that file, so that a new statement has
its colours everywhere. It is a file because none of the three can wait for DuckDB, and two of them are no Python.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from thanosql_kernel.statements.statement import Statement

FILE = Path(__file__).with_name("vocabulary.json")

#: Words of queries that DuckDB lets be names too; it does not say which of those, some 400, a reader takes for SQL.
CLAUSES = (
    "BETWEEN ESCAPE EXCLUDE EXISTS FILTER FIRST FOLLOWING IF INTERVAL LAST NULLS OVER PARTITION PRECEDING RANGE "
    "RECURSIVE REPLACE ROWS SET TRY_CAST UNBOUNDED VALUES"
).split()
_CONSTANTS = "FALSE NONE NULL TRUE".split()


class Vocabulary(TypedDict):
    """Words in capitals, names of options and inputs as they are written.

    Attributes:
        heads: What statements begin with, the words of each in one string.
        readers: The heads behind which a path may stand in double quotes.
        searches: The heads behind which inputs may stand.
        kinds: Last words of heads that differ by nothing else: IMAGE, TEXT, MODEL, …
        sql: Keywords wherever they stand.
        constants: TRUE, NULL, …
        types: Names of types.
        functions: The words of ``sql`` and ``types`` that DuckDB has a function of, too.
        options: Names of options, of all statements.
        inputs: Names of what is searched for: ``text``, ``images``, …
    """

    heads: list[str]
    readers: list[str]
    searches: list[str]
    kinds: list[str]
    sql: list[str]
    constants: list[str]
    types: list[str]
    functions: list[str]
    options: list[str]
    inputs: list[str]


@cache
def vocabulary() -> Vocabulary:
    """What the file says."""
    words: Vocabulary = json.loads(FILE.read_text(encoding="utf-8"))
    return words


def collect() -> Vocabulary:
    """What the file should say."""
    from thanosql_kernel.duck.words import is_function, reserved, type_words
    from thanosql_kernel.statements.registry import documented_types, statement_types
    from thanosql_kernel.statements.search_inputs import INPUTS

    kinds = statement_types()
    sql = {word.upper() for word in reserved()} - set(_CONSTANTS) | set(CLAUSES)
    kinds_of_values = {name.upper() for name in type_words()}
    return {
        "heads": sorted(head for kind in kinds for head in _heads(kind)),
        "readers": sorted(head for kind in kinds if _reads_a_path(kind) for head in _heads(kind)),
        "searches": sorted(head for kind in kinds for head in _heads(kind) if head.startswith("SEARCH ")),
        "kinds": sorted({head.split()[-1] for kind in kinds for head in _variants(kind)}),
        "sql": sorted(sql),
        "constants": _CONSTANTS,
        "types": sorted(kinds_of_values),
        "functions": sorted(word for word in sql | kinds_of_values if is_function(word)),
        "options": sorted({name for kind in documented_types() for name in _options(kind)}),
        "inputs": sorted(option.name for option in INPUTS),
    }


def _heads(kind: type[Statement]) -> list[str]:
    return [" ".join(head) for head in kind.heads]


def _reads_a_path(kind: type[Statement]) -> bool:
    return re.search(r"FROM ['\"]", kind.syntax) is not None


def _variants(kind: type[Statement]) -> list[str]:
    """The heads that share their first word with another head of the statement."""
    firsts = [head[0] for head in kind.heads]
    return [" ".join(head) for head in kind.heads if len(head) > 1 and firsts.count(head[0]) > 1]


def _options(kind: type[Statement]) -> list[str]:
    return [name for option in kind.option_specs for name in (option.name, *option.aliases)]


def text() -> str:
    """The text of the file: one list a line."""
    lists = (
        f"  {json.dumps(name)}: {json.dumps(words, ensure_ascii=False)}" for name, words in collect().items()
    )
    return "{\n" + ",\n".join(lists) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
