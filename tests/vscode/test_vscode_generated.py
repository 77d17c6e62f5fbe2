"""Grammar and snippets of the VS Code extension follow the statements."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from thanosql_kernel.statements.cell import parse_cell
from thanosql_kernel.statements.registry import statement_types

EXTENSION = Path(__file__).parents[2] / "lsp" / "vscode"
SNIPPETS = json.loads((EXTENSION / "snippets" / "thanosql.json").read_text(encoding="utf-8"))
GRAMMAR = (EXTENSION / "syntaxes" / "thanosql.tmLanguage.json").read_text(encoding="utf-8")

_STOP = re.compile(r"\$\{(?P<again>\d+)\}|\$\{(?P<number>\d+)(?::(?P<text>[^}]*)|\|(?P<choices>[^}]*)\|)\}")


def expansions(body: str) -> list[str]:
    """The texts that a snippet gives when nothing is typed: one for each choice of each of its choices."""
    choices = {
        found["number"]: found["choices"].split(",") for found in _STOP.finditer(body) if found["choices"]
    }
    longest = max((len(several) for several in choices.values()), default=1)
    return [_expanded(body, choices, index) for index in range(longest)]


def _expanded(body: str, choices: dict[str, list[str]], index: int) -> str:
    chosen: dict[str, str] = {}

    def fill(found: re.Match[str]) -> str:
        if found["again"]:
            return chosen[found["again"]]
        several = choices.get(found["number"])
        chosen[found["number"]] = several[index % len(several)] if several else found["text"]
        return chosen[found["number"]]

    return _STOP.sub(fill, body)


def test_the_committed_files_are_what_the_statements_give_in_english_whatever_is_spoken() -> None:
    script = EXTENSION / "scripts" / "generate.py"
    done = subprocess.run(
        [sys.executable, script, "--check"],
        env={**os.environ, "THANOSQL_LANGUAGE": "ko"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_supported_statement_has_a_snippet_that_gives_its_example() -> None:
    for kind in statement_types():
        if kind.is_supported() and kind.example:
            body = "\n".join(SNIPPETS[" ".join(kind.heads[0])]["body"])
            assert expansions(body)[0] == kind.example


@pytest.mark.parametrize("name", SNIPPETS)
def test_every_choice_of_a_snippet_parses(name: str) -> None:
    for text in expansions("\n".join(SNIPPETS[name]["body"])):
        assert len(parse_cell(text)) == 1, text


def test_a_snippet_is_found_by_the_first_words_of_its_statement() -> None:
    for snippet in SNIPPETS.values():
        first = " ".join(snippet["body"]).lower()
        assert all(first.startswith(prefix.split()[0]) for prefix in snippet["prefix"])


def test_the_grammar_knows_all_options_of_all_statements() -> None:
    for kind in statement_types():
        for option in kind.option_specs:
            for name in (option.name, *option.aliases):
                assert re.search(rf"\b{name}\b", GRAMMAR), name
