"""The cells under tests/cases: their text, and the statements that each one holds."""

import re
from pathlib import Path

from thanosql_kernel.statements.registry import statement_types

CASES = Path(__file__).parent / "cases"
_HEADER = re.compile(r"^-- case: (?P<name>[^|\n]+?) *\|(?P<kinds>[^\n]*)\n", re.MULTILINE)


def valid_cells() -> list[tuple[str, list[str], str]]:
    """Name, kinds of its statements, text of every valid cell."""
    text = (CASES / "valid.sql").read_text(encoding="utf-8")
    headers = list(_HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    return [
        *((h["name"], h["kinds"].split(), text[h.end() : end]) for h, end in zip(headers, ends, strict=True)),
        *(
            (f"{kind.__name__}'s example", [kind.__name__], kind.example)
            for kind in statement_types()
            if kind.example
        ),
    ]
