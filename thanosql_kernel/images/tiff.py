"""Which kinds of TIFF are read right: Pillow takes some for others, without a word, and calls the rest corrupt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from thanosql_kernel.images.directories import Directory, directories, is_tiff
from thanosql_kernel.wording import Wording, photos

# TIFF 6.0 (Adobe, 1992), by number
WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
SAMPLES, PLANAR, PREDICTOR, EXTRA_SAMPLES, FORMAT = 277, 284, 317, 338, 339
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, CMYK = 0, 1, 2, 5
IN_PLANES, UNCOMPRESSED = 2, 1
UNSIGNED, SIGNED, FLOATS = 1, 2, 3
_FORMATS = {
    UNSIGNED: photos.SAMPLES,
    SIGNED: photos.SIGNED_SAMPLES,
    FLOATS: photos.FLOATING_SAMPLES,
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
_COMPRESSIONS = {
    1: "", 2: "CCITT", 3: "CCITT", 4: "CCITT", 5: "LZW", 6: "JPEG", 7: "JPEG", 8: "Deflate", 32773: "PackBits",
    32946: "Deflate", 33003: "JPEG 2000", 33005: "JPEG 2000", 34712: "JPEG 2000", 34887: "LERC", 34925: "LZMA",
    50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL",
}  # fmt: skip

_UNPACKED = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34925, 50000})


@dataclass(frozen=True, slots=True)
class TiffKind:
    """How the first picture of a TIFF stores its samples; fields as in TIFF 6.0.

    Attributes:
        bits: Bits a sample.
        sample_format: 1 unsigned, 2 signed, 3 floating point.
        samples: Samples a pixel.
        photometric: What a sample means.
        in_planes: Whether each channel is stored on its own.
        compression: How the samples are packed.
        is_big_endian: Whether the file's numbers are.
    """

    bits: int
    sample_format: int
    samples: int
    photometric: int
    in_planes: bool
    compression: int
    is_big_endian: bool

    def __str__(self) -> str:
        colour = _COLOURS.get(self.photometric) or photos.OTHER_COLOUR(number=self.photometric)
        samples = _FORMATS.get(self.sample_format, photos.UNUSUAL_SAMPLES)(bits=self.bits, colour=colour)
        told = photos.IN_PLANES(samples=samples) if self.in_planes else samples
        packed = _COMPRESSIONS.get(self.compression, photos.OTHER_COMPRESSION(number=self.compression))
        return photos.PACKED(samples=told, packed=packed) if packed else told

    @property
    def is_misread(self) -> bool:
        """Whether Pillow (measured with 11 to 13) gives other pixels than were stored."""
        mixes_planes = self.in_planes and self.samples > 1 and self.bits == 16 and not self._is_compressed
        swaps_bytes = self._is_compressed and self.is_big_endian and self.samples == 1 and self._is_wide
        loses_sign = self.bits == 32 and self.sample_format == UNSIGNED
        takes_sign_for_size = self.bits == 8 and self.sample_format == SIGNED
        leaves_12_bits_small = self.bits == 12
        return mixes_planes or swaps_bytes or loses_sign or takes_sign_for_size or leaves_12_bits_small

    @property
    def is_stored_by_plane(self) -> bool:
        """Whether it is better read as samples where that can be done: Pillow mixes up some of these."""
        return self.in_planes and self.samples > 1

    @property
    def is_unknown(self) -> bool:
        """Whether nothing here unpacks it; libtiff would say so on standard error."""
        return self.compression not in _UNPACKED

    @property
    def is_negative(self) -> bool:
        """Whether white is stored as 0 and Pillow, which turns 8 bits over, leaves that to the caller."""
        return self.photometric == WHITE_IS_ZERO and self.bits >= 16

    @property
    def is_signed(self) -> bool:
        """Whether samples may be below zero."""
        return self.sample_format == SIGNED

    @property
    def _is_compressed(self) -> bool:
        return self.compression != UNCOMPRESSED

    @property
    def _is_wide(self) -> bool:
        """More than 16 bits, or 16 with a sign: what libtiff gives in the machine's order."""
        return self.bits > 16 or (self.bits == 16 and self.sample_format != UNSIGNED)


def kind_of(stream: BinaryIO) -> TiffKind | None:
    """The kind of a TIFF, or None for other files and for directories that cannot be read.

    Args:
        stream: A seekable binary stream at its start, where it is again afterwards.
    """
    head = stream.read(16)
    try:
        if not is_tiff(head):
            return None
        found = directories(stream, head)
        return _kind(found[0], is_big_endian=head.startswith(b"MM")) if found else None
    finally:
        stream.seek(0)


def _kind(directory: Directory, *, is_big_endian: bool) -> TiffKind | None:
    if PHOTOMETRIC not in directory:
        return None
    return TiffKind(
        bits=directory.number(BITS, 1),
        sample_format=directory.number(FORMAT, UNSIGNED),
        samples=directory.number(SAMPLES, 1),
        photometric=directory.number(PHOTOMETRIC),
        in_planes=directory.number(PLANAR, 1) == IN_PLANES,
        compression=directory.number(COMPRESSION, UNCOMPRESSED),
        is_big_endian=is_big_endian,
    )
