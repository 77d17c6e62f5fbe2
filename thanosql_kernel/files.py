"""Looking at files beside what somebody types: what could block is not opened, and nobody waits long for a disk.

Opening a FIFO waits for a writer, and a network disk that has gone answers nothing at all, not even to an interrupt.
Standard library only.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO, TypeVar, cast

from thanosql_kernel.wording import data

T = TypeVar("T")

#: How long a disk may take to say what a folder or the beginning of a file holds.
PATIENCE_S = 0.5
#: Places that may keep us waiting at the same time, a thread each; beyond them nothing is looked at.
MOST_WAITING = 8

# Some of them are not there on Windows.
_FLAGS = ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
_CAREFULLY = sum(getattr(os, name, 0) for name in _FLAGS)
_NOT_THROUGH_LINKS = getattr(os, "O_NOFOLLOW", 0)


class NotRegular(OSError):
    """A FIFO, socket, device or folder in the place of a file."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(errno.EINVAL, data.NO_REGULAR_FILE(), os.fspath(path))


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """A file to read, with no chance to wait for somebody who writes.

    Raises:
        NotRegular: It is something else, which was not opened.
        OSError: As for ``open``.
    """
    # A device may act on being opened; what is put there in between is still not waited for.
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise NotRegular(path)
    return cast(BinaryIO, os.fdopen(_checked(os.open(path, os.O_RDONLY | _CAREFULLY), path), "rb"))


@contextmanager
def descriptor_of(path: str | os.PathLike[str]) -> Iterator[int]:
    """A file that has just been seen to be regular, open for `os.read`: half the time of a file object.

    Raises:
        NotRegular: It is something else by now.
        OSError: As for ``open``.
    """
    descriptor = _checked(os.open(path, os.O_RDONLY | _CAREFULLY), path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """Bytes of an open file; fewer where it ends.

    Raises:
        OSError: They cannot be read.
    """
    if hasattr(os, "pread"):
        return os.pread(descriptor, length, offset)
    os.lseek(descriptor, offset, os.SEEK_SET)
    return os.read(descriptor, length)


def append_regular(path: str | os.PathLike[str], content: bytes) -> None:
    """Add to the end of a file, which is made if it is not there; never through a link to somewhere else.

    Raises:
        NotRegular: It is something else.
        OSError: As for ``open``.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NOT_THROUGH_LINKS | _CAREFULLY
    with os.fdopen(_checked(os.open(path, flags, 0o666), path), "ab") as file:
        file.write(content)


def replace_file(path: Path, content: bytes, *, is_shared: bool = False) -> None:
    """Put a file with that content in the place of another: readers and killed writers see one or the other.

    Args:
        path: The file.
        content: What is to be in it.
        is_shared: Whether those may read and write it who may its folder, not its owner alone.

    Raises:
        OSError: The folder cannot be written.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if is_shared:
            os.chmod(temporary, stat.S_IMODE(path.parent.stat().st_mode) & 0o666)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _keep_names(path.parent)


def _keep_names(folder: Path) -> None:
    """Write down what a folder's files are called, where its system can: else a power cut brings the old file back."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _checked(descriptor: int, path: str | os.PathLike[str]) -> int:
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise NotRegular(path)


def is_remote(path: str) -> bool:
    r"""Whether a path names another machine, as ``\\server\share`` does: looking there tells it who we are."""
    return path[:2] in ("//", "\\\\", "/\\", "\\/")


def without_tilde(path: str) -> Path:
    """The path with ``~`` replaced by the user's own folder; those of other users are not looked up."""
    if path == "~" or path.startswith(("~/", f"~{os.sep}")):
        return Path(os.path.expanduser("~") + path[1:])
    return Path(path)


def working_folder() -> Path:
    """The folder that this process works in; where it was, if it has been removed since.

    Its path may be there again: a version control system that changes branches makes folders anew.
    """
    global _worked_in
    try:
        _worked_in = Path.cwd()
    except OSError:
        _worked_in = _worked_in or _removed_folder()
    return _worked_in


_worked_in: Path | None = None


def _removed_folder() -> Path:
    """Where we were started, as the system remembers it, if nobody asked while the folder was there."""
    try:
        return Path(os.readlink("/proc/self/cwd").removesuffix(" (deleted)"))
    except OSError:
        return Path(os.path.expanduser("~")).absolute()


class Disk:
    """Asks for files in threads and gives up on an answer that does not come.

    While a place keeps somebody waiting nobody else is sent there.

    Args:
        patience_s: How long to wait.
        most_waiting: How many threads may wait for good.
    """

    def __init__(self, patience_s: float = PATIENCE_S, most_waiting: int = MOST_WAITING) -> None:
        self._patience_s, self._most_waiting = patience_s, most_waiting
        self._lock = threading.Lock()
        self._idle: list[_Hand] = []
        self._waiting: set[Hashable] = set()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def ask(self, place: Hashable, work: Callable[[], T], otherwise: T) -> T:
        """What ``work`` gives; ``otherwise`` if it takes too long.

        Args:
            place: Where it looks: a folder, or anything that waits as a whole.
            work: May raise.
            otherwise: Given at once where another is waiting.
        """
        with self._lock:
            if place in self._waiting or len(self._waiting) >= self._most_waiting:
                return otherwise
            hand = self._idle.pop() if self._idle else _Hand()
        answer: Future[T] = Future()
        hand.take(answer, work)
        try:
            found = answer.result(self._patience_s)
        except TimeoutError:
            # Also raised by network disks themselves.
            return self._leave(place, hand, answer, otherwise)
        except BaseException:
            self._rest(hand)
            raise
        self._rest(hand)
        return found

    def _leave(self, place: Hashable, hand: _Hand, answer: Future[T], otherwise: T) -> T:
        with self._lock:
            self._waiting.add(place)

        def back(_: Future[T]) -> None:
            with self._lock:
                self._waiting.discard(place)
            self._rest(hand)

        answer.add_done_callback(back)
        return otherwise

    def _rest(self, hand: _Hand) -> None:
        with self._lock:
            self._idle.append(hand)

    def _forget(self) -> None:
        """A forked child has none of the threads."""
        self._lock, self._idle, self._waiting = threading.Lock(), [], set()


class _Hand:
    """A thread that does one piece of work after another; it does not keep the process from ending."""

    def __init__(self) -> None:
        self._work: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        threading.Thread(target=self._run, name="disk", daemon=True).start()

    def take(self, answer: Future[T], work: Callable[[], T]) -> None:
        self._work.put((answer, work))

    def _run(self) -> None:
        while True:
            answer, work = self._work.get()
            try:
                answer.set_result(work())
            except BaseException as error:
                answer.set_exception(error)
            del answer, work


#: The disks of this machine.
disk = Disk()
