"""What an encoder was taught to read is measured from its own vocabulary, and said before it answers at random."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from thanosql_kernel.models import mini
from thanosql_kernel.models.mini import MiniEncoder
from thanosql_kernel.models.vocabulary import TAUGHT_PIECES, Vocabulary


@pytest.fixture(scope="module")
def encoder() -> MiniEncoder:
    return mini.load()


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("🐱", ("🐱",)),
        ("חתול", ("Hebrew",)),
        ("γάτα", ("Greek",)),
        ("बिल्ली", ("Devanagari",)),
        ("பூனை", ("Tamil",)),
        ("ქართული", ("Georgian",)),
        ("👨‍👩‍👧", ("👨", "👩", "👧")),
        ("뷁", ("뷁",)),
    ],
)
def test_nothing_is_made_of_what_was_never_taught(
    encoder: MiniEncoder, text: str, unread: tuple[str, ...]
) -> None:
    reading = encoder.read(text)
    assert (reading.unread, reading.is_empty) == (unread, True)
    assert np.isnan(encoder.encode_texts([text])).all()


@pytest.mark.parametrize(
    "text",
    [
        "a black cat",
        "검은 고양이",
        "黑猫",
        "黒い猫と人々",
        "コーヒー",
        "чёрная кошка",
        "قطة سوداء",
        "แมวดำ",
        "zażółć gęślą",
        "2024",
        "ＣＡＴ",
        "ﬁsh",
        "café",
        "♥",
        "кот!",
        "İstanbul",
        "한국어 ①",
        "مُحَمَّد",
    ],
)
def test_all_of_what_was_taught_is_read(encoder: MiniEncoder, text: str) -> None:
    for spelling in (text, unicodedata.normalize("NFD", text), text.upper()):
        reading = encoder.read(spelling)
        assert (reading.unread, reading.is_empty) == ((), False), spelling
        assert np.isfinite(encoder.encode_texts([spelling])).all()


def test_of_mixed_texts_the_rest_is_read(encoder: MiniEncoder) -> None:
    reading = encoder.read("검은 🐱 in Αθήνα ㅋㅋ")
    assert (reading.unread, reading.is_empty) == (("🐱", "Greek", "ㅋ"), False)
    assert np.isfinite(encoder.encode_texts(["검은 🐱 in Αθήνα ㅋㅋ"])).all()


def test_texts_that_say_nothing_have_no_vector(encoder: MiniEncoder) -> None:
    vectors = encoder.encode_texts(["", "…", " ?! ", "cat"])
    assert np.isnan(vectors).all(axis=1).tolist() == [True, True, True, False]


def test_a_script_is_taught_when_there_are_words_of_it() -> None:
    letters = [chr(code) for code in range(ord("α"), ord("ω") + 1)]
    words = [first + second for first in letters for second in letters][:TAUGHT_PIECES]
    assert Vocabulary([*letters, *words]).read("γατα").unread == ()
    assert Vocabulary([*letters, *words[:-1]]).read("γατα").unread == ("Greek",)
