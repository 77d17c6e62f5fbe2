"""Which texts hold a token: Lance's inverted index over tokens that are given, blanks between them.

A folder of its own, not a part of the table: nothing of it is ever changed, and no writer waits for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.store.commits import lance_library
from thanosql_kernel.engine.store.failures import storage_errors
from thanosql_kernel.engine.store.stream import CountedStream, write_error

if TYPE_CHECKING:
    import pyarrow as pa

KIND = "INVERTED"
_TOKENS, _LENGTH = "tokens", "length"
#: Tokens are what stands between blanks, as they are: nothing is left out of them or made alike.
_AS_THEY_ARE = {
    "base_tokenizer": "whitespace",
    "lower_case": False,
    "stem": False,
    "remove_stop_words": False,
    "ascii_folding": False,
    "max_token_length": None,
    "with_position": False,
}

Rows = NDArray[np.int64]


class TokenIndex:
    """An index of texts, whose numbers are those of the rows it was built over.

    Args:
        folder: Where it is.

    Raises:
        OSError, ValueError: There is none.
    """

    def __init__(self, folder: Path) -> None:
        self._dataset: Any = lance_library().dataset(str(folder))

    def lengths(self) -> NDArray[np.float64]:
        """The lengths of all texts in characters, NaN for NULL."""
        column = self._dataset.scanner(columns=[_LENGTH], scan_in_order=True).to_table().column(0)
        found: NDArray[np.float64] = column.to_numpy().astype(np.float64)
        return found

    def holding(self, tokens: Sequence[str]) -> Rows:
        """The numbers of the texts that hold all of the tokens, ascending."""
        from lance.query import FullTextOperator, MatchQuery

        query = MatchQuery(" ".join(tokens), _TOKENS, operator=FullTextOperator.AND)
        found = self._dataset.scanner(
            columns=[],
            with_row_address=True,
            full_text_query=query,
            limit=max(1, int(self._dataset.count_rows())),
            disable_scoring_autoprojection=True,
        ).to_table()
        addresses = found.column("_rowaddr").to_numpy().astype(np.uint64)
        return np.sort(self._numbers(addresses))

    def _numbers(self, addresses: NDArray[np.uint64]) -> Rows:
        """The texts' numbers: fragments stand one behind the other, and nothing is deleted of them."""
        sizes = [int(fragment.count_rows()) for fragment in self._dataset.get_fragments()]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        fragments = (addresses >> np.uint64(32)).astype(np.int64)
        return starts[fragments] + (addresses & np.uint64(0xFFFF_FFFF)).astype(np.int64)


def build(folder: Path, stream: CountedStream, call: Callable[[Callable[[], Any]], Any]) -> None:
    """Build an index; what is stopped leaves nothing.

    Args:
        folder: Where it is to be; nothing is there.
        stream: See `schema`.
        call: Does work that may take long at the side.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with storage_errors():
            dataset = call(lambda: lance_library().write_dataset(stream.reader(), str(folder)))
            call(lambda: dataset.create_scalar_index(_TOKENS, KIND, **_AS_THEY_ARE))
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise write_error(error, stream) from error


def schema() -> pa.Schema:
    """Of what an index is built of: the tokens of a text, and its length in characters."""
    import pyarrow as pa

    return pa.schema([pa.field(_TOKENS, pa.large_string()), pa.field(_LENGTH, pa.int32())])
