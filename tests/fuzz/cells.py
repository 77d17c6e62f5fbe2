"""Cells to try: right ones, those that the statements' own grammars make at random, and both with random damage."""

from __future__ import annotations

import json
import random
import re
import sys
from functools import cache
from pathlib import Path

from thanosql_kernel.sql.lexer import tokenize
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.registry import documented_types, heads
from thanosql_kernel.statements.statement import Statement

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "analysis")]
from hostile_queries import HOSTILE  # noqa: E402
from statement_cases import valid_cells  # noqa: E402

CORPUS = Path(__file__).with_name("corpus.json")
"""Inputs that once went wrong, and some that reach much of the grammar."""
_DOCUMENTED = TESTS.parents[1] / "shared" / "corpus" / "cells.jsonl"
_FENCED = re.compile(r"```(?:sql|thanosql)\n(.*?)```", re.DOTALL)
LONGEST = 4000
"""Characters of a cell; what grows is tried in `growing`."""

#: What readers of text trip over: ends of ranges, half letters, what steers, what looks like something else.
ODD = (
    *(
        "\0",
        "\x1b[2J",
        "\x9b",
        "\u202e",
        "\u2028",
        "\u0085",
        "\x0b",
        "\x0c",
        "\x1c",
        "\ufeff",
        "\u00a0",
        "\u3000",
    ),
    *(
        "\ud800",
        "\udcff",
        "é",
        "e\u0301",
        "\u200b",
        "\u200d",
        "👩\u200d👩\u200d👧",
        "가",
        "각",
        "＇",
        "；",
        "（",
        "＝",
        "“",
        "’",
    ),
    *("ſ", "K", "ı", "İ", "ß", "²", "٣", "᠎", "\U0010ffff", "\r", "\r\n", "\t", "\\", "`"),
)
_SIGNS = (
    "'",
    '"',
    ";",
    "--",
    "/*",
    "*/",
    "$$",
    "$a$",
    "$x",
    "%",
    "%%thanosql ",
    "!",
    "#",
    "\n",
    "\n\n",
    " ",
    "(",
    ")",
)
_MORE_SIGNS = (
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "..",
    ":",
    "::",
    "=",
    "==",
    "*",
    "->",
    "->>",
    "||",
    "?",
    "@",
    "<",
    ">",
    "e'",
)
_NUMBERS = (
    "0",
    "-1",
    "1e999",
    "1e-999",
    "9" * 25,
    "0x1F",
    "1_000",
    "1__0",
    ".5",
    "5.",
    "1.2.3",
    "2147483648",
    "1e5",
)
_WORDS = (
    "SELECT FROM WHERE GROUP BY ORDER LIMIT OFFSET JOIN LEFT ON USING AS WITH RECURSIVE UNION ALL EXCEPT AND OR NOT IN "
    "IS NULL LIKE BETWEEN CASE WHEN THEN ELSE END DISTINCT VALUES PIVOT UNPIVOT OPTIONS INTO SET TO IMAGE TEXT VIDEO "
    "MODEL TABLE VIEW IF EXISTS TRUE False None OVER PARTITION QUALIFY WINDOW EXCLUDE REPLACE LATERAL lambda COLUMNS"
).split()
_NAMES = (
    "t",
    "photos",
    "labels",
    "없는",
    '"큰 이름"',
    "mini",
    "clip",
    "image_path",
    "라벨",
    "id",
    "v",
    "_",
    "_1",
    "a.b",
)
_PATHS = (
    "'photos'",
    "'x.csv'",
    "'없다.jpg'",
    "'.'",
    "'~'",
    "''",
    "'\\\\srv\\x'",
    "['x.csv', 'y.csv']",
    "'x*.csv'",
)
_TYPES = (
    "INTEGER",
    "VARCHAR",
    "DECIMAL(10, 2)",
    "FLOAT[3]",
    "STRUCT(a INT, b VARCHAR[])",
    "ENUM('a', 'b')",
    "nothing",
)
_EXPRESSIONS = (
    *(
        "id + 1",
        "count(*)",
        "lower(라벨)",
        "CASE WHEN id > 1 THEN 'a' END",
        "{'a': 1}.a",
        "[x for x in [1,2]]",
        "NULL",
    ),
    *(
        "id::VARCHAR",
        "sum(id) OVER (ORDER BY id)",
        "(SELECT max(id) FROM t)",
        "list_transform([1], x -> x + 1)",
        "*",
    ),
)


