"""The language server as an editor feels it: keystroke to list over stdio, time to ready, memory.

    python benchmarks/lsp.py [--keystrokes 120]

Ratios hold better than absolute times: a server's start is compared with importing the protocol's types alone.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

TARGETS = {"10 kB": 20.0, "1 MB": 60.0, "ready": 1.5, "memory": 130.0}
_CELL = """COPY photos_{n} OPTIONS(if_exists='replace') FROM 'thanosql-dataset/photos_{n}/photos.csv';
CONVERT USING tutorial_search_clip OPTIONS(image_col='image_path', table_name='photos_{n}', batch_size=16) AS
SELECT * FROM photos_{n};
-- 사진 {n}: the best ten, with their names
SELECT image_path, tutorial_search_clip_clipen_similarity1 AS score FROM (
    SEARCH IMAGE text='a black cat' USING tutorial_search_clip AS SELECT * FROM photos_{n}
) ORDER BY score DESC LIMIT 10;
PRINT IMAGE AS SELECT image_path FROM photos_{n} WHERE image_path LIKE '%cat%' AND length(image_path) > {n};
"""


class Editor:
    """Writes messages to a server and reads what comes back, with as little between as can be."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "thanosql_lsp"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(length))
            if "id" in message and "method" not in message:
                self._answers.put(message)

    def tell(self, method: str, params: Any, **more: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def ask(self, method: str, params: Any) -> Any:
        self._number += 1
        self.tell(method, params, id=self._number)
        answer = self._answers.get(timeout=120)
        assert answer["id"] == self._number, answer
        return answer.get("result")

    def start(self) -> None:
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self.tell("initialized", {})

    def status(self) -> dict[str, Any]:
        result = self.ask("workspace/executeCommand", {"command": "thanosql.serverStatus"})
        assert isinstance(result, dict)
        return result

    def cpu_ms(self) -> float:
        """Processor time that the server has used; 0 where the system does not say."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        if not stat.exists():
            return 0.0
        user, system = stat.read_text().rpartition(")")[2].split()[11:13]
        return 1000 * (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.ask("shutdown", None)
        self.tell("exit", None)
        self.process.wait(30)


def document(size: int) -> str:
    """Statements of a notebook, about that many characters of them."""
    cells, length = [], 0
    while length < size:
        cells.append(_CELL.format(n=len(cells) % 200))
        length += len(cells[-1])
    return "".join(cells)


def keystrokes_ms(
    size: int, count: int, *, whole: bool = False, at_once: bool = False
) -> tuple[list[float], float]:
    """Milliseconds from each of ``count`` keystrokes in the middle of a text to the list, the first list in front.

    The second value is the server's processor time for one, which other work on the machine does not change.

    Args:
        size: Characters in the text.
        count: How many letters are typed.
        whole: Whether the text is sent anew with each, as JupyterLab does, as one joined notebook.
        at_once: Whether the first list is asked for while the server has hardly begun to read the text.
    """
    editor = Editor()
    editor.start()
    between = "\n\n\n" if whole else ";\n"
    text = document(size).replace(";\n", between)
    middle = text.index(between, len(text) // 2) + len(between)
    query = (
        "\nSELECT  FROM (SEARCH IMAGE texts=['a', 'b'] USING tutorial_search_clip AS SELECT * FROM photos_7)"
    )
    text = text[:middle] + query + between + text[middle:]
    at = middle + len("\nSELECT ")
    line = text.count("\n", 0, at)
    uri = "file:///nowhere/book.ipynb" if whole else "untitled:benchmark"
    item = {"uri": uri, "languageId": "thanosql", "version": 1, "text": text}
    editor.tell("textDocument/didOpen", {"textDocument": item})
    while not (status := editor.status())["warm"] or (status["reading"] and not at_once):
        time.sleep(0.01)
    typed = "tutorial_search_clip_clipen_similarity"
    times: list[float] = []
    before_ms = editor.cpu_ms()
    version, column = 1, len("SELECT ")
    for number in range(count + 1):
        length = number % len(typed)
        start, end = (
            (column, column + len(typed) - 1) if number and length == 0 else (column + length - 1,) * 2
        )
        letter = typed[length - 1] if length else ""
        version += 1
        change: dict[str, Any] = {"range": _range(line, start, end), "text": letter}
        if whole:
            text = (
                text[:at] + typed[:length] + text[at:] if number == 0 else _retyped(text, at, typed, length)
            )
            change = {"text": text}
        if length == 0 and number == 0:
            change = {"range": _range(line, column, column), "text": ""}
        began = time.perf_counter()
        editor.tell(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]},
        )
        caret = {"line": line, "character": column + length}
        found = editor.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": caret})
        times.append(1000 * (time.perf_counter() - began))
        assert any(one["label"].endswith("similarity2") for one in found["items"]), (number, length, found)
    cpu_ms = (editor.cpu_ms() - before_ms) / (count + 1)
    editor.stop()
    return times, cpu_ms


def _retyped(text: str, at: int, typed: str, length: int) -> str:
    end = text.index(" FROM", at)
    return text[:at] + typed[:length] + text[end:]


def _range(line: int, start: int, end: int) -> dict[str, Any]:
    return {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}


def ready_s() -> float:
    """Seconds from starting the process to the answer to ``initialize``."""
    began = time.perf_counter()
    editor = Editor()
    editor.start()
    taken = time.perf_counter() - began
    editor.stop()
    return taken


def import_s() -> float:
    """Seconds that importing the protocol's types takes, in a process of its own."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import lsprotocol.types"], check=True)
    return time.perf_counter() - began


def memory_mb() -> float:
    """Megabytes resident once everything is loaded and a 10 kB document is open."""
    editor = Editor()
    editor.start()
    item = {"uri": "untitled:a", "languageId": "thanosql", "version": 1, "text": document(10_000)}
    editor.tell("textDocument/didOpen", {"textDocument": item})
    while not (status := editor.status())["warm"]:
        pass
    editor.ask("textDocument/diagnostic", {"textDocument": {"uri": "untitled:a"}})
    lines = Path(f"/proc/{status['pid']}/status").read_text().splitlines()
    editor.stop()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1000


def p95(times: list[float]) -> float:
    """The time that 95 of 100 stay below."""
    return statistics.quantiles(times, n=20)[-1]


def line(name: str, value: float, unit: str, target: float) -> None:
    """One line of the report."""
    verdict = "ok" if value <= target else "MISSED"
    print(
        f"{name:<44} {value:8.2f} {unit:<3} target {target:6.1f} {unit:<3} {value / target:5.2f} of it  {verdict}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keystrokes", type=int, default=120)
    count = parser.parse_args().keystrokes
    for name, size in (("10 kB", 10_000), ("1 MB", 1_000_000)):
        for what, whole in (("keystroke to list", False), ("the same, sent whole as JupyterLab does", True)):
            (first, *times), cpu_ms = keystrokes_ms(size, count, whole=whole)
            line(f"{what}, {name}, p95 of {count}", p95(times), "ms", TARGETS[name])
            print(
                f"    median {statistics.median(times):.2f} ms, slowest {max(times):.2f} ms, first {first:.2f} ms; "
                f"processor time of the server {cpu_ms:.1f} ms each"
            )
        (first,), _ = keystrokes_ms(size, 0, at_once=True)
        print(f"    first, asked as soon as the text is open and before it is read: {first:.0f} ms")
    pairs = [(ready_s(), import_s()) for _ in range(7)]
    ready, imported = (statistics.median(side) for side in zip(*pairs, strict=True))
    line("ready / import of lsprotocol.types", ready / imported, "x", TARGETS["ready"])
    print(f"    {ready:.3f} s / {imported:.3f} s, medians of {len(pairs)}, taken in turns")
    if Path("/proc/self/status").exists():
        line("memory, everything loaded", memory_mb(), "MB", TARGETS["memory"])


if __name__ == "__main__":
    main()
