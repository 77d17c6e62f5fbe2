"""Files that are called pictures: broken, huge, endless, disguised, or no files at all. Made on the spot from a seed."""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "images" / "odd"))
from broken import broken, one_of_each_kind
from seen import encoded

Noise = np.random.Generator
JPEG, PNG, GIF, TIFF = "jpeg", "png", "gif", "tiff"


class Made(NamedTuple):
    """A file.

    Attributes:
        kind: One of those in `makers`.
        path: From the folder on.
    """

    kind: str
    path: str


def make_all(folder: Path, count: int, seed: int) -> list[Made]:
    """So many hostile files in a folder, each kind in turn."""
    made = []
    kinds = list(makers())
    for number in range(count):
        kind, maker = kinds[number % len(kinds)]
        noise = np.random.default_rng([seed, number])
        made.append(Made(kind, maker(folder, f"{number:05d}", noise)))
    return made


def makers() -> Iterator[tuple[str, Callable[[Path, str, Noise], str]]]:
    """Every kind and what makes one of it, given a folder and a name to begin with."""
    for kind, content in CONTENTS.items():
        yield kind, _writer(content)
    yield from NO_FILES.items()


def _writer(content: Callable[[Noise], bytes]) -> Callable[[Path, str, Noise], str]:
    def write(folder: Path, name: str, noise: Noise) -> str:
        (folder / f"{name}.jpg").write_bytes(content(noise))
        return f"{name}.jpg"

    return write


# -- good ones to begin with ---------------------------------------------------------------------------------
@cache
def good() -> dict[str, bytes]:
    """A readable picture of each kind by name, those of this package's tests and larger ones of noise."""
    found = {file.kind: file.data for file in one_of_each_kind()}
    pixels = np.random.default_rng(7).integers(0, 256, (120, 160, 3), np.uint8)
    for name in ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "AVIF", "JPEG2000"):
        found[f"noisy {name}"] = encoded(pixels, name)
    found["noisy progressive"] = encoded(pixels, "JPEG", progressive=True)
    found["noisy deflated"] = encoded(pixels, "TIFF", compression="tiff_adobe_deflate")
    found["noisy LZW"] = encoded(pixels, "TIFF", compression="tiff_lzw")
    return found


def _one(noise: Noise) -> bytes:
    return good()[_pick(noise, list(good()))]


def _pick(noise: Noise, choices: list[str]) -> str:
    return choices[int(noise.integers(len(choices)))]


def _rubbish(noise: Noise, most: int) -> bytes:
    return noise.bytes(int(noise.integers(1, most)))


# -- bytes that are wrong ------------------------------------------------------------------------------------
def _cut(noise: Noise) -> bytes:
    data = _one(noise)
    return data[: int(noise.integers(1, len(data)))]


def _flipped(noise: Noise) -> bytes:
    data = bytearray(_one(noise))
    for _ in range(int(noise.integers(1, 30))):
        data[int(noise.integers(len(data)))] ^= 1 << int(noise.integers(8))
    return bytes(data)


def _damaged(noise: Noise) -> bytes:
    return broken(_one(noise), noise)


def _of(*kinds: str) -> Callable[[Noise], bytes]:
    """Damage to some kinds of pictures alone."""

    def make(noise: Noise) -> bytes:
        return broken(good()[_pick(noise, list(kinds))], noise)

    return make


def _hole(noise: Noise) -> bytes:
    """A block of zeros, as a disk that failed leaves it."""
    data = bytearray(_one(noise))
    at = int(noise.integers(len(data)))
    data[at : at + 512] = bytes(len(data[at : at + 512]))
    return bytes(data)


def _text_mode(noise: Noise) -> bytes:
    """What a transfer in text mode makes of a picture."""
    return _one(noise).replace(b"\n", b"\r\n")


def _as_text(noise: Noise) -> bytes:
    return _one(noise).decode("latin-1").encode("utf-8")


def _two_joined(noise: Noise) -> bytes:
    first, second = _one(noise), _one(noise)
    return first[: int(noise.integers(len(first)))] + second


def _nothing(_: Noise) -> bytes:
    return b""


def _header_only(noise: Noise) -> bytes:
    return _one(noise)[: int(noise.integers(1, 32))]