@cache
def seeds() -> tuple[str, ...]:
    """Cells as they are written in the tests, the documentation, and in the old product's own if it is at hand."""
    found = [text for _, _, text in valid_cells()]
    found += [text for text in HOSTILE.values() if len(text) < LONGEST and "{fifo}" not in text]
    found += _forms()
    for page in sorted((TESTS.parent / "docs").rglob("*.md")):
        found += _FENCED.findall(page.read_text(encoding="utf-8"))
    if _DOCUMENTED.exists():
        found += [json.loads(line)["cell"] for line in _DOCUMENTED.read_text(encoding="utf-8").splitlines()]
    found += kept()
    return tuple(dict.fromkeys(text[:LONGEST] for text in found))


def kept() -> list[str]:
    """The small corpus beside this module."""
    return list(json.loads(CORPUS.read_text(encoding="utf-8")))


def _forms() -> list[str]:
    parts = (TESTS / "sql_forms" / "forms.sql").read_text(encoding="utf-8").split("-- form: ")
    return [part.partition("\n")[2] for part in parts[1:]]


def cell(rng: random.Random) -> str:
    """A cell: made or taken, and damaged or not."""
    how = rng.random()
    if how < 0.35:
        text = made(rng)
    elif how < 0.9:
        text = rng.choice(seeds())
    else:
        text = rng.choice(("\n", ";\n", "", "\n\n")).join(_one(rng) for _ in range(rng.randint(2, 4)))
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3, 8))):
        text = damaged(text, rng)
    return text[:LONGEST]


def _one(rng: random.Random) -> str:
    return made(rng) if rng.random() < 0.5 else rng.choice(seeds())


# -- damage ------------------------------------------------------------------------------------------------------
def damaged(text: str, rng: random.Random) -> str:
    """The text with one thing wrong: a token, a letter, a part."""
    tokens = [token for token in tokenize(text) if token.kind != "space"]
    if tokens and rng.random() < 0.6:
        token = rng.choice(tokens)
        return text[: token.start] + _other(token.text, tokens, rng) + text[token.end :]
    at, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
    how = rng.randrange(5)
    if how == 0:
        return text[:at]
    if how == 1:
        return text[:at] + text[at : at + rng.randint(1, 20)] * rng.randint(2, 30) + text[at:]
    if how == 2:
        return text[:at] + text[end:]
    if how == 3:
        other = rng.choice(seeds())
        return text[:at] + other[rng.randint(0, len(other)) :] + text[end:]
    return text[:at] + rng.choice((*ODD, *_SIGNS, *_MORE_SIGNS, *_NUMBERS)) + text[at:]


def _other(text: str, tokens: list, rng: random.Random) -> str:  # type: ignore[type-arg]
    how = rng.randrange(8)
    if how == 0:
        return ""
    if how == 1:
        return f"{text} {text}"
    if how == 2:
        return str(rng.choice(tokens).text)
    if how == 3:
        at = rng.randint(0, len(text))
        return text[:at] + rng.choice(ODD) + text[at:]
    if how == 4:
        opening, closing = rng.choice(
            ("()", "[]", "{}", ("(SELECT ", ")"), ("(SEARCH IMAGE text='a' USING mini AS ", ")"))
        )
        times = rng.choice((1, 2, 30))
        return opening * times + text + closing * times
    if how == 5:
        return rng.choice((text.swapcase(), text[:-1], text[1:], f'"{text}"', f"'{text}'"))
    return rng.choice((*_WORDS, *_SIGNS, *_MORE_SIGNS, *_NUMBERS, *_NAMES, *ODD))


