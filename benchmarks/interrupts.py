"""How soon long work stops, measured from the signal to the reply.

``python benchmarks/interrupts.py --tries 50`` starts each kind of long work in a real kernel, interrupts it at a random
moment, waits for the reply, and runs another cell. It prints a table and fails if a reply took over 2 seconds, if the
work was not stopped, or if the next cell did not run. ``--only convert`` takes the kinds whose names contain that.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import socket
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from live_kernel_client import THANOSQL, Client, kernel

from thanosql_kernel.statements.registry import heads

LIMIT_S = 2.0
SLOW = (sys.executable, "-P", str(Path(__file__).with_name("slow_kernel.py")))
NEXT_CELL = "SELECT count(*) AS n FROM range(5)"


@dataclass(frozen=True)
class Work:
    """One kind of long work.

    Attributes:
        name: For the table.
        prepare: Makes what the work needs, in the kernel's working folder.
        cell: The cell of a try.
        spread_s: The interrupt comes at a random moment this long after the cell's start.
        until_output: Whether its start is when it first shows something, such as progress.
        is_first: Whether every try needs a kernel of its own, as nothing is long the second time.
        memory: For vectors, as THANOSQL_MEMORY says it; "" for a share of the machine's.
        argv: How the kernel is started.
    """

    name: str
    prepare: Callable[[Path, Client], None]
    cell: str
    spread_s: float = 0.5
    until_output: bool = False
    is_first: bool = False
    memory: str = "16MB"
    argv: tuple[str, ...] = THANOSQL


@dataclass
class Outcome:
    """What the tries of one kind of work came to."""

    replies_s: list[float]
    faults: list[str]

    @property
    def is_good(self) -> bool:
        return not self.faults and max(self.replies_s) <= LIMIT_S


# -- what the work works on ----------------------------------------------------------------------------------
def nothing(folder: Path, client: Client) -> None:
    """The work needs nothing."""


def an_empty_table(folder: Path, client: Client) -> None:
    """A table for numbers."""
    client.run("CREATE TABLE t AS SELECT * FROM range(0)")


def pictures(folder: Path, count: int, size: tuple[int, int]) -> None:
    """So many different files of the same picture: what follows a PNG's end is not decoded."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, "PNG")
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.png").write_bytes(buffer.getvalue() + str(number).encode())


def large_pictures(folder: Path, client: Client) -> None:
    """Slow to decode, in a table."""
    pictures(folder / "large", 1500, (6000, 4000))
    client.run("COPY large FROM 'large'; CONVERT USING mini AS SELECT * FROM large LIMIT 1")


def small_pictures(folder: Path, client: Client) -> None:
    """Quick to decode, so that the model is what takes time."""
    pictures(folder / "small", 12_000, (64, 64))
    client.run("COPY small FROM 'small'; CONVERT USING mini AS SELECT * FROM small LIMIT 1")


def small_pictures_for_clip(folder: Path, client: Client) -> None:
    """As `small_pictures`, for a CLIP as large as OpenAI's, with random weights."""
    random_clip(folder / "clip", large=True)
    pictures(folder / "small", 6000, (64, 64))
    client.run("UPLOAD MODEL random_clip FROM 'clip'; COPY small FROM 'small'")
    client.run("CONVERT USING random_clip AS SELECT * FROM small LIMIT 1")


def clip_and_a_picture(folder: Path, client: Client) -> None:
    """A small CLIP that is not loaded."""
    random_clip(folder / "clip", large=False)
    pictures(folder / "one", 1, (64, 64))
    client.run("UPLOAD MODEL random_clip FROM 'clip'; COPY one FROM 'one'")


def random_clip(folder: Path, *, large: bool) -> None:
    """A CLIP with random weights, in a process of its own: torch takes much memory."""
    import subprocess

    tests = Path(__file__).parents[1] / "tests"
    tower = "tiny_clip._TOWER.update(hidden_size=768, intermediate_size=3072, num_hidden_layers=12)"
    tower += "; tiny_clip._TOWER.update(num_attention_heads=12)"
    code = f"import tiny_clip; from pathlib import Path; {tower if large else ''}\n"
    code += "import sys; tiny_clip.write_clip(Path(sys.argv[1]))"
    subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=tests, check=True, stderr=subprocess.DEVNULL
    )


def many_files(folder: Path, client: Client) -> None:
    """A folder of 40,000 pictures."""
    pictures(folder / "many", 40_000, (1, 1))


def large_csv(folder: Path, client: Client) -> None:
    """A csv of six million rows."""
    client.run(
        "EXPORT (SELECT range AS n, md5(range::VARCHAR) AS word, sqrt(range) AS root FROM range(10)) TO 'a.csv'"
    )
    row = (folder / "a.csv").read_bytes().splitlines(keepends=True)
    with (folder / "large.csv").open("wb") as file:
        file.write(row[0])
        for _ in range(600):
            file.write(b"".join(row[1:]) * 1000)


