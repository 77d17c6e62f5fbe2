"""What pictures say of themselves: the same as Pillow finds, and nothing where what is written cannot be."""

from __future__ import annotations

import io
import os
import random
import struct
import time
from datetime import datetime
from typing import Any

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.images.metadata import Metadata, read_metadata

SIZE = (48, 32)
SEOUL = {1: "N", 2: (37.0, 33.0, 59.5), 3: "E", 4: (126.0, 58.0, 41.25)}
TAKEN = {0x9003: "2024:05:04 12:13:14", 0x9291: "123", 0x9011: "+09:00"}


def exif(
    *, order: str = "<", first: dict[int, Any] | None = None, details: Any = None, place: Any = None
) -> Image.Exif:
    made = Image.Exif()
    made.endian = order
    for tag, value in (first or {}).items():
        made[tag] = value
    if details is not None:
        made.get_ifd(ExifTags.IFD.Exif).update(details)
    if place is not None:
        made.get_ifd(ExifTags.IFD.GPSInfo).update(place)
    return made


def picture(kind: str = "JPEG", **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", SIZE, "teal").save(stream, kind, **options)
    return stream.getvalue()


def by_pillow(content: bytes) -> Metadata:
    """The same by Pillow: the picture's size when it is decoded, and the tags as it reads them."""
    with Image.open(io.BytesIO(content)) as image:
        tags = Image.Image.getexif(image)
        details, place = tags.get_ifd(ExifTags.IFD.Exif), tags.get_ifd(ExifTags.IFD.GPSInfo)
    width, height = open_rgb(content).size
    moment = details.get(0x9003)
    taken = datetime.strptime(moment, "%Y:%m:%d %H:%M:%S") if moment else None
    fraction = int(details.get(0x9291, "0").ljust(6, "0"))
    camera = " ".join(tags[tag] for tag in (0x010F, 0x0110) if tag in tags) or None
    degrees = [
        sum(float(part) / 60**n for n, part in enumerate(place[tag])) for tag in (2, 4) if tag in place
    ]
    signs = [-1 if place[tag] in "SW" else 1 for tag in (1, 3) if tag in place]
    latitude, longitude = (a * b for a, b in zip(degrees, signs, strict=True)) if degrees else (None, None)
    return Metadata(
        taken and taken.replace(microsecond=fraction),
        details.get(0x9011),
        width,
        height,
        camera,
        latitude,
        longitude,
    )


@pytest.fixture(scope="module", autouse=True)
def heif() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "WEBP", "HEIF", "AVIF", "TIFF"])
def test_it_is_what_pillow_finds(kind, order):
    for orientation in (*range(1, 9), 0, 9):
        first = {0x010F: "Apple", 0x0110: "iPhone 12", 0x0112: orientation}
        content = picture(kind, exif=exif(order=order, first=first, details=TAKEN, place=SEOUL))
        assert read_metadata(content) == by_pillow(content), orientation


@pytest.mark.parametrize(
    "kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP", "PPM", "JPEG2000"]
)
def test_pictures_that_say_nothing_have_their_size(kind):
    assert read_metadata(picture(kind)) == Metadata(width=SIZE[0], height=SIZE[1])


@pytest.mark.parametrize("lossless", [True, False])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_webp_of_each_kind(lossless, mode):
    stream = io.BytesIO()
    Image.new(mode, (301, 77)).save(stream, "WEBP", lossless=lossless)
    found = read_metadata(stream.getvalue())
    assert (found.width, found.height) == (301, 77)


@pytest.mark.parametrize("orientation", [3, 6, 8])
@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_the_turn_of_the_format_itself_holds_for_heif(kind, orientation):
    stream = io.BytesIO()
    image = Image.new("RGB", SIZE, "teal")
    image.getexif()[0x0112] = orientation
    image.save(stream, kind, exif=image.getexif())
    found = read_metadata(stream.getvalue())
    assert (found.width, found.height) == open_rgb(stream.getvalue()).size


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize("form", ['<x tiff:Orientation="{}"/>', "<tiff:Orientation>{}</tiff:Orientation>"])
def test_xmp_turns_a_picture_that_has_no_exif(kind, form):
    packet = ("<x:xmpmeta>" + form + "</x:xmpmeta>").format(6)
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet)
        content = picture(kind, pnginfo=info)
    else:
        content = picture(kind, xmp=packet.encode())
    found = read_metadata(content)
    assert (found.width, found.height) == open_rgb(content).size == SIZE[::-1]


