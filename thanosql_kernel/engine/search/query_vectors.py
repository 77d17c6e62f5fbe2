"""The vectors of what is searched for: texts and pictures."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.errors import DataError, ModelError
from thanosql_kernel.models.encoder import SelectiveReader
from thanosql_kernel.statements.runtime import SearchInput
from thanosql_kernel.wording.data import TS500, TS501
from thanosql_kernel.wording.models import TS403
from thanosql_kernel.wording.system import system_reason

if TYPE_CHECKING:
    from thanosql_kernel.models.encoder import Encoder

Floats = NDArray[np.float32]

Key = tuple[object, ...]

KEPT_QUERIES = 256
LASTING_AFTER_S = 2.0
"""A file written less than this ago may be written again within one tick of its clock (FAT: 2 s), and look the same."""


class QueryEmbeddings:
    """The vectors of what was searched for last; safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key | None, Floats] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, encoder: Encoder, item: SearchInput, paths: PathFinder) -> Floats:
        """The vector (dim,) of a text or picture.

        Known by the weights that make it and by what is asked for: the text as it is written, or the picture's file
        as it is now. The model's name says nothing: it may stand for other weights tomorrow.

        Raises:
            DataError: TS500 the picture is missing, TS501 it cannot be read.
            ModelError: TS403 the model makes nothing of it.
        """
        asked = _identity(item, paths)
        key = None if asked is None else (encoder.fingerprint, item.kind, *asked)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        vector = _embed(encoder, item, paths)
        if key is not None and _identity(item, paths) == asked:
            self._keep(key, vector)
        return vector

    def _keep(self, key: Key, vector: Floats) -> None:
        with self._lock:
            self._kept[key] = vector
            while len(self._kept) > KEPT_QUERIES:
                self._kept.popitem(last=False)


def _identity(item: SearchInput, paths: PathFinder) -> tuple[object, ...] | None:
    """What the vector depends on: the text, or the picture's path, size and time; None for a file just written."""
    if item.kind == "text":
        return (item.value,)
    try:
        path, status = paths.look(item.value)
    except FileNotFoundError:
        hint = TS500.RELATIVE_PATHS(folder=paths.described)
        raise DataError(TS500.NO_PICTURE(path=item.value), span=item.span, hint=hint) from None
    except (OSError, ValueError) as error:
        message = TS501.CANNOT_READ(path=item.value, reason=system_reason(error))
        raise DataError(message, span=item.span) from None
    if time.time() - status.st_mtime < LASTING_AFTER_S:
        return None
    return path, status.st_ino, status.st_size, status.st_mtime_ns


def _embed(encoder: Encoder, item: SearchInput, paths: PathFinder) -> Floats:
    vector = (
        encoder.encode_texts([item.value])[0] if item.kind == "text" else _embed_picture(encoder, item, paths)
    )
    vector = np.asarray(vector, dtype=np.float32)
    if not np.isfinite(vector).all() or not vector.any():
        raise _nothing_of(encoder, item)
    return vector


def _nothing_of(encoder: Encoder, item: SearchInput) -> ModelError:
    """The error that a model makes no vector of what is searched for."""
    if unread := unread_parts(encoder, item):
        message = TS403.CANNOT_READ(model=encoder.name, unread=", ".join(unread))
        return ModelError(message, span=item.span, hint=TS403.USE_KNOWN_LANGUAGE())
    nothing = TS403.NOTHING_OF_IMAGE if item.kind == "image" else TS403.NOTHING_OF_TEXT
    return ModelError(nothing(model=encoder.name), span=item.span)


def refuse_unread(encoder: Encoder, item: SearchInput) -> None:
    """Refuse a text of which the model reads nothing, whatever stands around it in a prompt.

    Raises:
        ModelError: TS403.
    """
    if isinstance(encoder, SelectiveReader) and encoder.read(item.value).is_empty:
        raise _nothing_of(encoder, item)


def unread_parts(encoder: Encoder, item: SearchInput) -> tuple[str, ...]:
    """What of a text the model was never taught to read, for people; () where nobody knows."""
    if item.kind != "text" or not isinstance(encoder, SelectiveReader):
        return ()
    return encoder.read(item.value).unread


def _embed_picture(encoder: Encoder, item: SearchInput, paths: PathFinder) -> Floats:
    from thanosql_kernel.images.decode import UnreadableImage, open_rgb

    try:
        picture = open_rgb(paths.find(item.value), min_side=encoder.preprocess.least_side)
    except UnreadableImage as error:
        raise DataError(TS501.CANNOT_READ(path=item.value, reason=error.reason), span=item.span) from None
    return np.asarray(encoder.encode_images(encoder.preprocess(picture)[None])[0], dtype=np.float32)
