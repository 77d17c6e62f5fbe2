"""How jupyter-lsp starts the server for JupyterLab (entry point ``jupyter_lsp_spec_v1``)."""

from __future__ import annotations

from typing import Any

from thanosql_kernel import language_server
from thanosql_kernel.wording import LANGUAGES, editor

#: jupyter-lsp polls a server's output with waits of up to 100 ms; these bring completion from 110 ms to 10 ms.
_POLLING_S = {"min_wait": 0.002, "next_wait": 0.002, "max_wait": 0.005}


def _settings() -> dict[str, Any]:
    """What JupyterLab shows under Settings › Language Servers."""
    return {
        "title": "ThanoSQL",
        "description": editor.SERVER(),
        "type": "object",
        "properties": {
            "thanosql.database": {"type": "string", "default": "", "description": editor.DATABASE()},
            "thanosql.checkQueries": {
                "type": "boolean",
                "default": True,
                "description": editor.CHECK_QUERIES(),
            },
            # JupyterLab does not say in which language it is.
            "thanosql.language": {
                "type": "string",
                "enum": ["", *LANGUAGES],
                "default": "",
                "description": editor.LANGUAGE(),
            },
        },
    }


def spec(manager: Any) -> dict[str, dict[str, Any]]:
    """The server's description.

    Args:
        manager: jupyter-lsp's manager of language servers; once it has a session for ours, that one polls faster.
    """
    manager.observe(_poll_ours_faster, "sessions")
    return {language_server.NAME: {**language_server.description(), "config_schema": _settings()}}


def _poll_ours_faster(change: Any) -> None:
    """Set the waits of our session's reader, unless the user has set them.

    A reader takes them from the configuration of its session. That is everybody's until it is updated, which gives the
    session a copy of its own.
    """
    from traitlets.config import Config

    if session := change["new"].get(language_server.NAME):
        chosen = session.config.get("LspStdIoReader", {})
        session.update_config(Config({"LspStdIoReader": {**_POLLING_S, **chosen}}))
