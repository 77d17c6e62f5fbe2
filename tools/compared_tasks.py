"""What people do in an editor, as tasks for any language server; see compare_language_servers.py."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from language_client import LanguageClient, Unanswered

CARET = "‸"
TUTORIAL = Path(__file__).parents[1] / "examples" / "tutorial.ipynb"
SEARCH = "(SEARCH IMAGE texts=['a cat', 'a dog'] USING mini AS SELECT * FROM sample_photos)"
MADE = "CREATE TABLE favourites AS SELECT photo_id AS chosen FROM sample_photos"
_OPTIONS = {"options": {"tabSize": 4, "insertSpaces": True}}
_ERROR, _WARNING = 1, 2


@dataclass(frozen=True)
class Task:
    """A row of the table.

    Attributes:
        name: What somebody wants.
        run: Tries it; what came of it in a word or two.
        without_database: Whether the server gets no database, schema or catalogue.
    """

    name: str
    run: Callable[[LanguageClient], str]
    without_database: bool = False


def labels(client: LanguageClient, marked: str) -> list[str]:
    """What is offered at the caret of a text."""
    uri, position = _open(client, marked)
    return _labels(client, uri, position)


def _labels(client: LanguageClient, uri: str, position: dict[str, int]) -> list[str]:
    asked = {"textDocument": {"uri": uri}, "position": position, "context": {"triggerKind": 1}}
    found = client.ask("textDocument/completion", asked)
    items = found["items"] if isinstance(found, dict) else found or []
    return [str(item["label"]).strip('"') for item in items]


def _open(client: LanguageClient, marked: str) -> tuple[str, dict[str, int]]:
    before, _, after = marked.partition(CARET)
    return client.open(before + after), _position(before)


def _position(before: str) -> dict[str, int]:
    last = before.rsplit("\n", 1)[-1]
    return {"line": before.count("\n"), "character": len(last.encode("utf-16-le")) // 2}


def _marked(text: str, problem: dict[str, Any]) -> str:
    """The text that a mark covers, as the protocol counts."""
    lines = text.split("\n")
    start, end = problem["range"]["start"], problem["range"]["end"]
    units = [line.encode("utf-16-le") for line in lines[start["line"] : end["line"] + 1]]
    if not units:
        return ""
    units[-1] = units[-1][: 2 * end["character"]]
    units[0] = units[0][2 * start["character"] :]
    return "\n".join(unit.decode("utf-16-le", "replace") for unit in units)


def _problems(client: LanguageClient, text: str) -> list[dict[str, Any]]:
    return _severe(client.problems(client.open(text)), _WARNING)


def _severe(problems: list[dict[str, Any]], least: int) -> list[dict[str, Any]]:
    return [one for one in problems if one.get("severity", _ERROR) <= least]


def offers(marked: str, *wanted: str) -> Callable[[LanguageClient], str]:
    """Whether all these are offered at the caret."""
    return lambda client: "yes" if set(wanted) <= set(labels(client, marked)) else "no"


def answers(method: str, marked: str, **more: Any) -> Callable[[LanguageClient], str]:
    """Whether the server has anything to answer."""

    def run(client: LanguageClient) -> str:
        uri, position = _open(client, marked)
        return (
            "yes"
            if client.ask(method, {"textDocument": {"uri": uri}, "position": position, **more})
            else "no"
        )

    return run


def formats(text: str) -> Callable[[LanguageClient], str]:
    """Whether formatting changes a badly set text."""

    def run(client: LanguageClient) -> str:
        asked = {"textDocument": {"uri": client.open(text)}, **_OPTIONS}
        return "yes" if client.ask("textDocument/formatting", asked) else "no"

    return run


def tutorial_without_errors(client: LanguageClient) -> str:
    """How many cells of the tutorial, each a document of its own, have no error; warnings are none."""
    cells = json.loads(TUTORIAL.read_text("utf-8"))["cells"]
    uris = [client.open("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code"]
    client.problems(*uris)
    clean = sum(not _severe(client.problems(uri), _ERROR) for uri in uris)
    return f"{clean} of {len(uris)} cells"


def marks(text: str, wrong: str) -> Callable[[LanguageClient], str]:
    """What of the text is marked as wrong."""

    def run(client: LanguageClient) -> str:
        found = [_marked(text, one) for one in _problems(client, text)]
        if not found:
            return "nothing"
        if wrong in found:
            return f"`{wrong}`"
        longest = max(found, key=len)
        if longest.rstrip(";\n") == text.rstrip(";\n"):
            return "the whole statement"
        return f"`{longest.splitlines()[0]}`, another place"

    return run


def several_errors(client: LanguageClient) -> str:
    """In how many wrong statements of a text something is marked."""
    text = "SELEC photo_id FROM sample_photos;\n\nSELECT 1;\n\nSELECT photo_id FROM sample_photos WHERE );\n"
    lines = {one["range"]["start"]["line"] for one in _problems(client, text)}
    return f"{len(lines & {0, 4})} of 2"


def across_cells(client: LanguageClient) -> str:
    """Whether a cell knows what the cell above makes, in the editor's notebook or in one joined text."""
    before, after = "SELECT ", " FROM favourites"
    ways = []
    if client.capabilities.get("notebookDocumentSync"):
        uris = client.open_notebook([MADE, before + after])
        with contextlib.suppress(Unanswered):
            ways += ["VS Code"] if "chosen" in _labels(client, uris[1], _position(before)) else []
    ways += ["JupyterLab"] if "chosen" in labels(client, f"{MADE}\n\n\n{before}{CARET}{after}") else []
    return ", ".join(ways) or "no"


