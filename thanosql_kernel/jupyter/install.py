"""Making the kernel known to a Jupyter, and with it the colours of its language and its language server."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from thanosql_kernel import language_server

NAME = "thanosql"
EXTENSION = "thanosql-jupyterlab"
#: As Jupyter lays out its folders.
KERNEL = f"kernels/{NAME}"
LABEXTENSION = f"labextensions/{EXTENSION}"
SERVER = f"jupyter_server_config.d/{NAME}.json"

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a Jupyter looks.

    Attributes:
        data: Its folder of kernels and extensions.
        config: Its folder of settings.
    """

    data: Path
    config: Path

    @classmethod
    def of_user(cls) -> Place:
        """Where every Jupyter of the user looks."""
        from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir

        return cls(Path(jupyter_data_dir()), Path(jupyter_config_dir()))

    @classmethod
    def of_prefix(cls, prefix: str | Path) -> Place:
        """Where the Jupyter of an environment looks."""
        return cls(Path(prefix, "share", "jupyter"), Path(prefix, "etc", "jupyter"))

    @classmethod
    def of_kernel(cls, folder: Path) -> Place:
        """The place of a kernel's folder."""
        data = folder.parents[1]
        user = cls.of_user()
        return user if data == user.data else cls(data, data.parent.parent / "etc" / "jupyter")


def spec_folder() -> Path:
    """Where kernel.json and the logos are."""
    return _source("kernelspec", _CHECKOUT / "kernelspec")


def extension_folder() -> Path:
    """Where the built extension of JupyterLab is."""
    return _source("labextension", _CHECKOUT / "lsp" / "jupyterlab" / "labextension")


def _source(name: str, in_checkout: Path) -> Path:
    """A folder that a wheel has inside the package, and a checkout beside it."""
    folder = _PACKAGE / name
    return folder if folder.is_dir() else in_checkout


def install(*, user: bool = False, prefix: str | Path | None = None) -> Path:
    """Put the kernel, started by this Python, to where a Jupyter looks; returns the kernel's folder.

    Args:
        user: For the user, in every environment.
        prefix: For the Jupyter of that environment. Without either, of this one if it is a virtual one, else for the
            user.
    """
    if not user and prefix is None:
        user, prefix = (True, None) if sys.prefix == sys.base_prefix else (False, sys.prefix)
    place = Place.of_user() if prefix is None else Place.of_prefix(prefix)
    _copy(spec_folder(), place.data / KERNEL)
    _name_python(place.data / KERNEL / "kernel.json")
    _copy(extension_folder(), place.data / LABEXTENSION)
    if place != Place.of_prefix(sys.prefix):  # here, jupyter-lsp finds the server by its entry point
        servers = {language_server.NAME: language_server.description()}
        _write(place.config / SERVER, {"LanguageServerManager": {"language_servers": servers}})
    return place.data / KERNEL


def _copy(source: Path, folder: Path) -> None:
    _remove(folder)
    shutil.copytree(source, folder)


def _name_python(file: Path) -> None:
    """Start this Python, wherever Jupyter itself runs."""
    spec = json.loads(file.read_text(encoding="utf-8"))
    spec["argv"][0] = sys.executable
    _write(file, spec)


def _write(file: Path, content: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def uninstall(*, user: bool = False, prefix: str | Path | None = None) -> Path | None:
    """Remove what `install` put somewhere; returns the kernel's folder, None if there is none.

    Args:
        user: For the user.
        prefix: From the Jupyter of that environment. Without either, from where Jupyter finds the kernel first.
    """
    if user or prefix is not None:
        place = Place.of_user() if prefix is None else Place.of_prefix(prefix)
    elif (found := found_kernel()) is not None:
        place = Place.of_kernel(found)
    else:
        return None
    kernel = place.data / KERNEL
    removed = [_remove(part) for part in (kernel, place.data / LABEXTENSION, place.config / SERVER)]
    return kernel if removed[0] else None


def found_kernel() -> Path | None:
    """The kernel's folder that the Jupyter of this environment finds first."""
    from jupyter_client.kernelspec import KernelSpecManager

    found = KernelSpecManager().find_kernel_specs().get(NAME)
    return None if found is None else Path(found)


def _remove(path: Path) -> bool:
    """Remove a folder, a file or a link to one; whether it was there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        return True
    is_there = path.is_symlink() or path.exists()
    if is_there:
        path.unlink()
    return is_there
