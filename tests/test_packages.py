"""What is installed, and the command that installs more."""

import sys
from pathlib import Path

import pytest

from thanosql_kernel import packages
from thanosql_kernel.packages import install_command, missing, python_of, quoted


def test_packages_that_come_later_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    assert missing(["sys", "패키지"]) == ("패키지",)
    (tmp_path / "패키지.py").touch()
    assert missing(["sys", "패키지"]) == ()


def test_the_command_is_for_this_python_and_for_every_shell(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/venv/bin/python")
    assert install_command("pip", "x>=1,<2") == '/venv/bin/python -m pip install pip "x>=1,<2"'
    monkeypatch.setattr(sys, "executable", "/my venv/bin/python")
    assert install_command("x[y]") == '"/my venv/bin/python" -m pip install "x[y]"'


def test_an_environment_without_pip_is_given_to_uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(packages, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "executable", "/venv/bin/python")
    assert install_command("x") == "uv pip install --python /venv/bin/python x"


def test_the_command_can_be_for_another_environment(tmp_path: Path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").touch()
    python = tmp_path / "bin" / "python3"
    assert install_command("x", prefix=tmp_path) == f"uv pip install --python {python} x"
    (tmp_path / "lib" / "python3.12" / "site-packages" / "pip").mkdir(parents=True)
    assert install_command("x", prefix=tmp_path) == f"{python} -m pip install x"


def test_the_python_of_an_environment_is_where_its_system_puts_it(tmp_path: Path):
    assert python_of(tmp_path) == tmp_path / "bin" / "python"
    (tmp_path / "python.exe").touch()
    assert python_of(tmp_path) == tmp_path / "python.exe"


@pytest.mark.parametrize(
    ("platform", "has_gpu", "pip", "command"),
    [
        (
            "linux",
            False,
            True,
            "/v/python -m pip install --extra-index-url https://download.pytorch.org/whl/cpu",
        ),
        ("linux", False, False, "uv pip install --python /v/python --torch-backend cpu"),
        ("linux", True, True, "/v/python -m pip install"),
        ("win32", False, True, "/v/python -m pip install"),
        ("darwin", False, True, "/v/python -m pip install"),
    ],
)
def test_clip_comes_without_cuda_where_nothing_could_use_it(
    platform: str, has_gpu: bool, pip: bool, command: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "executable", "/v/python")
    monkeypatch.setattr(packages.shutil, "which", lambda name: name if has_gpu else None)
    monkeypatch.setattr(packages, "find_spec", lambda name: pip or None)
    assert packages.clip_command() == f'{command} "thanosql-kernel[clip]"'


@pytest.mark.parametrize("word", ["x", r"C:\Python\python.exe", "/a/b-c_1.2/python"])
def test_a_word_that_no_shell_changes_stays(word: str):
    assert quoted(word) == word
