"""The Hugging Face hub: what of it lies on this machine, whether it can be reached, and fetching from it.

Nothing of huggingface_hub is imported to look at the cache; its layout is documented
(https://huggingface.co/docs/huggingface_hub/guides/manage-cache).
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from thanosql_kernel.errors import DataError, ModelError, Unsupported
from thanosql_kernel.models.folders import WeightFolder, inspect_configuration, inspect_folder
from thanosql_kernel.wording import Wording
from thanosql_kernel.wording.data import TS502
from thanosql_kernel.wording.refusals import TS601

PROBE_TIMEOUT_S = 4.0
"""How long the hub has to answer before it counts as out of reach."""

_DEFAULT_ENDPOINT = "https://huggingface.co"
_POLL_S = 0.1
_MEGABYTE = 1_000_000

_log = logging.getLogger(__name__)


class Progress(Protocol):
    """A bar over one piece of work."""

    def advance(self, n: int = 1) -> None:
        """Say that ``n`` more units are done."""
        ...


OpenProgress = Callable[[str, int | None, str], AbstractContextManager[Progress]]
"""Opens a bar: label, total, unit."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether the hub can be had, and if not why.

    Attributes:
        problem: What to say of a ``{model}`` whose weights are needed; None if it can be had.
        remedy: What to do about it.
        status: The hub's answer, where it is HTTP that refuses.
    """

    problem: Wording | None = None
    remedy: Wording | None = None
    status: int | None = None

    @property
    def ok(self) -> bool:
        """Whether the hub can be had."""
        return self.problem is None

    def error(self, model: str, people_say: str) -> DataError:
        """What it means for who needs a model, by its name in statements and by that which people say."""
        problem, remedy = self.problem or TS502.HUB_FAILED, self.remedy or TS502.CHECK_HUB
        return DataError(problem(model=people_say, status=self.status), hint=remedy(model=model))


REACHED = Reach()
OUT_OF_REACH = Reach(TS502.NO_HUB, TS502.CONNECT)
OFFLINE = Reach(TS502.OFFLINE, TS502.UNSET_OFFLINE)
FAILED = Reach(TS502.HUB_FAILED, TS502.CHECK_HUB)

_guard = threading.Lock()
_decided: dict[str, Reach] = {}


# -- what lies on this machine -------------------------------------------------------------------------------


def cache_folder() -> Path:
    """Where huggingface_hub keeps repositories, by the same environment variables in the same order."""
    home = os.environ.get("HF_HOME")
    if not home:
        home = os.path.join(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "huggingface")
    hub = (
        os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE") or os.path.join(home, "hub")
    )
    return Path(os.path.expandvars(os.path.expanduser(hub)))


def find_snapshot(repo: str) -> WeightFolder | None:
    """A complete snapshot of a repository in the local cache: the one that ``main`` names, else the newest."""
    return next(_complete_snapshots(repo), None)


def commit_of(folder: Path) -> str | None:
    """The hub's commit when the folder is a snapshot in a hub cache."""
    name = folder.resolve().name
    return name if folder.resolve().parent.name == "snapshots" and len(name) == 40 else None


def _complete_snapshots(repo: str) -> Iterator[WeightFolder]:
    others = os.environ.get("SENTENCE_TRANSFORMERS_HOME")  # same layout, older habit
    folders = [_repo_folder(repo), *([Path(others) / _repo_folder(repo).name] if others else [])]
    for snapshot in (snapshot for folder in folders for snapshot in _snapshots(folder)):
        try:
            yield inspect_folder(snapshot)
        except (ModelError, Unsupported) as error:
            _log.info("%s is not usable: %s", snapshot, error)


def _snapshots(repo_folder: Path) -> list[Path]:
    try:
        snapshots = [path for path in (repo_folder / "snapshots").iterdir() if path.is_dir()]
    except OSError:
        return []
    try:
        main = (repo_folder / "refs" / "main").read_text(encoding="utf-8").strip()
    except OSError:
        main = ""
    return sorted(snapshots, key=lambda path: (path.name == main, path.stat().st_mtime), reverse=True)


