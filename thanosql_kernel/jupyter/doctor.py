"""``thanosql-kernel doctor``: is everything in place, and what to do where it is not."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

from thanosql_kernel import __version__
from thanosql_kernel.catalog.location import find_database
from thanosql_kernel.errors import display_width
from thanosql_kernel.files import working_folder
from thanosql_kernel.jupyter.findings import Finding, install_again, install_packages, run
from thanosql_kernel.jupyter.front_ends import examine_kernel, examine_labs
from thanosql_kernel.packages import CLIP, clip_command, missing
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import counted
from thanosql_kernel.wording import doctor as wording
from thanosql_kernel.wording.models import TS400

if TYPE_CHECKING:
    from packaging.requirements import Requirement

    from thanosql_kernel.models.spec import ModelSpec

_OLDEST_PYTHON = (3, 11)
_LABELS = {"ok": wording.OK, "note": wording.NOTE, "bad": wording.BAD}
_LABEL_COLUMNS = 4


def report() -> int:
    """Print what `examine` finds; returns 0 when nothing is bad."""
    findings = list(examine())
    for finding in findings:
        label = str(_LABELS[finding.state])
        print(f"{label}{' ' * (_LABEL_COLUMNS - display_width(label))}  {visible(finding.what)}")
        if finding.advice:
            print(f"{' ' * _LABEL_COLUMNS}  -> {visible(finding.advice)}")
    return int(any(finding.state == "bad" for finding in findings))


def examine() -> Iterator[Finding]:
    """Look at everything; one that fails does not hide the others."""
    checks: tuple[Callable[[], Iterator[Finding]], ...]
    checks = (_python, _packages, examine_kernel, examine_labs, _mini, _clip, _gpu, _database)
    for check in checks:
        try:
            yield from check()
        except Exception as error:
            name = check.__name__.strip("_")
            what = wording.FAILED(check=name, kind=type(error).__name__, reason=error)
            yield Finding("bad", what, install_again())


# -- Python and its packages ---------------------------------------------------------------------------------


def _python() -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    what = wording.PYTHON(python=found, version=__version__, executable=sys.executable)
    if sys.version_info < _OLDEST_PYTHON:
        yield Finding("bad", what, wording.OLD_PYTHON())
    else:
        yield Finding("ok", what)


def _packages() -> Iterator[Finding]:
    wanted = _wanted("")
    faults = [fault for need in wanted if (fault := _fault(need))]
    yield from faults
    if not faults:
        yield Finding("ok", counted(len(wanted), "package"))


def _wanted(extra: str) -> list[Requirement]:
    """What this package requires, or what an extra of it adds."""
    from packaging.requirements import Requirement

    all_of_them = [Requirement(line) for line in requires("thanosql-kernel") or []]
    always = [need for need in all_of_them if need.marker is None or need.marker.evaluate({"extra": ""})]
    if not extra:
        return always
    return [need for need in all_of_them if need.marker and need.marker.evaluate({"extra": extra})]


def _fault(need: Requirement) -> Finding | None:
    try:
        found = version(need.name)
    except PackageNotFoundError:
        what = wording.NOT_INSTALLED(package=need.name)
    else:
        if need.specifier.contains(found, prereleases=True):
            return None
        what = wording.OTHER_VERSION(package=need.name, version=found, wanted=need.specifier)
    return Finding("bad", what, install_packages(f"{need.name}{need.specifier}"))


# -- models --------------------------------------------------------------------------------------------------


def _mini() -> Iterator[Finding]:
    from thanosql_kernel.models import mini
    from thanosql_kernel.models.spec import SPECS

    spec = SPECS["mini"]
    if all(file.is_file() for file in (mini.IMAGE_FILE, mini.TEXT_FILE)):
        yield Finding("ok", _model(spec))
    else:
        yield Finding("bad", wording.NO_MINI(name=spec.name), install_again())


def _clip() -> Iterator[Finding]:
    from thanosql_kernel.models.spec import SPECS

    absent = missing(CLIP)
    if absent:
        what = wording.NO_CLIP(packages=", ".join(absent))
        yield Finding("note", what, run(clip_command()))
        return
    yield from (fault for need in _wanted("clip") if (fault := _fault(need)))
    yield from (_weights(spec) for spec in SPECS.values() if spec.loader == "dual")


def _weights(spec: ModelSpec) -> Finding:
    from thanosql_kernel.catalog import Model
    from thanosql_kernel.models.hub import offline_variable
    from thanosql_kernel.models.registry import weights_at_hand

    if weights_at_hand(Model(spec.name, spec.name)):
        return Finding("ok", _model(spec))
    advice = wording.GET_MODEL(name=spec.name, source=spec.source)
    if variable := offline_variable():
        advice = wording.UNSET_OFFLINE(variable=variable, name=spec.name, source=spec.source)
    told = wording.STANDS_IN if spec.stands_in else wording.NO_WEIGHTS
    return Finding("note", told(name=spec.name), advice)


def _model(spec: ModelSpec) -> str:
    return wording.MODEL(name=spec.name, summary=spec.summary)


def _gpu() -> Iterator[Finding]:
    if missing(CLIP):  # nothing else would use one
        return
    try:
        import torch
    except (ImportError, OSError) as error:
        what = TS400.TORCH_FAILS(reason=error)
        yield Finding("note", what, install_packages("--force-reinstall", "torch"))
        return
    if torch.cuda.is_available():
        yield Finding("ok", wording.GPU(device=torch.cuda.get_device_name()))
    elif torch.backends.mps.is_available():
        yield Finding("ok", wording.GPU(device=wording.APPLE()))
    elif shutil.which("nvidia-smi"):
        yield Finding("note", wording.UNUSED_GPU(version=torch.__version__), wording.INSTALL_CUDA())
    else:
        yield Finding("ok", wording.NO_GPU())


# -- the database --------------------------------------------------------------------------------------------


def _database() -> Iterator[Finding]:
    location = find_database(working_folder())
    if not location.is_local:
        yield Finding("note", wording.DATABASE(database=location.address), wording.ANSWERS_LATER())
        return
    folder = location.folder
    parent = next(known for known in (folder, *folder.parents) if known.exists())
    try:
        with tempfile.TemporaryFile(dir=parent):
            known = wording.DATABASE if folder.exists() else wording.NEW_DATABASE
            yield Finding("ok", known(database=folder))
    except OSError as error:
        what = wording.BAD_DATABASE(database=folder, reason=error.strerror)
        yield Finding("bad", what, wording.CHOOSE_FOLDER())
