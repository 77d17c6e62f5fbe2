from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from thanosql_kernel.__main__ import main
from thanosql_kernel.jupyter import doctor
from thanosql_kernel.jupyter.install import install, spec_folder


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home where Jupyter knows no kernels but those that a test installs."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "prefix" / "share" / "jupyter"))
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [])
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_JUPYTER_PATH", [])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_spec_and_its_logos_are_found():
    names = {path.name for path in spec_folder().iterdir()}
    assert {"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} <= names


@pytest.mark.parametrize("where", ["--user", "--prefix"])
def test_install_names_this_python_and_copies_the_logos(home, where, capsys):
    options = [where] if where == "--user" else [where, str(home / "prefix")]
    assert main(["install", *options]) == 0
    root = home / "data" if where == "--user" else home / "prefix" / "share" / "jupyter"
    folder = root / "kernels" / "thanosql"
    spec = json.loads((folder / "kernel.json").read_text())
    assert spec["argv"] == [sys.executable, "-P", "-m", "thanosql_kernel", "-f", "{connection_file}"]
    assert (folder / "logo-64x64.png").is_file()
    assert str(folder) in capsys.readouterr().out


def test_install_again_replaces_and_uninstall_removes(home, capsys):
    install(user=True)
    folder = install(user=True)
    assert folder.is_dir()
    assert main(["uninstall"]) == 0
    assert not folder.exists()
    assert main(["uninstall"]) == 1


def test_uninstall_removes_it_from_the_place_that_is_named_only(home, capsys):
    folders = [install(user=True), install(prefix=home / "다른 곳")]
    assert main(["uninstall", "--prefix", str(home / "다른 곳")]) == 0
    assert [folder.exists() for folder in folders] == [True, False]
    assert main(["uninstall", "--prefix", str(home / "다른 곳")]) == 1
    assert main(["uninstall", "--user"]) == 0
    assert not folders[0].exists()


def test_a_place_that_cannot_be_written_is_told_in_a_line(home, capsys):
    (home / "file").write_text("not a folder")
    assert main(["install", "--prefix", str(home / "file")]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{home / 'file' / 'share'}: Not a directory",
        "choose another place: --user, --sys-prefix or --prefix FOLDER",
    ]


def test_the_kernelspec_in_the_repository_starts_any_python():
    python, *arguments = json.loads((spec_folder() / "kernel.json").read_text())["argv"]
    assert python in ("python", sys.executable)
    assert arguments == ["-P", "-m", "thanosql_kernel", "-f", "{connection_file}"]


def test_version_and_help_answer_without_starting_a_kernel():
    command = [sys.executable, "-m", "thanosql_kernel"]
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("thanosql-kernel ")
    usage = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "install" in usage
    assert "doctor" in usage


def states(findings, words):
    return [finding.state for finding in findings if words in finding.what]


def test_the_doctor_finds_a_missing_kernel_and_says_how_to_install_it(home):
    found = [finding for finding in doctor.examine() if "does not know the kernel" in finding.what]
    assert [finding.state for finding in found] == ["bad"]
    assert found[0].advice == "run: thanosql-kernel install"
    install(user=True)
    assert states(doctor.examine(), "Jupyter finds the kernel") == ["ok"]


def test_the_doctor_finds_a_kernel_that_would_run_files_of_the_working_folder(home):
    spec = install(user=True) / "kernel.json"
    spec.write_text(spec.read_text().replace('"-P",', ""))
    found = [finding for finding in doctor.examine() if "named as modules" in finding.what]
    assert [(finding.state, finding.advice) for finding in found] == [("bad", "run: thanosql-kernel install")]


def test_the_doctor_sees_a_database_that_cannot_be_written(home, monkeypatch):
    blocked = home / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("THANOSQL_DATABASE", str(blocked / "db"))
    assert states(doctor.examine(), "database") == ["bad"]
    monkeypatch.setenv("THANOSQL_DATABASE", str(home / "new" / "데이터"))
    assert states(doctor.examine(), "database") == ["ok"]
    assert not (home / "new").exists()


def test_the_doctor_says_what_to_do_with_a_gpu_that_is_not_used(home, monkeypatch):
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available() or torch.backends.mps.is_available():
        assert states(doctor.examine(), "GPU: CLIP runs on") == ["ok"]
        return
    monkeypatch.setenv("PATH", str(home))
    assert states(doctor.examine(), "no GPU") == ["ok"]
    (home / "nvidia-smi").touch(mode=0o755)
    assert states(doctor.examine(), "GPU: there is one of NVIDIA") == ["note"]


def test_one_failing_check_does_not_hide_the_others(home, monkeypatch):
    def broken():
        raise RuntimeError("boom")
        yield

    monkeypatch.setattr(doctor, "_packages", broken)
    findings = list(doctor.examine())
    assert states(findings, "boom") == ["bad"]
    assert states(findings, "database") == ["ok"]


def test_the_report_fails_when_something_is_bad(home, capsys):
    assert doctor.report() == 1
    assert "thanosql-kernel install" in capsys.readouterr().out


def test_an_installed_wheel_brings_the_same_spec():
    assert Path(spec_folder() / "logo-svg.svg").read_text().startswith("<svg")
