"""Thumbnails are small, upright, bare of metadata and always the same."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from thanosql_kernel.images.decode import UnreadableImage
from thanosql_kernel.images.thumbnail import data_uri, thumbnail


def picture(width: int, height: int, **options: object) -> bytes:
    pixels = np.random.default_rng(0).integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).resize((width, height)).save(buffer, "JPEG", **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((1280, 960), (128, 96)), ((960, 1280), (96, 128)), ((60, 40), (60, 40)), ((3000, 3), (128, 1))],
)
def test_it_fits_the_square_and_never_grows(size: tuple[int, int], wanted: tuple[int, int]) -> None:
    small = Image.open(io.BytesIO(thumbnail(picture(*size))))
    assert (small.format, small.size) == ("WEBP", wanted)


def test_same_bytes_every_time() -> None:
    source = picture(800, 600)
    assert thumbnail(source) == thumbnail(source)


def test_no_metadata_survives() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "camera"
    small = Image.open(io.BytesIO(thumbnail(picture(800, 600, exif=exif, comment=b"secret"))))
    assert small.size == (96, 128)
    assert not small.getexif()
    assert "comment" not in small.info


def test_side_and_quality_matter() -> None:
    source = picture(800, 600)
    assert len(thumbnail(source, 64)) < len(thumbnail(source, 256))
    assert len(thumbnail(source, quality=30)) < len(thumbnail(source, quality=90))


def test_a_data_uri_holds_the_thumbnail() -> None:
    source = picture(300, 200)
    head, _, body = data_uri(source).partition(",")
    assert head == "data:image/webp;base64"
    assert base64.b64decode(body) == thumbnail(source)


def test_unreadable_pictures_raise() -> None:
    with pytest.raises(UnreadableImage, match="missing"):
        thumbnail("nowhere.jpg")
