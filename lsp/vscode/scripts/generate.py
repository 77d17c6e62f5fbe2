"""Write the grammar and the snippets of the extension from the kernel's vocabulary and statements.

``python lsp/vscode/scripts/generate.py`` writes them, ``--check`` says by its exit status whether they are up to date.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from grammar import grammar, injection
from snippets import snippets

from thanosql_kernel.wording import set_language

EXTENSION = Path(__file__).resolve().parent.parent


def files() -> dict[Path, str]:
    """The generated files and their texts."""
    made = {
        EXTENSION / "syntaxes" / "thanosql.tmLanguage.json": grammar(),
        EXTENSION / "syntaxes" / "thanosql.python.tmLanguage.json": injection(),
        EXTENSION / "snippets" / "thanosql.json": snippets(),
    }
    return {path: json.dumps(data, ensure_ascii=False, indent=2) + "\n" for path, data in made.items()}


def stale() -> list[Path]:
    """The files that are not what would be written now."""
    return [
        path
        for path, text in files().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main() -> int:
    """Write the files, in English, or with ``--check`` name the stale ones."""
    set_language("en")
    if "--check" in sys.argv[1:]:
        for path in (found := stale()):
            print(f"stale: {path.relative_to(EXTENSION)}; run python lsp/vscode/scripts/generate.py")
        return 1 if found else 0
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
