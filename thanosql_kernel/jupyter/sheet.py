"""A contact sheet: all pictures with their captions in one PNG, for exports that drop HTML."""

from __future__ import annotations

import base64
import io
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from thanosql_kernel.errors import Interrupted
from thanosql_kernel.jupyter.cells import shorten_path
from thanosql_kernel.jupyter.media import load_all, picture_source
from thanosql_kernel.visible import visible
from thanosql_kernel.wording import pictures

if TYPE_CHECKING:
    from thanosql_kernel.catalog.paths import PathFinder
    from thanosql_kernel.statements.results import MediaItem, MediaResult

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

#: Of the PNG; text and base64 make about 1 MB of it.
MAX_PNG_BYTES = 700_000
WIDTH_PX = 960
GAP_PX = 12
FONT_PX = 13
LINE_PX = 17
CAPTION_LINES = 4
_SIDES_PX = ((2, 448), (6, 304), (24, 224), (60, 140))
_LEAST_PX = 64
_SHRINK = 0.8
#: Photos take about 1.5 bytes a pixel and the paper none, so a larger sheet need not be tried.
_TRUE_COLOUR_PX = 1_000_000
_LACKS = "lacks"
_PAPER, _INK, _FAINT, _BLUE = "white", "#202020", "#707070", "#4285f4"
#: File names of fonts with Hangul on Linux, macOS and Windows (with their index in a collection), then others.
_HANGUL_FONTS = (
    ("NotoSansCJK-Regular.ttc", 1),
    ("NotoSansKR-Regular.otf", 0),
    ("NotoSansKR-Regular.ttf", 0),
    ("NanumGothic.ttf", 0),
    ("UnDotum.ttf", 0),
    ("AppleSDGothicNeo.ttc", 0),
    ("malgun.ttf", 0),
)
_OTHER_FONTS = (("DejaVuSans.ttf", 0), ("Arial.ttf", 0))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A contact sheet.

    Attributes:
        png: The picture's bytes, at most `MAX_PNG_BYTES` unless it cannot be smaller.
        reasons: For each item, why its picture or a part of it is not there; None if it is.
        lacks_letters: Whether captions have letters that no font here has; they are drawn as boxes.
    """

    png: bytes
    reasons: tuple[str | None, ...]
    lacks_letters: bool

    @property
    def base64(self) -> str:
        """The PNG as a Jupyter message carries it."""
        return base64.b64encode(self.png).decode("ascii")


def contact_sheet(result: MediaResult, paths: PathFinder, cancelled: Callable[[], bool]) -> Sheet:
    """Draw the pictures of a result on white paper, as large as `MAX_PNG_BYTES` allows.

    True colours are kept where they fit; else 256 colours are taken, then smaller pictures.

    Raises:
        Interrupted: ``cancelled`` said so.
    """
    side_px = _side_px(result)
    shots = list(_shots(result, paths, side_px, cancelled))
    font = caption_font(FONT_PX)
    png = _png(_draw(result, shots, side_px, font))
    while len(png) > MAX_PNG_BYTES and side_px > _LEAST_PX:
        if cancelled():
            raise Interrupted()
        side_px = max(_LEAST_PX, int(side_px * _SHRINK))
        png = _png(_draw(result, shots, side_px, font))
    reasons = tuple(shot if isinstance(shot, str) else shot.info[_LACKS] for shot in shots)
    return Sheet(png, reasons, _lacks_letters(result, font))


def _side_px(result: MediaResult) -> int:
    """Longest side of a picture: as asked, at most what lets the sheet be `WIDTH_PX` wide."""
    if result.size is not None:
        return min(result.size, WIDTH_PX)
    if result.columns:
        return max(_LEAST_PX, (WIDTH_PX - GAP_PX) // result.columns - GAP_PX)
    return next((side for most, side in _SIDES_PX if len(result.items) <= most), 112)


def _shots(
    result: MediaResult, paths: PathFinder, side_px: int, cancelled: Callable[[], bool]
) -> Iterator[Image.Image | str]:
    """Each item's picture, or why there is none."""
    from thanosql_kernel.images.decode import UnreadableImage, open_rgb

    def shot(item: MediaItem) -> Image.Image | str:
        if not item.path:
            return pictures.NO_PATH()
        try:
            told: list[str] = []
            picture = open_rgb(picture_source(item, paths), min_side=side_px, notice=told.append)
        except UnreadableImage as error:
            return error.reason
        picture.thumbnail((side_px, side_px))
        picture.info[_LACKS] = "".join(told) or None
        return picture

    yield from load_all(shot, result.items, cancelled)


