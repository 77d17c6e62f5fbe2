"""Pictures that look a little like photos, their copies, and the next of a burst, drawn from a seed."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps


def scene(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """Soft colours with sharp things before them."""
    rng = np.random.default_rng(seed)
    soft = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)).resize(
        size, Image.Resampling.BICUBIC
    )
    draw = ImageDraw.Draw(soft)
    for _ in range(14):
        x, y = rng.integers(0, size[0]), rng.integers(0, size[1])
        width, height = rng.integers(10, 90, 2)
        colour = tuple(int(it) for it in rng.integers(0, 256, 3))
        shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        shape((int(x), int(y), int(x + width), int(y + height)), fill=colour)
    return soft.filter(ImageFilter.GaussianBlur(1))


def cut(picture: Image.Image, share: float, left: float = 0.5, top: float = 0.5) -> Image.Image:
    """A share of the width and of the height gone, so much of it from the left and from the top."""
    width, height = picture.size
    off_x, off_y = round(width * share), round(height * share)
    x, y = round(off_x * left), round(off_y * top)
    return picture.crop((x, y, x + width - off_x, y + height - off_y))


def packed(picture: Image.Image, quality: int) -> Image.Image:
    """What JPEG leaves."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def brighter(picture: Image.Image, factor: float) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(factor)


def moved(picture: Image.Image, seed: int) -> Image.Image:
    """The next of a burst: the camera has turned a little, and somebody has walked."""
    rng = np.random.default_rng(seed)
    turned = cut(picture.rotate(float(rng.uniform(2, 4)), Image.Resampling.BICUBIC), 0.14, *rng.random(2))
    turned = turned.resize(picture.size, Image.Resampling.BICUBIC)
    x, y = (int(it * 0.6 * rng.random()) for it in picture.size)
    ImageDraw.Draw(turned).ellipse(
        (x, y, x + 50, y + 70), fill=tuple(int(it) for it in rng.integers(0, 256, 3))
    )
    return turned


COPIES = {
    "smaller": lambda it: it.resize((it.width * 2 // 5, it.height * 2 // 5), Image.Resampling.LANCZOS),
    "larger": lambda it: it.resize((it.width * 2, it.height * 2), Image.Resampling.BICUBIC),
    "squashed": lambda it: it.resize((240, 240), Image.Resampling.LANCZOS),
    "packed": lambda it: packed(it, 30),
    "cut": lambda it: cut(it, 0.05),
    "cut left": lambda it: cut(it, 0.05, 1.0, 0.0),
    "brighter": lambda it: brighter(it, 1.12),
    "darker": lambda it: brighter(it, 0.85),
    "all of it": lambda it: packed(brighter(cut(it, 0.05, 0.2, 0.9), 1.08).resize((160, 120)), 50),
}
OTHERS = {
    "moved": lambda it: moved(it, 1),
    "cut by much": lambda it: cut(it, 0.13, 0.3, 0.8),
    "mirrored": ImageOps.mirror,
    "upside down": ImageOps.flip,
    "grey": lambda it: it.convert("L").convert("RGB"),
    "negative": ImageOps.invert,
}
