"""A small database, small pictures and a small model for tests of CONVERT and SEARCH; also runs as a program."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image

from thanosql_kernel.catalog import Column
from thanosql_kernel.catalog.location import locate
from thanosql_kernel.engine.embed import embedding
from thanosql_kernel.engine.embed.cache import EmbeddingCache
from thanosql_kernel.engine.embed.convert import embed_column
from thanosql_kernel.engine.embed.embedding import EmbedRequest
from thanosql_kernel.engine.relations.arrow import ArrowRelation
from thanosql_kernel.engine.relations.relation import Relation
from thanosql_kernel.engine.store.lance import Store
from thanosql_kernel.engine.store.maintenance import Maintenance, TendedTables
from thanosql_kernel.engine.work import Work
from thanosql_kernel.images.preprocess import Preprocess
from thanosql_kernel.statements.vectors import EmbedReport

DIM = 24
SIDE = 8


class PixelEncoder:
    """Projects pixels and hashes texts: quick, deterministic, no weights; counts what it is given."""

    name = "pixels"
    revision = "1"
    dim = DIM

    def __init__(self, seed: int = 0, after_batch: Callable[[PixelEncoder], None] | None = None) -> None:
        self.fingerprint = hashlib.sha256(f"pixels{seed}".encode()).hexdigest()
        self.preprocess = Preprocess(SIDE, "squash", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
        self._weights = np.random.default_rng(seed).standard_normal((3 * SIDE * SIDE, DIM)).astype(np.float32)
        self._after_batch = after_batch
        self.pictures = 0
        self.texts: list[str] = []

    def encode_images(self, batch):
        self.pictures += len(batch)
        vectors = batch.reshape(len(batch), -1) @ self._weights
        if self._after_batch is not None:
            self._after_batch(self)
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    def encode_texts(self, texts: Sequence[str]):
        self.texts += texts
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) for text in texts]
        vectors = np.stack([np.random.default_rng(seed).standard_normal(DIM) for seed in seeds])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    def warm(self) -> None:
        pass


@dataclass
class Bars:
    """Remembers what progress was shown."""

    shown: list[tuple[str, int | None, str]] = field(default_factory=list)
    done: int = 0
    errors: int = 0

    @contextlib.contextmanager
    def open(self, label: str, total: int | None, unit: str) -> Iterator[Bars]:
        self.shown.append((label, total, unit))
        yield self

    def advance(self, n: int = 1, *, errors: int = 0) -> None:
        self.done += n
        self.errors += errors

    def tell(self, text: str) -> None: ...


@dataclass
class World:
    """A database in one folder and pictures in another."""

    folder: Path
    bars: Bars = field(default_factory=Bars)

    @property
    def store(self) -> Store:
        return Store(locate(self.folder / "db"))

    @property
    def cache(self) -> EmbeddingCache:
        return EmbeddingCache(TendedTables(self.store, Maintenance(self.store)))

    def picture(self, name: str, seed: int) -> Path:
        return write_picture(self.folder / name, seed)

    def convert(
        self, rows: Relation | list[str | None], encoder: PixelEncoder | None = None, **settings
    ) -> tuple[Relation, EmbedReport]:
        rows = paths(rows) if isinstance(rows, list) else rows
        encoder = encoder or PixelEncoder()
        settings.setdefault("kind", "image")
        settings.setdefault("source", "image_path")
        check = settings.pop("check_interrupted", lambda: None)
        notice = settings.pop("notice", lambda text: None)
        work = Work(self.folder, check, notice, progress=self.bars.open, span=settings.pop("span", None))
        request = EmbedRequest(encoder=encoder, work=work, **settings)
        return embed_column(rows, Column("v", f"FLOAT[{encoder.dim}]"), request, self.cache)


def paths(values: Sequence[str | None], name: str = "image_path") -> ArrowRelation:
    """Rows with a number and a path."""
    table = pa.table({"id": pa.array(range(len(values)), pa.int64()), name: pa.array(values, pa.string())})
    return ArrowRelation(table, [Column("id", "BIGINT"), Column(name, "VARCHAR")])


def write_picture(path: Path, seed: int, side: int = 24) -> Path:
    """A picture of coloured noise that no other seed gives."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def age(path: Path) -> Path:
    """Let a file look as if written an hour ago, so that its time of modification can be trusted."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - 3_600_000_000_000))
    return path


def vectors_of(rows: Relation) -> list[list[float] | None]:
    return rows.fetch(["v"]).column(0).to_pylist()


def matrix_of(rows: Relation):
    return np.array(vectors_of(rows), dtype=np.float32)


class Watched:
    """An encoder that says so after every batch of pictures."""

    def __init__(self, encoder, after_batch: Callable[[Watched], None]) -> None:
        self._encoder = encoder
        self._after_batch = after_batch
        self.pictures = 0

    def __getattr__(self, name: str):
        return getattr(self._encoder, name)

    def encode_images(self, batch):
        vectors = self._encoder.encode_images(batch)
        self.pictures += len(batch)
        self._after_batch(self)
        return vectors


def watch_model(name: str, after_batch: Callable[[Watched], None]) -> None:
    """Let statements load the embedded model, or the small one in its place, and watch it."""
    from thanosql_kernel.models import registry

    load = registry.load

    def load_watched(model, **settings):
        return Watched(PixelEncoder() if name == "pixels" else load(model, **settings), after_batch)

    registry.load = load_watched


def main(folder: str, cell: str, encoder: str, stop_after: str) -> None:
    """Run a cell in a folder's database; after so many pictures, say "there" and wait for standard input to end."""
    from thanosql_kernel.engine.session import Session

    def wait_when_there(watched: Watched) -> None:
        if watched.pictures >= int(stop_after) and not waited:
            waited.append(True)
            print("there", flush=True)
            sys.stdin.read()

    waited: list[bool] = []
    watch_model(encoder, wait_when_there)
    embedding.FLUSH_AFTER_S = 0.02
    session = Session(Path(folder) / "db", working_folder=Path(folder))
    session.run(cell, emit=lambda result: print(*result.notices, sep="\n", flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])


def pictures(world: World, count: int) -> list[str]:
    """The paths of so many new pictures, which are old enough to be known by their times."""
    return [str(age(world.picture(f"p{number}.png", number))) for number in range(count)]