def _draw(result: MediaResult, shots: list[Image.Image | str], side_px: int, font: Font) -> Image.Image:
    columns = result.columns or max(1, (WIDTH_PX - GAP_PX) // (side_px + GAP_PX))
    columns = min(columns, max(1, len(shots)))
    captions = [_caption(item, number, result) for number, item in enumerate(result.items, 1)]
    lines = max((len(caption) for caption in captions), default=0)
    places = _places(result, len(shots), columns, side_px, lines)
    bottom = max((top for _, top in places.corners), default=GAP_PX) + side_px + lines * LINE_PX + 2 * GAP_PX
    page = Image.new("RGB", (columns * (side_px + GAP_PX) + GAP_PX, bottom), _PAPER)
    draw = ImageDraw.Draw(page)
    for top, heading in places.headings:
        draw.text((GAP_PX, top), _fit(heading, page.width - 2 * GAP_PX, font), fill=_INK, font=font)
    for (left, top), shot, caption in zip(places.corners, shots, captions, strict=True):
        _paste(page, draw, shot, (left, top), side_px, font)
        for line, (text, ink) in enumerate(caption):
            fitted = _fit(text, side_px, font)
            draw.text((left, top + side_px + 4 + line * LINE_PX), fitted, fill=ink, font=font)
    return page


class _Places(NamedTuple):
    """Where things are drawn, in pixels.

    Attributes:
        corners: The left upper corner of each picture.
        headings: How far down each heading is, and what it says.
    """

    corners: list[tuple[int, int]]
    headings: list[tuple[int, str]]


def _places(result: MediaResult, count: int, columns: int, side_px: int, lines: int) -> _Places:
    """Pictures in rows; below a heading a new row begins."""
    places = _Places([], [])
    pitch_px, top, column = side_px + lines * LINE_PX + 2 * GAP_PX, GAP_PX, 0
    for at in range(count):
        heading = result.headings.get(at)
        if column == columns or (heading and column):
            top, column = top + pitch_px, 0
        if heading:
            places.headings.append((top, visible(heading)))
            top += LINE_PX + GAP_PX // 2
        places.corners.append((GAP_PX + column * (side_px + GAP_PX), top))
        column += 1
    return places


def _paste(
    page: Image.Image,
    draw: ImageDraw.ImageDraw,
    shot: Image.Image | str,
    corner: tuple[int, int],
    side_px: int,
    font: Font,
) -> None:
    """Put a picture at the bottom of its square, next to its caption; a box with the reason if there is none."""
    left, top = corner
    if isinstance(shot, str):
        draw.rectangle((left, top, left + side_px, top + side_px), outline=_FAINT)
        draw.text((left + 6, top + side_px // 2), _fit(shot, side_px - 12, font), fill=_FAINT, font=font)
        return
    picture = shot.copy()
    picture.thumbnail((side_px, side_px))
    page.paste(picture, (left, top + side_px - picture.height))


def _caption(item: MediaItem, number: int, result: MediaResult) -> list[tuple[str, str]]:
    """Lines with their colours: rank and similarities, the path, then the other columns."""
    scores = [value for name, value in item.caption if name in result.similarities]
    others = [item.taken] if item.taken else []
    others += [f"{visible(name)}: {visible(value)}" for name, value in result.lines(item)]
    first = "   ".join([str(number), *([item.mark] if item.mark else []), *scores])
    path = visible(item.path or "NULL")
    return [(first, _BLUE), (path, _INK), *((text, _FAINT) for text in others)][:CAPTION_LINES]


def _fit(text: str, width_px: int, font: Font) -> str:
    """The text, cut at its end to fit; of a path, its first folders go first."""
    if font.getlength(text) <= width_px:
        return text
    if "/" in text and ": " not in text:
        columns = round(1.2 * len(text) * width_px / font.getlength(text))
        while columns > 8 and font.getlength(text) > width_px:
            text, columns = shorten_path(text, columns), columns - 1
    fitting = bisect_right(range(len(text)), width_px, key=lambda end: ceil(font.getlength(text[:end] + "…")))
    return text if font.getlength(text) <= width_px else text[: max(0, fitting - 1)] + "…"


def _png(page: Image.Image) -> bytes:
    """True colours where they fit, else 256 of them, which take a third."""
    if page.width * page.height <= _TRUE_COLOUR_PX and len(png := _encode(page)) <= MAX_PNG_BYTES:
        return png
    palette = page.reduce(4).quantize(256, Image.Quantize.MEDIANCUT)
    return _encode(page.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG))


def _encode(page: Image.Image) -> bytes:
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return buffer.getvalue()


# -- letters ---------------------------------------------------------------------------------------------
@lru_cache(maxsize=4)
def caption_font(size_px: int) -> Font:
    """A font with Hangul if this machine has one, else any, else Pillow's own Latin one."""
    for name, index in (*_HANGUL_FONTS, *_OTHER_FONTS):
        try:
            return ImageFont.truetype(name, size_px, index=index)
        except OSError:
            continue
    return ImageFont.load_default(size_px)


def _lacks_letters(result: MediaResult, font: Font) -> bool:
    """Whether some letter of the captions looks like that of a code point that no font has."""
    texts = [item.path or "" for item in result.items]
    texts += [part for item in result.items for pair in item.caption for part in pair]
    return any(not _has_letter(font, letter) for letter in set("".join(texts)) if not letter.isspace())


def _has_letter(font: Font, letter: str) -> bool:
    return bytes(font.getmask(letter)) != bytes(font.getmask("\U0010ffff"))
