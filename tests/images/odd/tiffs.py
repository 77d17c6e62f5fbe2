"""Odd TIFFs: sample types by colours, layouts, byte orders and packings."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from PIL import Image
from seen import HEIGHT, WIDTH, Odd, encoded, exif, grey, picture, stored, three
from tiff_writer import Shorts, tiff_file


def tiff(samples: np.ndarray, photometric: int, *, bits: int = 0, in_planes: bool = False, packing: int = 1,
         order: str = "<", tile: int = 0, rows: int = 0, is_big: bool = False, predictor: int = 1,
         extra: int | None = None) -> bytes:  # fmt: skip
    """A TIFF of samples (height, width, channels) as they are."""
    height, width = samples.shape[:2]
    samples = samples.reshape(height, width, -1)
    channels = samples.shape[2]
    kind = {"u": 1, "i": 2, "f": 3, "b": 1}[samples.dtype.kind]
    planes = [samples[:, :, i : i + 1] for i in range(channels)] if in_planes else [samples]
    step = rows or height
    blocks = [block for plane in planes for block in (_tiles(plane, tile) if tile else _strips(plane, step))]
    data = [_packed(_predicted(block, predictor).astype(block.dtype.newbyteorder(order)), packing)
            for block in blocks]  # fmt: skip
    places, lengths = (324, 325) if tile else (273, 279)
    tags: dict[int, Any] = {
        256: width, 257: height, 258: Shorts((bits or samples.dtype.itemsize * 8,) * channels), 259: packing,
        262: photometric, 277: channels, 284: 2 if in_planes else 1, 317: predictor, 339: Shorts((kind,) * channels),
        lengths: [len(it) for it in data],
    }  # fmt: skip
    tags |= {322: tile, 323: tile} if tile else {278: step}
    tags |= {} if extra is None else {338: Shorts((extra,))}
    start = 4096
    tags[places] = [start + sum(map(len, data[:at])) for at in range(len(data))]
    return tiff_file(tags, order=order, is_big=is_big).ljust(start, b"\0") + b"".join(data)


def _strips(plane: np.ndarray, rows: int) -> list[np.ndarray]:
    return [plane[at : at + rows] for at in range(0, len(plane), rows)]


def _tiles(plane: np.ndarray, side: int) -> list[np.ndarray]:
    height, width = plane.shape[:2]
    padded = np.pad(plane, ((0, -height % side), (0, -width % side), (0, 0)))
    return [padded[y : y + side, x : x + side]
            for y, x in product(range(0, height, side), range(0, width, side))]  # fmt: skip


def _predicted(block: np.ndarray, predictor: int) -> np.ndarray:
    return np.diff(block, axis=1, prepend=np.zeros_like(block[:, :1])) if predictor == 2 else block


def _packed(block: np.ndarray, packing: int) -> bytes:
    data = block.tobytes()
    if packing == 8:
        return zlib.compress(data)
    if packing == 32773:  # PackBits, as literal runs
        return b"".join(
            bytes([len(data[i : i + 128]) - 1]) + data[i : i + 128] for i in range(0, len(data), 128)
        )
    return data


def as_samples(levels: np.ndarray, kind: type) -> np.ndarray:
    """0..255 as samples of a type: its whole range, 0..1 for floating point."""
    unit = levels / 255.0
    if np.issubdtype(kind, np.floating):
        return unit.astype(kind)
    info = np.iinfo(kind)
    scaled = unit * float(info.max) if info.min == 0 else unit * (float(info.max) - info.min) + info.min
    return np.clip(np.rint(scaled), info.min, np.nextafter(float(info.max), 0)).astype(kind)


def tiffs() -> Iterator[Odd]:
    """Sample types by colours, layouts and byte orders."""
    kinds = (np.uint8, np.uint16, np.uint32, np.float16, np.float32, np.float64)
    layouts: tuple[dict[str, Any], ...] = ({}, {"packing": 8, "predictor": 2}, {"tile": 16, "packing": 8},
                                           {"rows": 5, "packing": 32773}, {"is_big": True})  # fmt: skip
    for number, (kind, colours, order) in enumerate(product(kinds, ("grey", "RGB", "planes"), "<>")):
        levels = grey() if colours == "grey" else picture()
        layout = dict(layouts[number % len(layouts)])
        if kind in (np.float16, np.float32, np.float64):
            layout.pop("predictor", None)
        options = {"in_planes": colours == "planes", "order": order, **layout}
        data = tiff(as_samples(levels, kind), 1 if colours == "grey" else 2, **options)
        seen = three(levels) if colours == "grey" else levels.astype(float)
        yield Odd(f"tiff {np.dtype(kind)} {colours} {order} {layout}", data, seen)
    for kind, order in product((np.uint8, np.uint16, np.uint32), "<>"):
        data = tiff(np.iinfo(kind).max - as_samples(grey(), kind), 0, order=order)
        yield Odd(f"tiff {np.dtype(kind)} white is 0 {order}", data, three(grey()))


def other_tiffs() -> Iterator[Odd]:
    seen = picture().astype(float)
    stretched = (grey() - 20.0) * (255 / 200)
    yield Odd("tiff of signs", tiff(grey().astype(np.int16) - 900, 1), three(stretched))
    yield Odd("tiff of signed colours", tiff(as_samples(picture(), np.int16), 2), _stretched(seen), 1.1)
    yield Odd("tiff beyond 1", tiff(picture().astype(np.float32) * 100, 2), _stretched(seen), 1.1)
    holed = picture().astype(np.float32) / 255
    holed[3, 4] = np.nan
    with_hole = seen.copy()
    with_hole[3, 4] = 0
    yield Odd("tiff with no number", tiff(holed, 2), with_hole)
    cmyk = np.asarray(Image.fromarray(picture()).convert("CMYK"))
    yield Odd("tiff CMYK", tiff(cmyk, 5), seen, 2)
    yield Odd("tiff CMYK of 16 bits", tiff(cmyk.astype(np.uint16) * 257, 5), seen, 2)
    yield Odd("tiff CMYK in planes", tiff(cmyk, 5, in_planes=True), seen, 2)
    alpha = np.dstack([picture(), np.full_like(grey(), 64)])
    on_white = seen * (64 / 255) + 191
    yield Odd("tiff transparent", tiff(alpha, 2, extra=2), on_white, 2)
    yield Odd("tiff transparent of 16 bits in planes", tiff(alpha.astype(np.uint16) * 257, 2, extra=2,
              in_planes=True), on_white, 2)  # fmt: skip
    laid = np.dstack([np.rint(picture() * (64 / 255)).astype(np.uint8), alpha[:, :, 3]])
    yield Odd("tiff transparent, multiplied", tiff(laid, 2, extra=1), on_white, 3)
    yield Odd("tiff with a fifth channel", tiff(np.dstack([alpha, grey()]), 2), seen, 1.01)
    yield Odd("tiff of 1 bit", encoded(Image.fromarray(grey() > 99), "TIFF"), three(255 * (grey() > 99)))
    yield Odd("tiff fax", encoded(Image.fromarray(grey() > 99), "TIFF", compression="group4"),
              three(255 * (grey() > 99)))  # fmt: skip
    yield Odd("tiff of a JPEG", encoded(picture(), "TIFF", compression="jpeg", quality=95), seen, 12)
    for packing in ("tiff_lzw", "zstd", "lzma"):
        yield Odd(f"tiff packed as {packing}", encoded(picture(), "TIFF", compression=packing), seen)
    palette = Image.fromarray(picture()).quantize(64)
    yield Odd("tiff palette", encoded(palette, "TIFF"), np.asarray(palette.convert("RGB"), float))
    yield Odd("tiff turned", encoded(stored(6), "TIFF", exif=exif(6)), seen)
    lab = np.broadcast_to(
        np.array([138, 81, 70], np.uint8), (HEIGHT, WIDTH, 3)
    )  # sRGB's red in CIELAB of D50
    yield Odd("tiff Lab", tiff(lab, 8), np.broadcast_to(np.array([255.0, 0, 0]), lab.shape), 6)
    for name, data in (
        ("12-bit grey", tiff(as_samples(grey(), np.uint8), 1, bits=12)),
        ("2-bit RGB", tiff(as_samples(picture(), np.uint8), 2, bits=2)),
        ("8-bit RGB, packed as WebP", tiff(picture(), 2, packing=50001)),
        ("8-bit RGB, packed as JPEG 2000", tiff(picture(), 2, packing=34712)),
        ("8-bit RGB, packed as compression 34933", tiff(picture(), 2, packing=34933)),
        ("8-bit photometric 32845", tiff(picture(), 32845)),
    ):
        yield Odd(f"tiff refused {name}", data, None, told=f"this kind of TIFF is not supported: {name}")


def _stretched(levels: np.ndarray) -> np.ndarray:
    return (levels - levels.min()) * (255 / (levels.max() - levels.min()))
