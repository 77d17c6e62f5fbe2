"""Every kind of file that people call a picture is either decoded upright or refused with a reason."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import sys
import threading
import tracemalloc
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

sys.path.insert(0, str(Path(__file__).parent / "odd"))
from profiles import rgb_profile

from thanosql_kernel.images import decode, strips
from thanosql_kernel.images.colours import to_srgb
from thanosql_kernel.images.decode import UnreadableImage, open_rgb, use_rgb
from thanosql_kernel.images.endings import PICTURES
from thanosql_kernel.images.room import Room

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def quarters(width: int = 64, height: int = 48) -> Image.Image:
    """Red, green / blue, white: tells every one of the eight orientations apart."""
    image = Image.new("RGB", (width, height))
    for i, colour in enumerate((RED, GREEN, BLUE, WHITE)):
        image.paste(colour, ((i % 2) * width // 2, (i // 2) * height // 2, width, height))
    return image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    width, height = image.size
    places = ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75))
    return [image.getpixel((int(x * width), int(y * height))) for x, y in places]  # type: ignore[misc]


def close(found: list[tuple[int, ...]], wanted: list[tuple[int, ...]], tolerance: int = 12) -> bool:
    return bool(np.abs(np.array(found, int) - np.array(wanted, int)).max() <= tolerance)


def reason(source: str | os.PathLike[str] | bytes) -> str:
    with pytest.raises(UnreadableImage) as caught:
        open_rgb(source)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


@pytest.mark.parametrize(
    "kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "JPEG2000", "AVIF", "ICO", "PPM", "QOI", "MPO"]
)
def test_every_common_format_is_read_whatever_its_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "picture.txt"
    path.write_bytes(encoded(quarters(), kind))
    image = open_rgb(path)
    assert image.mode == "RGB"
    assert close(corners(image), [RED, GREEN, BLUE, WHITE], 40)


def test_heic_is_read_and_turned_upright() -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    stored = quarters().transpose(Image.Transpose.ROTATE_90)
    pillow_heif.from_pillow(stored).save(buffer, quality=90, exif=exif.tobytes())
    image = open_rgb(buffer.getvalue())
    assert image.size == (64, 48)
    assert close(corners(image), [RED, GREEN, BLUE, WHITE], 40)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation_is_applied(orientation: int, kind: str) -> None:
    undo = {5: Image.Transpose.TRANSPOSE, 7: Image.Transpose.TRANSVERSE, 6: Image.Transpose.ROTATE_90}
    undo |= {8: Image.Transpose.ROTATE_270, 3: Image.Transpose.ROTATE_180}
    undo |= {2: Image.Transpose.FLIP_LEFT_RIGHT, 4: Image.Transpose.FLIP_TOP_BOTTOM}
    stored = quarters() if orientation == 1 else quarters().transpose(undo[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = open_rgb(encoded(stored, kind, exif=exif))
    assert image.size == (64, 48)
    assert close(corners(image), [RED, GREEN, BLUE, WHITE], 60)


def test_broken_exif_does_not_cost_the_picture() -> None:
    data = encoded(quarters(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7fgarbage")
    assert open_rgb(data).size == (64, 48)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    grey = Image.linear_gradient("L").resize((64, 64))
    if mode in ("I;16", "I", "F"):
        factor = {"I;16": 257, "I": 257, "F": 1 / 255}[mode]
        kind = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
        source = Image.fromarray((np.asarray(grey, np.float64) * factor).astype(kind))
    else:
        source = grey.convert("P" if mode == "P" else "RGB").convert(mode)
    image = open_rgb(encoded(source, "TIFF" if mode != "LA" else "PNG"))
    assert image.mode == "RGB"
    if mode != "1":
        difference = np.asarray(image, int)[:, :, 0] - np.asarray(grey, int)
        assert np.abs(difference).max() <= 4


def test_sixteen_bit_png_is_scaled_not_clipped() -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (8, 1))
    image = open_rgb(encoded(Image.fromarray(ramp), "PNG"))
    assert np.abs(np.asarray(image, int)[0, :, 0] - np.arange(256)).max() <= 1


def test_floats_with_nan_and_a_wide_range_are_stretched() -> None:
    samples = np.linspace(-1e6, 1e6, 256, dtype=np.float32).reshape(16, 16)
    samples[3, 3] = np.nan
    image = open_rgb(encoded(Image.fromarray(samples), "TIFF"))
    assert image.getpixel((0, 0)) == (0, 0, 0)
    assert image.getpixel((15, 15)) == WHITE


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparent_pixels_become_white(kind: str) -> None:
    clear = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    clear.paste((255, 0, 0, 255), (0, 0, 16, 32))
    image = open_rgb(encoded(clear, kind, lossless=True) if kind == "WEBP" else encoded(clear, kind))
    assert image.getpixel((4, 4)) == RED
    assert image.getpixel((28, 28)) == WHITE


def test_transparent_palette_entry_becomes_white() -> None:
    palette = Image.new("P", (16, 16), 0)
    palette.putpalette([10, 20, 30, 255, 0, 0])
    palette.paste(1, (0, 0, 8, 16))
    image = open_rgb(encoded(palette, "PNG", transparency=b"\x00\xff"))
    assert (image.getpixel((2, 2)), image.getpixel((12, 2))) == (RED, WHITE)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_an_animation_the_first_frame_is_taken(kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, GREEN, BLUE)]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert close([open_rgb(data).getpixel((10, 10))], [RED], 4)  # type: ignore[list-item]


def test_draft_never_goes_below_twice_the_wanted_side() -> None:
    data = encoded(quarters(1600, 1200), "JPEG")
    assert open_rgb(data, min_side=260).size == (800, 600)
    assert open_rgb(data, min_side=128).size == (400, 300)
    assert open_rgb(data, min_side=1000).size == (1600, 1200)
    assert open_rgb(data).size == (1600, 1200)


def test_nothing_there_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    assert reason(tmp_path / "no.jpg") == "missing"
    assert reason(str(tmp_path / "no.jpg" / "inside")) == "missing"
    assert reason(tmp_path) == "a folder, not a file"
    assert reason(tmp_path / "empty.jpg") == "empty file"
    assert reason(b"") == "empty file"
    assert "cannot be opened" in reason("a\0b")
    assert "cannot be opened" in reason("x" * 5000)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert reason(tmp_path / "pipe.jpg") == "not a regular file"


@pytest.mark.parametrize(
    "data", [b"hello, world\n", b"%PDF-1.7 ...", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x00" * 99]
)
def test_other_files_are_not_pictures(data: bytes) -> None:
    assert reason(data) == "not a picture"


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP", "TIFF", "JPEG2000", "AVIF", "QOI"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9])
def test_a_cut_file_is_refused(kind: str, part: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)
    data = encoded(Image.fromarray(noise), kind)
    assert reason(data[: max(20, int(len(data) * part))]) in ("truncated", "corrupt")


def test_a_cut_png_says_truncated() -> None:
    data = encoded(quarters(400, 300), "PNG")
    assert reason(data[: int(len(data) * 0.7)]) == "truncated"


def noisy_jpeg(**options: object) -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (160, 120, 3), np.uint8)
    return encoded(Image.fromarray(noise), "JPEG", **options)


@pytest.mark.parametrize("min_side", [None, 20])
def test_a_jpeg_that_lacks_less_than_half_is_read_and_tells_what_is_missing(min_side: int | None) -> None:
    told: list[str] = []
    data = noisy_jpeg()
    image = open_rgb(data[: int(len(data) * 0.7)], min_side=min_side, notice=told.append)
    assert told == ["cut short: the last 30 % of the picture are missing"]
    assert image.getpixel((5, image.height - 2)) == (128, 128, 128)


def test_a_jpeg_that_lacks_more_than_half_is_refused() -> None:
    data = noisy_jpeg()
    assert reason(data[: int(len(data) * 0.3)]) == "truncated: only 30 % of the picture is there"


def test_a_progressive_jpeg_without_its_last_scans_is_read_and_says_so() -> None:
    told: list[str] = []
    data = noisy_jpeg(progressive=True)
    open_rgb(data[: int(len(data) * 0.7)], notice=told.append)
    assert told == ["cut short: its end is missing"]


def test_a_whole_picture_tells_nothing() -> None:
    told: list[str] = []
    open_rgb(noisy_jpeg(), notice=told.append)
    assert told == []


def test_flipped_bytes_never_raise_anything_else() -> None:
    noise = np.random.default_rng(1)
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "ICO", "PPM", "JPEG2000"):
        data = encoded(quarters(), kind)
        for _ in range(60):
            broken = bytearray(data)
            for at in noise.integers(4, len(data), 6):
                broken[at] = noise.integers(0, 256)
            with contextlib.suppress(UnreadableImage):
                assert open_rgb(bytes(broken)).mode == "RGB"


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000))
        + chunk(b"IEND", b"")
    )


def test_bombs_are_refused_before_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _: pytest.fail("decoded"))
    assert reason(png_claiming(40000, 40000)) == "too large: 40000 x 40000 pixels"
    gif = bytearray(encoded(quarters(), "GIF"))
    gif[6:10] = struct.pack("<HH", 65535, 65535)
    assert reason(bytes(gif)) == "too large: 65535 x 65535 pixels"
    jpeg = bytearray(encoded(quarters(), "JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 65000, 65000)
    assert reason(bytes(jpeg)) == "too large: 65000 x 65000 pixels"


def test_the_pixel_limit_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "MAX_PIXELS", 1000)
    assert reason(encoded(quarters(), "PNG")) == "too large: 64 x 48 pixels"


def test_a_text_bomb_in_a_png_is_not_unpacked() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 80_000_000, zip=True)
    data = encoded(quarters(), "PNG", pnginfo=info)
    tracemalloc.start()
    assert open_rgb(data).size == (64, 48)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def stretched(jpeg: bytes, width: int, height: int) -> bytes:
    """The JPEG, saying that it is larger: its pixels end soon."""
    data = bytearray(jpeg)
    at = data.index(b"\xff\xc2" if b"\xff\xc2" in jpeg else b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def test_a_jpeg_of_200_million_pixels_is_decoded_at_an_eighth(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[tuple[int, int]] = []
    load = ImageFile.ImageFile.load

    def measured(image: ImageFile.ImageFile) -> object:
        sizes.append(image.size)
        return load(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", measured)
    open_rgb(stretched(encoded(quarters(), "JPEG"), 16_000, 12_500), min_side=224)
    assert sizes == [(2000, 1563)]
    assert reason(stretched(encoded(quarters(), "JPEG"), 16_000, 12_500)) == "too large: 16000 x 12500 pixels"


def test_a_large_progressive_jpeg_that_would_fill_the_memory_is_refused() -> None:
    data = stretched(encoded(quarters(), "JPEG", progressive=True, subsampling=0), 20_000, 20_000)
    with pytest.raises(UnreadableImage, match="too large: 20000 x 20000 pixels"):
        open_rgb(data, min_side=224)


def test_a_jpeg_of_thousands_of_scans_is_refused() -> None:
    data = encoded(quarters(), "JPEG", progressive=True)
    at = data.rindex(b"\xff\xda")
    assert "1000 passes" in reason(data[:at] + 2000 * data[at:-2] + data[-2:])


def test_the_colours_of_the_reported_photo_are_right() -> None:
    image = Image.new("RGB", (64, 48), (158, 65, 29))
    data = encoded(image, "PNG", icc_profile=rgb_profile("ProPhoto"))
    assert close([open_rgb(data).getpixel((9, 9))], [(230, 20, 20)], 3)  # type: ignore[list-item]


def test_what_srgb_is_called_does_not_matter() -> None:
    data = encoded(
        quarters(), "PNG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    )
    assert to_srgb("RGB", Image.open(io.BytesIO(data)).info["icc_profile"]) is None
    assert open_rgb(data).tobytes() == quarters().tobytes()


def test_colours_are_converted_at_a_reduced_size() -> None:
    data = encoded(quarters(1600, 1200), "PNG", icc_profile=rgb_profile("Display P3"))
    assert open_rgb(data, min_side=100).size == (267, 200)
    assert open_rgb(encoded(quarters(1600, 1200), "PNG"), min_side=100).size == (1600, 1200)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pylibjxl", None)
    assert reason(b"\xff\x0a" + bytes(99)) == "format needs pylibjxl"


def test_every_ending_that_is_listed_is_a_kind_that_is_read() -> None:
    assert {".cr3", ".jxl", ".hif", ".mpo", ".jpe"} <= PICTURES
    assert all(ending.startswith(".") and ending == ending.lower() for ending in PICTURES)


def test_no_warnings_no_output_no_global_state(capfd: pytest.CaptureFixture[str]) -> None:
    palette = Image.new("P", (16, 16))
    sources = [
        encoded(palette, "PNG", transparency=b"\x00\xff"),
        encoded(quarters(), "TIFF")[:-40],
        png_claiming(10_000, 12_000),
        encoded(quarters(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7fgarbage"),
    ]
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, dict(Image.OPEN))
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for source in sources:
            with contextlib.suppress(UnreadableImage):
                open_rgb(source)
    assert not seen
    assert capfd.readouterr() == ("", "")
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, dict(Image.OPEN))


def test_threads_agree(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded(quarters(800, 600), "JPEG"))
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(open_rgb(path, min_side=100).tobytes()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_result_outlives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded(quarters(), "PNG"))
    image = open_rgb(path)
    path.unlink()
    assert close(corners(image), [RED, GREEN, BLUE, WHITE])


LARGE = {
    "L": lambda picture: picture.convert("L"),
    "P": lambda picture: picture.quantize(),
    "LA": lambda picture: picture.convert("LA"),
    "RGBA": lambda picture: Image.merge("RGBA", (*picture.split(), picture.getchannel(0))),
    "I;16": lambda picture: Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257),
    "turned": lambda picture: picture,
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_large_to_be_converted_whole_is_converted_in_strips(name, monkeypatch):
    shades = np.linspace(0, 255, 88 * 120).reshape(88, 120).astype(np.uint8)
    picture = LARGE[name](Image.fromarray(np.dstack([shades, shades[::-1], shades[:, ::-1]])))
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6 if name == "turned" else 1
    picture.save(stream, "PNG", exif=exif)
    whole = open_rgb(stream.getvalue(), min_side=10)
    monkeypatch.setattr(strips, "MOST_BYTES", 0)
    monkeypatch.setattr(strips, "_STRIP_PIXELS", 2000)
    shrunk = open_rgb(stream.getvalue(), min_side=10)
    expected = whole.reduce(4)
    assert (shrunk.mode, shrunk.size) == ("RGB", expected.size)
    assert np.abs(np.asarray(shrunk, int) - np.asarray(expected, int)).max() <= 2


def test_no_other_picture_is_decoded_while_a_large_one_is_used(monkeypatch):
    stream = io.BytesIO()
    Image.new("RGB", (9, 9)).save(stream, "PNG")
    monkeypatch.setattr(decode, "_room", room := Room(8 * 9 * 9))
    others: list[int] = []

    def use(picture: Image.Image) -> list[int]:
        waiting.start()
        while not room._first.locked():
            pass
        return list(others)

    waiting = threading.Thread(target=lambda: open_rgb(stream.getvalue()) and others.append(1))
    assert use_rgb(stream.getvalue(), use) == []
    waiting.join()
    assert others == [1]
    with room.taken(1):  # all of it is free again
        pass


def test_room_goes_to_who_came_first_and_more_than_all_of_it_to_one_alone():
    room, entered = Room(10), []

    def enter(name: str, size_bytes: int) -> threading.Thread:
        thread = threading.Thread(target=lambda: take(name, size_bytes))
        thread.start()
        return thread

    def take(name: str, size_bytes: int) -> None:
        with room.taken(size_bytes):
            entered.append(name)

    with room.taken(6):
        take("small", 4)
        threads = [enter("huge", 99)]
        while not room._first.locked():
            pass
        threads.append(enter("later", 1))
        assert entered == ["small"]
    for thread in threads:
        thread.join()
    assert entered == ["small", "huge", "later"]