def test_exif_in_a_text_of_a_png():
    from PIL.PngImagePlugin import PngInfo

    raw = exif(first={0x0110: "X100"}, details=TAKEN).tobytes()
    info = PngInfo()
    info.add_text("Raw profile type exif", f"\nexif\n{len(raw):8}\n{raw.hex()}\n", zip=True)
    found = read_metadata(picture("PNG", pnginfo=info))
    assert (found.camera, found.taken_at) == ("X100", datetime(2024, 5, 4, 12, 13, 14, 123000))


def test_exif_behind_the_pixels_of_a_png():
    raw = exif(first={0x0112: 6, 0x0110: "X100"}).tobytes()[6:]
    plain = picture("PNG")
    chunk = struct.pack(">I4s", len(raw), b"eXIf") + raw + bytes(4)
    found = read_metadata(plain[:-12] + chunk + plain[-12:])
    assert (found.width, found.height, found.camera) == (*SIZE[::-1], "X100")


# -- when ----------------------------------------------------------------------------------------------------
def taken(details: dict[int, Any]) -> tuple[datetime | None, str | None]:
    found = read_metadata(picture(exif=exif(details=details)))
    return found.taken_at, found.taken_offset


NOON = datetime(2024, 5, 4, 12, 0)


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({0x9003: "2024:05:04 12:00:00"}, (NOON, None)),
        ({0x9003: "2024-05-04 12:00:00"}, (NOON, None)),
        ({0x9003: "2024:05:04 12:00:00", 0x9011: "-03:30"}, (NOON, "-03:30")),
        ({0x9003: "2024:05:04 12:00:00", 0x9011: "+99:00"}, (NOON, None)),
        ({0x9003: "2024:05:04 12:00:00", 0x9011: "   :  "}, (NOON, None)),
        ({0x9003: "2024:05:04 12:00:00", 0x9012: "+09:00"}, (NOON, None)),
        ({0x9003: "2024:05:04 12:00:00", 0x9291: "5"}, (NOON.replace(microsecond=500000), None)),
        ({0x9003: "2024:05:04 12:00:00", 0x9291: "0123456789"}, (NOON, None)),
        ({0x9003: "2024:05:04 12:00:00", 0x9291: "-1"}, (NOON, None)),
        (
            {0x9004: "2024:05:04 12:00:00", 0x9292: "25", 0x9012: "+09:00"},
            (NOON.replace(microsecond=250000), "+09:00"),
        ),
        ({0x9003: "0000:00:00 00:00:00", 0x9004: "2024:05:04 12:00:00"}, (NOON, None)),
    ],
)
def test_the_time_is_as_the_camera_wrote_it(details, expected):
    assert taken(details) == expected


@pytest.mark.parametrize(
    "written",
    [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "",
        "2024:02:30 12:00:00",
        "2024:13:01 12:00:00",
        "2024:05:04 24:00:00",
        "2024:05:04 12:00:60",
        "0001:01:01 00:00:00",
        "2024:05:04",
        "2024:05:04 12:00",
        "2024:05:04 03:00:00 PM",
        "오후 3시",
        "12:13:14 2024:05:04",
        "x" * 5000,
    ],
)
def test_a_time_that_cannot_be_is_none(written):
    assert taken({0x9003: written.encode() + b"\0" if not written.isascii() else written}) == (None, None)


def test_the_time_of_the_last_change_is_not_when_it_was_taken():
    assert read_metadata(picture(exif=exif(first={0x0132: "2024:05:04 12:00:00"}))).taken_at is None


# -- with what -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS R5", "Canon EOS R5"),
        ("NIKON CORPORATION", "NIKON D850", "NIKON D850"),
        ("EASTMAN KODAK COMPANY", "KODAK DC210", "KODAK DC210"),
        ("LG Electronics", "LG-H815", "LG-H815"),
        ("SONY", "ILCE-7M3", "SONY ILCE-7M3"),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        ("  OLYMPUS   CORP. ", " E-M10 \n", "OLYMPUS CORP. E-M10"),
        ("Google", None, "Google"),
        (None, "X100", "X100"),
        ("   ", "\0\0", None),
        ("\x1b[31mred", "x", "x"),
    ],
)
def test_the_maker_is_not_said_twice(make, model, camera):
    first = {tag: text for tag, text in ((0x010F, make), (0x0110, model)) if text is not None}
    assert read_metadata(picture(exif=exif(first=first))).camera == camera


