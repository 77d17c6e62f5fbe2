"""Environments as users have them: the wheel in one, Jupyter in another, installed and uninstalled in any order."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

#: Starts the kernel as any Jupyter does and runs a cell.
START = """
import importlib.util
from jupyter_client.manager import start_new_kernel
found = importlib.util.find_spec("thanosql_kernel")  # an editable install leaves a folder without code
assert found is None or found.origin is None
manager, client = start_new_kernel(kernel_name="thanosql", startup_timeout=120)
said = []
client.execute_interactive("SELECT 40 + 2 AS 답", timeout=120, output_hook=said.append)
print(*(one["content"]["data"]["text/plain"] for one in said if one["msg_type"] == "display_data"))
client.stop_channels()
manager.shutdown_kernel()
"""


class Environment:
    """A virtual environment that borrows the packages of this one, but not this project."""

    def __init__(self, folder: Path, home: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        self.folder, self.python = folder, folder / "bin" / "python"
        paths = {"base": str(folder), "platbase": str(folder)}
        self.packages = Path(sysconfig.get_path("purelib", "venv", paths))
        (self.packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
        self.home = home

    def run(self, *command: object, fails: bool = False) -> str:
        """What a program prints, in the home of the test and with no PYTHONPATH."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HF_HUB_OFFLINE") if name in os.environ}
        told = {"HOME": str(self.home), "PYTHONUTF8": "1", "THANOSQL_LANGUAGE": "en"}
        done = subprocess.run(
            list(map(str, command)), cwd=self.home, env=kept | told, capture_output=True, encoding="utf-8"
        )
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        return done.stdout

    def ours(self, *words: object, fails: bool = False) -> str:
        """What ``thanosql-kernel`` prints."""
        return self.run(self.folder / "bin" / "thanosql-kernel", *words, fails=fails)

    def pip(self, *words: object) -> str:
        """What pip prints that works on this environment."""
        return self.run(sys.executable, "-m", "pip", "--python", self.python, *words)

    @property
    def kernel(self) -> Path:
        return self.folder / "share" / "jupyter" / "kernels" / "thanosql"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of these sources."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(ROOT)]
    subprocess.run(build, check=True)
    return next(out.glob("thanosql_kernel-*.whl"))


@pytest.fixture
def environment(tmp_path: Path, wheel: Path) -> Environment:
    """One with the kernel."""
    (tmp_path / "home").mkdir()
    made = Environment(tmp_path / "kernel 환경", tmp_path / "home")
    made.pip("install", "--no-deps", "--no-index", wheel)
    return made


def test_install_and_uninstall_can_be_repeated_after_pip_has_installed(environment: Environment) -> None:
    assert (environment.kernel / "logo-64x64.png").is_file()
    for _ in range(2):
        environment.ours("uninstall")
        assert not environment.kernel.exists()
        environment.ours("uninstall", fails=True)
        environment.ours("install")
        environment.ours("install")
        assert (environment.kernel / "logo-64x64.png").is_file()
    environment.pip("uninstall", "--yes", "thanosql-kernel")
    assert not environment.kernel.exists()


def test_pip_uninstalls_after_uninstall_and_installs_once_more(environment: Environment, wheel: Path) -> None:
    environment.ours("uninstall")
    environment.pip("uninstall", "--yes", "thanosql-kernel")
    environment.pip("install", "--no-deps", "--no-index", wheel)
    assert (environment.kernel / "kernel.json").is_file()


def test_what_the_doctor_advises_brings_back_the_kernel_and_the_model(environment: Environment) -> None:
    environment.ours("uninstall")
    model = environment.packages / "thanosql_kernel" / "models" / "data" / "mini" / "text.npz"
    model.unlink()
    bad = _advice(environment.ours("doctor", fails=True))
    assert len(bad) == 2
    for command in bad:
        program, *words = command
        if "pip" in words:  # borrowed from this Python, whose pip would ask an index for the tools of a build
            environment.pip(*words[words.index("pip") + 1 :], "--no-index")
        else:
            environment.run(program, *words)
    assert _advice(environment.ours("doctor")) == []
    assert model.is_file()


def _advice(report: str) -> list[list[str]]:
    """The commands that a report has for what is bad."""
    lines = report.splitlines()
    return [
        shlex.split(advice.partition("run: ")[2])
        for line, advice in pairwise(lines)
        if line.startswith("bad")
    ]


@pytest.mark.parametrize("where", ["--user", "--prefix"])
def test_the_jupyter_of_another_environment_starts_the_kernel(
    environment: Environment, tmp_path: Path, where: str
) -> None:
    jupyter = Environment(tmp_path / "jupyter", environment.home)
    environment.ours("install", where, *([jupyter.folder] if where == "--prefix" else []))
    assert "42" in jupyter.run(jupyter.python, "-c", START)