def _rubbish_inside(noise: Noise) -> bytes:
    return _one(noise)[:16] + _rubbish(noise, 5000)


# -- sizes that are wrong ------------------------------------------------------------------------------------
def chunk(kind: bytes, body: bytes, checksum: int | None = None) -> bytes:
    """A part of a PNG."""
    told = zlib.crc32(kind + body) if checksum is None else checksum
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", told)


def png(
    width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 2, interlaced: int = 0
) -> bytes:
    """A PNG of those parts behind its header."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IEND", b"")


_SIDES = (0, 1, 65535, 30000, 2**31 - 1, 2**32 - 1, 13000)


def _huge_declared(noise: Noise) -> bytes:
    width, height = (int(_SIDES[noise.integers(len(_SIDES))]) for _ in "ab")
    small = (min(width, 65535), min(height, 65535))
    kind = int(noise.integers(8))
    if kind == 0:
        return png(width, height, chunk(b"IDAT", zlib.compress(bytes(1000))))
    if kind == 1:
        data = bytearray(good()[JPEG])
        at = data.index(b"\xff\xc0")
        data[at + 5 : at + 9] = struct.pack(">HH", *small)
        return bytes(data)
    if kind == 2:
        return b"GIF89a" + struct.pack("<HH", *small) + good()[GIF][10:]
    if kind == 3:
        return good()["bmp"][:18] + struct.pack("<II", width, height) + good()["bmp"][26:]
    if kind == 4:
        return tiff([(256, 4, 1, width), (257, 4, 1, height), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)])
    if kind == 5:
        return b"qoif" + struct.pack(">IIBB", width, height, 3, 0) + bytes(200)
    if kind == 6:
        return f"P6\n{width} {height}\n255\n".encode() + bytes(3000)
    return good()["psd"][:14] + struct.pack(">II", width, height) + good()["psd"][22:]


BOMB_SIDES = (4000, 9000, 13_000, 14_000, 40_000)


def _bomb(noise: Noise) -> bytes:
    """A few kilobytes that are hundreds of megabytes: below the limit of what is decoded, and above."""
    side = int(noise.choice(BOMB_SIDES))
    colour, depth, channels = [(0, 1, 1), (0, 8, 1), (0, 16, 1), (2, 8, 3), (3, 8, 1), (4, 8, 2), (6, 8, 4)][
        int(noise.integers(7))
    ]
    row = 1 + (side * depth * channels + 7) // 8
    packer = zlib.compressobj(9)
    squeezed = [packer.compress(bytes(row * 100)) for _ in range(min(side, 14000) // 100)]
    squeezed.append(packer.flush())
    parts = [chunk(b"PLTE", bytes(768)), chunk(b"tRNS", bytes(256))] if colour == 3 else []
    return png(side, side, *parts, chunk(b"IDAT", b"".join(squeezed)), depth=depth, colour=colour)


def _thin(noise: Noise) -> bytes:
    """Pictures of one row or column, or two pixels."""
    size = [(1, 1), (60000, 1), (1, 60000), (2, 1), (30000, 3)][int(noise.integers(5))]
    kind = _pick(noise, ["PNG", "JPEG", "GIF", "TIFF", "BMP", "PPM"])
    return encoded(Image.new("RGB", size, (200, 30, 30)), kind)


# -- PNG -----------------------------------------------------------------------------------------------------
def _bad_sums(noise: Noise) -> bytes:
    pixels = zlib.compress(bytes([0, 1, 2, 3] * 40) * 40)
    return png(40, 40, chunk(b"IDAT", pixels, checksum=int(noise.integers(2**32))))


def _many_chunks(noise: Noise) -> bytes:
    kind = bytes(noise.choice([b"tEXt", b"IDAT", b"zTXt", b"aaAa", b"PLTE", b"fcTL", b"tIME"]))
    return png(10, 10, *[chunk(kind, b"a\0b") for _ in range(int(noise.choice([1000, 100_000])))])


def _text_bomb(noise: Noise) -> bytes:
    bomb = zlib.compress(bytes(50_000_000), 9)
    bodies = {b"zTXt": b"a\0\0" + bomb, b"iCCP": b"a\0\0" + bomb, b"iTXt": b"a\0\1\0\0\0" + bomb}
    kind = list(bodies)[int(noise.integers(3))]
    pixels = chunk(b"IDAT", zlib.compress(bytes(31 * 10)))
    return png(10, 10, *[chunk(kind, bodies[kind])] * int(noise.choice([1, 20])), pixels)


def _wrong_kind_of_png(noise: Noise) -> bytes:
    numbers = {name: int(noise.integers(0, 20)) for name in ("depth", "colour", "interlaced")}
    return png(33, 21, chunk(b"IDAT", zlib.compress(noise.bytes(3000))), **numbers)


# -- GIF -----------------------------------------------------------------------------------------------------
def _endless_gif(noise: Noise) -> bytes:
    data = good()[GIF]
    frame = b"\x21\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0"
    start = [b"", data[:-1], data[: data.index(b",")]][int(noise.integers(3))] or data[:13]
    return start + frame * int(noise.choice([10, 20_000])) + b";" * int(noise.integers(2))


def _gif_blocks(noise: Noise) -> bytes:
    """Extensions without end, and none of the picture that they are about."""
    return good()[GIF][:13] + b"\x21\xfe" + (b"\xff" + bytes(255)) * int(noise.choice([10, 20_000]))


# -- TIFF and EXIF -------------------------------------------------------------------------------------------
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}


def directory(entries: list[tuple[int, int, int, int]], following: int) -> bytes:
    """A directory of a TIFF of (tag, type, count, value or place)."""
    body = b"".join(
        struct.pack("<HHII", tag, kind, number, value % 2**32) for tag, kind, number, value in entries
    )
    return struct.pack("<H", len(entries)) + body + struct.pack("<I", following)


def tiff(entries: list[tuple[int, int, int, int]], following: int = 0, behind: bytes = bytes(4000)) -> bytes:
    """A TIFF of one directory."""
    return b"II*\0\x08\0\0\0" + directory(entries, following) + behind


def _tiff_circle(noise: Noise) -> bytes:
    """Directories that lead to each other for ever, also those of details, previews and positions."""
    leads = [int(it) for it in noise.choice([330, 34665, 34853, 40965, 37500, 400], 3)]
    entries = [(256, 4, 1, 48), (257, 4, 1, 32), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    return tiff(entries + [(tag, 4, int(noise.choice([1, 50, 10**9])), 8) for tag in leads], following=8)


def _tiff_counts(noise: Noise) -> bytes:
    """Numbers of strips, samples and bits that nobody could mean."""
    numbers = [0, 1, 3, 255, 65535, 2**31 - 1, 2**32 - 1, 8, 100]
    entries = [(256, 4, 1, 48), (257, 4, 1, 32)]
    for tag in (
        258,
        259,
        262,
        266,
        273,
        277,
        278,
        279,
        284,
        317,
        320,
        322,
        323,
        324,
        325,
        338,
        339,
        347,
        530,
    ):
        if noise.random() < 0.6:
            kind = int(noise.choice(list(_SIZES)))
            entries.append((tag, kind, int(noise.choice(numbers)), int(noise.choice(numbers))))
    return tiff(entries, behind=noise.bytes(3000))


def _squeezed_tiff(noise: Noise) -> bytes:
    """Every way of squeezing that there is, over bytes that nobody squeezed."""
    squeezing = int(
        noise.choice([1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34712, 34887, 34925, 50000, 50001, 65535])
    )
    shape = int(noise.choice([1, 3, 4]))
    entries = [(256, 4, 1, 480), (257, 4, 1, 320), (258, 3, 1, 8), (259, 3, 1, squeezing), (262, 3, 1, 2)]
    entries += [(273, 4, 1, 400), (277, 3, 1, shape), (278, 4, 1, 320), (279, 4, 1, 3000)]
    return tiff(entries, behind=noise.bytes(5000))


def _with_exif(data: bytes, exif: bytes) -> bytes:
    part = b"Exif\0\0" + exif
    return data[:2] + b"\xff\xe1" + struct.pack(">H", min(len(part) + 2, 65535)) + part[:65533] + data[2:]


def _exif_bomb(noise: Noise) -> bytes:
    kinds: list[Callable[[], bytes]] = [
        lambda: _tiff_circle(noise),
        lambda: tiff([(274, 3, 2**31, 6)] * 5000),
        lambda: tiff([(34665, 4, 1, 8), (37500, 7, 2**32 - 1, 0), (274, 2, 10**9, 8)], 8),
        lambda: tiff([(274, kind, 1, 6) for kind in range(20)]),
        lambda: _rubbish(noise, 60000),
    ]
    return _with_exif(good()[JPEG], kinds[int(noise.integers(len(kinds)))]())


# -- JPEG ----------------------------------------------------------------------------------------------------
def _many_scans(noise: Noise) -> bytes:
    """A progressive JPEG whose last scan comes again and again: seconds of work for each kilobyte."""
    data = good()["noisy progressive"]
    at = data.rindex(b"\xff\xda")
    return data[:at] + data[at:-2] * int(noise.choice([3, 300, 3000])) + data[-2:]


def _many_marks(noise: Noise) -> bytes:
    data, mark = (
        good()[JPEG],
        bytes([0xFF, int(noise.choice([0xE0, 0xE1, 0xE2, 0xED, 0xFE, 0xDB, 0xC4, 0xDD]))]),
    )
    part = mark + struct.pack(">H", int(noise.choice([0, 1, 2, 6, 200]))) + bytes(4)
    return data[:2] + part * int(noise.choice([10, 50_000])) + data[2:]


def _wrong_tables(noise: Noise) -> bytes:
    data = bytearray(good()["noisy JPEG"])
    for mark in (b"\xff\xc4", b"\xff\xdb", b"\xff\xc0", b"\xff\xda"):
        at = data.find(mark)
        if at > 0 and noise.random() < 0.6:
            data[at + 4 + int(noise.integers(20))] = int(noise.integers(256))
    return bytes(data)


def _no_colour(noise: Noise) -> bytes:
    """CMYK, grey, 16 bits, palettes, transparency, and marks that say another thing."""
    shown = Image.fromarray(np.random.default_rng(3).integers(0, 256, (30, 40, 3), np.uint8))
    choices: list[Callable[[], bytes]] = [
        lambda: encoded(shown.convert("CMYK"), "JPEG").replace(b"Adobe\0", b"Adobe\xff"),
        lambda: encoded(shown.convert("CMYK"), "TIFF", compression="tiff_lzw"),
        lambda: encoded(shown.convert("LA"), "PNG"),
        lambda: encoded(shown.convert("P"), "PNG", transparency=int(noise.integers(256))),
        lambda: encoded(Image.fromarray(noise.integers(0, 65536, (30, 40)).astype(np.uint16)), "TIFF"),
        lambda: encoded(
            Image.fromarray(noise.random((30, 40)).astype(np.float32) * np.float32("inf")), "TIFF"
        ),
        lambda: encoded(shown.convert("YCbCr"), "TIFF"),
        lambda: encoded(shown.convert("LAB"), "TIFF"),
        lambda: png(40, 30, chunk(b"IDAT", zlib.compress(bytes(41 * 30))), colour=3),
        lambda: png(
            40,
            30,
            chunk(b"PLTE", b"abc"),
            chunk(b"IDAT", zlib.compress(b"\0" + bytes([9]) * 40 + bytes(1189))),
            colour=3,
        ),
    ]
    return choices[int(noise.integers(len(choices)))]()


def _profiles(noise: Noise) -> bytes:
    """Colour profiles of rubbish, with a right head, cut, and of numbers at the ends of their ranges."""
    from profiles import rgb_profile

    whole = rgb_profile("Adobe RGB")
    kinds = [
        _rubbish(noise, 3000),
        whole[:128] + _rubbish(noise, 900),
        whole[: int(noise.integers(len(whole)))],
    ]
    kinds += [broken(whole, noise), whole[:128] + struct.pack(">I", 2**32 - 1) + whole[132:]]
    kind = _pick(noise, ["JPEG", "PNG", "TIFF", "WEBP"])
    shown = Image.fromarray(np.random.default_rng(3).integers(0, 256, (30, 40, 3), np.uint8))
    return encoded(shown, kind, icc_profile=kinds[int(noise.integers(len(kinds)))])


# -- others --------------------------------------------------------------------------------------------------
def _disguised(noise: Noise) -> bytes:
    """No pictures, under a picture's name."""
    choices = [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
        b"<!doctype html><title>404 Not Found</title>" + b" " * 500,
        b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file\n",
        b"%PDF-1.7\n" + _rubbish(noise, 900),
        b"PK\3\4" + _rubbish(noise, 900),
        b"\x7fELF" + _rubbish(noise, 900),
        struct.pack(">I", 24) + b"ftypisom" + _rubbish(noise, 900),
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12345\n",
        b"push graphic-context\nimage over 0,0 0,0 'https://example.invalid/'\n",
        b"\0" * int(noise.choice([1, 500, 100_000])),
        _rubbish(noise, 5000),
    ]
    return choices[int(noise.integers(len(choices)))]


