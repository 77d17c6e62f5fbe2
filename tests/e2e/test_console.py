"""``jupyter console`` in a terminal: what somebody sees who types into it."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect", reason="pexpect is not installed: pip install -e '.[e2e]'")
pyte = pytest.importorskip("pyte", reason="pyte is not installed: pip install -e '.[e2e]'")
import psutil  # noqa: E402
from wcwidth import wcswidth  # noqa: E402

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(300),
    pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal"),
]

WAIT_S = 60
LINES, COLUMNS = 50, 110


class Terminal:
    """A terminal with a program in it: keys go in, a screen is looked at."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        self.screen = pyte.HistoryScreen(COLUMNS, LINES, history=2000)
        self.stream = pyte.Stream(self.screen)
        self.program = pexpect.spawn(
            command[0],
            command[1:],
            cwd=str(folder),
            env=environment,
            encoding="utf-8",
            codec_errors="replace",
            dimensions=(LINES, COLUMNS),
        )
        self.screen.write_process_input = self.program.send  # the program asks where its cursor is

    def type(self, keys: str) -> None:
        self.program.send(keys)

    def resize(self, columns: int) -> None:
        self.program.setwinsize(LINES, columns)
        self.screen.resize(LINES, columns)

    @property
    def text(self) -> str:
        """The screen, without what double-width letters leave empty behind them."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, pattern: str, timeout_s: float = WAIT_S) -> re.Match[str]:
        """Read what the program writes until the screen matches."""
        until_s = time.monotonic() + timeout_s
        while True:
            found = re.search(pattern, self.text, re.MULTILINE)
            if found:
                return found
            assert time.monotonic() < until_s, f"no {pattern!r} on the screen:\n{self.text}"
            self.read()

    def read(self) -> None:
        with contextlib.suppress(pexpect.TIMEOUT):
            self.stream.feed(self.program.read_nonblocking(65536, timeout=0.2))

    def wait_for_end(self) -> None:
        self.program.expect(pexpect.EOF, timeout=WAIT_S)
        self.program.close()


@pytest.fixture
def console(tmp_path: Path):
    """A console at its first prompt, in an empty folder."""
    home = tmp_path / "home"
    home.mkdir()
    folder = tmp_path / "작업"
    folder.mkdir()
    opened = []

    def open_console() -> Terminal:
        command = [sys.executable, "-m", "jupyter", "console", "--kernel", "thanosql"]
        # By default a console on a busy machine gives up asking after one second.
        command += ["--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=30"]
        settings = {"HOME": str(home), "IPYTHONDIR": str(home / "ipython"), "HF_HUB_OFFLINE": "1"}
        settings |= {"JUPYTER_RUNTIME_DIR": str(home / "runtime"), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        environment = os.environ | settings
        environment.pop("THANOSQL_DATABASE", None)
        terminal = Terminal(command, folder, environment)
        opened.append(terminal)
        terminal.wait_for(r"^In \[1\]:")
        return terminal

    yield open_console
    for terminal in opened:
        terminal.program.close(force=True)


def leave(terminal: Terminal) -> None:
    terminal.type("\x04")
    terminal.wait_for(r"really want to exit")
    terminal.type("y\r")
    terminal.wait_for_end()


def test_a_console_session(console) -> None:
    terminal = console()
    assert "ThanoSQL Kernel" in terminal.text
    assert "database: .thanosql in this folder, made when first used" in terminal.text
    assert "encryption" not in terminal.text

    # Enter goes on in a new line until the statement is complete.
    terminal.type("CREATE TABLE 동물 AS\r")
    terminal.wait_for(r"^ +\.\.\.: *$")
    terminal.type("SELECT * FROM (VALUES ('고양이', 7), ('dog', 10)) AS t(이름, 나이);\r")
    terminal.wait_for(r"^In \[2\]:")
    assert "2 rows" in terminal.text

    terminal.type("SELECT * FROM 동물;\r")
    terminal.wait_for(r"^In \[3\]:")
    shown = terminal.text[terminal.text.index("In [2]:") :].splitlines()
    ends = [
        wcswidth(line) for line in shown if re.search(r"\d+$", line) and ("고양이" in line or "dog" in line)
    ]
    assert len(ends) == 2
    assert ends[0] == ends[1], shown

    terminal.type("SELECT * FROM\r")
    terminal.wait_for(r"SELECT \* FROM\n +\.\.\.: *$")
    terminal.type("fotos;\r")
    terminal.wait_for(r"^In \[4\]:")
    assert re.search(
        r"TS201: no table named fotos\n +2 \| fotos;\n +\^\^\^\^\^$", terminal.text, re.MULTILINE
    )
    assert "Traceback" not in terminal.text

    long = "SELECT sum(a.range * b.range) FROM range(3000000) a, range(3000000) b"
    terminal.type(f"SELECT 'begun' AS word; {long};\r")
    terminal.wait_for(r"^begun$")
    terminal.program.sendintr()
    terminal.wait_for(r"^In \[5\]:")
    assert re.search(r"\binterrupted$|\^Cinterrupted$", terminal.text, re.MULTILINE)
    terminal.type("SELECT 40 + 2 AS answer;\r")
    terminal.wait_for(r"^ +42$")

    leave(terminal)


def test_the_arrow_key_brings_back_a_cell_of_an_earlier_session(console) -> None:
    first = console()
    first.type("CREATE TABLE t AS SELECT 'of earlier' AS word;\r")
    first.wait_for(r"^In \[2\]:")
    leave(first)
    second = console()
    second.type("\x1b[A")
    second.wait_for(r"^In \[1\]: CREATE TABLE t AS SELECT 'of earlier' AS word;")


def test_a_contact_sheet_is_told_in_words_too(console) -> None:
    terminal = console()
    terminal.type("PRINT IMAGE OPTIONS(format='sheet') AS SELECT '없는 사진.png' AS image_path;\r")
    terminal.wait_for(r"^1\. 없는 +사진\.png|^1\. 없는 사진\.png")
    terminal.wait_for(r"^In \[2\]:")


@pytest.mark.parametrize("word", ["exit", "QUIT", "exit;", "quit()"])
def test_a_word_ends_the_console_and_its_kernel(console, word: str) -> None:
    terminal = console()
    kernels = psutil.Process(terminal.program.pid).children(recursive=True)
    assert kernels
    terminal.type(f"{word}\r")
    terminal.wait_for_end()
    assert "really want to exit" not in terminal.text
    _, alive = psutil.wait_procs(kernels, timeout=WAIT_S)
    assert not alive


def test_paths_are_whole_where_the_terminal_has_room_and_lose_their_beginning_where_it_has_none(
    console,
) -> None:
    terminal = console()
    folder = "thanosql-dataset/sample_photos/ai_benchmark/segmentation"
    paths = ", ".join(
        f"('{folder}/{number}.jpg', '{word}')" for number, word in ((12, "고양이"), (21, "dog"))
    )
    terminal.type(f"CREATE TABLE 사진 AS SELECT * FROM (VALUES {paths}) AS t(image_path, 설명);\r")
    terminal.wait_for(r"^In \[2\]:")

    terminal.type("FROM 사진;\r")
    terminal.wait_for(r"^In \[3\]:")
    for number in (12, 21):
        assert re.search(rf"^{folder}/{number}\.jpg  \S+", terminal.text, re.MULTILINE), terminal.text

    terminal.resize(50)
    terminal.type("FROM 사진;\r")
    terminal.wait_for(r"^In \[4\]:")
    for number in (12, 21):
        assert re.search(rf"^…/ai_benchmark/segmentation/{number}\.jpg +\S+", terminal.text, re.MULTILINE)
