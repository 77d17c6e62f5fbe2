"""How Jupyter starts the language server of this environment."""

from __future__ import annotations

import sys
from typing import Any

NAME = "thanosql-language-server"


def description() -> dict[str, Any]:
    """The server as jupyter-lsp wants it described."""
    return {
        "version": 2,
        "argv": [sys.executable, "-P", "-m", "thanosql_lsp", "--stdio", "--strings-elsewhere"],
        "languages": ["thanosql"],
        "mime_types": ["text/x-thanosql"],
        "display_name": "ThanoSQL",
        "requires_documents_on_disk": False,
        "urls": {},
        "env": {},
    }
