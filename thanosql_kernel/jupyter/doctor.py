"""``thanosql-kernel doctor``: is everything in place, and what to do where it is not."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Literal

from thanosql_kernel import __version__
from thanosql_kernel.catalog.location import find_database
from thanosql_kernel.files import working_folder
from thanosql_kernel.visible import visible

State = Literal["ok", "note", "bad"]
_OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        state: "note" when it works but could be better, "bad" when something will not work.
        what: The thing and how it is.
        advice: What to do about it, unless it is "ok".
    """

    state: State
    what: str
    advice: str = ""


def report() -> int:
    """Print what `examine` finds; returns 0 when nothing is bad."""
    findings = list(examine())
    for finding in findings:
        print(f"{finding.state:<4}  {visible(finding.what)}")
        if finding.advice:
            print(f"      -> {visible(finding.advice)}")
    return int(any(finding.state == "bad" for finding in findings))


def examine() -> Iterator[Finding]:
    """Look at everything; one that fails does not hide the others."""
    checks: tuple[Callable[[], Iterator[Finding]], ...]
    checks = (_python, _packages, _spec, _weights, _gpu, _database)
    for check in checks:
        try:
            yield from check()
        except Exception as error:
            name = check.__name__.strip("_")
            yield Finding("bad", f"{name}: {type(error).__name__}: {error}", "install thanosql-kernel again")


def _python() -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    what = f"Python {found}, thanosql-kernel {__version__} ({sys.executable})"
    if sys.version_info < _OLDEST_PYTHON:
        yield Finding("bad", what, "Python 3.11 or later is needed")
    else:
        yield Finding("ok", what)


def _packages() -> Iterator[Finding]:
    from packaging.requirements import Requirement

    wanted = [Requirement(line) for line in requires("thanosql-kernel") or []]
    wanted = [need for need in wanted if need.marker is None or need.marker.evaluate({"extra": ""})]
    faults = [fault for need in wanted for fault in _faults(need.name, str(need.specifier))]
    yield from faults
    if not faults:
        yield Finding("ok", f"{len(wanted)} packages")


def _faults(name: str, wanted: str) -> Iterator[Finding]:
    from packaging.specifiers import SpecifierSet

    try:
        found = version(name)
    except PackageNotFoundError:
        yield Finding("bad", f"{name} is not installed", f'pip install "{name}{wanted}"')
        return
    if not SpecifierSet(wanted).contains(found, prereleases=True):
        yield Finding("bad", f"{name} {found} is not {wanted}", f'pip install "{name}{wanted}"')


def _spec() -> Iterator[Finding]:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec("thanosql")
    except NoSuchKernel:
        yield Finding("bad", "Jupyter does not know the kernel", "run: thanosql-kernel install")
        return
    python = spec.argv[0]
    if os.path.isabs(python) and not os.path.exists(python):
        what = f"the kernel is to be started by {python}, which is gone"
        yield Finding("bad", what, "run: thanosql-kernel install")
    elif "-P" not in spec.argv:
        what = f"the kernel in {spec.resource_dir} runs files of the working folder that are named as modules"
        yield Finding("bad", what, "run: thanosql-kernel install")
    else:
        yield Finding("ok", f"Jupyter finds the kernel in {spec.resource_dir}")


def _weights() -> Iterator[Finding]:
    from thanosql_kernel.catalog import Model
    from thanosql_kernel.models.registry import weights_at_hand
    from thanosql_kernel.models.spec import SPECS

    for spec in SPECS.values():
        if weights_at_hand(Model(spec.name, spec.name)):
            yield Finding("ok", f"model {spec.name}: {spec.summary}")
        elif spec.loader == "mini":
            yield Finding(
                "bad", f"model {spec.name}: its weights are missing", "install thanosql-kernel again"
            )
        else:
            what = f"model {spec.name}: its weights are not on this machine, mini stands in"
            yield Finding(
                "note", what, f"run GET THANOSQL MODEL {spec.name} where {spec.source} can be reached"
            )


def _gpu() -> Iterator[Finding]:
    import torch

    if torch.cuda.is_available():
        yield Finding("ok", f"GPU: CLIP runs on {torch.cuda.get_device_name()}")
    elif torch.backends.mps.is_available():
        yield Finding("ok", "GPU: CLIP runs on Apple's")
    elif shutil.which("nvidia-smi"):
        what = f"GPU: there is one of NVIDIA, but PyTorch {torch.__version__} cannot use it"
        yield Finding(
            "note", what, "install a PyTorch built for CUDA: https://pytorch.org/get-started/locally/"
        )
    else:
        yield Finding("ok", "no GPU: all models run on the processor")


def _database() -> Iterator[Finding]:
    location = find_database(working_folder())
    if not location.is_local:
        yield Finding(
            "note", f"database {location.address}", "whether it answers shows at the first statement"
        )
        return
    folder = location.folder
    parent = next(known for known in (folder, *folder.parents) if known.exists())
    try:
        with tempfile.TemporaryFile(dir=parent):
            yield Finding("ok", f"database {folder}" + ("" if folder.exists() else " (made when first used)"))
    except OSError as error:
        advice = "set THANOSQL_DATABASE to a folder that you can write to"
        yield Finding("bad", f"database {folder}: {error.strerror}", advice)
