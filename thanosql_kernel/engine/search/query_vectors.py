"""The vectors of what is searched for: texts and pictures."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from thanosql_kernel.engine.pictures import Pictures
from thanosql_kernel.errors import DataError, ModelError
from thanosql_kernel.images.inline import is_data_url
from thanosql_kernel.images.viewed import Viewed, embed_views
from thanosql_kernel.models.encoder import SelectiveReader
from thanosql_kernel.models.heads.encoder import OnFrozen
from thanosql_kernel.statements.vectors import SearchInput
from thanosql_kernel.web.client import is_web
from thanosql_kernel.web.kept import digest_of
from thanosql_kernel.web.naming import named
from thanosql_kernel.wording import photos
from thanosql_kernel.wording.data import TS500, TS501, TS502
from thanosql_kernel.wording.models import TS403
from thanosql_kernel.wording.system import system_reason

if TYPE_CHECKING:
    from thanosql_kernel.models.encoder import Encoder

Floats = NDArray[np.float32]

_log = logging.getLogger(__name__)

Key = tuple[object, ...]

KEPT_QUERIES = 256
LASTING_AFTER_S = 2.0
"""A file written less than this ago may be written again within one tick of its clock (FAT: 2 s), and look the same."""


class QueryEmbeddings:
    """The vectors of what was searched for last; safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key | None, Floats] = OrderedDict()
        self._lock = threading.Lock()

    def embed(
        self,
        encoder: Encoder,
        item: SearchInput,
        pictures: Pictures,
        views: int = 1,
        notice: Callable[[str], None] = _log.info,
    ) -> Floats:
        """The vector (dim,) of a text or picture; a picture's is the mean of those of so many views of it.

        ``notice`` is told what of a picture is missing, if something is.

        Known by the weights that make it and by what is asked for: the text as it is written, or the picture's file
        as it is now. The model's name says nothing: it may stand for other weights tomorrow.

        Raises:
            DataError: TS500 the picture is missing, TS501 it cannot be read.
            ModelError: TS403 the model makes nothing of it.
        """
        asked = _identity(item, pictures)
        key = None if asked is None else (encoder.fingerprint, item.kind, views, *asked)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        vector = _embed(encoder, item, pictures, views, notice)
        if key is not None and _identity(item, pictures) == asked:
            self._keep(key, vector)
        return vector

    def _keep(self, key: Key, vector: Floats) -> None:
        with self._lock:
            self._kept[key] = vector
            while len(self._kept) > KEPT_QUERIES:
                self._kept.popitem(last=False)


def _identity(item: SearchInput, pictures: Pictures) -> tuple[object, ...] | None:
    """What the vector depends on: the text, or the picture's path, size and time; None where that may change unseen."""
    if item.kind == "text":
        return (item.value,)
    if is_data_url(item.value):
        return (digest_of(item.value.encode("utf-8", "surrogatepass")),)
    if is_web(item.value):
        return None  # it is asked, and known by what it holds
    try:
        path, status = pictures.paths.look(item.value)
    except FileNotFoundError:
        hint = TS500.RELATIVE_PATHS(folder=pictures.paths.described)
        raise DataError(TS500.NO_PICTURE(path=item.value), span=item.span, hint=hint) from None
    except (OSError, ValueError) as error:
        message = TS501.CANNOT_READ(path=item.value, reason=system_reason(error))
        raise DataError(message, span=item.span) from None
    if time.time() - status.st_mtime < LASTING_AFTER_S:
        return None
    return path, status.st_ino, status.st_size, status.st_mtime_ns


def _embed(
    encoder: Encoder, item: SearchInput, pictures: Pictures, views: int, notice: Callable[[str], None]
) -> Floats:
    if isinstance(encoder, OnFrozen):
        frozen = _embed(encoder.frozen, item, pictures, views, notice)
        projected: Floats = encoder.project(frozen[None], item.kind)[0]
        return projected
    if item.kind == "text":
        vector = np.asarray(encoder.encode_texts([item.value])[0], dtype=np.float32)
    else:
        vector = _embed_picture(encoder, item, pictures, views, notice)
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


def _embed_picture(
    encoder: Encoder, item: SearchInput, pictures: Pictures, views: int, notice: Callable[[str], None]
) -> Floats:
    from thanosql_kernel.images.decode import UnreadableImage, open_rgb

    def tell(lacks: str) -> None:
        notice(photos.SEARCHED_LACKS(path=named(item.value), lacks=lacks))

    viewed = Viewed(encoder.preprocess, views)
    try:
        picture = open_rgb(pictures.source(item.value), min_side=viewed.min_side, notice=tell, convert=False)
    except UnreadableImage as error:
        cannot = TS502.NOT_FETCHED if is_web(item.value) else TS501.CANNOT_READ
        name = named(item.value)
        raise DataError(cannot(path=name, name=name, reason=error.reason), span=item.span) from None
    return np.asarray(embed_views(viewed(picture)[None], encoder.encode_images)[0], dtype=np.float32)
