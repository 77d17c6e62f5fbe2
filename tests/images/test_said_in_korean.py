"""Why a picture cannot be read, in Korean."""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image

from thanosql_kernel.files import NotRegular
from thanosql_kernel.images import decode
from thanosql_kernel.images.decode import UnreadableImage, open_rgb
from thanosql_kernel.images.tiff import TiffKind
from thanosql_kernel.wording import set_language


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    set_language("ko")
    yield
    set_language("en")


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def reason(source, **settings) -> str:
    with pytest.raises(UnreadableImage) as caught:
        open_rgb(source, **settings)
    return caught.value.reason


def is_korean(text: str) -> bool:
    return bool(re.search("[가-힣]", text)) and not re.search(r"\b[a-z]{2,} [a-z]{2,}\b", text)


@pytest.mark.parametrize("content", [b"", b"no picture", png()[:40], png()[:-40], b"\xff\xd8\xff broken"])
def test_bytes_that_are_no_picture(content):
    assert is_korean(reason(content))


def test_paths_that_lead_to_none(tmp_path):
    assert {is_korean(reason(path)) for path in (tmp_path, tmp_path / "missing.jpg")} == {True}
    assert is_korean(NotRegular(tmp_path).strerror)


def test_a_picture_that_is_too_large(monkeypatch):
    monkeypatch.setattr(decode, "MAX_PIXELS", 100)
    assert reason(png()) == "너무 큽니다: 64 x 64 픽셀"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (TiffKind(16, 1, 3, 2, True, 1, False), "16비트 RGB, 채널별 저장"),
        (TiffKind(8, 2, 1, 1, False, 1, False), "8비트 부호 있는 회색조"),
        (TiffKind(32, 3, 1, 0, False, 1, False), "32비트 부동 소수점 회색조(흰색이 0)"),
        (TiffKind(4, 4, 1, 99, False, 8, False), "4비트 특수 photometric 값 99, Deflate 압축"),
    ],
)
def test_kinds_of_tiff(kind, said):
    assert str(kind) == said
