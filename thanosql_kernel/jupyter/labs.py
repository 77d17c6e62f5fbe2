"""The JupyterLabs that somebody here may open the kernel in, and where each looks for what belongs to it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

_ANSWER_S = 30


@dataclass(frozen=True, slots=True)
class Lab:
    """A JupyterLab.

    Attributes:
        prefix: The environment that it is installed in.
        data: Its folders of kernels and extensions, the one looked at first in front.
        config: Its folders of settings.
    """

    prefix: Path
    data: tuple[Path, ...]
    config: tuple[Path, ...]

    @property
    def is_ours(self) -> bool:
        """Whether it is in the environment of this Python."""
        return _same(self.prefix, Path(sys.prefix))

    def find(self, part: str) -> Path | None:
        """A kernel, extension or setting, by its path in one of the folders; None if it is in none."""
        return next(
            (folder / part for folder in (*self.data, *self.config) if (folder / part).exists()), None
        )


def labs() -> list[Lab]:
    """The JupyterLab of this environment and the one that the PATH leads to, as far as there are any."""
    found = list(filter(None, (_own(), _on_path())))
    return found[:1] if len(found) == 2 and _same(found[0].prefix, found[1].prefix) else found


def _own() -> Lab | None:
    from jupyter_core.paths import jupyter_config_path, jupyter_path

    if not any(distributions(name="jupyterlab")):
        return None
    data, config = (tuple(map(Path, paths)) for paths in (jupyter_path(), jupyter_config_path()))
    return Lab(Path(sys.prefix), data, config)


def _on_path() -> Lab | None:
    """What ``jupyter-lab`` in a terminal starts; None where it does not say where it looks."""
    program = shutil.which("jupyter-lab")
    if program is None:
        return None
    jupyter = Path(program).resolve().with_name("jupyter" + Path(program).suffix)
    try:
        told = subprocess.run(
            [jupyter, "--paths", "--json"], capture_output=True, timeout=_ANSWER_S, check=True
        ).stdout
        paths = json.loads(told)
        data, config = (tuple(map(Path, paths[kind])) for kind in ("data", "config"))
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return None
    prefix = next(_prefixes(data, Path(program).name), Path(program).resolve().parent.parent)
    return Lab(prefix, data, config)


def _prefixes(data: tuple[Path, ...], program: str) -> Iterator[Path]:
    """The environments of some folders that have a program: a launcher of pyenv lies in none."""
    for prefix in (folder.parent.parent for folder in data):
        if any((prefix / programs / program).exists() for programs in ("bin", "Scripts")):
            yield prefix


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)
