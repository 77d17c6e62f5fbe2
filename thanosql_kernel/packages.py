"""Python packages: which of those that CLIP runs on are here, and the command that installs packages."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

#: What ``thanosql-kernel[clip]`` brings, by the names under which it is imported.
CLIP = ("torch", "transformers", "sentence_transformers", "huggingface_hub")
#: Installs it, also where this package itself comes from no index: pip takes the one that is installed.
_CLIP_EXTRA = "thanosql-kernel[clip]"
_FOR_PROCESSORS = "https://download.pytorch.org/whl/cpu"

_SITE_PACKAGES = ("lib/python3*/site-packages", "lib/python3/dist-packages", "Lib/site-packages")
_PYTHONS = ("bin/python", "bin/python3", "python.exe", "Scripts/python.exe")


def missing(names: Iterable[str]) -> tuple[str, ...]:
    """Those of some packages that are not installed, also since this process started; nothing is imported."""
    invalidate_caches()
    return tuple(name for name in names if find_spec(name) is None)


def clip_command() -> str:
    """The line for a terminal that installs what CLIP runs on.

    For Linux, PyPI has PyTorch with the gigabytes of CUDA: without a GPU of NVIDIA's, the build for processors will do.
    """
    if sys.platform != "linux" or shutil.which("nvidia-smi"):
        return install_command(_CLIP_EXTRA)
    index = ("--extra-index-url", _FOR_PROCESSORS) if _has_pip(None) else ("--torch-backend", "cpu")
    return install_command(*index, _CLIP_EXTRA)


def korean_command() -> str:
    """The line for a terminal that installs what tells nouns in Korean texts."""
    return install_command("thanosql-kernel[korean]")


def ray_command() -> str:
    """The line for a terminal that installs what shares work out among machines."""
    return install_command("thanosql-kernel[ray]")


def install_command(*requirements: str, prefix: Path | None = None) -> str:
    """The line for a terminal that installs packages.

    Args:
        requirements: As pip takes them, with options in front.
        prefix: The environment to install into; this process's own without it.
    """
    python = quoted(sys.executable if prefix is None else str(python_of(prefix)))
    installer = f"{python} -m pip install"
    if not _has_pip(prefix):  # as in environments that uv has made
        installer = f"uv pip install --python {python}"
    return " ".join((installer, *map(quoted, requirements)))


def python_of(prefix: Path) -> Path:
    """The Python of an environment, where one would lie if none does."""
    places = [prefix / name for name in _PYTHONS]
    return next((place for place in places if place.exists()), places[0])


def quoted(word: str) -> str:
    """A word as shells take it."""
    return f'"{word}"' if any(not (char.isalnum() or char in "/\\:._-=~") for char in word) else word


def _has_pip(prefix: Path | None) -> bool:
    if prefix is None:
        return find_spec("pip") is not None
    return any(folder.is_dir() for place in _SITE_PACKAGES for folder in prefix.glob(f"{place}/pip"))
