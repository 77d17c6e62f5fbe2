"""Odd files of many kinds, and what is to be seen in each: the NumPy picture that it was written from, or a reason.

Names begin with the kind: ``cr2 turned 6``. All show the same small picture.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import raws
from PIL import Image, PngImagePlugin
from profiles import PRIMARIES, grey_in_srgb, grey_profile, rgb_in_srgb, rgb_profile
from tiff_writer import Shorts, tiff_file

WIDTH, HEIGHT = 48, 32


@dataclass(frozen=True)
class Odd:
    """A file.

    Attributes:
        name: Its kind and what is odd about it.
        data: Its bytes.
        seen: What is to be seen, float (32, 48, 3) of levels; None if it is to be refused.
        tolerance: By how many levels pixels may differ: little without losses, more with them.
        told: A part of the reason, or of the notice.
    """

    name: str
    data: bytes
    seen: np.ndarray | None
    tolerance: float = 1.01
    told: str = ""

    @property
    def kind(self) -> str:
        """The first word of its name."""
        return self.name.split()[0]


@cache
def picture() -> np.ndarray:
    """uint8 (32, 48, 3): smooth, so that lossy formats keep it, and different in all four corners."""
    x, y = np.linspace(0, 1, WIDTH)[None, :], np.linspace(0, 1, HEIGHT)[:, None]
    planes = [20 + 200 * x + 0 * y, 30 + 190 * y + 0 * x, 220 - 90 * x - 110 * y]
    return np.rint(np.stack(planes, axis=2)).astype(np.uint8)


@cache
def grey() -> np.ndarray:
    """uint8 (32, 48)."""
    return picture()[:, :, 0].copy()


def three(levels: np.ndarray) -> np.ndarray:
    """A grey picture as colours."""
    return np.stack([levels] * 3, axis=2).astype(float)


def encoded(image: Image.Image | np.ndarray, kind: str, **options: Any) -> bytes:
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(image: Any = None, **options: Any) -> bytes:
    """A JPEG with few losses."""
    return encoded(
        picture() if image is None else image, "JPEG", **{"quality": 95, "subsampling": 0, **options}
    )


#: What a picture must have become for an orientation to make it upright again (EXIF 2.32, tag 0x0112).
STORED = {
    1: lambda it: it,
    2: lambda it: it[:, ::-1],
    3: lambda it: it[::-1, ::-1],
    4: lambda it: it[::-1],
    5: lambda it: it.transpose(1, 0, 2),
    6: lambda it: it.transpose(1, 0, 2)[::-1],
    7: lambda it: it.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda it: it.transpose(1, 0, 2)[:, ::-1],
}


def stored(orientation: int) -> np.ndarray:
    return np.ascontiguousarray(STORED[orientation](picture()))


def exif(orientation: int) -> Image.Exif:
    told = Image.Exif()
    told[0x0112] = orientation
    return told


def odd_files() -> list[Odd]:
    """All of them."""
    makers = (_jpegs, _cut, _coloured, _pngs, _animations, _common, _heifs, _jpeg_xls, _tiffs, _other_tiffs,
              _raws, _turned_raws, _bare_raws, _no_pictures)  # fmt: skip
    return [file for maker in makers for file in maker()]


# -- JPEG ----------------------------------------------------------------------------------------------------
def _jpegs() -> Iterator[Odd]:
    seen = picture().astype(float)
    yield Odd("jpeg", jpeg(), seen, 8)
    yield Odd("jpeg progressive", jpeg(progressive=True), seen, 8)
    yield Odd("jpeg with restarts", jpeg(restart_marker_blocks=2), seen, 8)
    yield Odd("jpeg of half chroma", jpeg(subsampling=2), seen, 30)
    yield Odd("jpeg grey", jpeg(grey()), three(grey()), 8)
    yield Odd("jpeg CMYK", jpeg(Image.fromarray(picture()).convert("CMYK")), seen, 12)
    yield Odd("jpeg with rubbish behind it", jpeg() + bytes(500), seen, 8)
    yield Odd("jpeg with broken EXIF", jpeg(exif=b"Exif\0\0II*\0\xff\xff\xff\x7f"), seen, 8)
    for orientation in range(1, 9):
        data = jpeg(stored(orientation), exif=exif(orientation))
        yield Odd(f"jpeg turned {orientation}", data, seen, 8)
    two = [Image.fromarray(picture()), Image.fromarray(255 - picture())]
    mpo = encoded(two[0], "MPO", save_all=True, append_images=two[1:], quality=95, subsampling=0)
    yield Odd("mpo", mpo, seen, 8)


def _cut() -> Iterator[Odd]:
    noise = np.random.default_rng(3).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    for name, options in (("", {}), (" progressive", {"progressive": True})):
        data = jpeg(**options)
        body = data.index(b"\xff\xda") + 14
        at = body + int(0.8 * (len(data) - body))
        seen = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), float)
        if not name:
            seen[24:] = np.nan  # three of four rows of blocks are there
        yield Odd(f"jpeg cut{name}", data[:at], seen, 256 if name else 2, "cut short")
    whole = jpeg()
    at = whole.index(b"\xff\xda")
    yield Odd("jpeg that lacks its last mark", whole[:-2], np.asarray(Image.open(io.BytesIO(whole)), float),
              2, "cut short")  # fmt: skip
    yield Odd("jpeg cut early", whole[: at + (len(whole) - at) // 4], None, told="truncated: only")
    yield Odd("jpeg cut in its head", whole[: at - 20], None, told="truncated")
    for kind, options in (("PNG", {}), ("WEBP", {}), ("GIF", {}), ("TIFF", {}), ("BMP", {}), ("JPEG2000", {}),
                          ("AVIF", {}), ("QOI", {}), ("PPM", {})):  # fmt: skip
        data = encoded(noise, kind, **options)
        yield Odd(f"{kind.lower()} cut", data[: int(0.6 * len(data))], None, told="")


# -- colours -------------------------------------------------------------------------------------------------
def _coloured() -> Iterator[Odd]:
    levels = picture()
    for name in PRIMARIES:
        seen, profile = rgb_in_srgb(levels.astype(float), name), rgb_profile(name)
        tag = name.replace(" ", "_")
        yield Odd(f"profile {tag} jpeg", jpeg(icc_profile=profile), _lossy_in_srgb(name), 2.5)
        for kind in ("PNG", "TIFF"):
            yield Odd(f"profile {tag} {kind}", encoded(levels, kind, icc_profile=profile), seen, 2.5)
        webp = encoded(levels, "WEBP", lossless=True, icc_profile=profile)
        yield Odd(f"profile {tag} WebP", webp, seen, 2.5)
    grey_seen = three(grey_in_srgb(grey().astype(float), 1.0))
    yield Odd("profile grey PNG", encoded(grey(), "PNG", icc_profile=grey_profile(1.0)), grey_seen, 2.5)
    plain = levels.astype(float)
    yield Odd("profile broken PNG", encoded(levels, "PNG", icc_profile=b"no profile"), plain)
    yield Odd("profile of grey on colours", encoded(levels, "PNG", icc_profile=grey_profile(1.0)), plain)
    yield Odd("profile cut short", encoded(levels, "PNG", icc_profile=rgb_profile("ProPhoto")[:200]), plain)
    half = np.dstack([levels, np.full_like(grey(), 128)])
    profile = rgb_profile("Display P3")
    on_white = rgb_in_srgb(plain, "Display P3") * (128 / 255) + 127
    yield Odd("profile with transparency", encoded(half, "PNG", icc_profile=profile), on_white, 2.5)


def _lossy_in_srgb(name: str) -> np.ndarray:
    """What the levels of a JPEG become, with its losses."""
    return rgb_in_srgb(np.asarray(Image.open(io.BytesIO(jpeg())), float), name)


# -- PNG and other common ones -------------------------------------------------------------------------------
def png_with(*chunks: tuple[bytes, bytes], at_end: bool = False) -> bytes:
    """A PNG with more chunks, before or behind its pixels."""
    data = encoded(picture(), "PNG")
    at = data.index(b"IEND") - 4 if at_end else data.index(b"IDAT") - 4
    more = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
    return data[:at] + more + data[at:]


def _pngs() -> Iterator[Odd]:
    seen = picture().astype(float)
    prompt = b"a cat " * 400_000
    yield Odd("png", encoded(picture(), "PNG"), seen)
    yield Odd("png with 2.4 MB tEXt", png_with((b"tEXt", b"prompt\0" + prompt)), seen)
    yield Odd("png with 2.4 MB zTXt", png_with((b"zTXt", b"prompt\0\0" + zlib.compress(prompt))), seen)
    itxt = b"prompt\0\1\0\0\0" + zlib.compress(prompt)
    yield Odd("png with 2.4 MB iTXt", png_with((b"iTXt", itxt)), seen)
    yield Odd("png with 2.4 MB iTXt at its end", png_with((b"iTXt", itxt), at_end=True), seen)
    yield Odd("png with a text bomb", png_with((b"zTXt", b"x\0\0" + _bomb())), seen)
    yield Odd("png with a profile bomb", png_with((b"iCCP", b"x\0\0" + _bomb())), seen)
    wide = rgb_profile("ProPhoto") + bytes(1_500_000)
    converted = rgb_in_srgb(seen, "ProPhoto")
    yield Odd("png with 1.5 MB iCCP", png_with((b"iCCP", b"x\0\0" + zlib.compress(wide))), converted, 2.5)
    many = [(b"tEXt", b"key%d\0value" % number) for number in range(3000)]
    yield Odd("png with 3000 texts", png_with(*many), seen)
    ramp = np.rint(grey() * 257.0).astype(np.uint16)
    yield Odd("png of 16 bits", encoded(Image.fromarray(ramp), "PNG"), three(grey()))
    yield Odd(
        "png grey with alpha", encoded(np.dstack([grey(), np.full_like(grey(), 255)]), "PNG"), three(grey())
    )
    clear = np.dstack([picture(), np.full_like(grey(), 64)])
    yield Odd("png transparent", encoded(clear, "PNG"), seen * (64 / 255) + 191, 2)
    palette = Image.fromarray(picture()).quantize(64)
    yield Odd("png palette", encoded(palette, "PNG"), np.asarray(palette.convert("RGB"), float))
    yield Odd("png turned", encoded(stored(6), "PNG", exif=exif(6)), seen)
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", "고양이")
    yield Odd("png titled", encoded(picture(), "PNG", pnginfo=info), seen)


@cache
def _bomb() -> bytes:
    """200 MB that pack into 200 kB."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(10_000_000)) for _ in range(20)) + packer.flush()