def _polyglot(noise: Noise) -> bytes:
    """A picture that is another thing too."""
    data = _one(noise)
    others = [
        b"PK\3\4" + bytes(500),
        b"<script>alert(1)</script>",
        b"%PDF-1.7\n",
        _one(noise),
        b"\0" * 100_000,
    ]
    other = others[int(noise.integers(len(others)))]
    return [data + other, data[:6] + other + data[6:], other + data][int(noise.integers(3))]


def _wrong_ending(noise: Noise) -> bytes:
    return _one(noise)


def _animated(noise: Noise) -> bytes:
    frames = [Image.new("RGB", (int(noise.integers(1, 90)), 20), (40 * n, 9, 9)) for n in range(6)]
    kind = _pick(noise, ["GIF", "WEBP", "PNG", "TIFF"])
    if kind in ("WEBP", "PNG"):
        frames = [frame.resize(frames[0].size) for frame in frames]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    return broken(data, noise) if noise.random() < 0.5 else data


def _icons(noise: Noise) -> bytes:
    """An icon that holds a bomb, or itself."""
    inside = _bomb(noise) if noise.random() < 0.5 else good()["ico"]
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 0, 0, 0, 0, 1, 32, len(inside), 22) + inside


def _words_for_pixels(noise: Noise) -> bytes:
    return b"P3 40 40 255\n" + bytes(
        noise.choice([b"9" * 100_000, b"# " * 90_000, b"1 " * 90, b"-1 " * 4800])
    )


