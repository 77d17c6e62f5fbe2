"""A TIFF is read as it was stored, or refused by its kind: never garbage, never "corrupt" for what is only unusual."""

from __future__ import annotations

import struct
import zlib
from itertools import product

import numpy as np
import pytest

from thanosql_kernel.images.decode import UnreadableImage, open_rgb

GREY = np.tile(np.linspace(0, 1, 16), (8, 1))
RGB = np.stack([GREY, 1 - GREY, np.full_like(GREY, 0.25)], axis=2)
WHITE_IS_ZERO, BLACK_IS_ZERO, COLOURS = 0, 1, 2
REFUSED = "this kind of TIFF is not supported: "


def tiff(
    samples: np.ndarray, photometric: int, *, in_planes: bool = False, packed: bool = False, order: str = "<"
) -> bytes:
    """A TIFF of one strip (a channel, if in planes) as TIFF 6.0 wants it, samples of any type."""
    height, width = samples.shape[:2]
    samples = samples.reshape(height, width, -1)
    channels = samples.shape[2]
    stored = samples.astype(samples.dtype.newbyteorder(order))
    planes = [stored[:, :, i].tobytes() for i in range(channels)] if in_planes else [stored.tobytes()]
    strips = [zlib.compress(plane) for plane in planes] if packed else planes
    start = 1024
    places = [start + sum(map(len, strips[:i])) for i in range(len(strips))]
    kind = {"u": 1, "i": 2, "f": 3}[samples.dtype.kind]
    bits = samples.dtype.itemsize * 8
    tags = [
        (256, "H", [width]), (257, "H", [height]), (258, "H", [bits] * channels), (259, "H", [8 if packed else 1]),
        (262, "H", [photometric]), (273, "I", places), (277, "H", [channels]), (278, "H", [height]),
        (279, "I", [len(strip) for strip in strips]), (284, "H", [2 if in_planes else 1]), (339, "H", [kind] * channels),
    ]  # fmt: skip
    entries, beyond = b"", b""
    for tag, code, values in tags:
        value = struct.pack(f"{order}{len(values)}{code}", *values)
        if len(value) > 4:
            place = 8 + 2 + 12 * len(tags) + 4 + len(beyond)
            beyond += value
            value = struct.pack(order + "I", place)
        entries += struct.pack(order + "HHI", tag, 3 if code == "H" else 4, len(values)) + value.ljust(
            4, b"\0"
        )
    head = b"II*\0" if order == "<" else b"MM\0*"
    directory = struct.pack(order + "IH", 8, len(tags)) + entries + bytes(4) + beyond
    return (head + directory).ljust(start, b"\0") + b"".join(strips)


def stored(picture: np.ndarray, kind: type) -> np.ndarray:
    """0..1 as samples of a type, its whole range for integers."""
    if np.issubdtype(kind, np.floating):
        return picture.astype(kind)
    return np.rint(picture * float(np.iinfo(kind).max)).astype(kind)


@pytest.mark.parametrize(("order", "packed"), product("<>", (False, True)))
@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32, np.float16, np.float32, np.float64])
@pytest.mark.parametrize("layout", ["black is zero", "white is zero", "RGB", "RGB in planes"])
def test_every_kind_is_read_as_it_was_stored(layout: str, kind: type, order: str, packed: bool) -> None:
    picture = RGB if layout.startswith("RGB") else GREY
    photometric = {"black is zero": BLACK_IS_ZERO, "white is zero": WHITE_IS_ZERO}.get(layout, COLOURS)
    samples = stored(1 - picture if photometric == WHITE_IS_ZERO else picture, kind)
    data = tiff(samples, photometric, in_planes=layout == "RGB in planes", packed=packed, order=order)
    wanted = picture if picture.ndim == 3 else np.stack([picture] * 3, axis=2)
    assert np.abs(np.asarray(open_rgb(data), int) - wanted * 255).max() <= 1.01


def test_the_refusal_says_how_the_samples_are_stored() -> None:
    data = tiff(stored(RGB, np.uint8), 99)
    with pytest.raises(UnreadableImage) as caught:
        open_rgb(data)
    assert caught.value.reason == REFUSED + "8-bit photometric 99"


def test_signed_bytes_are_not_taken_for_unsigned_ones() -> None:
    samples = np.tile(np.array([-100, 27], np.int8), (8, 8))
    assert np.array_equal(np.asarray(open_rgb(tiff(samples, BLACK_IS_ZERO)))[0, :2, 0], [0, 255])


def test_what_all_samples_have_in_common_is_no_number_to_divide_by() -> None:
    for samples in (np.full((8, 16), -100, np.int8), np.full((8, 16), np.nan, np.float32)):
        assert open_rgb(tiff(samples, BLACK_IS_ZERO)).getpixel((3, 3)) == (0, 0, 0)


def test_strips_that_claim_more_than_the_file_holds_are_refused() -> None:
    whole = tiff(stored(RGB, np.float32), COLOURS)
    with pytest.raises(UnreadableImage, match="truncated"):
        open_rgb(whole[: len(whole) - 100])


def test_a_directory_that_cannot_be_read_is_still_corrupt() -> None:
    with pytest.raises(UnreadableImage) as caught:
        open_rgb(b"II*\0" + struct.pack("<I", 8) + b"\xff\xff" + b"\x01" * 40)
    assert caught.value.reason in ("corrupt", "truncated")
