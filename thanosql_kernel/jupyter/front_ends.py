"""Whether Jupyter finds the kernel, and whether each JupyterLab has what draws and completes it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from thanosql_kernel import __version__
from thanosql_kernel.jupyter.findings import Finding, install_packages, our_command, run
from thanosql_kernel.jupyter.install import KERNEL, LABEXTENSION, SERVER, Place, found_kernel
from thanosql_kernel.jupyter.labs import Lab, labs
from thanosql_kernel.wording import Wording
from thanosql_kernel.wording import doctor as wording

#: Extensions of JupyterLab, what they are for, and the packages that have them.
_THEIRS = (
    ("labextensions/@jupyter-widgets/jupyterlab-manager", wording.WIDGETS, "jupyterlab_widgets>=3,<4"),
    ("labextensions/@jupyter-lsp/jupyterlab-lsp", wording.COMPLETION, "jupyterlab-lsp>=5.1,<6"),
)
_LAB = "jupyterlab>=4.4,<5"


# -- the kernel ----------------------------------------------------------------------------------------------


def examine_kernel() -> Iterator[Finding]:
    """Whether the Jupyter of this environment can start the kernel."""
    folder = found_kernel()
    if folder is None:
        yield Finding("bad", wording.UNKNOWN_KERNEL(), run(our_command("install")))
        return
    argv = _argv(folder)
    python = argv[0]
    if os.path.isabs(python) and not os.path.exists(python):
        yield Finding("bad", wording.PYTHON_GONE(python=python), _put_again(folder))
    elif "-P" not in argv:
        yield Finding("bad", wording.RUNS_FILES(folder=folder), _put_again(folder))
    elif not _is_ours(python):
        yield Finding("note", wording.OTHER_PYTHON(folder=folder, python=python), _put_again(folder))
    else:
        yield Finding("ok", wording.KERNEL(folder=folder))


def _argv(kernel: Path) -> list[str]:
    """How a kernel is started; as an old one would be, where its description cannot be read."""
    try:
        argv: list[str] = json.loads((kernel / "kernel.json").read_text(encoding="utf-8"))["argv"]
    except (OSError, ValueError, KeyError, TypeError):
        return [""]
    return argv


def _is_ours(python: str) -> bool:
    """Whether it is this environment's: Jupyter takes one without a folder for its own."""
    folder = os.path.dirname(python)
    return not folder or os.path.realpath(folder) == os.path.realpath(os.path.dirname(sys.executable))


def _put_again(part: Path) -> str:
    """The advice to put what `install` has put somewhere there once more, started by this Python.

    Args:
        part: The kernel's folder, or the extension's.
    """
    place = Place.of_kernel(part)
    prefix = place.data.parent.parent
    if place == Place.of_user():
        return run(our_command("install", "--user"))
    if place == Place.of_prefix(prefix):
        return run(our_command("install", "--prefix", str(prefix)))
    return wording.DELETE_AND_RUN(folder=part, command=our_command("install"))


# -- JupyterLab ----------------------------------------------------------------------------------------------


def examine_labs() -> Iterator[Finding]:
    """Whether the JupyterLab that is here, and the one on the PATH, have what they need."""
    found = labs()
    for lab in found:
        lacking = [*_of_ours(lab), *_of_others(lab)]
        yield from lacking or [Finding("ok", wording.LAB(prefix=lab.prefix))]
    if not found:
        yield Finding("note", wording.NO_LAB(prefix=sys.prefix), install_packages(_LAB))


def _of_ours(lab: Lab) -> Iterator[Finding]:
    """What a JupyterLab lacks of what `install` puts there."""
    missing = [name for part, name in _ours(lab) if lab.find(part) is None]
    if missing:
        yield _lack(lab, ", ".join(map(str, missing)), run(our_command("install", *_where(lab))))
    extension = lab.find(LABEXTENSION)
    if extension is not None and _version(extension) != __version__:
        what = wording.LAB_HAS_OLD(prefix=lab.prefix, folder=extension)
        yield Finding("note", what, _put_again(extension))


def _ours(lab: Lab) -> Iterator[tuple[str, Wording]]:
    yield LABEXTENSION, wording.COLOURS
    if lab.is_ours:
        return
    yield KERNEL, wording.THE_KERNEL
    if not (Place.of_prefix(lab.prefix).data / KERNEL).exists():  # else it has a ThanoSQL of its own
        yield SERVER, wording.LANGUAGE_SERVER


def _where(lab: Lab) -> tuple[str, ...]:
    if lab.is_ours:
        return ()
    if Place.of_user().data in lab.data:
        return ("--user",)
    return ("--prefix", str(lab.prefix))


def _of_others(lab: Lab) -> Iterator[Finding]:
    """What a JupyterLab lacks of other packages' extensions."""
    prefix = None if lab.is_ours else lab.prefix
    for part, name, package in _THEIRS:
        if lab.find(part) is None:
            yield _lack(lab, name(), install_packages(package, prefix=prefix))


def _lack(lab: Lab, what: str, advice: str) -> Finding:
    folders = ", ".join(map(str, lab.data))
    return Finding("note", wording.LAB_LACKS(prefix=lab.prefix, what=what, folders=folders), advice)


def _version(extension: Path) -> str:
    try:
        return str(json.loads((extension / "package.json").read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
