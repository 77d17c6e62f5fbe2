"""Neovim with the set-up of the README, driven by keystrokes."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed: make programs"),
]
README = Path(__file__).parents[2] / "lsp" / "README.md"
TEXT = """CONVERT USING tutorial_search_clip OPTIONS(table_name='사진') AS SELECT * FROM photos;
SELECT *
"""
SEARCH = "FROM (SEARCH IMAGE texts=['고양이 😀', 'a dog'] USING tutorial_search_clip AS SELECT * FROM 사진);"
_TIMEOUT_S = 60


class Neovim:
    """A Neovim without a screen."""

    def __init__(self, folder: Path, file: Path) -> None:
        (setup,) = re.findall(r"```lua\n(vim\.api.*?)```", README.read_text("utf-8"), re.DOTALL)
        (folder / "init.lua").write_text(setup, "utf-8")
        self._socket = str(folder / "nvim.sock")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "XDG_STATE_HOME": str(folder), "LANG": "C.UTF-8"}
        command = [
            "nvim",
            "--headless",
            "-n",
            "--listen",
            self._socket,
            "-u",
            str(folder / "init.lua"),
            str(file),
        ]
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL)
        self.until(lambda: Path(self._socket).exists(), "Neovim listens")

    def keys(self, typed: str) -> None:
        subprocess.run(
            ["nvim", "--server", self._socket, "--remote-send", typed], check=True, timeout=_TIMEOUT_S
        )

    def value(self, expression: str) -> str:
        command = ["nvim", "--server", self._socket, "--remote-expr", expression]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_TIMEOUT_S)
        return done.stdout.strip() or done.stderr.strip()

    def lua(self, expression: str) -> str:
        return self.value(f"luaeval('{expression}')")

    def until(self, holds, what: str) -> None:
        deadline = time.monotonic() + _TIMEOUT_S
        while not holds():
            assert time.monotonic() < deadline, f"never: {what}"

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(_TIMEOUT_S)


@pytest.fixture
def nvim(tmp_path):
    file = tmp_path / "검색.thanosql"
    file.write_text(TEXT, "utf-8")
    editor = Neovim(tmp_path, file)
    editor.until(lambda: editor.lua("#vim.lsp.buf_get_clients(0)") == "1", "the server is attached")
    editor.until(
        lambda: (
            editor.lua("vim.lsp.buf_get_clients(0)[1].server_capabilities.completionProvider ~= nil")
            == "true"
        ),
        "the server has answered",
    )
    yield editor
    editor.close()


@pytest.mark.parametrize("typed", ["", "tut"])
def test_neovim_completes_the_similarity_column_before_anything_has_run(nvim, typed):
    nvim.keys(f"2G0CSELECT  {SEARCH}<Esc>0f a{typed}<C-x><C-o>")
    nvim.until(lambda: nvim.value("pumvisible()") == "1", "the list is shown")
    words = nvim.value("join(map(complete_info(['items']).items, 'v:val.word'), ' ')").split()
    assert "tutorial_search_clip_clipen_similarity2" in words
    assert "tutorial_search_clip_clipen_similarity3" not in words
    nvim.keys("<C-n>" * (words.index("tutorial_search_clip_clipen_similarity2")) + "<C-y><Esc>")
    nvim.until(lambda: nvim.value("mode()") == "n", "the word is taken")
    assert nvim.value("getline(2)") == f"SELECT tutorial_search_clip_clipen_similarity2 {SEARCH}"
    nvim.until(lambda: nvim.lua("#vim.diagnostic.get(0)") == "0", "nothing is wrong")


def test_neovim_shows_what_is_wrong_at_its_place(nvim):
    nvim.keys(f"2GA {SEARCH}<Esc>0ciwSELEC<Esc>")
    nvim.until(lambda: "SELEC" in nvim.lua("vim.inspect(vim.diagnostic.get(0))"), "something is wrong")
    assert nvim.lua("vim.diagnostic.get(0)[1].lnum") == "1"
    assert "SELEC" in nvim.lua("vim.diagnostic.get(0)[1].message")
    nvim.keys("u")
    nvim.until(lambda: nvim.lua("#vim.diagnostic.get(0)") == "0", "nothing is wrong any more")