# -- grammar -----------------------------------------------------------------------------------------------------
def made(rng: random.Random, depth: int = 0) -> str:
    """A statement by the grammar that its documentation shows."""
    if rng.random() < 0.15:
        words = " ".join(rng.choice([head for found in heads().values() for head in found]).words)
        return f"{words} {' '.join(rng.choice((*_WORDS, *_NAMES, *_EXPRESSIONS)) for _ in range(rng.randint(0, 5)))}"
    return _expanded(rng.choice(documented_types()), rng, depth)


def _expanded(kind: type[Statement], rng: random.Random, depth: int) -> str:
    text = kind.syntax
    while (found := re.search(r"\[([^\[\]'…]*)\]", text)) is not None:
        text = text[: found.start()] + (found[1] if rng.random() < 0.5 else "") + text[found.end() :]
    parts = [rng.choice(part.split(" | ")) if rng.random() < 0.7 else part for part in [text]]
    words = re.findall(r"OPTIONS\([^()]*\)|'[^']*'|\w+(?:\|\w+)*|…|.", parts[0])
    return "".join(_word(word, kind, rng, depth) for word in words)


def _word(word: str, kind: type[Statement], rng: random.Random, depth: int) -> str:
    if word.startswith("OPTIONS("):
        return options(kind, rng)
    if "|" in word and word != "|":
        return _word(rng.choice(word.split("|")), kind, rng, depth)
    if word == "query" or word == "statement":
        return query(rng, depth + 1)
    if word in (
        "table",
        "view",
        "model",
        "name",
        "base",
        "column",
        "alias",
        "columns",
        "a",
        "b",
        "dataset",
        "key",
    ):
        return rng.choice(_NAMES)
    if word == "type":
        return rng.choice(_TYPES)
    if word in ("expression", "condition", "value"):
        return rng.choice(_EXPRESSIONS)
    if word[0] == "'":
        return rng.choice(_PATHS) if rng.random() < 0.5 else word
    return "" if word in ("…", "|") else word


def options(kind: type[Statement], rng: random.Random) -> str:
    """OPTIONS with some that the statement has, with values of any kind."""
    specs = [*kind.option_specs, *kind.input_specs]
    given = [
        f"{spec.name}{rng.choice(('=', ' = '))}{_value(spec, rng)}"
        for spec in rng.sample(specs, min(len(specs), 3))
    ]
    return f"OPTIONS({', '.join(given)}{rng.choice(('', ',', ''))})"


def _value(spec: Option, rng: random.Random) -> str:
    if spec.choices and rng.random() < 0.6:
        return f"'{rng.choice(spec.choices)}'"
    if spec.kind == "boolean" and rng.random() < 0.7:
        return rng.choice(("True", "false"))
    return rng.choice(
        (*_NUMBERS, *_NAMES, *_PATHS, "[]", "[1, 'a']", "[[1]]", "None", "True", "$x", "'%s'", "{'a': 1}")
    )


def query(rng: random.Random, depth: int = 0) -> str:
    """A query over anything, with statements nested in it."""
    if depth > 3 or rng.random() < 0.3:
        return rng.choice(_forms()).strip() if rng.random() < 0.5 else f"SELECT * FROM {rng.choice(_NAMES)}"
    source = f"({made(rng, depth + 1)})" if rng.random() < 0.6 else rng.choice(_NAMES)
    listed = ", ".join(rng.choice(_EXPRESSIONS) for _ in range(rng.randint(1, 3)))
    text = f"SELECT {listed} FROM {source}"
    for clause in (
        "WHERE {}",
        "GROUP BY {}",
        "HAVING {}",
        "ORDER BY {} DESC",
        "LIMIT 5",
        "QUALIFY {}",
        "JOIN t ON {}",
    ):
        if rng.random() < 0.2:
            text += f"{rng.choice((' ', chr(10)))}{clause.format(rng.choice(_EXPRESSIONS))}"
    return f"({text})" if rng.random() < 0.2 else text
