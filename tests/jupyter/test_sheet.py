"""The contact sheet: one PNG of all pictures, captions drawn, and a text twin."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFont

from thanosql_kernel.catalog.paths import PathFinder
from thanosql_kernel.engine.session import Session
from thanosql_kernel.errors import Interrupted, Unsupported
from thanosql_kernel.jupyter import sheet
from thanosql_kernel.jupyter.display import mime_bundle
from thanosql_kernel.jupyter.sheet import GAP_PX, MAX_PNG_BYTES, WIDTH_PX, contact_sheet
from thanosql_kernel.statements.results import MediaItem, MediaResult


@pytest.fixture
def photos(tmp_path):
    for name, colour in [("빨강", (255, 0, 0)), ("초록", (0, 128, 0)), ("파랑", (0, 0, 255))]:
        Image.new("RGB", (640, 400), colour).save(tmp_path / f"{name}.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not really")
    return tmp_path


@pytest.fixture
def latin_font(monkeypatch):
    """Captions in Pillow's own font, as on a machine without fonts."""
    monkeypatch.setattr(sheet, "caption_font", ImageFont.load_default)


def pictures(*paths, **more):
    items = tuple(MediaItem(path, (("similarity", "0.2731"), ("설명", "고양이"))) for path in paths)
    return MediaResult("image", items, len(items), form="sheet", similarities=("similarity",), **more)


def page_of(bundle):
    return Image.open(BytesIO(base64.b64decode(bundle["image/png"]))).convert("RGB")


def test_a_sheet_is_one_png_with_a_text_twin_and_no_html(photos):
    bundle = mime_bundle(pictures("빨강.png", "초록.png"), folder=photos)
    assert set(bundle) == {"text/plain", "image/png"}
    lines = bundle["text/plain"].split("\n")
    assert lines[:3] == ["1. 빨강.png", "   similarity: 0.2731", "   설명: 고양이"]
    assert "2 pictures" in lines


def test_the_pictures_stand_in_their_order_from_left_to_right(photos):
    page = page_of(
        mime_bundle(pictures("빨강.png", "초록.png", "파랑.png", size=100, columns=2), folder=photos)
    )
    assert page.width == 2 * 100 + 3 * GAP_PX
    middle = GAP_PX + 50
    below = GAP_PX + 90
    left, right = page.getpixel((middle, below)), page.getpixel((middle + 100 + GAP_PX, below))
    assert (left[0] > 200, right[1] > 100) == (True, True)
    assert left != right


def test_captions_are_drawn_under_the_pictures(photos):
    page = page_of(mime_bundle(pictures("빨강.png"), folder=photos))
    below = np.asarray(page)[-70:]
    assert (below < 128).any()
    assert tuple(below[-1, -1]) == (255, 255, 255)


def test_a_broken_picture_is_a_box_with_the_reason(photos):
    bundle = mime_bundle(pictures("broken.jpg", "빨강.png", None), folder=photos)
    assert "1. broken.jpg (" in bundle["text/plain"]
    assert "3. NULL (no path)" in bundle["text/plain"]
    assert page_of(bundle).width > 300


def test_a_hundred_noisy_pictures_stay_under_a_megabyte_and_as_wide_as_a_page(tmp_path):
    noise = np.random.default_rng(3)
    for number in range(4):
        Image.fromarray(noise.integers(0, 255, (300, 400, 3), np.uint8)).save(tmp_path / f"{number}.jpg")
    many = pictures(*(f"{number % 4}.jpg" for number in range(100)))
    bundle = mime_bundle(many, folder=tmp_path)
    assert sum(len(part.encode()) for part in bundle.values()) < 1_000_000
    assert len(base64.b64decode(bundle["image/png"])) <= MAX_PNG_BYTES
    assert page_of(bundle).width <= WIDTH_PX


def test_letters_that_no_font_has_are_told_of(photos, latin_font):
    bundle = mime_bundle(pictures("빨강.png"), folder=photos)
    assert "install fonts-noto-cjk" in bundle["text/plain"]
    plain = MediaResult("image", (MediaItem("red.png", ()),), 1, form="sheet")
    assert "fonts-noto-cjk" not in mime_bundle(plain, folder=photos)["text/plain"]


def test_hangul_is_drawn_where_a_font_has_it(photos):
    if isinstance(sheet.caption_font(13), ImageFont.FreeTypeFont) and "CJK" in str(
        sheet.caption_font(13).path
    ):
        assert not contact_sheet(pictures("빨강.png"), PathFinder.over(photos), lambda: False).lacks_letters
    else:
        pytest.skip("no font with Hangul on this machine: make programs installs fonts-noto-cjk")


def test_an_interrupt_stops_the_sheet(photos):
    with pytest.raises(Interrupted):
        contact_sheet(pictures("빨강.png"), PathFinder.over(photos), lambda: True)


def test_a_sheet_of_nothing_is_empty_paper(photos):
    bundle = mime_bundle(MediaResult("image", (), 0, form="sheet"), folder=photos)
    assert bundle["text/plain"] == "0 pictures"


def test_print_audio_has_no_sheet(tmp_path):
    session = Session(tmp_path / "db", working_folder=tmp_path)
    with pytest.raises(Unsupported, match="PRINT AUDIO has no format 'sheet'"):
        session.run("PRINT AUDIO OPTIONS(format='sheet') AS SELECT 'a.mp3' AS audio_path", emit=print)
    session.close()