CONTENTS: dict[str, Callable[[Noise], bytes]] = {
    "cut": _cut,
    "bits flipped": _flipped,
    "damaged": _damaged,
    "a hole of zeros": _hole,
    "line ends converted": _text_mode,
    "encoded again": _as_text,
    "two joined": _two_joined,
    "zero bytes": _nothing,
    "a header alone": _header_only,
    "a header and rubbish": _rubbish_inside,
    "huge by its header": _huge_declared,
    "a bomb": _bomb,
    "one pixel wide": _thin,
    "png with wrong sums": _bad_sums,
    "png of many chunks": _many_chunks,
    "png with bombs of text": _text_bomb,
    "png of no kind": _wrong_kind_of_png,
    "gif without end": _endless_gif,
    "gif of extensions": _gif_blocks,
    "tiff in circles": _tiff_circle,
    "tiff of any numbers": _tiff_counts,
    "tiff squeezed wrongly": _squeezed_tiff,
    "exif bombs": _exif_bomb,
    "jpeg of many scans": _many_scans,
    "jpeg of many marks": _many_marks,
    "jpeg with wrong tables": _wrong_tables,
    "odd colours": _no_colour,
    "profiles of rubbish": _profiles,
    "webp damaged": _of("webp", "noisy WEBP"),
    "avif damaged": _of("avif", "noisy AVIF"),
    "heic damaged": _of("heic"),
    "jpeg xl damaged": _of("jxl"),
    "jpeg 2000 damaged": _of("jp2", "j2k", "noisy JPEG2000"),
    "raw damaged": _of("cr2", "cr3", "nef", "arw", "dng", "rw2", "orf", "raf", "iiq", "3fr"),
    "disguised": _disguised,
    "two kinds at once": _polyglot,
    "wrong ending": _wrong_ending,
    "animated": _animated,
    "icons": _icons,
    "words for pixels": _words_for_pixels,
}


