"""What the doctor finds; where it can be done here, its advice is followed and it looks once more."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from thanosql_kernel import packages
from thanosql_kernel.__main__ import main
from thanosql_kernel.jupyter import doctor, findings, front_ends
from thanosql_kernel.jupyter.install import LABEXTENSION, install
from thanosql_kernel.wording import doctor as wording

WIDGETS = "labextensions/@jupyter-widgets/jupyterlab-manager"
COMPLETION = "labextensions/@jupyter-lsp/jupyterlab-lsp"


def states(words, check=doctor.examine):
    return [finding.state for finding in check() if words in finding.what]


def only(check):
    (finding,) = check()
    return finding


def command_of(finding):
    """The words of the command that a finding advises to run."""
    return shlex.split(finding.advice.partition("run: ")[2])


def follow(finding):
    """Run the command of ours that a finding advises."""
    command = command_of(finding)
    assert command[:4] == [sys.executable, "-P", "-m", "thanosql_kernel"]
    assert main(command[4:]) == 0


def has(folder: Path, *parts: str) -> None:
    for part in parts or (".",):
        (folder / part).mkdir(parents=True, exist_ok=True)


# -- the kernel ----------------------------------------------------------------------------------------------


def test_a_missing_kernel_is_installed_as_it_says(home):
    found = only(front_ends.examine_kernel)
    assert (found.state, found.what) == ("bad", "Jupyter does not know the kernel")
    follow(found)
    assert only(front_ends.examine_kernel).state == "ok"


@pytest.mark.parametrize("where", ["user", "environment", "unusual"])
@pytest.mark.parametrize("fault", ["files", "gone", "unreadable", "another"])
def test_a_kernel_that_starts_wrongly_is_mended_where_it_is(home, monkeypatch, where, fault):
    if where == "unusual":
        folder = home / "kernels" / "thanosql"
        shutil.copytree(install(user=True), folder)
        main(["uninstall", "--user"])
        monkeypatch.setenv("JUPYTER_PATH", str(home))
    else:
        folder = install(user=where == "user", prefix=None if where == "user" else sys.prefix)
    spec = folder / "kernel.json"
    other = home / "other" / "bin" / "python"
    has(home / "other", "bin/python")
    spec.write_text(
        {
            "files": spec.read_text().replace('"-P",', ""),
            "gone": spec.read_text().replace(sys.executable, str(home / "gone" / "python")),
            "unreadable": "{",
            "another": spec.read_text().replace(sys.executable, str(other)),
        }[fault]
    )
    found = only(front_ends.examine_kernel)
    assert found.state == ("note" if fault == "another" else "bad")
    assert (
        found.what
        == {
            "files": wording.RUNS_FILES(folder=folder),
            "gone": wording.PYTHON_GONE(python=home / "gone" / "python"),
            "unreadable": wording.RUNS_FILES(folder=folder),
            "another": wording.OTHER_PYTHON(folder=folder, python=other),
        }[fault]
    )
    if where == "unusual":
        assert found.advice.startswith(f"delete {folder}, then ")
        shutil.rmtree(folder)
    follow(found)
    assert only(front_ends.examine_kernel).state == "ok"


def test_our_command_is_the_short_one_where_the_terminal_knows_it(home, monkeypatch):
    python = home / "venv" / "bin" / "python"
    has(python.parent)
    monkeypatch.setattr(sys, "executable", str(python))
    assert findings.our_command("doctor") == f"{python} -P -m thanosql_kernel doctor"
    (python.parent / "thanosql-kernel").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(python.parent))
    assert findings.our_command("doctor") == "thanosql-kernel doctor"


# -- JupyterLab ----------------------------------------------------------------------------------------------


def test_what_the_jupyterlab_here_lacks_is_named_with_where_it_was_looked_for(home):
    found = list(front_ends.examine_labs())
    assert {one.state for one in found} == {"note"}
    ours, widgets, completion = found
    assert wording.COLOURS() in ours.what
    for one in found:
        assert f"JupyterLab in {home / 'env'} " in one.what
        assert f"{home / 'env' / 'share' / 'jupyter'}" in one.what
        assert f"{home / 'data'}" in one.what
    assert command_of(widgets) == [sys.executable, "-m", "pip", "install", "jupyterlab_widgets>=3,<4"]
    assert command_of(completion) == [sys.executable, "-m", "pip", "install", "jupyterlab-lsp>=5.1,<6"]
    follow(ours)
    has(home / "env" / "share" / "jupyter", WIDGETS, COMPLETION)
    assert only(front_ends.examine_labs).state == "ok"


def test_colours_of_another_version_are_replaced_as_it_says(home):
    install(user=True)
    has(home / "env" / "share" / "jupyter", WIDGETS, COMPLETION)
    about = home / "data" / LABEXTENSION / "package.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"version": "0.0.1"}))
    found = only(front_ends.examine_labs)
    assert found.what == wording.LAB_HAS_OLD(prefix=home / "env", folder=about.parent)
    follow(found)
    assert only(front_ends.examine_labs).state == "ok"


@pytest.fixture
def other_lab(home, monkeypatch):
    """The environment of a JupyterLab on the PATH; there is none in this one."""
    monkeypatch.setattr("thanosql_kernel.jupyter.labs.distributions", lambda name: [])
    other = home / "other 환경"
    has(other / "bin")
    paths = {"data": [home / "data", other / "share" / "jupyter"], "config": [home / "config"]}
    told = json.dumps({kind: list(map(str, folders)) for kind, folders in paths.items()})
    jupyter = other / "bin" / "jupyter"
    jupyter.write_text(f"#!/bin/sh\n[ \"$*\" = '--paths --json' ] && echo '{told}'\n")
    jupyter.chmod(0o755)
    (other / "bin" / "jupyter-lab").touch(mode=0o755)
    (other / "bin" / "python").touch(mode=0o755)
    monkeypatch.setenv("PATH", f"{other / 'bin'}:/bin:/usr/bin")
    return other


def test_a_jupyterlab_of_another_environment_is_given_what_it_lacks(home, other_lab):
    has(other_lab, "lib/python3.12/site-packages/pip")
    ours, widgets, completion = front_ends.examine_labs()
    for name in (wording.THE_KERNEL, wording.COLOURS, wording.LANGUAGE_SERVER):
        assert str(name) in ours.what
    python = str(other_lab / "bin" / "python")
    assert command_of(widgets)[:4] == [python, "-m", "pip", "install"]
    assert command_of(completion)[:4] == [python, "-m", "pip", "install"]
    follow(ours)
    has(other_lab / "share" / "jupyter", WIDGETS, COMPLETION)
    found = only(front_ends.examine_labs)
    assert (found.state, found.what) == ("ok", wording.LAB(prefix=other_lab))


def test_a_launcher_of_jupyterlab_is_followed_to_its_environment(home, other_lab, monkeypatch):
    has(home / "bin")
    (home / "bin" / "jupyter-lab").symlink_to(other_lab / "bin" / "jupyter-lab")
    monkeypatch.setenv("PATH", f"{home / 'bin'}:/bin:/usr/bin")
    assert {f"JupyterLab in {other_lab} " in one.what for one in front_ends.examine_labs()} == {True}


def test_a_jupyterlab_with_a_thanosql_of_its_own_has_a_language_server_too(home, other_lab):
    share = other_lab / "share" / "jupyter"
    has(share, WIDGETS, COMPLETION, LABEXTENSION, "kernels/thanosql")
    shutil.copytree(install(user=True).parents[1] / LABEXTENSION, share / LABEXTENSION, dirs_exist_ok=True)
    main(["uninstall", "--user"])
    assert only(front_ends.examine_labs).state == "ok"


def test_where_there_is_no_jupyterlab_it_says_where_it_looked_and_how_to_get_one(home, monkeypatch):
    monkeypatch.setattr("thanosql_kernel.jupyter.labs.distributions", lambda name: [])
    found = only(front_ends.examine_labs)
    assert (found.state, found.what) == ("note", wording.NO_LAB(prefix=sys.prefix))
    assert command_of(found) == [sys.executable, "-m", "pip", "install", "jupyterlab>=4.4,<5"]


# -- packages and models -------------------------------------------------------------------------------------


def test_a_package_that_is_missing_or_too_old_comes_with_its_command(home, monkeypatch):
    needs = ["duckdb<1", "no-such-package>=1,<2", "natsort", "torch>=99 ; extra == 'clip'"]
    monkeypatch.setattr(doctor, "requires", lambda name: needs)
    old, missing = doctor._packages()
    assert (old.state, missing.state) == ("bad", "bad")
    assert command_of(old) == [sys.executable, "-m", "pip", "install", "duckdb<1"]
    assert command_of(missing)[-1] == "no-such-package<2,>=1"
    needs[:2] = ["duckdb", "numpy"]
    found = only(doctor._packages)
    assert (found.state, found.what) == ("ok", "3 packages")


def test_clip_that_is_not_installed_is_a_note_with_the_command(home, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    found = only(doctor._clip)
    assert found.state == "note"
    assert command_of(found) == shlex.split(packages.clip_command())
    assert list(doctor._gpu()) == []


def test_weights_that_are_not_here_are_a_note_until_they_are(home, clip_folder, monkeypatch):
    clip, multilingual, *others = doctor._clip()
    assert {found.state for found in (clip, multilingual, *others)} == {"note"}
    assert clip.advice.startswith("unset HF_HUB_OFFLINE, ")
    monkeypatch.delenv("HF_HUB_OFFLINE")
    assert next(doctor._clip()).advice.startswith("run GET THANOSQL MODEL clip ")
    monkeypatch.setenv("HF_HOME", str(home / "hub"))
    repo = home / "hub" / "hub" / "models--sentence-transformers--clip-ViT-B-32"
    shutil.copytree(clip_folder, repo / "snapshots" / ("0" * 40))
    assert next(doctor._clip()).state == "ok"


def test_a_package_without_its_model_is_to_be_installed_again_from_where_it_came(home, monkeypatch):
    monkeypatch.setattr("thanosql_kernel.models.mini.TEXT_FILE", home / "gone.npz")
    found = only(doctor._mini)
    assert (found.state, found.what) == ("bad", "model mini: its weights are missing")
    assert command_of(found)[:6] == [
        *(sys.executable, "-m", "pip", "install"),
        *("--force-reinstall", "--no-deps"),
    ]


@pytest.mark.parametrize(
    ("known", "source"),
    [
        ('{"url": "file://%s/a%%20b", "dir_info": {}}', ["{}/a b"]),
        ('{"url": "file://%s/a%%20b", "dir_info": {"editable": true}}', ["-e", "{}/a b"]),
        ('{"url": "file://%s/gone.whl", "archive_info": {}}', ["thanosql-kernel"]),
        (None, ["thanosql-kernel"]),
    ],
)
def test_what_was_installed_from_is_known_from_pip(home, monkeypatch, known, source):
    class Known:
        def read_text(self, name):
            return known % home if known else None

    has(home, "a b")
    monkeypatch.setattr(findings, "distribution", lambda name: Known())
    assert findings._source() == [word.format(home) for word in source]


def test_a_gpu_that_is_not_used_is_a_note(home, monkeypatch):
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available() or torch.backends.mps.is_available():
        assert states("GPU: CLIP runs on") == ["ok"]
        return
    assert states("no GPU", doctor._gpu) == ["ok"]
    has(home / "bin")
    (home / "bin" / "nvidia-smi").touch(mode=0o755)
    assert states("GPU: there is one of NVIDIA", doctor._gpu) == ["note"]


# -- everything else -----------------------------------------------------------------------------------------


def test_a_database_that_cannot_be_written_is_bad_until_another_folder_is_set(home, monkeypatch):
    blocked = home / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("THANOSQL_DATABASE", str(blocked / "db"))
    found = only(doctor._database)
    assert (found.state, "THANOSQL_DATABASE" in found.advice) == ("bad", True)
    monkeypatch.setenv("THANOSQL_DATABASE", str(home / "new" / "데이터"))
    assert only(doctor._database).state == "ok"
    assert not (home / "new").exists()


def test_a_python_that_is_too_old_is_bad(home, monkeypatch):
    assert only(doctor._python).state == "ok"
    monkeypatch.setattr(doctor, "_OLDEST_PYTHON", (99,))
    assert only(doctor._python).state == "bad"


def test_one_failing_check_does_not_hide_the_others(home, monkeypatch):
    def broken():
        raise RuntimeError("boom")
        yield

    monkeypatch.setattr(doctor, "_packages", broken)
    assert states("boom") == ["bad"]
    assert states("database") == ["ok"]


def test_the_report_fails_when_something_is_bad(home, capsys):
    assert doctor.report() == 1
    printed = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(printed) if line.startswith("bad   "))
    assert printed[at + 1].startswith("      -> run: ")


def test_the_report_stands_in_columns_in_korean_too(home, capsys, korean):
    doctor.report()
    printed = capsys.readouterr().out.splitlines()
    assert {line[:4] for line in printed if not line.startswith(" ")} <= {"정상  ", "참고  ", "문제  "}
    assert packages.install_command("jupyterlab_widgets>=3,<4") in "\n".join(printed)
