"""Small WebP pictures to show in a notebook; the same picture always gives the same bytes."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable

from PIL import Image

from thanosql_kernel.images.decode import Source, ignore, open_rgb

SIDE_PX = 128
QUALITY = 70
MIME = "image/webp"


def thumbnail(
    source: Source, side_px: int = SIDE_PX, quality: int = QUALITY, notice: Callable[[str], None] = ignore
) -> bytes:
    """Shrink a picture to fit a square; smaller pictures keep their size.

    Args:
        source: path or bytes.
        side_px: longest side of the result.
        quality: WebP quality, 1 to 100.
        notice: told what of the picture is missing, if something is.

    Returns:
        WebP bytes without metadata, a third smaller than a JPEG that looks the same; 1 to 4 kB at 128 px.

    Raises:
        UnreadableImage: the picture cannot be read.
    """
    image = open_rgb(source, min_side=side_px, notice=notice)
    scale = min(1.0, side_px / max(image.size))
    width, height = (max(1, round(side * scale)) for side in image.size)
    small = image.resize((width, height), Image.Resampling.BICUBIC)
    small.info.clear()
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=quality)
    return buffer.getvalue()


def data_uri(source: Source, side_px: int = SIDE_PX, quality: int = QUALITY) -> str:
    """The thumbnail as a ``data:`` URI for an ``<img src>``.

    Raises:
        UnreadableImage: the picture cannot be read.
    """
    content = base64.b64encode(thumbnail(source, side_px, quality))
    return f"data:{MIME};base64,{content.decode('ascii')}"
