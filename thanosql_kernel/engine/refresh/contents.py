"""What files hold, as a whole: found by the embedding cache's memory where it knows a file, read where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from io import BufferedReader
from typing import cast

import numpy as np

from thanosql_kernel.engine.embed.cache import FileContents
from thanosql_kernel.engine.embed.digests import KEY, Digests, digest_stream, pack
from thanosql_kernel.engine.embed.files import NO_KEY, FileState, file_state
from thanosql_kernel.engine.work import Work
from thanosql_kernel.files import open_regular
from thanosql_kernel.interrupts import map_aside
from thanosql_kernel.machine import available_cores
from thanosql_kernel.wording import refresh as told


class Contents:
    """The contents of files.

    Args:
        files: What the cache remembers.
        work: Who waits.
    """

    def __init__(self, files: FileContents, work: Work) -> None:
        self._files = files
        self._work = work

    def now(self, values: Sequence[str]) -> Digests:
        """What files (n,) hold now; zero bytes where they cannot be read. What is read is remembered.

        Raises:
            Interrupted: The user asked to stop.
        """
        threads, check = available_cores(), self._work.check
        states = list(map_aside(self._state, values, threads=threads, check=check))
        keys = pack(NO_KEY if state is None else state.key for state in states)
        found = self._files.lookup(keys, check)
        todo = np.flatnonzero((found == b"") & (keys != b""))
        if len(todo):
            with self._work.progress(told.COMPARING(), len(todo), "files") as bar:
                read = []
                for content in map_aside(
                    lambda index: self._read(values[index], keys[index : index + 1].tobytes()),
                    todo.tolist(),
                    threads=threads,
                    check=check,
                ):
                    read.append(content)
                    bar.advance(1)
            found[todo] = pack(read)
            lasting = [
                index
                for index in todo.tolist()
                if found[index] and (state := states[index]) is not None and state.is_lasting
            ]
            self._files.append(keys[lasting], found[lasting], check)
        return found

    def _state(self, value: str) -> FileState | None:
        state = file_state(value, self._work.paths)
        return state if isinstance(state, FileState) else None

    def _read(self, value: str, key: bytes) -> bytes:
        """The digest of a file that stays as it was meanwhile."""
        try:
            with open_regular(self._work.paths.find(value)) as file:
                content = digest_stream(cast(BufferedReader, file))
        except OSError:
            return bytes(KEY.itemsize)
        after = self._state(value)
        return content if after is not None and after.key == key else bytes(KEY.itemsize)