# -- no files ------------------------------------------------------------------------------------------------
def _circle_of_links(folder: Path, name: str, _: Noise) -> str:
    (folder / f"{name}.jpg").symlink_to(f"{name}.other.jpg")
    (folder / f"{name}.other.jpg").symlink_to(f"{name}.jpg")
    return f"{name}.jpg"


def _link(folder: Path, name: str, noise: Noise) -> str:
    """A link to nothing, to what never ends, to a folder, into the system."""
    targets = [
        "nothing.jpg",
        "/dev/zero",
        "/dev/stdin",
        "/proc/self/mem",
        "/proc/self/environ",
        ".",
        "/",
        "/dev/full",
    ]
    (folder / f"{name}.jpg").symlink_to(_pick(noise, targets))
    return f"{name}.jpg"


def _pipe(folder: Path, name: str, _: Noise) -> str:
    os.mkfifo(folder / f"{name}.jpg")
    return f"{name}.jpg"


def _socket(folder: Path, name: str, _: Noise) -> str:
    """Its path must be short, and it stays when nobody listens any more."""
    here = os.open(folder, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"/proc/self/fd/{here}/{name}.jpg")
    os.close(here)
    return f"{name}.jpg"


def _device(folder: Path, name: str, noise: Noise) -> str:
    """A device where this user may make one; a pipe else."""
    try:
        os.mknod(folder / f"{name}.jpg", stat.S_IFCHR | 0o666, os.makedev(1, int(noise.choice([3, 5, 7, 9]))))
    except PermissionError:
        return _pipe(folder, name, noise)
    return f"{name}.jpg"