# -- where ---------------------------------------------------------------------------------------------------
def where(place: dict[int, Any]) -> tuple[float | None, float | None]:
    found = read_metadata(picture(exif=exif(place=place)))
    return found.latitude, found.longitude


@pytest.mark.parametrize(("north", "east"), [("N", "E"), ("S", "E"), ("N", "W"), ("S", "W"), ("s", "w")])
def test_south_and_west_are_negative(north, east):
    latitude, longitude = where({**SEOUL, 1: north, 3: east})
    assert latitude == pytest.approx(37.5665277 * (1 if north == "N" else -1), abs=1e-6)
    assert longitude == pytest.approx(126.9781250 * (1 if east == "E" else -1), abs=1e-6)


NONE = IFDRational(0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {1: None},
        {3: None},
        {1: "X"},
        {1: ""},
        {2: None},
        {2: (NONE, NONE, NONE)},
        {2: (37.0, NONE, 0.0)},
        {2: (91.0, 0.0, 0.0)},
        {2: (90.0, 1.0, 0.0)},
        {4: (180.0, 0.0, 1.0)},
        {2: (37.0, 60.0, 0.0)},
        {2: (37.0, 0.0, 60.0)},
        {2: (37.0, 30.0)},
        {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
    ],
)
def test_a_place_that_cannot_be_is_none(change):
    assert where({tag: value for tag, value in (SEOUL | change).items() if value is not None}) == (None, None)


def test_degrees_alone_may_have_a_fraction():
    assert where({**SEOUL, 2: (37.5, 0.0, 0.0), 4: (0.0, 0.0, 0.0)}) == (37.5, 0.0)


# -- RAW -----------------------------------------------------------------------------------------------------
def raw(magic: bytes = b"II*\0") -> bytes:
    """A TIFF whose first picture is a thumbnail, as in NEF and DNG: the whole one is below it."""

    def directory(*entries: tuple[int, int, int, int]) -> bytes:
        return (
            struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *it) for it in entries) + bytes(4)
        )

    whole = directory((0x00FE, 4, 1, 0), (0x0100, 4, 1, 6048), (0x0101, 4, 1, 4024))
    preview = directory((0x00FE, 4, 1, 1), (0x0100, 4, 1, 9000), (0x0101, 4, 1, 9000))
    offsets = struct.pack("<II", 200, 250)
    first = directory(
        (0x00FE, 4, 1, 1), (0x0100, 4, 1, 160), (0x0101, 4, 1, 120), (0x0112, 3, 1, 8), (0x014A, 4, 2, 100)
    )
    content = magic + struct.pack("<I", 8) + first
    return (content.ljust(100, b"\0") + offsets).ljust(200, b"\0") + whole.ljust(50, b"\0") + preview


def test_a_raw_has_the_size_of_its_picture_and_not_of_its_thumbnail():
    found = read_metadata(raw())
    assert (found.width, found.height) == (4024, 6048)


def tiff_of(tags: dict[int, Any]) -> bytes:
    """A TIFF structure whose first directory has these."""
    return exif(first=tags).tobytes()[6:]


