"""How jupyter-lsp starts the server for JupyterLab (entry point ``jupyter_lsp_spec_v1``)."""

from __future__ import annotations

from typing import Any

from thanosql_kernel import language_server

#: jupyter-lsp polls a server's output with waits of up to 100 ms; these bring completion from 110 ms to 10 ms.
_POLLING_S = {"min_wait": 0.002, "next_wait": 0.002, "max_wait": 0.005}

#: What JupyterLab shows under Settings › Language Servers.
_SETTINGS: dict[str, Any] = {
    "title": "ThanoSQL",
    "description": "The language server of ThanoSQL",
    "type": "object",
    "properties": {
        "thanosql.database": {
            "type": "string",
            "default": "",
            "description": "Folder or address of the database. Empty: the nearest .thanosql, as for the kernel.",
        },
        "thanosql.checkQueries": {
            "type": "boolean",
            "default": True,
            "description": "Check the SQL inside of statements with DuckDB's parser.",
        },
    },
}


def spec(manager: Any) -> dict[str, dict[str, Any]]:
    """The server's description.

    Args:
        manager: jupyter-lsp's manager of language servers; once it has a session for ours, that one polls faster.
    """
    manager.observe(_poll_ours_faster, "sessions")
    return {language_server.NAME: {**language_server.description(), "config_schema": _SETTINGS}}


def _poll_ours_faster(change: Any) -> None:
    """Set the waits of our session's reader, unless the user has set them.

    A reader takes them from the configuration of its session. That is everybody's until it is updated, which gives the
    session a copy of its own.
    """
    from traitlets.config import Config

    if session := change["new"].get(language_server.NAME):
        chosen = session.config.get("LspStdIoReader", {})
        session.update_config(Config({"LspStdIoReader": {**_POLLING_S, **chosen}}))