def _animations() -> Iterator[Odd]:
    frames = [Image.fromarray(it) for it in (picture(), 255 - picture())]
    first = frames[0].quantize(128)
    seen = np.asarray(first.convert("RGB"), float)
    gif = encoded(first, "GIF", save_all=True, append_images=[frames[1].quantize(128)])
    yield Odd("gif animated", gif, seen)
    yield Odd("gif animated and cut in a later frame", gif[:-300], seen)
    for kind in ("WEBP", "PNG", "TIFF"):
        options = {"lossless": True} if kind == "WEBP" else {}
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)
        yield Odd(f"{kind.lower()} of two pictures", data, picture().astype(float))


def _common() -> Iterator[Odd]:
    seen = picture().astype(float)
    yield Odd("gif", encoded(Image.fromarray(grey()), "GIF"), three(grey()))
    yield Odd("webp", encoded(picture(), "WEBP", quality=95), seen, 30)
    yield Odd("webp lossless", encoded(picture(), "WEBP", lossless=True), seen)
    yield Odd("webp turned", encoded(stored(8), "WEBP", lossless=True, exif=exif(8)), seen)
    yield Odd("bmp", encoded(picture(), "BMP"), seen)
    yield Odd("bmp palette", encoded(grey(), "BMP"), three(grey()))
    yield Odd("bmp of 1 bit", encoded(Image.fromarray(grey() > 99), "BMP"), three(255 * (grey() > 99)))
    yield Odd("jp2", encoded(picture(), "JPEG2000"), seen)
    yield Odd("j2k", encoded(picture(), "JPEG2000", no_jp2=True), seen)
    yield Odd("ico", encoded(picture(), "ICO", sizes=[(WIDTH, HEIGHT)]), seen)
    yield Odd("qoi", encoded(picture(), "QOI"), seen)
    yield Odd("ppm", encoded(picture(), "PPM"), seen)
    yield Odd("pgm", encoded(grey(), "PPM"), three(grey()))
    yield Odd("pbm", encoded(Image.fromarray(grey() > 99), "PPM"), three(255 * (grey() > 99)))
    wide = np.rint(grey() * 257.0).astype(">u2").tobytes()
    yield Odd("pgm of 16 bits", b"P5\n48 32\n65535\n" + wide, three(grey()))
    words = " ".join(str(it) for it in picture().ravel())
    yield Odd("ppm in words", f"P3\n# a remark\n48 32\n255\n{words}\n".encode(), seen)
    planes = picture().transpose(2, 0, 1).tobytes()
    psd = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, HEIGHT, WIDTH, 8, 3) + bytes(12) + b"\0\0" + planes
    yield Odd("psd", psd, seen)


