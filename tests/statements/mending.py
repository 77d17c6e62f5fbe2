"""Statements with a slip, mended by the edits that their errors know, and run over a small database."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
from embed_world import PixelEncoder, write_picture

from thanosql_kernel.analysis.features.findings import Fix
from thanosql_kernel.analysis.features.fixes import fixes_for
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.models import registry
from thanosql_kernel.statements.results import MediaResult, TableResult

SLIPS = Path(__file__).with_name("slips.txt")
#: Slips in one statement, at most.
MOST = 4


class Slip(NamedTuple):
    """A statement as somebody wrote it, and as it was meant."""

    written: str
    meant: str


def slips() -> list[Slip]:
    """Those of the file."""
    lines = [line for line in SLIPS.read_text(encoding="utf-8").splitlines() if line and line[:2] != "# "]
    return [Slip(*pair) for pair in zip(lines[::2], lines[1::2], strict=True)]


def use_small_model(patch: pytest.MonkeyPatch) -> None:
    """Every model is a quick one without weights."""
    patch.setattr(registry, "load", lambda model, **settings: PixelEncoder())


def make_world(folder: Path) -> None:
    """Pictures, files, and a database with a few tables, one of them with vectors."""
    (folder / "pictures").mkdir(parents=True)
    names = [f"pictures/p{number}.png" for number in range(5)]
    for number, name in enumerate(names):
        write_picture(folder / name, seed=number)
    for name in ("photos.csv", "pictures/more.csv"):
        (folder / name).write_text("id,label\n7,cat\n8,dog\n", encoding="utf-8")
    photos = pa.table(
        {
            "id": list(range(5)),
            "image_path": names,
            "label": ["cat", "dog", "cat", "bird", "dog"],
            "year": [2019, 2020, 2021, 2022, 2023],
        }
    )
    session = Session(folder / "db", working_folder=folder)
    store = session.database.tables.store
    for name in ("photos", "plain", "my photos"):
        store.append(name, photos)
    store.append("내사진", pa.table({"제목": ["바다", "산"], "연도": [2020, 2021]}))
    store.append("notes", pa.table({"id": [1, 2], "text": ["a", "b"]}))
    session.run("CONVERT USING mini AS SELECT * FROM photos", emit=lambda result: None)
    session.close()


class World:
    """A copy of that database, to be changed once."""

    def __init__(self, original: Path, folder: Path) -> None:
        shutil.copytree(original, folder)
        self.folder = folder
        self.session = Session(folder / "db", working_folder=folder)

    def mended(self, text: str) -> tuple[str, list[ThanoSQLError]]:
        """The text with the slips in it mended as its errors say, one after the other, and run; and those errors.

        Raises:
            ThanoSQLError: An error knows no edit.
        """
        errors: list[ThanoSQLError] = []
        while True:
            try:
                self.results = self._run(text)
            except ThanoSQLError as error:
                errors.append(error)
                fixed = apply(error, text)
                if fixed is None or len(errors) > MOST:
                    raise
                text = fixed
            else:
                return text, errors

    def __enter__(self) -> World:
        return self

    def __exit__(self, *exception: object) -> None:
        self.session.close()
        shutil.rmtree(self.folder)

    def _run(self, text: str) -> list[Any]:
        results: list[Any] = []
        self.session.run(text, emit=results.append)
        return results

    def run(self, text: str) -> None:
        """Run a text as it is."""
        self.results = self._run(text)

    def outcome(self) -> list[Any]:
        """What was shown, what the tables hold now, what files there are, and what is set."""
        catalog = self.session.catalog
        tables = {name: self._run(f'SELECT * FROM "{name}"')[0].rows.to_pylist() for name in catalog.tables}
        files = sorted(str(path.relative_to(self.folder)) for path in _files(self.folder))
        shown = [_shown(result) for result in self.results]
        return [shown, tables, sorted(catalog.views), sorted(catalog.models), files, self.session.settings]


def _shown(result: Any) -> Any:
    if isinstance(result, TableResult):
        return result.rows.to_pylist()
    if isinstance(result, MediaResult):
        return (result.kind, [(item.path, item.caption) for item in result.items], result.columns)
    return result.text


def _files(folder: Path) -> Iterator[Path]:
    yield from (
        path for path in folder.rglob("*") if path.is_file() and "db" not in path.relative_to(folder).parts
    )


def apply(error: ThanoSQLError, text: str) -> str | None:
    """The text with the edit that an error knows, as an editor would make it; None if it knows none."""
    found = _fix(error, text)
    if found is None:
        return None
    start, fix = found
    for edit in reversed([edit.moved(start) for edit in fix.edits]):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _fix(error: ThanoSQLError, text: str) -> tuple[int, Fix] | None:
    """Where the statement's part of the text starts, and the edit that is the obvious one."""
    at = error.span.start if error.span is not None else 0
    part = [part for part in Document(text).parts if part.start <= at][-1]
    fixes = fixes_for(error.moved(-part.start), part.block)
    preferred = [fix for fix in fixes if fix.preferred]
    return (part.start, (preferred or list(fixes))[0]) if fixes else None
