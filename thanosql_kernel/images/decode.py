"""Turn whatever a user calls a picture into an upright RGB image, or say in a few words why not."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import stat
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import BinaryIO, TypeVar

from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import TiffImageFile

from thanosql_kernel.images import jpeg, levels, png, strips
from thanosql_kernel.images.colours import to_srgb
from thanosql_kernel.images.parts import part
from thanosql_kernel.images.raw import read_raw
from thanosql_kernel.images.room import Room
from thanosql_kernel.images.sniff import open_unread
from thanosql_kernel.images.tiff import TiffKind, kind_of
from thanosql_kernel.images.unreadable import UnreadableImage as UnreadableImage
from thanosql_kernel.wording import data, photos
from thanosql_kernel.wording.system import system_reason

MAX_PIXELS = 179_000_000
"""Pictures with more pixels are refused before decoding (Pillow's own hard limit is 178,956,970)."""

MAX_JPEG_PIXELS = 500_000_000
"""Of a JPEG as it is stored: it is decoded at a fraction of its size, to which `MAX_PIXELS` applies."""

MAX_HELD_BYTES = 900_000_000
"""What may be held besides the pixels: the coefficients of a progressive JPEG (300 million pixels with the usual chroma
subsampling), the samples of a TIFF before they are scaled."""

LEAST_SHARE = 0.5
"""Of the rows of a cut JPEG that must be there: with less of them, a vector would be one of a grey area."""

DECODING = 2
"""Raised when pictures come out otherwise than before, so that vectors of both kinds are not mixed."""

T = TypeVar("T")

_room = Room(strips.MOST_BYTES)

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


@dataclass(frozen=True, slots=True)
class _Opened:
    """A picture whose header is read.

    Attributes:
        image: The picture, not loaded yet.
        stream: The file, or the part of it that is the picture.
        size: Width and height as stored.
        orientation: What the RAW photo around it says of its orientation.
        kind: Of a TIFF.
    """

    image: Image.Image
    stream: BinaryIO
    size: tuple[int, int]
    orientation: int | None = None
    kind: TiffKind | None = None


def ignore(_: str) -> None:
    """Nobody wants to know."""


def open_rgb(
    source: Source,
    *,
    min_side: int | None = None,
    notice: Callable[[str], None] = ignore,
    convert: bool = True,
) -> Image.Image:
    """Decode a picture to upright 8-bit sRGB.

    The content decides the format, not the file's name. Of a RAW photo the camera's preview is taken. EXIF
    orientation and ICC profiles are applied, transparency is laid on white, 16-bit and floating-point samples are
    scaled, and of an animation the first frame is taken. What a JPEG that was cut short lacks is grey; one that lacks
    more than `LEAST_SHARE` is refused.

    Args:
        source: path of a file, or the file's bytes.
        min_side: length in pixels that the caller will shrink the picture to. JPEGs are then decoded at a
            half, quarter or eighth of their size, never below twice this length on either side; so are others
            whose colours are converted.
        notice: told what of the picture is missing, if something is.
        convert: whether colours are converted here; if not, an RGB picture keeps the profile in its ``info`` for
            `Preprocess`, which has fewer pixels to convert.

    Returns:
        A loaded image of mode ``RGB`` that holds no open file.

    Raises:
        UnreadableImage: whatever is wrong with the file.
    """
    return use_rgb(source, lambda picture: picture, min_side=min_side, notice=notice, convert=convert)


def use_rgb(
    source: Source,
    use: Callable[[Image.Image], T],
    *,
    min_side: int | None = None,
    notice: Callable[[str], None] = ignore,
    convert: bool = True,
) -> T:
    """What ``use`` makes of a picture as `open_rgb` gives it, while no more others are held than there is room for.

    Raises:
        UnreadableImage: whatever is wrong with the file.
    """
    _silence_pillow()
    with contextlib.ExitStack() as held:
        with _stream(source) as stream, _as_unreadable():
            opened = _opened(stream, min_side)
            held.enter_context(_room.taken(_most_bytes(opened)))
            picture = _picture(opened, min_side, notice, convert=convert)
        del opened
        return use(picture)


def _picture(
    opened: _Opened, min_side: int | None, notice: Callable[[str], None], *, convert: bool
) -> Image.Image:
    """The picture upright and in RGB."""
    image, kind = _loaded(opened, min_side, notice), opened.kind
    upright = _upright(image, opened.orientation)
    image = _levelled(image, kind)
    if strips.are_needed(image, is_turned=upright is not None):
        factor = strips.factor(image, min_side)
        image = strips.converted(image, factor, lambda strip: _rgb(strip, None, convert=convert))
    image = image if upright is None else image.transpose(upright)
    return _rgb(image, min_side, convert=convert)


def _opened(stream: BinaryIO, min_side: int | None) -> _Opened:
    """The picture with its header read, small enough to be decoded."""
    raw = read_raw(stream)
    if raw is not None:
        if raw.preview is None:
            raise UnreadableImage(photos.NO_PREVIEW(kind=raw.name))
        stream = part(stream, raw.preview)
    kind = kind_of(stream)
    image = _open(stream, kind)
    opened = _Opened(image, stream, image.size, raw.orientation if raw else None, kind)
    if min_side is not None:
        image.draft("RGB", (2 * min_side, 2 * min_side))
    _check_size(opened)
    return opened


def _open(stream: BinaryIO, kind: TiffKind | None) -> Image.Image:
    """The picture with its header read."""
    if kind is not None:
        return _open_tiff(stream, kind)
    try:
        image = open_unread(stream)
    except ValueError:  # and for texts and profiles that it finds too long
        return _without_texts(stream)
    if image is None:
        raise UnreadableImage(photos.NO_PICTURE())
    return image


def _open_tiff(stream: BinaryIO, kind: TiffKind) -> Image.Image:
    """A TIFF by whoever reads it right; refused by its kind where nobody does."""
    from thanosql_kernel.images.sampled_tiff import SampledTiffFile

    readers: list[type[ImageFile.ImageFile]] = [TiffImageFile, SampledTiffFile]
    if kind.is_misread or kind.is_unknown:
        readers = [SampledTiffFile]
    elif kind.is_stored_by_plane:
        readers = [SampledTiffFile, TiffImageFile]
    for reader in readers:
        stream.seek(0)
        with contextlib.suppress(SyntaxError):  # their word for what they do not understand
            return reader(stream)
    raise UnreadableImage(photos.OTHER_TIFF(kind=kind))


def _without_texts(stream: BinaryIO) -> Image.Image:
    """A PNG, of which texts are not even read."""
    stream.seek(0)
    if not png.is_png(stream):
        raise UnreadableImage(photos.CORRUPT())
    pixels, profile = png.without_texts(stream)
    image = open_unread(pixels)
    if image is None:
        raise UnreadableImage(photos.CORRUPT())
    if profile is not None:
        image.info["icc_profile"] = profile
    return image


def _loaded(opened: _Opened, min_side: int | None, notice: Callable[[str], None]) -> Image.Image:
    """The picture with its pixels; of a JPEG that was cut short, those that are there."""
    image = opened.image
    try:
        image.load()
        return image
    except ValueError:
        image = _without_texts(opened.stream)
        image.load()
        return image
    except OSError:
        whole = jpeg.ended(opened.stream) if isinstance(image, JpegImageFile) else None
        if whole is None:
            raise
    image = _open(whole, None)
    if min_side is not None:
        image.draft("RGB", (2 * min_side, 2 * min_side))
    image.load()
    missing = jpeg.missing_share(image)
    if missing > 1 - LEAST_SHARE:
        raise UnreadableImage(photos.TRUNCATED_TO(percent=int(100 * (1 - missing))))
    notice(photos.LACKS_ROWS(percent=ceil(100 * missing)) if missing else photos.LACKS_DETAIL())
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


def _check_size(opened: _Opened) -> None:
    image, (width, height) = opened.image, opened.size
    if width < 1 or height < 1:
        raise UnreadableImage(photos.CORRUPT())
    stored_limit = MAX_JPEG_PIXELS if isinstance(image, JpegImageFile) else MAX_PIXELS
    is_too_large = width * height > stored_limit or image.width * image.height > MAX_PIXELS
    if is_too_large or _held_bytes(opened) > MAX_HELD_BYTES:
        raise UnreadableImage(photos.TOO_LARGE(width=width, height=height))
    if image.info.get("progressive") and jpeg.has_too_many_scans(opened.stream):
        raise UnreadableImage(photos.TOO_MANY_SCANS())


def _held_bytes(opened: _Opened) -> int:
    """What decoding holds besides the pixels."""
    if isinstance(opened.image, JpegImageFile):
        return jpeg.held_bytes(opened.image, opened.size)
    return int(getattr(opened.image, "held_bytes", 0))


def _most_bytes(opened: _Opened) -> int:
    """What decoding holds at most."""
    return strips.most_bytes(opened.image) + _held_bytes(opened)


def _upright(image: Image.Image, orientation: int | None) -> Image.Transpose | None:
    """What turns the picture as it should stand; None if it does."""
    if orientation is None:
        try:
            orientation = image.getexif().get(0x0112, 1)
        except Exception:  # broken metadata must not cost the picture
            return None
    return _UPRIGHT.get(orientation) if isinstance(orientation, int) else None


def _levelled(image: Image.Image, kind: TiffKind | None) -> Image.Image:
    """The picture with samples of 8 bits."""
    if not image.mode.startswith("I") and image.mode != "F":
        return image
    samples, profile = levels.samples_of(image), image.info.get("icc_profile")
    image.close()  # of a large one a third of all memory
    grey = levels.from_pillow(samples, image.mode, is_signed=kind is not None and kind.is_signed)
    levelled = Image.fromarray(255 - grey if kind is not None and kind.is_negative else grey)
    if profile is not None:
        levelled.info["icc_profile"] = profile
    return levelled


def _rgb(image: Image.Image, min_side: int | None, *, convert: bool) -> Image.Image:
    profile = image.info.get("icc_profile")
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    picture = _opaque(image)
    transform = to_srgb(picture.mode, profile)
    if transform is not None and not convert and picture.mode == "RGB" and alpha is None:
        return picture
    if transform is not None:
        picture = transform.apply(_reduced(picture, min_side))
        alpha = None if alpha is None else _reduced(alpha, min_side)
    picture = picture if picture.mode == "RGB" else picture.convert("RGB")
    picture.info.pop("icc_profile", None)
    return picture if alpha is None else _on_white(picture, alpha)


def _opaque(image: Image.Image) -> Image.Image:
    """The colours without transparency: grey stays grey and ink stays ink, for their profiles' sake."""
    if image.mode == "RGB":
        return image.copy() if image.readonly else image
    if image.mode in ("L", "CMYK", "LAB"):
        return image
    return image.convert("L" if image.mode in ("1", "LA", "La") else "RGB")


def _reduced(image: Image.Image, min_side: int | None) -> Image.Image:
    """Smaller by a whole factor, not below twice that side, so that fewer pixels have to be converted."""
    factor = strips.factor(image, min_side)
    return image.reduce(factor) if factor > 1 else image


def _on_white(image: Image.Image, alpha: Image.Image) -> Image.Image:
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=alpha)
    return white


def _silence_pillow() -> None:
    """Keep Pillow's warnings off the notebook.

    A filter, since ``warnings.catch_warnings`` swaps process-wide state and so is not thread-safe. Looked up
    each time because others (test runners, notebooks) do reset the filters.
    """
    if not any(entry[0] == "ignore" and entry[3] == _PILLOW_MODULES for entry in warnings.filters):
        warnings.filterwarnings("ignore", module=_PILLOW_MODULES.pattern)
