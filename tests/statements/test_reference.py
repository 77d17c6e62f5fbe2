"""docs/statements.md says what the statements say."""

import os
import subprocess
import sys
from pathlib import Path

from thanosql_kernel.statements.__main__ import reference
from thanosql_kernel.statements.cell import parse_statement

PAGE = Path(__file__).parents[2] / "docs" / "statements.md"


def test_the_statement_reference_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == reference(), "run: make docs"


def test_it_is_english_whatever_is_spoken():
    written = subprocess.run(
        [sys.executable, "-m", "thanosql_kernel.statements"],
        env={**os.environ, "THANOSQL_LANGUAGE": "ko", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    ).stdout
    assert written == PAGE.read_text(encoding="utf-8")


def test_help_begins_with_what_a_newcomer_needs():
    lines = parse_statement("HELP").run(None).text.splitlines()
    first_words = list(dict.fromkeys(line.split()[0] for line in lines if line[0] != " "))
    assert first_words[:4] == ["COPY", "CONVERT", "SEARCH", "PRINT"]
    assert {"SELECT", "EXPORT", "MERGE"} <= set(first_words)