def _folder(folder: Path, name: str, _: Noise) -> str:
    (folder / f"{name}.jpg").mkdir()
    return f"{name}.jpg"


def _forbidden(folder: Path, name: str, noise: Noise) -> str:
    """Nobody may read it; root may all the same, and finds a picture."""
    (folder / f"{name}.jpg").write_bytes(_one(noise))
    os.chmod(folder / f"{name}.jpg", 0)
    return f"{name}.jpg"


def _huge_and_empty(folder: Path, name: str, noise: Noise) -> str:
    """Mostly a hole: it takes no disk, and its length is that of a film."""
    path = folder / f"{name}.jpg"
    path.write_bytes(_one(noise) if noise.random() < 0.5 else b"")
    os.truncate(path, int(noise.choice([100_000_000, 400_000_000])))
    return path.name


def _named(folder: Path, name: str, noise: Noise) -> str:
    """A name that steers a terminal, turns the direction, is markup or code, or is very long."""
    letters = unicodedata.normalize("NFD", "여름휴가")
    names = [
        "\x1b]0;evil\x07",
        "\x1b[2J",
        "\n\n",
        "\u202egnp",
        "\u2066",
        letters,
        "가" * 80,
        "<img src=x onerror=alert(1)>",
    ]
    names += [
        "'; DROP TABLE photos; --",
        '"',
        "%s%n",
        "${HOME}",
        "`id`",
        "..",
        " ",
        "\u200b",
        "a:b",
        "\\",
        "*?[a]",
    ]
    name = f"{name}{_pick(noise, names)}.jpg"
    (folder / name).write_bytes(_one(noise) if noise.random() < 0.5 else _cut(noise))
    return name


def _never_there(_: Path, name: str, noise: Noise) -> str:
    """A value that is the path of nothing."""
    values = [
        "nothing.jpg",
        "",
        " ",
        "\0",
        "a\0b.jpg",
        "x" * 5000,
        "../" * 500,
        "/",
        "~",
        "~nobody/a.jpg",
        "file:///etc/passwd",
    ]
    return _pick(
        noise,
        [
            *values,
            "data:image/png;base64,AAAA",
            "data:,",
            "data:image/jpeg;base64," + "/9j/" * 90,
            "//h/s/a.jpg",
        ],
    )


NO_FILES: dict[str, Callable[[Path, str, Noise], str]] = {
    "links in a circle": _circle_of_links,
    "links to anything": _link,
    "a pipe": _pipe,
    "a socket": _socket,
    "a device": _device,
    "a folder": _folder,
    "nobody may read it": _forbidden,
    "huge and empty": _huge_and_empty,
    "an evil name": _named,
    "never there": _never_there,
}
