"""A table whose column is to be embedded, and workers of a small model; also runs as a worker that waits to be killed."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
from embed_world import PixelEncoder, age, watch_model, write_picture

from thanosql_kernel.__main__ import main
from thanosql_kernel.engine.session import Session

COUNT = 60
SOURCES = ("path", "bytes", "mixed", "text")


def convert(source: str, options: str = "") -> str:
    """The CONVERT of a column."""
    kind = "text" if source == "text" else "image"
    return f"CONVERT USING mini OPTIONS({kind}_col='{source}', result_col='v'{options}) AS SELECT * FROM t"


class Shared:
    """A database, and what its table names.

    Args:
        folder: The working folder.
        database: Where its tables are; a folder in it without one.
    """

    def __init__(self, folder: Path, database: str | None = None) -> None:
        self.folder = folder
        self.database = database or str(folder / "db")

    def make(self, count: int = COUNT) -> None:
        """Write pictures, a copy, a file that is no picture, and the table; some values stand there twice."""
        names = [f"사진 {number}.png" for number in range(count)]
        for number, name in enumerate(names):
            age(write_picture(self.folder / name, seed=number))
        (self.folder / "copy.png").write_bytes((self.folder / names[0]).read_bytes())
        (self.folder / "broken.png").write_bytes(b"no picture")
        paths = [*names, "copy.png", "broken.png", "absent.png", None, names[1]]
        data = [self._bytes(name) for name in paths]
        mixed = [{"bytes": it if at % 2 else None, "path": paths[at]} for at, it in enumerate(data)]
        texts = [None if path is None else f"글 {path}" for path in paths]
        table = pa.table({"path": paths, "bytes": data, "mixed": mixed, "text": texts})
        session = self.session()
        session.store("t", table, session.database_columns(table), replace=True)
        session.close()

    def _bytes(self, name: str | None) -> bytes | None:
        path = self.folder / (name or "")
        return path.read_bytes() if path.is_file() else None

    def session(self) -> _Session:
        return _Session(self.database, working_folder=self.folder)

    def worker(self, source: str, *arguments: str, options: str = "") -> tuple[int, list[dict[str, Any]]]:
        """Run a worker here; its status and the lines of its log."""
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            status = main([*self.command(source, *arguments, options=options)])
        lines = [line for line in said.getvalue().splitlines() if line.startswith("{")]
        return status, [json.loads(line) for line in lines]

    def command(self, source: str, *arguments: str, options: str = "") -> list[str]:
        """The arguments of a worker."""
        where = ["--database", self.database, "--folder", str(self.folder)]
        return ["convert-worker", convert(source, options), *where, *arguments]

    def vectors(self, source: str, options: str = "") -> tuple[list[bytes | None], list[str]]:
        """CONVERT's vectors, bit by bit, and what it told."""
        session = self.session()
        try:
            told = session.told(convert(source, options))
            column = session.rows("SELECT v FROM t").column(0).to_pylist()
        finally:
            session.close()
        return [None if it is None else np.array(it, np.float32).tobytes() for it in column], told


class _Session(Session):
    def database_columns(self, table: pa.Table) -> list[Any]:
        from thanosql_kernel.catalog import Column

        types = self.database.sql_types(table.schema)
        return [Column(name, kind) for name, kind in zip(table.column_names, types, strict=True)]

    def told(self, cell: str) -> list[str]:
        results: list[Any] = []
        self.run(cell, emit=results.append)
        return list(results[-1].notices)

    def rows(self, cell: str) -> pa.Table:
        results: list[Any] = []
        self.settings["display.rows"] = 10_000
        self.run(cell, emit=results.append)
        return results[-1].rows


class Counted(PixelEncoder):
    """Counts how often it is given each picture or text, what fills a batch up aside; calls ``after`` each batch."""

    def __init__(self, after: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.seen: Counter[bytes] = Counter()
        self._after = after

    def encode_images(self, batch):
        vectors = super().encode_images(batch)
        self.seen.update({picture.tobytes() for picture in batch})
        self._after()
        return vectors

    def encode_texts(self, texts):
        vectors = super().encode_texts(texts)
        self.seen.update({text.encode() for text in texts})
        self._after()
        return vectors


def wait_to_be_killed(stop_after: str, *arguments: str) -> None:
    """Run a worker with the small model; after so many pictures say "there" and wait for standard input to end."""

    def wait_when_there(watched: Any) -> None:
        if watched.pictures >= int(stop_after):
            print("there", flush=True)
            sys.stdin.read()

    watch_model("pixels", wait_when_there)
    raise SystemExit(main([*arguments]))


if __name__ == "__main__":
    wait_to_be_killed(*sys.argv[1:])