def _repo_folder(repo: str) -> Path:
    return cache_folder() / f"models--{repo.replace('/', '--')}"


# -- whether it can be reached -------------------------------------------------------------------------------


def endpoint() -> str:
    """The hub's address."""
    return (os.environ.get("HF_ENDPOINT") or _DEFAULT_ENDPOINT).rstrip("/")


def reach(repo: str) -> Reach:
    """Whether the hub answers for a repository; decided once a session, in at most `PROBE_TIMEOUT_S`."""
    if offline_variable():
        return OFFLINE
    with _guard:
        if endpoint() not in _decided:
            _decided[endpoint()] = _probe(repo)
        return _decided[endpoint()]


def forget_reach() -> None:
    """Decide anew the next time, since the user asked for the network just now."""
    with _guard:
        _decided.clear()


def offline_variable() -> str:
    """The environment variable that forbids to ask the hub; empty where none does."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        if os.environ.get(name, "").strip().upper() in {"1", "ON", "YES", "TRUE"}:
            return name
    return ""


def _probe(repo: str) -> Reach:
    """Ask in a thread: name resolution and proxies have no time limit of their own."""
    importlib.import_module("huggingface_hub")  # a cold disk's seconds are not the network's
    answers: list[Reach] = []
    thread = threading.Thread(
        target=lambda: answers.append(_ask(repo)), name="thanosql-hub-probe", daemon=True
    )
    thread.start()
    thread.join(PROBE_TIMEOUT_S)
    answer = answers[0] if answers else OUT_OF_REACH
    _log.info("%s: %s", endpoint(), answer)
    return answer


def _ask(repo: str) -> Reach:
    """One small request with the library that would fetch the weights: same proxies, certificates and token."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError

    try:
        url = hf_hub_url(repo, "modules.json", endpoint=endpoint())
        answer = get_hf_file_metadata(url, timeout=PROBE_TIMEOUT_S, endpoint=endpoint())
    except (EntryNotFoundError, RepositoryNotFoundError):
        return REACHED  # the hub says so itself: not every repository has the file, nor is every one there
    except Exception as error:
        _log.info("the hub's answer: %r", error)
        status = getattr(getattr(error, "response", None), "status_code", None)
        if isinstance(status, int):
            return Reach(TS502.HUB_REFUSES, TS502.CHECK_TOKEN, status)
        return OUT_OF_REACH
    # the sign-in page of a hotel's network answers too, but names no commit
    return REACHED if answer.commit_hash else OUT_OF_REACH


# -- fetching ------------------------------------------------------------------------------------------------


def fetch(
    repos: list[str],
    *,
    label: str,
    total_mb: int | None,
    progress: OpenProgress | None = None,
    check_interrupted: Callable[[], None] | None = None,
) -> list[WeightFolder]:
    """Fetch what is missing of some repositories into the local cache; a fetch that was broken off goes on.

    Only safetensors, JSON and vocabulary files are fetched, in a process of its own, so that an interrupt stops it
    at once whatever the network does.

    Args:
        repos: Names on the hub.
        label: What the progress bar says.
        total_mb: Size of everything, 10^6 bytes.
        progress: Opens a progress bar.
        check_interrupted: Raises when the user asked to stop.

    Raises:
        DataError: TS502 when the hub does not give them; it is not asked again unless `forget_reach` is called.
    """
    opened = progress(label, total_mb, "MB") if progress else nullcontext(None)
    with opened as bar:
        meter = _Meter(repos, total_mb, bar)
        for repo in repos:
            if find_snapshot(repo) is None:
                _fetch_one(repo, meter, check_interrupted or (lambda: None))
        meter.finish()
    return [_fetched(repo) for repo in repos]


