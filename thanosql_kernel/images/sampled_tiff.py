"""TIFFs of samples that Pillow has no mode for: 16 bits in planes, floating-point colours, 32 and 64 bits.

Packing does not care what the bytes mean. So libtiff, which Pillow has, is given a TIFF with the same strips or tiles
that says they are 8-bit grey, and its bytes are the samples.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO, NamedTuple, cast

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, TiffImagePlugin

from thanosql_kernel.images import levels
from thanosql_kernel.images import tiff as tags
from thanosql_kernel.images.directories import Directory, directories
from thanosql_kernel.images.parts import Span

Samples = npt.NDArray[Any]

MOST_BYTES = 1_500_000_000

_STRIPS, _ROWS_PER_STRIP, _STRIP_LENGTHS = 273, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_LENGTHS = 322, 323, 324, 325
_HORIZONTAL, _FLOATING = 2, 3
# those that libtiff unpacks to bytes, whatever these mean
_PACKINGS = frozenset({1, 5, 8, 32773, 32946, 34925, 50000})
_CHANNELS = {tags.WHITE_IS_ZERO: 1, tags.BLACK_IS_ZERO: 1, tags.RGB: 3, tags.CMYK: 4}
_LETTERS = {tags.UNSIGNED: "u", tags.SIGNED: "i", tags.FLOATS: "f"}
_WIDTHS = {"u": (8, 16, 32, 64), "i": (8, 16, 32, 64), "f": (16, 32, 64)}
_PREMULTIPLIED, _STRAIGHT = 1, 2


class Layout(NamedTuple):
    """How the samples lie in the file.

    Attributes:
        width: Pixels.
        height: Pixels.
        channels: Samples a pixel.
        planes: How many times the picture's area is stored: 1, or once for each channel.
        block: Width and height of a strip or tile, pixels.
        places: Where strips or tiles are.
        is_tiled: Which of them.
        packing: TIFF's number of the compression.
        predictor: 1 none, 2 differences, 3 differences of floating-point numbers' bytes.
        dtype: Of a sample, with its byte order.
    """

    width: int
    height: int
    channels: int
    planes: int
    block: tuple[int, int]
    places: tuple[Span, ...]
    is_tiled: bool
    packing: int
    predictor: int
    dtype: np.dtype[Any]


class SampledTiffFile(ImageFile.ImageFile):
    """A TIFF whose samples are read as they are and scaled to 8 bits; grey, RGB or CMYK, maybe with transparency."""

    format = "TIFF"
    format_description = "TIFF of samples"

    def _open(self) -> None:
        stream = cast(BinaryIO, self.fp)
        head = stream.read(16)
        found = directories(stream, head)
        order = "<" if head.startswith(b"II") else ">"
        self._layout = _layout(found[0], order)
        self._photometric = found[0].number(tags.PHOTOMETRIC)
        self._extra = found[0].number(tags.EXTRA_SAMPLES)
        self._size = self._layout.width, self._layout.height
        self._mode = "L"
        self.tile = []
        self.info["icc_profile"] = _profile(stream, found[0])
        orientation = found[0].number(274)
        if orientation:
            self.getexif()[274] = orientation
        self._is_read = False
        self.held_bytes = 2 * _byte_count(self._layout)

    def load(self) -> Any:
        """Unpack the samples and scale them."""
        if not self._is_read:
            self._is_read = True
            image = self._image(read_samples(cast(BinaryIO, self.fp), self._layout))
            self.im, self._mode = image.im, image.mode
        return super().load()

    def _image(self, samples: Samples) -> Image.Image:
        count = _CHANNELS[self._photometric]
        has_alpha = self._extra in (_PREMULTIPLIED, _STRAIGHT) and count < samples.shape[2] and count < 4
        colours = levels.from_samples(samples[:, :, :count])
        if self._photometric == tags.WHITE_IS_ZERO:
            colours = 255 - colours
        if has_alpha:
            colours = np.concatenate([colours, levels.from_samples(samples[:, :, count : count + 1])], axis=2)
        mode = "CMYK" if count == 4 else {1: "L", 2: "La", 3: "RGB", 4: "RGBa"}[colours.shape[2]]
        if self._extra == _STRAIGHT:
            mode = mode.upper()
        image = Image.frombytes(mode, self._size, np.ascontiguousarray(colours).tobytes())
        return image.convert(mode.upper()) if mode.endswith("a") else image


def _profile(stream: BinaryIO, directory: Directory) -> bytes | None:
    span = directory.span(34675)
    if span is None or span.length > 16_000_000:
        return None
    stream.seek(span.place)
    return stream.read(span.length)


def _layout(directory: Directory, order: str) -> Layout:
    """How a picture is stored.

    Raises:
        SyntaxError: In a way that is not read here.
    """
    width, height = directory.number(tags.WIDTH), directory.number(tags.HEIGHT)
    channels = directory.number(tags.SAMPLES, 1)
    in_planes = directory.number(tags.PLANAR, 1) == tags.IN_PLANES and channels > 1
    is_tiled = _TILES in directory
    block = (
        (directory.number(_TILE_WIDTH), directory.number(_TILE_HEIGHT))
        if is_tiled
        else (width, min(directory.number(_ROWS_PER_STRIP, height), height))
    )
    found = directory.numbers(_TILES if is_tiled else _STRIPS)
    lengths = directory.numbers(_TILE_LENGTHS if is_tiled else _STRIP_LENGTHS)
    layout = Layout(
        width,
        height,
        channels,
        channels if in_planes else 1,
        block,
        tuple(map(Span, found, lengths)),
        is_tiled,
        directory.number(tags.COMPRESSION, tags.UNCOMPRESSED),
        directory.number(tags.PREDICTOR, 1),
        _dtype(directory, order),
    )
    if not _is_readable(layout, directory):
        raise SyntaxError
    return layout


def _dtype(directory: Directory, order: str) -> np.dtype[Any]:
    letter = _LETTERS.get(directory.number(tags.FORMAT, tags.UNSIGNED), "")
    bits = set(directory.numbers(tags.BITS))
    if len(bits) != 1 or next(iter(bits)) not in _WIDTHS.get(letter, ()):
        raise SyntaxError
    return np.dtype(f"{order}{letter}{bits.pop() // 8}")


def _is_readable(layout: Layout, directory: Directory) -> bool:
    colours = _CHANNELS.get(directory.number(tags.PHOTOMETRIC, -1))
    if colours is None or not colours <= layout.channels <= colours + 4 or min(layout.block) < 1:
        return False
    if layout.predictor == _FLOATING and layout.dtype.kind != "f":
        return False
    across, down = _blocks(layout)
    is_whole = len(layout.places) == across * down * layout.planes
    return is_whole and layout.packing in _PACKINGS and layout.predictor in (1, _HORIZONTAL, _FLOATING)


def _blocks(layout: Layout) -> tuple[int, int]:
    """How many strips or tiles lie beside and above each other."""
    return -(-layout.width // layout.block[0]), -(-layout.height // layout.block[1])


def _byte_count(layout: Layout) -> int:
    return layout.width * layout.height * layout.channels * layout.dtype.itemsize


def read_samples(stream: BinaryIO, layout: Layout) -> Samples:
    """The samples (height, width, channels) in their own type.

    Raises:
        OSError: They cannot be unpacked, or are not all there.
        MemoryError: They take more than `MOST_BYTES`.
    """
    if _byte_count(layout) > MOST_BYTES:
        raise MemoryError
    if sum(span.length for span in layout.places) > stream.seek(0, io.SEEK_END):
        raise OSError("truncated")
    number = len(layout.places) // layout.planes
    planes = [
        _plane(stream, layout, layout.places[at : at + number]) for at in range(0, len(layout.places), number)
    ]
    return planes[0] if len(planes) == 1 else np.concatenate(planes, axis=2)


def _plane(stream: BinaryIO, layout: Layout, places: Sequence[Span]) -> Samples:
    """The samples (height, width, channels of the plane) of one plane."""
    channels = layout.channels // layout.planes
    pixel_bytes = channels * layout.dtype.itemsize
    across, _ = _blocks(layout)
    width = across * layout.block[0]
    data = _bytes(stream, layout, places, (width * pixel_bytes, layout.height), pixel_bytes)
    blocks = data.reshape(layout.height, across, layout.block[0], channels, layout.dtype.itemsize)
    samples = _unpredicted(blocks, layout)
    return samples.reshape(layout.height, width, channels)[:, : layout.width]


def _unpredicted(data: npt.NDArray[np.uint8], layout: Layout) -> Samples:
    """Samples (height, blocks, width of a block, channels) of what was stored instead of them.

    TIFF 6.0, section 14, and Adobe's Photoshop TIFF technical note 3 for floating-point numbers.
    """
    if layout.predictor == _FLOATING:
        height, across, width, channels, size = data.shape
        row = data.reshape(height, across, -1, channels)
        row = np.cumsum(row, axis=2, dtype=np.uint8).reshape(height, across, size, width, channels)
        return np.ascontiguousarray(np.moveaxis(row, 2, -1)).view(f">f{size}")[..., 0]
    samples = data.view(layout.dtype)[..., 0]
    if layout.predictor != _HORIZONTAL:
        return samples
    whole = samples.view(layout.dtype.str.replace("f", "u").replace("i", "u"))
    summed = np.cumsum(whole, axis=2, dtype=whole.dtype.newbyteorder("="))
    return summed.view(layout.dtype.newbyteorder("="))


def _bytes(
    stream: BinaryIO, layout: Layout, places: Sequence[Span], size: tuple[int, int], pixel_bytes: int
) -> npt.NDArray[np.uint8]:
    """The unpacked bytes (height, width) of some strips or tiles."""
    file = _grey_tiff(stream, layout, places, size, pixel_bytes)
    image = TiffImagePlugin.TiffImageFile(file)
    return np.asarray(image, dtype=np.uint8)


def _grey_tiff(
    stream: BinaryIO, layout: Layout, places: Sequence[Span], size: tuple[int, int], pixel_bytes: int
) -> BinaryIO:
    """A TIFF of 8-bit grey with the same strips or tiles."""
    block_width = layout.block[0] * pixel_bytes
    lengths = [span.length for span in places]
    entries = {
        tags.WIDTH: [size[0]],
        tags.HEIGHT: [size[1]],
        tags.BITS: [8],
        tags.COMPRESSION: [layout.packing],
        tags.PHOTOMETRIC: [tags.BLACK_IS_ZERO],
        tags.SAMPLES: [1],
    }
    if layout.is_tiled:
        entries |= {_TILE_WIDTH: [block_width], _TILE_HEIGHT: [layout.block[1]]}
        where, how_long = _TILES, _TILE_LENGTHS
    else:
        entries |= {_ROWS_PER_STRIP: [layout.block[1]]}
        where, how_long = _STRIPS, _STRIP_LENGTHS
    entries |= {where: [0] * len(places), how_long: lengths}
    start = 8 + 2 + 12 * len(entries) + 4 + 4 * sum(len(it) for it in entries.values() if len(it) > 1)
    starts = np.cumsum([start, *lengths])[:-1]
    entries[where] = [int(at) for at in starts]
    file = io.BytesIO()
    file.write(_directory(entries))
    for span in places:
        stream.seek(span.place)
        file.write(stream.read(span.length))
    file.seek(0)
    return file


def _directory(entries: dict[int, list[int]]) -> bytes:
    """Head and directory of a little-endian TIFF, all numbers 32 bits wide."""
    beyond = 8 + 2 + 12 * len(entries) + 4
    table, values = b"", b""
    for tag, numbers in sorted(entries.items()):
        packed = struct.pack(f"<{len(numbers)}I", *numbers)
        if len(numbers) > 1:
            packed, values = struct.pack("<I", beyond + len(values)), values + packed
        table += struct.pack("<HHI", tag, 4, len(numbers)) + packed
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + table + bytes(4) + values
