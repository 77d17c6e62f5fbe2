"""Runs the same twelve tasks in this kernel and in the SQL kernels of PyPI: the table of docs/comparison-kernels.md.

    python tools/compare_kernels.py [--venvs FOLDER]

Each of the others is installed in a virtual environment of its own in FOLDER, the first time. Every task is a request
or a cell over the wire and a look at what comes back; nobody's answer is written down by hand.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import queue
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

REPLY_S = 30.0
PATIENCE_S = 10.0
TABLE = (
    "CREATE TABLE photos AS SELECT range AS id, 'photos/' || range || '.png' AS image_path, '고양이' AS 설명 "
    "FROM range(12)"
)
SLOW = "SELECT sum(sqrt(a.range * b.range)) AS s FROM range(3000000) a, range(3000000) b"


@dataclass(frozen=True)
class Contender:
    """A way to write SQL in cells.

    Attributes:
        package: Its name on PyPI.
        module: What Jupyter starts.
        needs: What must be installed beside it to talk to DuckDB.
        opening: Cells that connect to a database.
        before: What a cell begins with.
        load: Reads the csv ``large.csv`` into a table.
    """

    package: str
    module: str
    needs: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    before: str = ""
    load: str = "CREATE TABLE large AS SELECT * FROM 'large.csv'"


OURS = Contender("thanosql-kernel", "thanosql_kernel", load="COPY large FROM 'large.csv'")
OTHERS = (
    Contender(
        "jupysql",
        "ipykernel_launcher",
        ("ipykernel", "duckdb", "duckdb-engine"),
        ("%load_ext sql", "%sql duckdb://"),
        "%%sql\n",
    ),
    Contender("jupyter-duckdb", "duckdb_kernel", (), ("%CREATE data.duckdb",)),
    Contender("duckdb_kernel", "duckdb_kernel", ("ipykernel", "duckdb", "pandas", "tabulate")),
)


@dataclass
class Answer:
    """What came back for a cell."""

    reply: dict[str, Any]
    outputs: list[dict[str, Any]] = field(default_factory=list)

    def of(self, mime: str) -> list[str]:
        """The results in that form."""
        return [str(output["data"][mime]) for output in self.outputs if mime in output.get("data", {})]

    @property
    def error(self) -> list[str]:
        """Lines of what is shown of an error, without colours."""
        lines = self.reply.get("traceback") or []
        text = lines if isinstance(lines, str) else "\n".join(lines)
        text = text or "".join(output.get("text", "") for output in self.outputs)
        return re.sub(r"\x1b\[[\d;]*m", "", text).strip().splitlines()


class Kernel:
    """A running contender."""

    def __init__(self, contender: Contender, manager: Any, client: Any, ready_s: float) -> None:
        self.contender, self.manager, self.client, self.ready_s = contender, manager, client, ready_s

    def send(self, sql: str) -> str:
        """Send a cell; its id."""
        return str(self.client.execute(self.contender.before + sql))

    def run(self, sql: str, *, plain: bool = False) -> Answer:
        """Run a cell; without what SQL cells begin with if ``plain``."""
        cell = str(self.client.execute(sql)) if plain else self.send(sql)
        return Answer(self.reply(cell), list(self.outputs(cell)))

    def reply(self, request: str, timeout_s: float = REPLY_S) -> dict[str, Any]:
        """The content of the reply; raises queue.Empty when there is none in time."""
        until_s = time.monotonic() + timeout_s
        while True:
            message = self.client.get_shell_msg(timeout=max(0.0, until_s - time.monotonic()))
            if message["parent_header"].get("msg_id") == request:
                content: dict[str, Any] = message["content"]
                return content

    def outputs(self, cell: str, timeout_s: float = REPLY_S) -> Iterator[dict[str, Any]]:
        """What a cell shows, until it is idle."""
        until_s = time.monotonic() + timeout_s
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.0, until_s - time.monotonic()))
            if message["parent_header"].get("msg_id") != cell:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return
            if kind in ("display_data", "execute_result", "stream", "update_display_data", "comm_open"):
                yield content

    def complete(self, sql: str, timeout_s: float = REPLY_S) -> tuple[list[str], float]:
        """What is offered at the end of a cell, and after how many seconds."""
        code, start_s = self.contender.before + sql, time.perf_counter()
        found = self.reply(self.client.complete(code, len(code)), timeout_s)["matches"]
        return found, time.perf_counter() - start_s


@contextlib.contextmanager
def running(contender: Contender, python: Path, folder: Path) -> Iterator[Kernel]:
    """A contender at work in a folder, connected to a database with a table ``photos``."""
    manager = KernelManager(connection_file=str(folder / "connection.json"))
    argv = [str(python), "-m", contender.module, "-f", "{connection_file}"]
    manager._kernel_spec = KernelSpec(argv=argv, display_name=contender.package, language="sql")
    environment = os.environ | {"HOME": str(folder), "IPYTHONDIR": str(folder), "HF_HUB_OFFLINE": "1"}
    environment.pop("THANOSQL_DATABASE", None)
    start_s = time.perf_counter()
    manager.start_kernel(cwd=str(folder), env=environment, stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=REPLY_S)
        kernel = Kernel(contender, manager, client, time.perf_counter() - start_s)
        for cell in contender.opening:
            kernel.run(cell, plain=True)
        kernel.run(TABLE)
        yield kernel
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


# -- the tasks -----------------------------------------------------------------------------------------------
def start(kernel: Kernel) -> str:
    """From the start of the process to the first answer."""
    return f"{kernel.ready_s:.1f} s"


def see_a_table(kernel: Kernel) -> str:
    """In both forms: HTML for notebooks, text for consoles and exports."""
    answer = kernel.run("SELECT * FROM photos LIMIT 3")
    html = any("<table" in page and "고양이" in page for page in answer.of("text/html"))
    text = any("고양이" in page for page in answer.of("text/plain"))
    return " and ".join([*["HTML"] * html, *["text"] * text]) or "no"


def run_two_statements(kernel: Kernel) -> str:
    """Both results are shown, not the last alone."""
    answer = kernel.run("SELECT 1234 AS a; SELECT 5678 AS b;")
    shown = "\n".join(answer.of("text/plain") + answer.of("text/html"))
    seen = sum(number in shown for number in ("1234", "5678"))
    return {2: "both", 1: "one of the two"}.get(seen, f"no: {_first(answer.error)}")


def see_many_rows(kernel: Kernel) -> str:
    """What 100,000 rows put into the notebook."""
    answer = kernel.run("SELECT range AS n, range * 2 AS m FROM range(100000)")
    size = sum(len(page) for output in answer.outputs for page in map(str, output.get("data", {}).values()))
    size += sum(len(output.get("text", "")) for output in answer.outputs)
    return f"{size / 1000:,.0f} kB" if size else f"no: {_first(answer.error)}"


def complete_a_table(kernel: Kernel) -> str:
    """SELECT * FROM pho|"""
    found, _ = kernel.complete("SELECT * FROM pho")
    return _offered(found, ("photos",))


def complete_a_column(kernel: Kernel) -> str:
    """SELECT * FROM photos p WHERE p.|"""
    found, _ = kernel.complete("SELECT * FROM photos p WHERE p.")
    return _offered([word.removeprefix("p.") for word in found], ("id", "image_path", "설명"))


def complete_while_a_cell_runs(kernel: Kernel) -> str:
    """SEL| while a SELECT of minutes runs."""
    cell = kernel.send(SLOW)
    time.sleep(1)
    try:
        found, took_s = kernel.complete("SEL", PATIENCE_S)
        told = (
            f"yes, after {took_s:.2f} s"
            if "SELECT" in [word.upper().strip() for word in found]
            else "nothing is offered"
        )
    except queue.Empty:
        told = "no, it waits for the cell"
    kernel.manager.interrupt_kernel()
    with contextlib.suppress(queue.Empty):
        kernel.reply(cell, PATIENCE_S)
    return told


def look_up_a_table(kernel: Kernel) -> str:
    """Shift-Tab on photos."""
    code = kernel.contender.before + "SELECT * FROM photos"
    content = kernel.reply(kernel.client.inspect(code, len(code)))
    text = str(content.get("data", {}))
    if not content.get("found"):
        return "no"
    return "its columns" if "image_path" in text else "something else"


def read_an_error(kernel: Kernel) -> str:
    """SELECT of a misspelt column in the second line."""
    answer = kernel.run("SELECT id,\n  image_pth\nFROM photos")
    lines = answer.error
    points = any(re.search(r"\^", line) for line in lines)
    names = any("image_path" in line for line in lines)
    parts = [f"{len(lines)} lines", "with its place" if points else "without its place"]
    return ", ".join([*parts, *["names the right column"] * names])


def see_progress(kernel: Kernel) -> str:
    """Whether anything that moves is shown meanwhile. Rows are counted too, as jupysql reads the file only then."""
    start_s, seen_s = time.monotonic(), 0.0
    for sql in (kernel.contender.load, "SELECT count(*) AS n FROM large"):
        cell = kernel.send(sql)
        for output in kernel.outputs(cell, 5 * REPLY_S):
            seen_s = seen_s or (time.monotonic() - start_s if _is_progress(output) else 0.0)
        kernel.reply(cell)
    took_s = time.monotonic() - start_s
    return f"{took_s:.0f} s, {'a bar' if 0 < seen_s < took_s - 0.3 else 'no bar'}"


def stop_a_query(kernel: Kernel) -> str:
    """The stop button on a SELECT of minutes; then another cell."""
    cell = kernel.send(SLOW)
    time.sleep(2)
    start_s = time.perf_counter()
    kernel.manager.interrupt_kernel()
    try:
        kernel.reply(cell, PATIENCE_S)
        took_s = time.perf_counter() - start_s
        again = kernel.run("SELECT 4321 AS n")
    except queue.Empty:
        return f"no, not within {PATIENCE_S:.0f} s"
    except RuntimeError:
        return "the kernel is gone"
    went_on = any("4321" in page for page in again.of("text/plain") + again.of("text/html"))
    return f"after {took_s:.2f} s" + ("" if went_on else ", but the next cell fails")


def find_pictures(kernel: Kernel) -> str:
    """Twelve pictures: those that look red, shown."""
    kernel.run("CONVERT USING mini AS SELECT * FROM photos")
    answer = kernel.run(
        "PRINT IMAGE AS (SEARCH IMAGE text='something red' USING mini OPTIONS(top_k=3) AS SELECT * FROM photos)"
    )
    pictures = sum(page.count("<img") for page in answer.of("text/html"))
    return f"{pictures} pictures" if pictures else "no"


TASKS: tuple[tuple[str, Callable[[Kernel], str]], ...] = (
    ("Start the kernel", start),
    ("See a table with Korean text", see_a_table),
    ("Run two statements in a cell", run_two_statements),
    ("SELECT 100,000 rows: what it puts into the notebook", see_many_rows),
    ("Complete a table: `FROM pho▮`", complete_a_table),
    ("Complete the columns of an alias: `p.▮`", complete_a_column),
    ("Complete while a cell runs", complete_while_a_cell_runs),
    ("Shift-Tab on a table", look_up_a_table),
    ("Read the error of a misspelt column", read_an_error),
    ("Find photos by a text and see them", find_pictures),
    ("Read a csv of 200 MB and count its rows; is there a bar?", see_progress),
    ("Stop a query of minutes, go on with the next cell", stop_a_query),
)
HANGING = (complete_while_a_cell_runs, stop_a_query)


def _first(lines: list[str]) -> str:
    return lines[-1][:60] if lines else "nothing is shown"


def _offered(found: list[str], wanted: tuple[str, ...]) -> str:
    here = [word for word in wanted if word in [one.strip('"') for one in found]]
    if len(here) < len(wanted):
        return "no" if not here else f"{len(here)} of {len(wanted)}"
    others = len(set(found)) - len(wanted)
    return "yes" + (f", among {others} others" if others else "")


def _is_progress(output: dict[str, Any]) -> bool:
    return re.search(r"\d ?%|█|widget-view|\d ?\w*/s\b", str(output)) is not None


# -- the table -----------------------------------------------------------------------------------------------
def make_files(folder: Path) -> None:
    """The pictures, and a csv of 200 MB."""
    from PIL import Image

    (folder / "photos").mkdir()
    for number in range(12):
        colour = ("red", "green", "blue", "white")[number % 4]
        Image.new("RGB", (64, 64), colour).save(folder / "photos" / f"{number}.png")
    lines = "".join(f"{number},word {number * 7919 % 10007},{number * 0.5}\n" for number in range(100_000))
    with (folder / "large.csv").open("w") as file:
        file.write("n,word,half\n")
        while file.tell() < 200_000_000:
            file.write(lines)


def play(contender: Contender, python: Path) -> list[str]:
    """A contender's answers to the tasks; a task that may leave the kernel hanging has one of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_files(folder)
        answers: dict[str, str] = {}
        with running(contender, python, folder) as kernel:
            for task, work in TASKS:
                if work not in HANGING:
                    answers[task] = _try(work, kernel)
        for task, work in TASKS:
            if work in HANGING:
                with (
                    tempfile.TemporaryDirectory() as other,
                    running(contender, python, Path(other)) as kernel,
                ):
                    answers[task] = _try(work, kernel)
    print(contender.package, answers, file=sys.stderr, flush=True)
    return [answers[task] for task, _ in TASKS]


