"""Which kinds of TIFF are read right: Pillow takes some for others, without a word, and calls the rest corrupt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, cast

from thanosql_kernel.wording import Wording, photos

_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")

# TIFF 6.0 (Adobe, 1992), by number
_BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, _PLANAR, _FORMAT = 258, 259, 262, 277, 284, 339
_WHITE_IS_ZERO, _IN_PLANES, _UNCOMPRESSED = 0, 2, 1
_UNSIGNED, _SIGNED, _FLOATS = 1, 2, 3
_FORMATS = {
    _UNSIGNED: photos.SAMPLES,
    _SIGNED: photos.SIGNED_SAMPLES,
    _FLOATS: photos.FLOATING_SAMPLES,
}
_COLOURS: dict[int, Wording | str] = {
    0: photos.INVERTED_GREY,
    1: photos.GREY,
    2: "RGB",
    3: photos.PALETTE,
    5: "CMYK",
    6: "YCbCr",
    8: "Lab",
}


@dataclass(frozen=True, slots=True)
class TiffKind:
    """How the first picture of a TIFF stores its samples; fields as in TIFF 6.0.

    Attributes:
        bits: Bits a sample.
        sample_format: 1 unsigned, 2 signed, 3 floating point.
        samples: Samples a pixel.
        photometric: What a sample means.
        in_planes: Whether each channel is stored on its own.
        is_compressed: Whether the samples are.
        is_big_endian: Whether the file's numbers are.
    """

    bits: int
    sample_format: int
    samples: int
    photometric: int
    in_planes: bool
    is_compressed: bool
    is_big_endian: bool

    def __str__(self) -> str:
        colour = _COLOURS.get(self.photometric) or photos.OTHER_COLOUR(number=self.photometric)
        samples = _FORMATS.get(self.sample_format, photos.UNUSUAL_SAMPLES)(bits=self.bits, colour=colour)
        return photos.IN_PLANES(samples=samples) if self.in_planes else samples

    @property
    def is_misread(self) -> bool:
        """Whether Pillow (measured with 11 to 13) gives other pixels than were stored."""
        mixes_planes = self.in_planes and self.samples > 1 and self.bits == 16 and not self.is_compressed
        swaps_bytes = self.is_compressed and self.is_big_endian and self.samples == 1 and self._is_wide
        loses_sign = self.bits == 32 and self.sample_format == _UNSIGNED
        takes_sign_for_size = self.bits == 8 and self.sample_format == _SIGNED
        return mixes_planes or swaps_bytes or loses_sign or takes_sign_for_size

    @property
    def is_negative(self) -> bool:
        """Whether white is stored as 0 and Pillow, which turns 8 bits over, leaves that to the caller."""
        return self.photometric == _WHITE_IS_ZERO and self.bits >= 16

    @property
    def _is_wide(self) -> bool:
        """More than 16 bits, or 16 with a sign: what libtiff gives in the machine's order."""
        return self.bits > 16 or (self.bits == 16 and self.sample_format != _UNSIGNED)


def kind_of(stream: BinaryIO) -> TiffKind | None:
    """The kind of a TIFF, or None for other files and for directories that cannot be read.

    Args:
        stream: A seekable binary stream at its start, where it is again afterwards.
    """
    head = stream.read(16)
    try:
        return _read(stream, head) if head.startswith(_MAGIC) else None
    finally:
        stream.seek(0)


def _read(stream: BinaryIO, head: bytes) -> TiffKind | None:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    try:
        directory = ImageFileDirectory_v2(head[: 16 if 43 in head[2:4] else 8])
        stream.seek(directory.next)
        directory.load(stream)
        return TiffKind(
            bits=_first(directory.get(_BITS, 1)),
            sample_format=_first(directory.get(_FORMAT, _UNSIGNED)),
            samples=_first(directory.get(_SAMPLES, 1)),
            photometric=_first(directory[_PHOTOMETRIC]),
            in_planes=_first(directory.get(_PLANAR, 1)) == _IN_PLANES,
            is_compressed=_first(directory.get(_COMPRESSION, _UNCOMPRESSED)) != _UNCOMPRESSED,
            is_big_endian=head.startswith(b"MM"),
        )
    except Exception:  # a broken directory: the reader says what is wrong with it
        return None


def _first(value: object) -> int:
    return int(cast(int, value[0] if isinstance(value, tuple) else value))
