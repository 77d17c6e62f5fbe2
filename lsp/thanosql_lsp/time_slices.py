"""Work that lasts gives way to what the editor asks meanwhile, and ends when that makes it useless."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcContentModified

if TYPE_CHECKING:
    from thanosql_lsp.open_document import OpenDocument
    from thanosql_lsp.run_order import RunOrder

#: How long work goes on before others get a turn.
TURN_S = 0.008


class TimeSlices:
    """Lets others have a turn whenever one has lasted long enough.

    Args:
        open_documents: The documents that the work is about.
    """

    def __init__(self, open_documents: Sequence[OpenDocument]) -> None:
        self._seen = [(open_document, open_document.index) for open_document in open_documents]
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

    async def read(self, run_order: RunOrder) -> RunOrder:
        """Read what runs together before it is looked at: of a megabyte that takes a second.

        Raises:
            JsonRpcContentModified: As for `pause`; what was read by then is kept.
        """
        for _ in run_order.reading():
            await self.pause()
        return run_order

    def check(self) -> None:
        """Go on only if no document was edited.

        Raises:
            JsonRpcContentModified: One was.
        """
        if any(open_document.index is not index for open_document, index in self._seen):
            raise JsonRpcContentModified()