def _try(task: Callable[[Kernel], str], kernel: Kernel) -> str:
    try:
        return task(kernel)
    except (queue.Empty, KeyError, RuntimeError) as error:
        return f"no answer ({type(error).__name__})"


def python_of(contender: Contender, venvs: Path) -> tuple[Path, str]:
    """The Python that has a contender, installed if need be, and the versions."""
    place = venvs / contender.package
    python = place / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run(
        [*pip, "install", contender.package, *contender.needs], check=True, stderr=subprocess.DEVNULL
    )
    code = f"from importlib.metadata import version as v; print(v('{contender.package}'), 'with DuckDB', v('duckdb'))"
    told = subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True).stdout
    return python, told.strip()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--venvs", type=Path, help="where the others are installed (default: a temporary folder)"
    )
    given = parser.parse_args().venvs
    with tempfile.TemporaryDirectory() as temporary:
        venvs = (given or Path(temporary)).absolute()
        columns = [(f"thanosql-kernel {version('thanosql-kernel')}", play(OURS, Path(sys.executable)))]
        for other in OTHERS:
            python, told = python_of(other, venvs)
            columns.append((f"{other.package} {told}", play(other, python)))
    print(f"Run on {date.today():%d %B %Y}.\n")
    print("| Task | " + " | ".join(name for name, _ in columns) + " |")
    print("|---|" + "---|" * len(columns))
    for number, (task, _) in enumerate(TASKS):
        print(f"| {task} | " + " | ".join(answers[number].replace("|", "/") for _, answers in columns) + " |")


if __name__ == "__main__":
    main()