def packed_csv(folder: Path, client: Client) -> None:
    """A csv of a hundred million rows, in gzip: parts one after the other are a file too."""
    import gzip

    part = gzip.compress(b"1,a word\n2,other words\n" * 100_000)
    with (folder / "packed.csv.gz").open("wb") as file:
        file.write(gzip.compress(b"n,word\n"))
        for _ in range(500):
            file.write(part)


def large_workbook(folder: Path, client: Client) -> None:
    """An Excel file with a million rows, as another program would write it."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("한 장")
    sheet.append(["n", "word"])
    for number in range(100):
        sheet.append([number, f"낱말 {number}"])
    book.save(folder / "small.xlsx")
    with (
        zipfile.ZipFile(folder / "small.xlsx") as small,
        zipfile.ZipFile(folder / "large.xlsx", "w") as large,
    ):
        for name in small.namelist():
            data = small.read(name)
            if "sheet1.xml" in name:
                head, _, rest = data.partition(b'<row r="2"')
                _, _, tail = rest.partition(b"</row>")
                rows = (b"<row><c><v>%d</v></c><c><v>7</v></c></row>" % number for number in range(1_000_000))
                data = head + b"".join(rows) + b"</sheetData>" + tail.partition(b"</sheetData>")[2]
            large.writestr(name, data, zipfile.ZIP_DEFLATED)


def slow_disk(folder: Path, client: Client) -> None:
    """A table of pictures on a disk that takes seconds to say what a file is."""
    pictures(folder / "slow-disk", 40, (8, 8))
    client.run("CREATE TABLE slow AS SELECT 'slow-disk/' || range || '.png' AS image_path FROM range(40)")


def slow_files(folder: Path, client: Client) -> None:
    """A table of large pictures that take minutes to read."""
    pictures(folder / "slow-file", 4, (8, 8))
    for path in (folder / "slow-file").iterdir():
        path.write_bytes(path.read_bytes() + bytes(20 << 20))
    client.run("CREATE TABLE slow AS SELECT 'slow-file/' || range || '.png' AS image_path FROM range(4)")


def many_texts(folder: Path, client: Client) -> None:
    """A table of half a million texts that have been embedded."""
    client.run(
        "CREATE TABLE texts AS SELECT 'text ' || range AS text FROM range(500000);"
        "CONVERT USING mini OPTIONS(text_col='text', result_col='v', batch_size=32) AS SELECT * FROM texts"
    )


def many_vectors(folder: Path, client: Client) -> None:
    """A table of 200,000 vectors; with little memory they are read for each search."""
    pictures(folder / "few", 100, (64, 64))
    client.run(
        "COPY few FROM 'few'; CONVERT USING mini AS SELECT * FROM few;"
        "CREATE TABLE many AS SELECT f.* FROM few f, range(2000);"
        "SEARCH IMAGE text='warm' USING mini OPTIONS(top_k=1) AS SELECT * FROM few"
    )


VECTORS_AGAIN = (
    "SELECT avg(list_sum(v::FLOAT[])) FROM (CONVERT USING mini OPTIONS(text_col='text', result_col='v') "
    "AS SELECT text || '' AS text FROM texts)"
)
MANY_TEXTS = ", ".join(f"'{number}'" for number in range(400))
TEXTS = ", ".join(f"'{number}'" for number in range(40))
WORKS = (
    Work("SELECT", nothing, "SELECT sum(sqrt(a.range * b.range)) FROM range(3000000) a, range(3000000) b"),
    Work(
        "CREATE TABLE",
        nothing,
        "CREATE OR REPLACE TABLE t AS SELECT range AS n, md5(range::VARCHAR) AS word FROM range(200000000)",
    ),
    Work("CONVERT, decoding", large_pictures, "CONVERT USING mini AS SELECT * FROM large", until_output=True),
    Work(
        "CONVERT, model mini", small_pictures, "CONVERT USING mini AS SELECT * FROM small", until_output=True
    ),
    Work(
        "CONVERT, model CLIP",
        small_pictures_for_clip,
        "CONVERT USING random_clip OPTIONS(batch_size=32) AS SELECT * FROM small",
        until_output=True,
    ),
    Work(
        "model loading",
        clip_and_a_picture,
        "CONVERT USING random_clip AS SELECT * FROM one",
        spread_s=3.0,
        is_first=True,
    ),
    Work("COPY of a folder", many_files, "COPY t OPTIONS(if_exists='replace') FROM 'many'", spread_s=0.3),
    Work("COPY of a csv", large_csv, "COPY t OPTIONS(if_exists='replace') FROM 'large.csv'"),
    Work("COPY of a packed csv", packed_csv, "COPY t OPTIONS(if_exists='replace') FROM 'packed.csv.gz'"),
    Work("COPY of a workbook", large_workbook, "COPY t OPTIONS(if_exists='replace') FROM 'large.xlsx'"),
    Work("CONVERT, slow disk", slow_disk, "CONVERT USING mini AS SELECT * FROM slow", argv=SLOW),
    Work("CONVERT, slow files", slow_files, "CONVERT USING mini AS SELECT * FROM slow", argv=SLOW),
    Work("CONVERT, look-ups and vectors", many_texts, VECTORS_AGAIN, spread_s=0.8, argv=SLOW),
    Work("UPDATE", many_vectors, "UPDATE many SET image_path = md5(image_path || random()::VARCHAR)"),
    Work(
        "INSERT",
        an_empty_table,
        "INSERT INTO t SELECT * FROM range(900000000)",
    ),
    Work("COPY of a silent URL", nothing, "COPY t FROM '{server}/photos.csv'"),
    Work(
        "SEARCH", many_vectors, f"SEARCH IMAGE texts=[{TEXTS}] USING mini AS SELECT * FROM many", spread_s=0.3
    ),
    Work(
        "SEARCH in memory",
        many_vectors,
        f"SEARCH IMAGE texts=[{MANY_TEXTS}] USING mini AS SELECT * FROM many",
        memory="",
    ),
    Work("GET DATASET", nothing, "GET THANOSQL DATASET sample_photos", spread_s=2.0),
    Work(
        "EXPORT of a slow query",
        nothing,
        "EXPORT (SELECT sum(sqrt(a.range * b.range)) FROM range(3000000) a, range(3000000) b) TO 'y.csv'",
    ),
    Work("EXPORT to json", nothing, "EXPORT (SELECT range AS n FROM range(300000000)) TO 'x.json'"),
    Work(
        "EXPORT to parquet",
        nothing,
        "EXPORT (SELECT md5(range::VARCHAR) AS n FROM range(90000000)) TO 'x.parquet'",
    ),
    Work("EXPORT to csv", nothing, "EXPORT (SELECT range AS n FROM range(300000000)) TO 'x.csv'"),
    Work(
        "EXPORT to html",
        large_pictures,
        "EXPORT (SELECT * FROM large) TO 'x.html' OPTIONS(overwrite=True)",
    ),
    Work("PRINT IMAGE", large_pictures, "PRINT IMAGE OPTIONS(limit=500) AS SELECT * FROM large"),
)
if "VACUUM" in heads():
    WORKS += (Work("VACUUM", many_vectors, "DELETE FROM many WHERE random() < 0.2; VACUUM many"),)


@contextlib.contextmanager
def silent_server() -> Iterator[str]:
    """The address of a server that takes requests and never answers them."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept = []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                kept.append(listener.accept())

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        for connection, _ in kept:
            connection.close()


