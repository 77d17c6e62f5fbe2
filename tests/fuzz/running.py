"""Cells run against a small database in a folder of its own: whatever they say, an error is one of ours."""

from __future__ import annotations

import os
import random
import re
import resource
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.failures import error_content
from thanosql_kernel.statements.cell import parse_each
from thanosql_kernel.statements.export import Export
from thanosql_kernel.statements.export_model import ExportModel
from thanosql_kernel.statements.results import Result
from thanosql_kernel.statements.statement import Statement

_TABLES = """
DROP VIEW IF EXISTS seen; DROP TABLE IF EXISTS t; DROP TABLE IF EXISTS labels; DROP TABLE IF EXISTS photos;
CREATE TABLE t AS SELECT range AS id, 'a' || range AS 라벨, [range, 1.0]::FLOAT[2] AS v FROM range(20);
CREATE TABLE labels AS SELECT * FROM (VALUES ('cat', 'pet'), (NULL, 'wild')) AS x(label, kind);
COPY photos FROM 'photos'; CREATE VIEW seen AS SELECT * FROM t WHERE id > 3
"""
#: What DuckDB computes in one piece, as gigabytes of one text, it cannot stop.
_ONE_PIECE = re.compile(r"\d{8,}|\de\d", re.ASCII)
MOST_BYTES = 9_000_000_000
STOPPED_AFTER_S = 3.0
"""A statement may compute for ever; it is stopped then, as somebody would stop it."""
_NAME = re.compile(r"[\w .가-힣-]*(?<!\.\.)")


class Ground:
    """A database, some photos, and a session.

    Args:
        folder: An empty folder; nothing is written outside of it.
    """

    def __init__(self, folder: Path) -> None:
        (folder / "photos").mkdir()
        for number in range(4):
            Image.new("RGB", (32, 24), (60 * number, 80, 120)).save(folder / "photos" / f"{number}.jpg")
        (folder / "x.csv").write_text("id,라벨\n1,a\n2,b\n", encoding="utf-8")
        os.chdir(folder)
        self._session = Session(folder / "db", working_folder=folder)
        self._runs = 0
        self._session.run(_TABLES, emit=lambda _: None)

    def run(self, text: str) -> bool:
        """Run a cell and show what comes of it, or the error; whether it was run.

        Raises:
            AssertionError: A bug of the kernel came out, or it would not stop.
            Exception: So it did before it was logged.
        """
        if not stays_inside(text):
            return False
        started = time.monotonic()
        try:
            self._session.run(
                text, emit=_show, cancelled=lambda: time.monotonic() - started > STOPPED_AFTER_S
            )
        except ThanoSQLError as error:
            error_content(error, text)["evalue"].encode()
            _is_sound(error, text)
        self._runs += 1
        if self._runs % 50 == 0:
            self._session.run(_TABLES, emit=lambda _: None)
        return True

    def close(self) -> None:
        """Let go of the database."""
        self._session.close()


def _is_sound(error: ThanoSQLError, text: str) -> None:
    assert error.code != "TS900", error.render(text)
    assert error.view or error.span is None or 0 <= error.span.start <= error.span.end <= len(text), (
        error.span
    )


def stays_inside(text: str) -> bool:
    """Whether a cell fetches nothing and writes at most into its folder."""
    if (
        "://" in text
        or _ONE_PIECE.search(text)
        or re.search(r"\b(GET|UPLOAD|result_dir|table_function|s3)\b", text, re.IGNORECASE)
    ):
        return False
    statements = [found for _, found in parse_each(text) if isinstance(found, Statement)]
    every = [one for top in statements for one in (top, *top.children())]
    return all(_NAME.fullmatch(_target(one)) for one in every if isinstance(one, Export | ExportModel))


def _target(statement: Statement) -> str:
    return str(
        getattr(statement, "path", "/").value if hasattr(getattr(statement, "path", ""), "value") else "/"
    )


def _show(result: Result) -> None:
    for text in mime_bundle(result).values():
        str(text).encode()


def runner(folder: Path) -> Callable[[str, random.Random], None]:
    """What tries a cell in a new database in a folder."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    ground = Ground(folder)

    def run(text: str, _: random.Random) -> None:
        ground.run(text)

    return run
