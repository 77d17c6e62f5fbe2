"""Making the kernel known to Jupyter."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import thanosql_kernel

NAME = "thanosql"
_INSTALLED = f"share/jupyter/kernels/{NAME}"


def spec_folder() -> Path:
    """Where kernel.json and the logos are: the checkout, or where the wheel put them.

    Raises:
        FileNotFoundError: they are nowhere.
    """
    checkout = Path(thanosql_kernel.__file__).resolve().parent.parent / "kernelspec"
    for folder in (checkout, _folder_of_wheel(), Path(sys.prefix) / _INSTALLED):
        if folder is not None and (folder / "kernel.json").is_file():
            return folder
    raise FileNotFoundError("the kernel spec is missing; install thanosql-kernel again")


def _folder_of_wheel() -> Path | None:
    try:
        files = distribution("thanosql-kernel").files or []
    except PackageNotFoundError:
        return None
    found = (file for file in files if file.as_posix().endswith(f"{_INSTALLED}/kernel.json"))
    return next((Path(str(file.locate())).resolve().parent for file in found), None)


def install(*, user: bool = False, prefix: str | Path | None = None) -> Path:
    """Copy the spec, with this Python in it, to where Jupyter looks; returns the folder.

    Args:
        user: For the user, in every environment.
        prefix: Under ``prefix/share/jupyter/kernels``. Without either, in this environment if it is a
            virtual one, else for the user.
    """
    from jupyter_client.kernelspec import KernelSpecManager

    if not user and prefix is None:
        user, prefix = (True, None) if sys.prefix == sys.base_prefix else (False, sys.prefix)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / NAME
        shutil.copytree(spec_folder(), folder)
        _name_python(folder / "kernel.json")
        place = None if prefix is None else str(prefix)
        return Path(KernelSpecManager().install_kernel_spec(str(folder), NAME, user=user, prefix=place))


def _name_python(file: Path) -> None:
    """Start this Python, wherever Jupyter itself runs."""
    spec = json.loads(file.read_text(encoding="utf-8"))
    spec["argv"][0] = sys.executable
    file.write_text(json.dumps(spec, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def uninstall(*, user: bool = False, prefix: str | Path | None = None) -> Path | None:
    """Remove the kernel from where `install` put it; returns the folder, None if it is not there.

    Args:
        user: For the user.
        prefix: Under ``prefix/share/jupyter/kernels``. Without either, from the place where Jupyter finds it first.
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    from jupyter_core.paths import jupyter_data_dir

    manager = KernelSpecManager()
    if user or prefix is not None:
        data = Path(jupyter_data_dir()) if prefix is None else Path(prefix, "share", "jupyter")
        manager.kernel_dirs = [str(data / "kernels")]
    try:
        return Path(manager.remove_kernel_spec(NAME))
    except (NoSuchKernel, KeyError):
        return None