def box(kind: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I", 8 + len(content)) + kind + content


def cr3(first: dict[int, Any], details: dict[int, Any], place: dict[int, Any]) -> bytes:
    """Canon's boxes, each directory a TIFF of its own."""
    rational = {
        tag: tuple(map(IFDRational, value)) if tag in (2, 4) else value for tag, value in place.items()
    }
    own = [
        box(kind, tiff_of(tags)) for kind, tags in ((b"CMT1", first), (b"CMT2", details), (b"CMT4", rational))
    ]
    moov = box(b"moov", box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48"), *own))
    return box(b"ftyp", b"crx \0\0\0\1crx isom") + moov + box(b"mdat", bytes(500))


def raf(preview: bytes, shown: tuple[int, int]) -> bytes:
    """Fujifilm's header, a directory of sizes and a JPEG."""
    entries = struct.pack(">HHHH", 0x0100, 4, 4182, 6384) + struct.pack(">HHHH", 0x0111, 4, *shown)
    directory = struct.pack(">I", 2) + entries
    head = b"FUJIFILMCCD-RAW 0201FF389501".ljust(84, b"\0")
    places = struct.pack(">IIII", 200, len(preview), 120, len(directory))
    return (head + places).ljust(120, b"\0") + directory.ljust(80, b"\0") + preview


CANON = cr3({0x0100: 6000, 0x0101: 4000, 0x010F: "Canon", 0x0110: "Canon EOS R5", 0x0112: 6}, TAKEN, SEOUL)
FUJIFILM = raf(
    picture(exif=exif(first={0x010F: "FUJIFILM", 0x0110: "X-T4", 0x0112: 8}, details=TAKEN, place=SEOUL)),
    (4160, 6240),
)


@pytest.mark.parametrize(
    ("content", "size", "camera"),
    [(CANON, (4000, 6000), "Canon EOS R5"), (FUJIFILM, (4160, 6240), "FUJIFILM X-T4")],
    ids=["CR3", "RAF"],
)
def test_raws_that_are_no_tiffs_say_as_much(content, size, camera):
    assert read_metadata(content) == Metadata(
        datetime(2024, 5, 4, 12, 13, 14, 123_000),
        "+09:00",
        *size,
        camera,
        pytest.approx(37 + 33 / 60 + 59.5 / 3600),
        pytest.approx(126 + 58 / 60 + 41.25 / 3600),
    )


# -- what is broken ------------------------------------------------------------------------------------------
ALL_OF_IT = exif(first={0x010F: "Apple", 0x0110: "iPhone 12", 0x0112: 6}, details=TAKEN, place=SEOUL)
PICTURES = {kind: picture(kind, exif=ALL_OF_IT) for kind in ("JPEG", "PNG", "WEBP", "TIFF")}
PICTURES |= {"CR3": CANON, "RAF": FUJIFILM}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_file_that_is_cut_says_less_and_nothing_else(kind):
    whole = PICTURES[kind]
    expected = read_metadata(whole)
    for end in range(0, len(whole), 7):
        found = read_metadata(whole[:end])
        for name in Metadata.__slots__:
            value = getattr(found, name)
            if name not in ("width", "height", "camera"):
                assert value in (None, getattr(expected, name)), (end, name)


@pytest.mark.parametrize("kind", PICTURES)
def test_bytes_that_are_wrong_make_no_error_and_cost_no_time(kind):
    chance = random.Random(7)
    began_s = time.process_time()
    for _ in range(300):
        content = bytearray(PICTURES[kind])
        for _ in range(chance.randrange(1, 12)):
            content[chance.randrange(min(len(content), 600))] = chance.choice(
                (0, 1, 255, chance.randrange(256))
            )
        found = read_metadata(bytes(content))
        assert (found.latitude is None) == (found.longitude is None)
        assert found.latitude is None or (-90 <= found.latitude <= 90 and -180 <= found.longitude <= 180)
        assert (found.width is None) == (found.height is None)
    assert time.process_time() - began_s < 30


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"\xff\xd8\xff",
        b"\xff\xd8" + b"\xff" * 100_000,
        b"\xff\xd8" + b"\xff\xe1\x00\x02" * 100_000,
        b"\xff\xd8\xff\xe1\xff\xffExif\0\0II*\0\x08\0\0\0\xff\xff"
        + b"\x69\x87\x04\0\x01\0\0\0\x08\0\0\0" * 9,
        b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff",
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 64,
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0tIMEcrc_" * 50_000,
        b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff" + bytes(99),
        b"RIFF\0\0\0\0WEBP" + b"EXIF\0\0\0\0" * 50_000,
        b"\0\0\0\x18ftypheic" + bytes(12) + b"\0\0\0\x01meta" + b"\xff" * 8,
        b"\0\0\0\x18ftypheic" + bytes(12) + b"\0\0\0\x00meta" + bytes(50_000),
        b"\0\0\0\x18ftypheic" + bytes(12) + b"\0\0\0\x08free" * 50_000,
        b"no picture at all",
    ],
)
def test_what_goes_round_or_lies_about_its_length_says_nothing(content):
    assert read_metadata(content) == Metadata()


@pytest.mark.parametrize("name", ["missing.jpg", "folder", "a\0b.jpg", "x" * 300])
def test_what_cannot_be_read_says_nothing(tmp_path, name):
    (tmp_path / "folder").mkdir()
    assert read_metadata(os.path.join(tmp_path, name)) == Metadata()


def test_a_file_says_what_its_bytes_say(tmp_path):
    path = tmp_path / "사진.jpg"
    path.write_bytes(PICTURES["JPEG"])
    assert read_metadata(path) == read_metadata(PICTURES["JPEG"])