def survey(repo: str, *, check_interrupted: Callable[[], None] | None = None) -> int:
    """Look at a repository before its weights are fetched: all else of it is.

    Returns:
        Size of its weights, 10^6 bytes.

    Raises:
        DataError: TS502 when the hub does not give it, or it has no weights.
        ModelError: TS403 when it holds no dual encoder, TS400 when something of it is missing or broken.
        Unsupported: TS601 when loading it would run code.
    """
    told = _run("survey", repo, check_interrupted or (lambda: None))
    inspect_configuration(Path(str(told["folder"])))
    if not told["bytes"] and told["pickles"]:
        raise Unsupported(TS601.ONLY_PICKLE(folder=repo), hint=TS601.OTHER_REPOSITORY())
    if not told["bytes"]:
        raise DataError(TS502.INCOMPLETE_WEIGHTS(hub=endpoint(), repo=repo), hint=TS502.GIVE_WEIGHTS())
    return -(-int(told["bytes"]) // _MEGABYTE)


def _fetch_one(repo: str, meter: _Meter, check_interrupted: Callable[[], None]) -> None:
    def look() -> None:
        check_interrupted()
        meter.look()

    _run("fetch", repo, look)


def _run(task: str, repo: str, look: Callable[[], None]) -> dict[str, Any]:
    """What a process of its own tells of its task, while it is looked at often."""
    child = _start(task, repo)
    try:
        while not _ended(child):
            look()
    finally:
        if child.poll() is None:
            child.kill()
        answer, _ = child.communicate()
    if child.returncode != 0:
        reason = _reason(answer) or TS502.ENDED_WITH(status=child.returncode)
        if task == "fetch":
            with _guard:
                _decided[endpoint()] = FAILED
        raise DataError(TS502.WEIGHTS_NOT_FETCHED(repo=repo, hub=endpoint(), reason=reason))
    return dict(json.loads(answer))


def _start(task: str, repo: str) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("fetch.py")
    return subprocess.Popen(
        # -P: the script's own folder would shadow packages of the same names as our modules
        [sys.executable, "-P", str(script), task, repo, str(cache_folder()), endpoint()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # an interrupt of the notebook is ours to handle
    )


def _ended(child: subprocess.Popen[bytes]) -> bool:
    try:
        child.wait(timeout=_POLL_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def _reason(answer: bytes) -> str:
    try:
        told = json.loads(answer)
        return TS502.ARRIVED_DAMAGED() if told["damaged"] else str(told["error"])
    except (ValueError, KeyError, TypeError):
        return ""


def _fetched(repo: str) -> WeightFolder:
    found = find_snapshot(repo)
    if found is None:
        message = TS502.INCOMPLETE_WEIGHTS(hub=endpoint(), repo=repo)
        raise DataError(message, hint=TS502.GIVE_WEIGHTS())
    return found


class _Meter:
    """Moves a bar by what has arrived in the cache, whichever way the library fetches it."""

    def __init__(self, repos: list[str], total_mb: int | None, bar: Progress | None) -> None:
        self._folders = [_repo_folder(repo) / "blobs" for repo in repos]
        self._total_mb = total_mb
        self._bar = bar
        self._shown_mb = 0
        self.look()

    def look(self) -> None:
        arrived = sum(_size(folder) for folder in self._folders) // _MEGABYTE
        self._show(arrived if self._total_mb is None else min(arrived, self._total_mb))

    def finish(self) -> None:
        self._show(self._total_mb or self._shown_mb)

    def _show(self, megabytes: int) -> None:
        if self._bar is not None and megabytes > self._shown_mb:
            self._bar.advance(megabytes - self._shown_mb)
            self._shown_mb = megabytes


def _size(folder: Path) -> int:
    """Bytes in a folder; files come and go while it is being filled."""
    total = 0
    for file in folder.glob("*"):
        try:
            total += file.stat().st_size
        except OSError:
            continue
    return total