def _heifs() -> Iterator[Odd]:
    import pillow_heif

    seen = picture().astype(float)
    for name, options in (("", {}), (" turned", {"exif": exif(6).tobytes()})):
        image = Image.fromarray(stored(6) if name else picture())
        buffer = io.BytesIO()
        pillow_heif.from_pillow(image).save(buffer, quality=95, chroma=444, **options)
        yield Odd(f"heic{name}", buffer.getvalue(), seen, 30)
    image = Image.fromarray(picture())
    image.info["icc_profile"] = rgb_profile("Display P3")
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=95, chroma=444)
    yield Odd("heic of Display P3", buffer.getvalue(), rgb_in_srgb(seen, "Display P3"), 35)
    yield Odd("avif", encoded(picture(), "AVIF", quality=95, subsampling="4:4:4"), seen, 20)
    profile = rgb_profile("Display P3")
    avif = encoded(picture(), "AVIF", quality=95, subsampling="4:4:4", icc_profile=profile)
    yield Odd("avif of Display P3", avif, rgb_in_srgb(seen, "Display P3"), 25)


def _jpeg_xls() -> Iterator[Odd]:
    import pylibjxl

    seen = picture().astype(float)
    yield Odd("jxl", pylibjxl.encode(picture(), lossless=True), seen)
    yield Odd("jxl with losses", pylibjxl.encode(picture()), seen, 30)
    yield Odd("jxl in boxes", pylibjxl.encode(picture(), lossless=True, exif=exif(1).tobytes()), seen)
    yield Odd("jxl grey", pylibjxl.encode(grey()[:, :, None], lossless=True), three(grey()))
    clear = np.dstack([picture(), np.full_like(grey(), 64)])
    yield Odd("jxl transparent", pylibjxl.encode(clear, lossless=True), seen * (64 / 255) + 191, 2)
    profile = rgb_profile("ProPhoto")
    wide = pylibjxl.encode(picture(), lossless=True, icc=profile)
    yield Odd("jxl of ProPhoto", wide, rgb_in_srgb(seen, "ProPhoto"), 2.5)
    yield Odd("jxl of a JPEG", pylibjxl.jpeg_to_jxl(jpeg()), seen, 8)
    yield Odd("jxl cut", pylibjxl.encode(picture(), lossless=True)[:200], None, told="corrupt")


