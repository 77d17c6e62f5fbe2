from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from thanosql_kernel.__main__ import main
from thanosql_kernel.jupyter.install import install, spec_folder


def test_the_spec_and_its_logos_are_found():
    names = {path.name for path in spec_folder().iterdir()}
    assert {"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} <= names


@pytest.mark.parametrize("where", ["--user", "--prefix", "--sys-prefix"])
def test_install_names_this_python_and_copies_logos_and_colours(home, where, capsys):
    roots = {
        "--user": home / "data",
        "--prefix": home / "다른 곳" / "share" / "jupyter",
        "--sys-prefix": home / "env" / "share" / "jupyter",
    }
    assert main(["install", where, *([str(home / "다른 곳")] if where == "--prefix" else [])]) == 0
    folder = roots[where] / "kernels" / "thanosql"
    spec = json.loads((folder / "kernel.json").read_text())
    assert spec["argv"] == [sys.executable, "-P", "-m", "thanosql_kernel", "-f", "{connection_file}"]
    assert (folder / "logo-64x64.png").is_file()
    assert (roots[where] / "labextensions" / "thanosql-jupyterlab" / "package.json").is_file()
    assert str(folder) in capsys.readouterr().out


def test_another_jupyter_is_told_how_to_start_the_language_server(home):
    from jupyter_lsp.manager import LanguageServerManager

    install(user=True)
    manager = LanguageServerManager(autodetect=False)
    manager.init_language_servers()
    (server,) = manager.language_servers.values()
    assert server["argv"][:4] == [sys.executable, "-P", "-m", "thanosql_lsp"]
    assert main(["uninstall"]) == 0
    assert LanguageServerManager().conf_d_language_servers == {}


def test_the_jupyter_of_this_environment_finds_the_server_by_itself(home):
    install(prefix=sys.prefix)
    assert not list(home.rglob("jupyter_server_config.d"))


def test_install_and_uninstall_can_be_repeated_in_any_order(home, capsys):
    for _ in range(2):
        install(user=True)
        folder = install(user=True)
        assert (folder / "kernel.json").is_file()
        assert main(["uninstall"]) == 0
        assert not folder.exists()
        assert main(["uninstall"]) == 1


def test_uninstall_leaves_nothing_of_ours(home):
    for options in (["--user"], ["--sys-prefix"], ["--prefix", str(home / "다른 곳")]):
        main(["install", *options])
        main(["uninstall", *options])
    assert list(home.rglob("*thanosql*")) == []


def test_uninstall_removes_it_from_the_place_that_is_named_only(home, capsys):
    folders = [install(user=True), install(prefix=home / "다른 곳")]
    assert main(["uninstall", "--prefix", str(home / "다른 곳")]) == 0
    assert [folder.exists() for folder in folders] == [True, False]
    assert main(["uninstall", "--prefix", str(home / "다른 곳")]) == 1
    assert main(["uninstall", "--user"]) == 0
    assert not folders[0].exists()


def test_a_link_to_a_kernel_is_removed_and_not_what_it_leads_to(home):
    folder = install(user=True)
    elsewhere = folder.rename(home / "elsewhere")
    folder.symlink_to(elsewhere)
    assert main(["uninstall"]) == 0
    assert not folder.is_symlink()
    assert (elsewhere / "kernel.json").is_file()


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


def test_an_installed_wheel_brings_the_same_spec():
    assert Path(spec_folder() / "logo-svg.svg").read_text().startswith("<svg")
