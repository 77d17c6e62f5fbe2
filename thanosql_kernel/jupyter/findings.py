"""What `doctor` finds, and the commands that mend it."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from json import loads
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from urllib.request import url2pathname

from thanosql_kernel.packages import install_command, quoted
from thanosql_kernel.wording import doctor as wording

State = Literal["ok", "note", "bad"]
_PROGRAM = "thanosql-kernel"


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


def run(command: str) -> str:
    """The advice to run a command."""
    return wording.RUN(command=command)


def install_packages(*requirements: str, prefix: Path | None = None) -> str:
    """The advice to install packages; see `packages.install_command`."""
    return run(install_command(*requirements, prefix=prefix))


def install_again() -> str:
    """The advice to install this package anew, from where it came."""
    return install_packages("--force-reinstall", "--no-deps", *_source())


def our_command(*words: str) -> str:
    """A command of ours, as a terminal takes it that may have another environment's programs at hand."""
    found = shutil.which(_PROGRAM)
    ours = [_PROGRAM]
    if found is None or Path(found).resolve().parent != Path(sys.executable).parent.resolve():
        ours = [sys.executable, "-P", "-m", "thanosql_kernel"]
    return " ".join(map(quoted, (*ours, *words)))


def _source() -> list[str]:
    """What pip installed this package from; its name for a package index."""
    try:
        known = loads(distribution(_PROGRAM).read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        return [_PROGRAM]
    place = Path(url2pathname(urlsplit(known.get("url", "")).path))
    if not known or not place.exists():
        return [_PROGRAM]
    return ["-e", str(place)] if known.get("dir_info", {}).get("editable") else [str(place)]
