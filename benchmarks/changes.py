"""What changes cost: bytes written and seconds, each beside LanceDB's own operation on the same table.

    python benchmarks/changes.py [--rows 1000000] [--cached 10000000] [--only delete …]

Vectors are made up: the model that stands in for ``mini`` takes no time. Bytes are those that the process writes to
files (``/proc/self/io``; where there is none, what is new in the database's folder). Everything is made in a temporary
folder, which needs about five times the size of the vectors, and is removed.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from report import Report, Sample
from report import options as arguments

import thanosql_kernel
from thanosql_kernel.engine.embed.digests import KEY
from thanosql_kernel.images.preprocess import Preprocess
from thanosql_kernel.models import registry

DIM = 512
TURNS = 5
REPORT = Report("changes", markdown=False)
CONVERT = "CONVERT USING mini OPTIONS(text_col='text', result_col='v') AS SELECT * FROM t"
SEARCH = (
    "SELECT id, label FROM (SEARCH IMAGE text='a black cat' USING mini OPTIONS(emb_col='v', result_col='sim') "
    "AS SELECT * FROM t) ORDER BY sim DESC LIMIT 10"
)


class MadeUp:
    """Some vector for every text and picture, at once."""

    name, revision, fingerprint = "made up", "0", "0" * 64
    preprocess = Preprocess(8, "squash", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))

    def __init__(self, dim: int) -> None:
        self.dim = dim
        vectors = np.random.default_rng(0).standard_normal((4096, dim), dtype=np.float32)
        self._vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self._given = 0

    def encode_texts(self, texts: Any) -> Any:
        return self._next(len(texts))

    def encode_images(self, batch: Any) -> Any:
        return self._next(len(batch))

    def warm(self) -> None:
        pass

    def _next(self, count: int) -> Any:
        self._given += count
        return self._vectors[np.arange(self._given, self._given + count) % len(self._vectors)]


# -- measuring -----------------------------------------------------------------------------------------------
@dataclass
class Cost:
    """What something took."""

    seconds: float
    written: int

    def __str__(self) -> str:
        return f"{self.seconds:9.3f} s {self.written / 1e6:10.2f} MB"


class Bench:
    """A database in a temporary folder.

    Attributes:
        folder: The working folder.
        sql: Runs statements.
    """

    def __init__(self, folder: Path, dim: int = DIM) -> None:
        self.folder = folder
        encoder = MadeUp(dim)
        registry.load = lambda model, **settings: encoder
        self.connection = thanosql_kernel.connect(folder / "db", working_folder=folder, progress=False)
        self.sql = self.connection.sql

    def dataset(self, name: str = "t") -> Any:
        """The table as LanceDB sees it now."""
        import lance

        return lance.dataset(str(self.folder / "db" / f"{name}.lance"))

    def cost(self, work: Callable[[], object]) -> Cost:
        """What one piece of work takes."""
        before = self._written()
        started = time.perf_counter()
        work()
        seconds = time.perf_counter() - started
        return Cost(seconds, self._written() - before)

    def compare(
        self, label: str, ours: Callable[[], object], lances: Callable[[], object], turns: int
    ) -> None:
        """Print the medians of both, measured in turns."""
        costs: list[list[Cost]] = [[], []]
        for _ in range(turns):
            for work, found in zip((ours, lances), costs, strict=True):
                self.sql("SELECT count(*) FROM t")  # what the other has changed is known by then
                found.append(self.cost(work))
        mine, theirs = map(median, costs)
        show(label, mine)
        show("  Lance's own", theirs)
        say(f"    {mine.seconds / theirs.seconds:.1f} x the time")
        row(label, *costs)

    def size(self) -> int:
        """Bytes of the database."""
        return sum(path.stat().st_size for path in (self.folder / "db").rglob("*") if path.is_file())

    def _written(self) -> int:
        try:
            fields = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
            return int(fields["wchar"])
        except OSError:
            return self.size()


def median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        int(statistics.median(cost.written for cost in costs)),
    )


def show(label: str, cost: Cost) -> None:
    say(f"  {label:<52}{cost}")


def row(label: str, ours: list[Cost], others: list[Cost], against: str = "Lance's own") -> None:
    """A row of the table, where they are asked for."""
    if REPORT.markdown:
        samples = [Sample(tuple(cost.seconds for cost in costs)) for costs in (ours, others)]
        written = [f"{median(costs).written / 1e6:.2f} MB" for costs in (ours, others)]
        REPORT.compare(label, *samples, against, f"{written[0]} written, the other {written[1]}")


def say(text: str) -> None:
    """Something for people alone."""
    if not REPORT.markdown:
        print(text, flush=True)


# -- one large table -----------------------------------------------------------------------------------------
def large(folder: Path, options: argparse.Namespace) -> None:
    """DELETE, UPDATE, CONVERT and INSERT on a table of many vectors."""
    bench = Bench(folder)
    rows = options.rows
    bench.sql(
        f"CREATE TABLE t AS SELECT range AS id, 'photos/' || range || '.jpg' AS text, 'label' AS label "
        f"FROM range({rows})"
    )
    say(f"{rows:,} rows x {DIM}")
    show("the first CONVERT", bench.cost(lambda: bench.sql(CONVERT)))
    some = iter(np.random.default_rng(1).permutation(rows)[:100].tolist())
    if "delete" in options.only:
        delete(bench, some)
    if "update" in options.only:
        update(bench, some)
    if "convert" in options.only:
        convert(bench, rows)
    if "insert" in options.only:
        insert_and_search(bench, rows)
    bench.connection.close()


def delete(bench: Bench, row: Iterator[int]) -> None:
    bench.compare(
        "DELETE of one row",
        lambda: bench.sql(f"DELETE FROM t WHERE id = {next(row)}"),
        lambda: bench.dataset().delete(f"id = {next(row)}"),
        TURNS,
    )


def update(bench: Bench, row: Iterator[int]) -> None:
    bench.compare(
        "UPDATE of one label",
        lambda: bench.sql(f"UPDATE t SET label = 'other' WHERE id = {next(row)}"),
        lambda: bench.dataset().update({"label": "'other'"}, where=f"id = {next(row)}"),
        TURNS,
    )


def convert(bench: Bench, rows: int) -> None:
    bench.compare(
        "CONVERT, nothing new (Lance: the texts are read)",
        lambda: bench.sql(CONVERT),
        lambda: bench.dataset().to_table(columns=["text"]),
        3,
    )
    new = max(1, rows // 100)
    bench.sql(f"INSERT INTO t (id, text) SELECT range, 'new/' || range FROM range({rows}, {rows + new})")
    show(f"CONVERT, {new:,} new ({new * DIM * 4 / 1e6:.1f} MB)", bench.cost(lambda: bench.sql(CONVERT)))
    show("  Lance's own (merge_insert of these vectors)", bench.cost(lambda: merge_vectors(bench, rows, new)))


def merge_vectors(bench: Bench, first: int, count: int) -> None:
    """What one would write with Lance: other vectors for the last rows, found by their ids."""
    vectors = MadeUp(DIM).encode_texts(range(count)).reshape(-1)
    dataset = bench.dataset()
    table = pa.table(
        [pa.array(range(first, first + count), pa.int64()), pa.FixedSizeListArray.from_arrays(vectors, DIM)],
        schema=pa.schema([dataset.schema.field("id"), dataset.schema.field("v")]),
    )
    dataset.merge_insert("id").when_matched_update_all().execute(table)


def insert_and_search(bench: Bench, rows: int) -> None:
    """How much longer a SEARCH takes when a row has come since the last one."""
    bench.sql(SEARCH)
    warm, after, own_warm, own_after = [], [], [], []
    query = MadeUp(DIM).encode_texts("x")[0]

    def own() -> None:
        bench.dataset().to_table(
            columns=["id"], nearest={"column": "v", "q": query, "k": 10, "use_index": False}
        )

    for number in range(TURNS):
        warm.append(bench.cost(lambda: bench.sql(SEARCH)))
        bench.sql(f"INSERT INTO t (id, text, label) VALUES ({rows * 2 + number}, 'one', 'new')")
        after.append(bench.cost(lambda: bench.sql(SEARCH)))
    for number in range(2):
        own_warm.append(bench.cost(own))
        bench.dataset().insert(bench.dataset().take([number]))
        own_after.append(bench.cost(own))
    show("SEARCH, warm", median(warm))
    show("SEARCH after an INSERT of one row", median(after))
    say(f"    {median(after).seconds / median(warm).seconds:.2f} x the time")
    row(f"SEARCH after an INSERT of one row, {rows:,} rows", after, warm, "without it")
    row(f"SEARCH after an INSERT of one row, {rows:,} rows", after, own_after, "Lance's flat search")
    show("  Lance's own flat search, warm", median(own_warm))
    show("  Lance's own after an insert", median(own_after))


# -- many small changes --------------------------------------------------------------------------------------
def inserts(folder: Path, options: argparse.Namespace) -> None:
    """Many INSERTs of one row each, and what a SELECT costs afterwards."""
    import lance

    bench, count = Bench(folder), options.inserts
    bench.sql("CREATE TABLE t AS SELECT 0::BIGINT AS id, '이름 0' AS name")
    ours = bench.cost(
        lambda: [bench.sql(f"INSERT INTO t VALUES ({number}, '이름 {number}')") for number in range(1, count)]
    )
    rows = bench.dataset().to_table()
    own = str(folder / "own.lance")
    theirs = bench.cost(
        lambda: [lance.write_dataset(rows.slice(at, 1), own, mode="append") for at in range(count)]
    )
    say(f"{count:,} INSERTs of one row")
    show("INSERT", Cost(ours.seconds / count, ours.written // count))
    show("  Lance's own append", Cost(theirs.seconds / count, theirs.written // count))
    bench.sql("CREATE TABLE fresh AS SELECT * FROM t")
    select = "SELECT * FROM {} ORDER BY id DESC LIMIT 5"
    costs: dict[str, list[Cost]] = {"t": [], "fresh": []}
    for _ in range(2 * TURNS):
        for name, found in costs.items():
            found.append(bench.cost(lambda name=name: bench.sql(select.format(name))))
    used, fresh = median(costs["t"]), median(costs["fresh"])
    show("SELECT afterwards", used)
    show("SELECT of a fresh table of these rows", fresh)
    say(f"    {used.seconds / fresh.seconds:.2f} x the time")
    row(f"INSERT of one row, {count:,} times", [ours], [theirs])
    row(f"SELECT after {count:,} INSERTs", costs["t"], costs["fresh"], "a fresh table")
    own_cost = median([bench.cost(lambda: lance.dataset(own).to_table()) for _ in range(TURNS)])
    show("  Lance's own read of what its appends left", own_cost)
    bench.connection.close()


def rounds(folder: Path, options: argparse.Namespace) -> None:
    """A notebook that is run again and again: how large its database grows."""
    from PIL import Image

    bench = Bench(folder)
    (folder / "사진").mkdir()
    for number in range(200):
        Image.new("RGB", (32, 32), (number, 99, 255 - number)).save(folder / "사진" / f"{number}.png")
    paths = [f"사진/{number}.png,label {number}\n" for number in range(200)]
    (folder / "photos.csv").write_text("image_path,label\n" + "".join(paths), encoding="utf-8")
    sizes = []
    for number in range(options.rounds):
        bench.sql("COPY photos OPTIONS(if_exists='replace') FROM 'photos.csv'")
        bench.sql("CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM photos")
        bench.sql(f"UPDATE photos SET label = 'round {number}' WHERE label LIKE '%7'")
        sizes.append(bench.size())
    say(f"{options.rounds} rounds of COPY, CONVERT and UPDATE of 200 photos")
    times = f"{sizes[-1] / sizes[0]:.1f} x (most {max(sizes) / sizes[0]:.1f} x)"
    say(f"  the database after one {sizes[0] / 1e6:.2f} MB, after all {sizes[-1] / 1e6:.2f} MB: {times}")
    bench.connection.close()


def tables(folder: Path, options: argparse.Namespace) -> None:
    """A join of two tables among many."""
    from catalogue import database, join_ms

    sessions = {count: database(folder, count) for count in (10, options.tables)}
    time.sleep(2.5)  # what changed just now is looked at more closely
    times: dict[int, list[float]] = {count: [] for count in sessions}
    for turn in range(30):
        for count, session in sessions.items():
            times[count] += [join_ms(session)] if turn else []
    few, many = (statistics.median(found) for found in times.values())
    say(f"a join of two tables among 10: {few:.1f} ms; among {options.tables:,}: {many:.1f} ms")
    say(f"    {many / few:.2f} x the time")
    for session in sessions.values():
        session.close()


# -- a large cache -------------------------------------------------------------------------------------------
CACHE_DIM = 4
"""Ten million vectors of 512 numbers would be 20 GB; keys are what is looked for."""


def cache(folder: Path, options: argparse.Namespace) -> None:
    """Ten new photos beside a cache of many that were embedded before."""
    from PIL import Image

    bench = Bench(folder, CACHE_DIM)
    show(f"a cache of {options.cached:,} made up", bench.cost(lambda: fill_cache(bench, options.cached)))
    say(f"  {bench.size() / 1e6:,.0f} MB")
    taken = []
    for turn in range(3):
        photos = folder / f"new{turn}"
        photos.mkdir()
        for number in range(10):
            Image.new("RGB", (32, 32), (number, turn, 99)).save(photos / f"{number}.png")
        bench.sql(f"COPY photos{turn} FROM 'new{turn}'")
        cell = f"CONVERT USING mini OPTIONS(result_col='v') AS SELECT * FROM photos{turn}"
        taken.append(bench.cost(lambda cell=cell: bench.sql(cell)))
        show(f"CONVERT of ten new photos, {('first', 'second', 'third')[turn]} time", taken[-1])
    vectors = max((folder / "db").glob("_thanosql_embeddings*.lance"), key=lambda path: path.stat().st_mtime)
    copied = folder / "own.lance"
    shutil.copytree(vectors, copied)
    import lance

    show(
        "  Lance's own scan of the keys", bench.cost(lambda: lance.dataset(str(copied)).to_table(["content"]))
    )
    bench.connection.close()


def fill_cache(bench: Bench, count: int, part: int = 1_000_000) -> None:
    """Entries as CONVERT would have made them, of files and contents that there never were."""
    rng = np.random.default_rng(3)
    database = bench.connection.session.database
    vectors = database.cache.vectors(MadeUp(CACHE_DIM), "image")
    for start in range(0, count, part):
        size = min(part, count - start)
        files, contents = (np.frombuffer(rng.bytes(KEY.itemsize * size), dtype=KEY) for _ in range(2))
        database.cache.files.append(files, contents)
        vectors.append(contents, rng.random((size, CACHE_DIM), dtype=np.float32))


PARTS = {"delete": large, "update": large, "convert": large, "insert": large}
PARTS |= {"inserts": inserts, "rounds": rounds, "tables": tables, "cache": cache}
COMPARED = ("delete", "update", "convert", "insert", "inserts")
#: Whole, and quickly.
SIZES = {
    "rows": (1_000_000, 5_000),
    "inserts": (1500, 30),
    "rounds": (40, 2),
    "tables": (1000, 20),
    "cached": (10_000_000, 20_000),
}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, help="of the large table (1,000,000)")
    parser.add_argument("--inserts", type=int, help="1,500")
    parser.add_argument("--rounds", type=int, help="40")
    parser.add_argument("--tables", type=int, help="1,000")
    parser.add_argument("--cached", type=int, help="10,000,000")
    parser.add_argument("--only", nargs="+", choices=list(PARTS))
    options = parser.parse_args()
    REPORT.markdown = options.markdown
    for name, sizes in SIZES.items():
        if getattr(options, name) is None:
            setattr(options, name, sizes[options.quick])
    # The others compare nothing.
    options.only = options.only or (list(COMPARED) if options.markdown else list(PARTS))
    for part in dict.fromkeys(PARTS[name] for name in options.only):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            part(Path(folder), options)


if __name__ == "__main__":
    main()
