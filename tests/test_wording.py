"""What is said, in English and Korean: every text has both, with the same values, and particles fit."""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from string import Formatter

import pytest

from thanosql_kernel import wording
from thanosql_kernel.wording import Code, Wording, counted, language, set_language
from thanosql_kernel.wording.text import Foreign

_NAME = r"\b(?:[A-Z]+[A-Z0-9_]*)\b"


def _of(holder: object) -> Iterator[tuple[str, Wording]]:
    for name, value in vars(holder).items():
        if isinstance(value, Wording):
            yield name, value
        elif inspect.isclass(value) and issubclass(value, Code) and value is not Code:
            yield from ((f"{value.__name__}.{inner}", found) for inner, found in _of(value))
        elif isinstance(value, dict):
            yield from (
                (f"{name}[{key}]", found) for key, found in value.items() if isinstance(found, Wording)
            )


MODULES = [
    import_module(f"thanosql_kernel.wording.{part.name}") for part in pkgutil.iter_modules(wording.__path__)
]
WORDINGS = sorted(
    {
        f"{module.__name__.rpartition('.')[2]}.{name}": one for module in MODULES for name, one in _of(module)
    }.items()
)


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    set_language("en")


def _values(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize(("name", "one"), WORDINGS, ids=[name for name, _ in WORDINGS])
def test_both_texts_are_there_and_take_the_same_values(name: str, one: Wording):
    assert one.en
    assert re.search("[가-힣]", one.ko) or not re.search("[A-Za-z]{3}", re.sub(r"\{\w+.*?\}", "", one.en))
    left_out = _values(one.en) - _values(one.ko)
    assert _values(one.ko) <= _values(one.en)
    assert not left_out or isinstance(one, Foreign)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("여름휴가", "여름휴가가 없습니다"),
        ("여행", "여행이 없습니다"),
        ("'서울'", "'서울'이 없습니다"),
        ("photos", "photos이(가) 없습니다"),
        ("trip2", "trip2가 없습니다"),
        ("trip3", "trip3이 없습니다"),
    ],
)
def test_a_particle_fits_the_word_before_it(name: str, said: str):
    set_language("ko")
    assert Wording("no {name}", "{name}이(가) 없습니다")(name=name) == said


def test_a_particle_fits_the_value_in_the_quotes_in_front_of_it():
    set_language("ko")
    quoted = Wording("'{name}'", "'{name}'을(를)")
    assert [quoted(name=name) for name in ("서울", "photos")] == ["'서울'을", "'photos'을(를)"]


def test_to_follows_the_sound_of_its_word():
    set_language("ko")
    to = Wording("to {name}", "{name}(으)로")
    assert [to(name=name) for name in ("폴더", "파일", "사진", "7")] == [
        "폴더로",
        "파일로",
        "사진으로",
        "7로",
    ]


def test_what_a_user_wrote_is_not_taken_for_a_particle():
    set_language("ko")
    assert Wording("{name}", "{name}")(name="을(를)") == "을(를)"


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("ko", "ko"),
        ("ko_KR.UTF-8", "ko"),
        ("ko-KR", "ko"),
        ("Korean_Korea.949", "ko"),
        ("C.UTF-8", "en"),
        ("", "en"),
        ("kok_IN", "en"),
        ("fr_FR", "en"),
    ],
)
def test_languages_are_known_as_systems_and_editors_name_them(name: str, spoken: str):
    assert set_language(name) == spoken == language()


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"THANOSQL_LANGUAGE": "ko", "LC_ALL": "C"}, "ko"),
    ],
)
def test_the_language_of_the_system_is_spoken(
    variables: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
):
    for name in ("THANOSQL_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert set_language(None) == spoken


def test_numbers_of_things():
    assert counted(1, "row") == "1 row"
    assert counted(24968, "row") == "24,968 rows"
    set_language("ko")
    assert counted(24968, "row") == "24,968행"