# -- TIFF ----------------------------------------------------------------------------------------------------
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


def _tiffs() -> Iterator[Odd]:
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


def _other_tiffs() -> Iterator[Odd]:
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


# -- RAW -----------------------------------------------------------------------------------------------------
def _raws() -> Iterator[Odd]:
    seen, shown = picture().astype(float), jpeg()
    small = jpeg(np.ascontiguousarray(255 - picture()[::2, ::2]))
    yield Odd("cr2", raws.cr2(shown, small=small), seen, 8)
    yield Odd("cr3", raws.cr3(shown, small), seen, 8)
    yield Odd("cr3 with its small picture only", raws.cr3(None, shown), seen, 8)
    yield Odd("nef", raws.nef(shown), seen, 8)
    yield Odd("nef of the other byte order", raws.nef(shown, order=">"), seen, 8)
    yield Odd("nrw", raws.nef(shown, make="NIKON"), seen, 8)
    yield Odd("arw", raws.arw(shown), seen, 8)
    yield Odd("dng", raws.dng(shown), seen, 8)
    yield Odd("dng of the other byte order", raws.dng(shown, order=">"), seen, 8)
    yield Odd("pef", raws.pef(shown), seen, 8)
    yield Odd("srw", raws.srw(shown), seen, 8)
    yield Odd("3fr", raws.hasselblad(shown), seen, 8)
    yield Odd("iiq", raws.iiq(shown), seen, 8)
    yield Odd("rw2", raws.rw2(shown), seen, 8)
    yield Odd("orf", raws.orf(shown), seen, 8)
    yield Odd("orf of OM System", raws.orf(shown, mark=b"OM SYSTEM\0\0\0II\x04\0"), seen, 8)
    yield Odd("raf", raws.raf(shown), seen, 8)
    coloured = jpeg(icc_profile=rgb_profile("Adobe RGB"))
    yield Odd("nef of Adobe RGB", raws.nef(coloured), _lossy_in_srgb("Adobe RGB"), 2.5)