TASKS = [
    Task("Valid ThanoSQL (tutorial) has no error", tutorial_without_errors),
    Task(
        "Completes model names: `CONVERT USING ‸`",
        offers(f"CONVERT USING {CARET}", "mini", "tutorial_search_clip"),
    ),
    Task(
        "Completes a column that a SEARCH will make",
        offers(f"SELECT {CARET} FROM {SEARCH}", "mini_clipmini_similarity1", "mini_clipmini_similarity2"),
    ),
    Task(
        "Completes options of a statement",
        offers(
            f"CONVERT USING mini OPTIONS({CARET}) AS SELECT * FROM sample_photos", "image_col=", "table_name="
        ),
    ),
    Task("Completes tables: `FROM ‸`", offers(f"SELECT * FROM {CARET}", "sample_photos")),
    Task(
        "Completes columns: `SELECT ‸ FROM t`",
        offers(f"SELECT {CARET} FROM sample_photos", "photo_id", "licence"),
    ),
    Task("… behind an alias: `p.‸`", offers(f"SELECT p.{CARET} FROM sample_photos p", "photo_id", "licence")),
    Task("… of a CTE", offers(f"WITH c AS (SELECT 1 AS body) SELECT {CARET} FROM c", "body")),
    Task("… of a table that the text makes", offers(f"{MADE};\nSELECT {CARET} FROM favourites", "chosen")),
    Task("Hover on a table", answers("textDocument/hover", f"SELECT photo_id FROM sample{CARET}_photos")),
    Task(
        "Rename an alias",
        answers("textDocument/rename", f"SELECT p.photo_id FROM sample_photos {CARET}p", newName="q"),
    ),
    Task(
        "Go to where a table is made",
        answers("textDocument/definition", f"{MADE};\nSELECT chosen FROM favour{CARET}ites"),
    ),
    Task("Formats plain SQL", formats("select   photo_id,image_path from sample_photos   where licence='x'")),
    Task(
        "Formats a ThanoSQL statement",
        formats("convert using mini options(batch_size=16) as select * from 사진"),
    ),
    Task("Marks the wrong part: `… WHERE )`", marks("SELECT photo_id\nFROM sample_photos\nWHERE );\n", ")")),
    Task("… behind Korean and emoji", marks("SELECT '고양이 😀' AS 이름 FROM 사진 WHERE );\n", ")")),
    Task("Marks an unknown column", marks("SELECT foto_id FROM sample_photos;\n", "foto_id")),
    Task("Marks an unknown function", marks("SELECT lenth(photo_id) FROM sample_photos;\n", "lenth")),
    Task("Completes a Korean table: `FROM 사‸`", offers(f"SELECT * FROM 사{CARET}", "사진")),
    Task("Two wrong statements: both are told", several_errors),
    Task("A cell knows what cells above make", across_cells),
    Task(
        "With no database: columns that the text makes",
        offers(f"CREATE TABLE notes AS SELECT 1 AS body;\nSELECT {CARET} FROM notes", "body"),
        without_database=True,
    ),
    Task(
        "With no database: marks the wrong part",
        marks("SELECT photo_id\nFROM sample_photos\nWHERE );\n", ")"),
        without_database=True,
    ),
]

#: What was seen or read of the editor that came with the hosted service, while it could be had.
VENDOR = {
    "Valid ThanoSQL (tutorial) has no error": "no: each of its statements is a syntax error",
    "Completes model names: `CONVERT USING ‸`": "no",
    "Completes a column that a SEARCH will make": "no",
    "Completes options of a statement": "no",
    "Completes tables: `FROM ‸`": "words of a fixed list",
    "Completes columns: `SELECT ‸ FROM t`": "words of a fixed list",
    "Formats a ThanoSQL statement": "no",
    "Marks the wrong part: `… WHERE )`": "one character",
    "Two wrong statements: both are told": "1 of 2: one error a file",
}
