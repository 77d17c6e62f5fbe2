"""The language of the JupyterLab extension, run by CodeMirror's own code: which colour each piece of a text has."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from node_packages import NODE, install, needs_node, run
from statement_cases import valid_cells

from thanosql_kernel.sql.lexer import tokenize
from thanosql_kernel.statements.registry import statement_types

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300), needs_node]

EXTENSION = Path(__file__).parents[2] / "lsp" / "jupyterlab"
#: What the kernel's lexer makes of a piece, and the colours that such a piece may have.
COLOURS = {
    "comment": {"comment"},
    "string": {"string"},
    "quoted": {"string", "string.special"},
    "number": {"number"},
    "parameter": {"variableName.special"},
}
CELLS = {name: text for name, _, text in valid_cells()}


def colours(*texts: str) -> list[list[tuple[str, str, int]]]:
    """The coloured pieces of each text: what stands there, its colour and its place in code points."""
    install(EXTENSION)
    done = run(EXTENSION, str(NODE), "scripts/colours.mjs", given=json.dumps(texts))
    assert done.returncode == 0, done.stderr
    return [[(piece, colour, place) for piece, colour, place in found] for found in json.loads(done.stdout)]


@cache
def examples() -> dict[str, list[tuple[str, str, int]]]:
    """The examples of all statements and their colours."""
    texts = [kind.example for kind in statement_types() if kind.example]
    return dict(zip(texts, colours(*texts), strict=True))


def of(text: str) -> dict[str, str]:
    """The colour of each piece of a text, by the piece."""
    return {piece: colour for piece, colour, _ in colours(text)[0]}


def test_strings_comments_names_and_numbers_are_what_the_kernel_takes_for_them() -> None:
    texts = [
        *CELLS.values(),
        *examples(),
        "/* 밖 /* 안 */ '밖' */ SELECT e'a\\'b', $$c'd$$, \"x\"\"y\", 1e5, $값",
    ]
    for text, found in zip(texts, colours(*texts), strict=True):
        colour_at = {place + offset: colour for piece, colour, place in found for offset in range(len(piece))}
        magic = [place for place, colour in colour_at.items() if colour == "meta"]
        for token in tokenize(text):
            if token.kind in COLOURS and token.start not in magic:
                places = range(token.start, token.end)
                seen = {colour_at.get(place) for place in places if text[place] != "\n"}
                assert seen <= COLOURS[token.kind], (token, text)


@pytest.mark.parametrize("kind", [kind for kind in statement_types() if kind.example])
def test_every_statement_begins_with_keywords(kind) -> None:
    found = examples()[kind.example]
    head = max(
        (head for head in kind.heads if kind.example.upper().startswith(" ".join(head))),
        key=len,
    )
    assert [(piece.upper(), colour) for piece, colour, _ in found[: len(head)]] == [
        (word, "keyword") for word in head
    ]


def test_every_valid_cell_ends_where_it_ends() -> None:
    texts = [f"{text.rstrip()};\nSELECT 1" for text in CELLS.values()]
    for text, found in zip(texts, colours(*texts), strict=True):
        assert [(piece, colour) for piece, colour, _ in found[-2:]] == [
            ("SELECT", "keyword"),
            ("1", "number"),
        ], text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT search, copy, print FROM t",
        "SELECT t.update, options FROM t",
        "SELECT text, image FROM t WHERE image = 'a'",
        "SELECT convert\nFROM 사진",
    ],
)
def test_words_of_statements_are_names_where_no_statement_begins(text: str) -> None:
    words = {"search", "copy", "print", "update", "options", "text", "image", "convert"}
    found = {colour for piece, colour, _ in colours(text)[0] if piece in words}
    assert found <= {"variableName", "propertyName"}


def test_a_head_goes_on_in_the_next_line_and_behind_a_comment() -> None:
    found = of("SEARCH -- 무엇을\n  IMAGE\n  text='개' USING clip AS FROM t")
    assert (found["SEARCH"], found["IMAGE"], found["text"]) == ("keyword", "keyword", "attributeName")


def test_a_statement_behind_the_old_magic_has_its_colours() -> None:
    found = of("%thanosql PRINT IMAGE AS SELECT * FROM 사진\n%thanosql API_TOKEN=비밀")
    assert (found["%thanosql"], found["PRINT"], found["IMAGE"]) == ("meta", "keyword", "keyword")
    assert found["%thanosql API_TOKEN=비밀"] == "meta"


def test_double_quotes_hold_texts_where_the_dialect_reads_them_so() -> None:
    found = of(
        'COPY 사진 OPTIONS(if_exists="replace") FROM "내 사진.csv"\n'
        'SELECT "열" FROM (SEARCH IMAGE text="개" USING "내 모델" AS SELECT "다른 열" FROM t)'
    )
    texts = {piece for piece, colour in found.items() if colour == "string"}
    names = {piece for piece, colour in found.items() if colour == "string.special"}
    assert texts == {'"replace"', '"내 사진.csv"', '"개"'}
    assert names == {'"열"', '"내 모델"', '"다른 열"'}


def test_a_word_with_a_parenthesis_is_a_function_but_a_filter_is_a_clause() -> None:
    found = of(
        "SELECT left(a, 1), 합계(b), count(*) FILTER(WHERE c), CAST(d AS INTEGER) FROM t WHERE e IN (1)"
    )
    assert [found[word] for word in ("left", "합계", "count")] == ["variableName.standard"] * 3
    assert [found[word] for word in ("FILTER", "CAST", "IN")] == ["keyword"] * 3
    assert found["INTEGER"] == "variableName.standard"


def test_names_of_other_scripts_are_one_name_each() -> None:
    for name in ("사진_1", "ที่อยู่", "写真", "SELECT선택"):
        assert of(f"SELECT {name} FROM t")[name] == "variableName"


def test_a_notebook_s_marks_for_nbval_are_comments() -> None:
    assert of("# NBVAL_SKIP\nSELECT 1")["# NBVAL_SKIP"] == "comment"
