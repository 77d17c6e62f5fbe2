"""Work that lasts gives way to what the editor asks meanwhile, and ends when that makes it useless."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcContentModified

if TYPE_CHECKING:
    from thanosql_lsp.buffers import Buffer
    from thanosql_lsp.sheets import Sheet

#: How long work goes on before others get a turn.
TURN_S = 0.008


class Turn:
    """Lets others have a turn whenever one has lasted long enough.

    Args:
        buffers: The documents that the work is about.
    """

    def __init__(self, buffers: Sequence[Buffer]) -> None:
        self._seen = [(buffer, buffer.index) for buffer in buffers]
        self._began = time.monotonic()

    async def pause(self) -> None:
        """Give way if it is time to.

        Raises:
            JsonRpcContentModified: Meanwhile one of the documents was edited; the editor asks again by itself.
        """
        if time.monotonic() - self._began > TURN_S:
            await asyncio.sleep(0)
            self.check()
            self._began = time.monotonic()

    async def read(self, sheet: Sheet) -> Sheet:
        """Read what runs together before it is looked at: of a megabyte that takes a second.

        Raises:
            JsonRpcContentModified: As for `pause`; what was read by then is kept.
        """
        for _ in sheet.reading():
            await self.pause()
        return sheet

    def check(self) -> None:
        """Go on only if no document was edited.

        Raises:
            JsonRpcContentModified: One was.
        """
        if any(buffer.index is not index for buffer, index in self._seen):
            raise JsonRpcContentModified()