# -- measuring -----------------------------------------------------------------------------------------------
def measure(work: Work, tries: int) -> Outcome:
    """Interrupt a kind of work so many times."""
    outcome = Outcome([], [])
    moments = random.Random(work.name)
    with tempfile.TemporaryDirectory() as name, silent_server() as server:
        folder = Path(name)
        cell = work.cell.format(server=server)
        settings = {"THANOSQL_MEMORY": work.memory, "PIP_INDEX_URL": f"{server}/simple"}
        prepared = False
        while len(outcome.replies_s) < tries and len(outcome.faults) < tries:
            with kernel(folder, work.argv, **settings) as client:
                if not prepared:
                    work.prepare(folder, client)
                    prepared = True
                    if work.is_first:
                        continue
                for _ in range(1 if work.is_first else tries):
                    try_once(work, cell, client, moments.uniform(0, work.spread_s), outcome)
    return outcome


def try_once(work: Work, cell: str, client: Client, delay_s: float, outcome: Outcome) -> None:
    """Start the cell, interrupt it, and run the next."""
    running = client.start(cell, until_output=work.until_output)
    time.sleep(delay_s)
    took_s, content = client.interrupt(running)
    outcome.replies_s.append(took_s)
    if content.get("ename") != "KeyboardInterrupt":
        outcome.faults.append(f"after {delay_s:.2f} s: {content.get('ename', 'it was done')}")
    try:
        client.run(NEXT_CELL)
    except RuntimeError as error:
        outcome.faults.append(f"the next cell: {error}")


def main() -> int:
    """Print the table; 1 when something did not stop in time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tries", type=int, default=5, help="of each kind (default 5)")
    parser.add_argument("--only", default="", help="kinds whose names contain this")
    options = parser.parse_args()
    works = [work for work in WORKS if options.only.lower() in work.name.lower()]
    print(
        f"{'seconds from signal to reply':<30}{'median':>8}{'max':>8}   stopped within {LIMIT_S:.0f} s",
        flush=True,
    )
    good = True
    for work in works:
        outcome = measure(work, options.tries)
        times = sorted(outcome.replies_s)
        stopped = sum(taken <= LIMIT_S for taken in times) - len(outcome.faults)
        row = f"{work.name:<30}{times[len(times) // 2]:>8.2f}{times[-1]:>8.2f}   {stopped} of {len(times)}"
        print(row, *sorted(set(outcome.faults))[:3], sep="  ", flush=True)
        good = good and outcome.is_good
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
