"""Turn whatever a user calls a picture into an upright RGB image, or say in a few words why not."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import stat
import threading
import warnings
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from thanosql_kernel.images.sniff import open_unread
from thanosql_kernel.images.tiff import TiffKind, kind_of
from thanosql_kernel.wording import data, photos
from thanosql_kernel.wording.system import system_reason

MAX_PIXELS = 179_000_000
"""Pictures with more pixels are refused before decoding (Pillow's own hard limit is 178,956,970)."""

LARGE_PIXELS = 40_000_000
"""Above this, one picture at a time is decoded: 4 bytes a pixel in several threads add up to gigabytes."""

_large_turn = threading.BoundedSemaphore(1)

# EXIF 2.32, tag 0x0112: what undoes each stored orientation.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_PILLOW_MODULES = re.compile(r"(PIL|pillow_heif)(\.|$)")

Source = str | os.PathLike[str] | bytes
"""A picture: the path of its file, or the file's bytes."""

# Pillow logs odd TIFFs as errors; without any handler Python would print them.
logging.getLogger("PIL").addHandler(logging.NullHandler())


class UnreadableImage(Exception):
    """A picture could not be read.

    Attributes:
        reason: a few words for a person, such as ``missing`` or ``truncated``, said when it was found.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def open_rgb(source: Source, *, min_side: int | None = None) -> Image.Image:
    """Decode a picture to upright 8-bit RGB.

    The content decides the format, not the file's name. EXIF orientation is applied, transparency is laid
    on white, 16-bit and floating-point samples are scaled, and of an animation the first frame is taken.

    Args:
        source: path of a file, or the file's bytes.
        min_side: length in pixels that the caller will shrink the picture to. JPEGs are then decoded at a
            half, quarter or eighth of their size, never below twice this length on either side.

    Returns:
        A loaded image of mode ``RGB`` that holds no open file.

    Raises:
        UnreadableImage: whatever is wrong with the file.
    """
    _silence_pillow()
    with _stream(source) as stream, _as_unreadable():
        kind = kind_of(stream)
        image = _open(stream, kind)
        _check_size(image)
        if min_side is not None:
            image.draft("RGB", (2 * min_side, 2 * min_side))
        with _turn(image):
            image.load()
            picture = _rgb(_upright(image))
            return ImageOps.invert(picture) if kind is not None and kind.is_negative else picture


def _open(stream: BinaryIO, kind: TiffKind | None) -> Image.Image:
    """The picture with its header read; a TIFF whose pixels would come out wrong is refused by its kind."""
    refusal = UnreadableImage(photos.OTHER_TIFF(kind=kind))
    if kind is not None and kind.is_misread:
        raise refusal
    try:
        image = open_unread(stream)
    except SyntaxError:  # Pillow's word for a header that it does not understand
        if kind is None:
            raise
        raise refusal from None
    if image is None:
        raise UnreadableImage(photos.NO_PICTURE())
    return image


@contextlib.contextmanager
def _stream(source: Source) -> Iterator[BinaryIO]:
    """Open a regular, non-empty file (a named pipe would block for ever) or wrap bytes."""
    if isinstance(source, bytes):
        if not source:
            raise UnreadableImage(data.EMPTY_FILE())
        yield io.BytesIO(source)
        return
    try:
        _check_regular(os.stat(source))
        stream = open(source, "rb")  # noqa: SIM115 - the try must not cover what the caller does
    except FileNotFoundError:
        raise UnreadableImage(data.MISSING()) from None
    except PermissionError:
        raise UnreadableImage(data.NO_PERMISSION()) from None
    except (OSError, ValueError) as error:
        raise UnreadableImage(data.NOT_OPENED(reason=system_reason(error))) from None
    with stream:
        yield stream


def _check_regular(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableImage(data.A_FOLDER())
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableImage(data.NO_REGULAR_FILE())
    if status.st_size == 0:
        raise UnreadableImage(data.EMPTY_FILE())


@contextlib.contextmanager
def _as_unreadable() -> Iterator[None]:
    """Every way a decoder can fail on bad bytes becomes a reason; Pillow raises a dozen types for that."""
    try:
        yield
    except UnreadableImage:
        raise
    except Image.DecompressionBombError:
        raise UnreadableImage(photos.BOMB()) from None
    except MemoryError:
        raise UnreadableImage(photos.NO_MEMORY()) from None
    except ImportError as error:
        needs = photos.NEEDS(package=error.name) if error.name else photos.NEEDS_A_PACKAGE()
        raise UnreadableImage(needs) from None
    except EOFError:
        raise UnreadableImage(photos.TRUNCATED()) from None
    except Exception as error:
        cut = "truncated" in str(error).lower() or "unexpected end" in str(error).lower()
        raise UnreadableImage(photos.TRUNCATED() if cut else photos.CORRUPT()) from error


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width < 1 or height < 1:
        raise UnreadableImage(photos.CORRUPT())
    if width * height > MAX_PIXELS:
        raise UnreadableImage(photos.TOO_LARGE(width=width, height=height))


def _turn(image: Image.Image) -> contextlib.AbstractContextManager[object]:
    return _large_turn if image.width * image.height > LARGE_PIXELS else contextlib.nullcontext()


def _upright(image: Image.Image) -> Image.Image:
    try:
        orientation = image.getexif().get(0x0112, 1)
    except Exception:  # broken metadata must not cost the picture
        return image
    method = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return image if method is None else image.transpose(method)


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return _scaled(image)
    if image.has_transparency_data:
        return _on_white(image.convert("RGBA"))
    if image.mode == "RGB":
        return image.copy() if image.readonly else image
    return image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _scaled(image: Image.Image) -> Image.Image:
    """Bring integer or floating-point samples to 0..255 (Pillow's own conversion clips them at 255)."""
    samples = np.nan_to_num(np.asarray(image, dtype=np.float32))
    low, high = float(samples.min()), float(samples.max())
    if image.mode.startswith("I;16"):
        samples /= 257.0
    elif image.mode == "F" and low >= 0.0 and high <= 1.0:
        samples *= 255.0
    elif low < 0.0 or high > 65535.0:
        samples = (samples - low) * (255.0 / (high - low))
    elif high > 255.0:
        samples /= 257.0
    grey = np.rint(samples).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def _silence_pillow() -> None:
    """Keep Pillow's warnings off the notebook.

    A filter, since ``warnings.catch_warnings`` swaps process-wide state and so is not thread-safe. Looked up
    each time because others (test runners, notebooks) do reset the filters.
    """
    if not any(entry[0] == "ignore" and entry[3] == _PILLOW_MODULES for entry in warnings.filters):
        warnings.filterwarnings("ignore", module=_PILLOW_MODULES.pattern)
