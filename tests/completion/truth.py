"""The truth files: sessions as people type them, with carets, and what each would have typed next.

A file begins with the state of a database and a folder, a line each::

    table photos: image_path VARCHAR, 라벨 VARCHAR
    folder photos/2024
    file data/photos.csv

Cells follow, each behind a line ``=== typed`` or ``=== edited``. A caret is ``‸{kind of place: answer}`` behind what is
typed of the answer so far. In a typed cell nothing stands behind the caret yet, in an edited one all the rest does.
Cells above have run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.text.clauses import split_commas
from thanosql_kernel.catalog import Catalog, Column, Model, Table
from thanosql_kernel.models.spec import builtin_models
from thanosql_kernel.sql.lexer import significant, tokenize
from thanosql_kernel.statements.statement import Statement

TRUTH = Path(__file__).parent / "truth"
_MARK = re.compile(r"‸\{(?P<kind>[^:{}]+): (?P<answer>[^}]*)\}")
_HEADER = re.compile(r"^=== (typed|edited)\n", re.MULTILINE)


@dataclass(frozen=True)
class Caret:
    """A place where somebody waits for a list.

    Attributes:
        file: The truth file's name, without its ending.
        kind: What sort of place it is.
        before: The text of the cell in front of it.
        after: The text behind it.
        answer: What that person would type.
        catalog: What the database holds.
        above: The statements of the cells above.
        above_text: The text of the cells above.
        folder: Where relative paths start.
    """

    file: str
    kind: str
    before: str
    after: str
    answer: str
    catalog: Catalog
    above: tuple[Statement, ...] = ()
    above_text: str = ""
    folder: Path | None = None

    @property
    def document(self) -> Document:
        return Document(self.before + self.after, self.catalog, folder=self.folder, above=self.above)


def carets(folder: Path) -> list[Caret]:
    """The carets of all truth files; files and folders that they name are made in ``folder``."""
    return [caret for path in sorted(TRUTH.glob("*.txt")) for caret in _carets_of(path, folder / path.stem)]


def _carets_of(path: Path, folder: Path) -> Iterator[Caret]:
    head, *cells = _HEADER.split(path.read_text(encoding="utf-8"))
    catalog = _catalog(_lines(head, "table"))
    _make_files(head, folder)
    above: tuple[Statement, ...] = ()
    above_text = ""
    for mode, marked in zip(cells[::2], cells[1::2], strict=True):
        for mark in _MARK.finditer(marked):
            after = _unmarked(marked[mark.end() :]) if mode == "edited" else ""
            yield Caret(
                path.stem,
                mark["kind"],
                _unmarked(marked[: mark.start()]),
                after,
                mark["answer"],
                catalog,
                above,
                above_text,
                folder,
            )
        whole = _unmarked(marked)
        above += Document(whole, catalog, folder=folder, above=above).statements
        above_text += whole


def _unmarked(text: str) -> str:
    """The text with each answer in the place of what was typed of it."""
    done = ""
    at = 0
    for mark in _MARK.finditer(text):
        done += text[at : mark.start()]
        done = done[: len(done) - _typed_length(done, mark["answer"])] + mark["answer"]
        at = mark.end()
    return done + text[at:]


def _typed_length(before: str, answer: str) -> int:
    """How much of the end of a text is the beginning of the answer, else its last word."""
    for length in range(min(len(before), len(answer)), 0, -1):
        if answer.lower().startswith(before[-length:].lower()):
            return length
    last = re.search(r"\w*\Z", before)
    return len(last.group()) if last else 0


def _lines(head: str, word: str) -> list[str]:
    return [line.removeprefix(f"{word} ") for line in head.splitlines() if line.startswith(f"{word} ")]


def _make_files(head: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in _lines(head, "folder"):
        (folder / name).mkdir(parents=True)
    for name in _lines(head, "file"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def _catalog(lines: Sequence[str]) -> Catalog:
    tables = {}
    for line in lines:
        name, _, columns = line.partition(": ")
        tables[name] = Table(name, tuple(described_columns(columns)), 1000, name, 1)
    models = {name: Model(name, spec) for name, spec in builtin_models().items()}
    return Catalog(1, MappingProxyType(tables), MappingProxyType(models))


def described_columns(text: str) -> Iterator[Column]:
    """The columns of ``a INTEGER, "b c" STRUCT(x INTEGER)``."""
    for part in split_commas(significant(tokenize(text))):
        yield Column(part[0].name, text[part[1].start : part[-1].end])