def _turned_raws() -> Iterator[Odd]:
    tall = np.ascontiguousarray(picture().transpose(1, 0, 2))
    seen, lying = tall.astype(float), np.ascontiguousarray(STORED[6](tall))
    turned, told_twice = jpeg(lying), jpeg(lying, exif=exif(6))
    for maker in (raws.cr2, raws.nef, raws.arw, raws.dng, raws.pef, raws.srw, raws.rw2, raws.orf):
        yield Odd(f"{maker.__name__} turned", maker(turned, 6), seen, 8)
    yield Odd("rw2 turned, and its preview says so too", raws.rw2(told_twice, 6), seen, 8)
    yield Odd("cr3 turned", raws.cr3(turned, orientation=6), seen, 8)
    yield Odd("raf turned", raws.raf(told_twice), seen, 8)
    yield Odd("dng whose preview stands already", raws.dng(jpeg(tall), 6), seen, 8)


def _bare_raws() -> Iterator[Odd]:
    for maker in (raws.cr2, raws.cr3, raws.nef, raws.arw, raws.dng, raws.pef, raws.srw, raws.rw2, raws.orf,
                  raws.raf, raws.iiq):  # fmt: skip
        name = maker.__name__
        yield Odd(f"{name} bare", maker(None), None, told=f"a {name.upper()} without a preview picture")
    yield Odd("3fr bare", raws.hasselblad(None), None, told="a 3FR without a preview picture")


# -- others --------------------------------------------------------------------------------------------------
def _no_pictures() -> Iterator[Odd]:
    for name, data in (
        ("text", b"hello, world\n"), ("pdf", b"%PDF-1.7 "), ("eps", b"%!PS-Adobe-3.0 EPSF-3.0\n"),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("html", b"<html></html>"),
        ("mp4", struct.pack(">I", 24) + b"ftypisom" + bytes(12)), ("zip", b"PK\3\4" + bytes(30)),
        ("zeros", bytes(99)),
    ):  # fmt: skip
        yield Odd(f"{name} no picture", data, None, told="not a picture")
    yield Odd("nothing at all", b"", None, told="empty file")
    large = struct.pack(">IIBBBBB", 40000, 40000, 8, 2, 0, 0, 0)
    body = struct.pack(">I", 13) + b"IHDR" + large + struct.pack(">I", zlib.crc32(b"IHDR" + large))
    yield Odd(
        "png too large",
        b"\x89PNG\r\n\x1a\n" + body + encoded(picture(), "PNG")[33:],
        None,
        told="too large: 40000",
    )
    wide = bytearray(jpeg())
    at = wide.index(b"\xff\xc0")
    wide[at + 5 : at + 9] = struct.pack(">HH", 65000, 65000)
    yield Odd("jpeg too large", bytes(wide), None, told="too large: 65000 x 65000 pixels")
