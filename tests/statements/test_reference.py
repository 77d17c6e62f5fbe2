"""docs/statements.md says what the statements say."""

from pathlib import Path

from thanosql_kernel.statements.__main__ import reference

PAGE = Path(__file__).parents[2] / "docs" / "statements.md"


def test_the_statement_reference_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == reference(), "run: make docs"
