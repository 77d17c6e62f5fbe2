"""Odd files of many kinds, and what is to be seen in each: the NumPy picture that it was written from, or a reason.

Names begin with the kind: ``cr2 turned 6``. All show the same small picture.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from functools import cache

import numpy as np
import raws
from PIL import Image, PngImagePlugin
from profiles import PRIMARIES, grey_in_srgb, grey_profile, rgb_in_srgb, rgb_profile
from seen import HEIGHT, STORED, WIDTH, Odd, encoded, exif, grey, jpeg, picture, stored, three
from tiffs import other_tiffs, tiffs


def odd_files() -> list[Odd]:
    """All of them."""
    makers = (_jpegs, _cut, _coloured, _pngs, _animations, _common, _heifs, _jpeg_xls, tiffs, other_tiffs,
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
