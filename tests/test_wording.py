"""What is said, in English and Korean: every text has both, with the same values, and particles fit."""

import ast
import inspect
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest

from thanosql_kernel import wording
from thanosql_kernel.wording import Code, Wording, counted, language, set_language
from thanosql_kernel.wording.text import Foreign

PACKAGE = Path(wording.__file__).parents[1]
SOURCES = [
    path
    for folder in (PACKAGE, PACKAGE.parent / "lsp" / "thanosql_lsp", PACKAGE.parent / "tools")
    for path in sorted(folder.rglob("*.py"))
]
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b")
#: Informal endings; the program speaks 합니다 throughout.
INFORMAL = re.compile("세요|해요|어요|아요|네요|예요|이에요|군요|거예요")
COMMANDS = re.compile(r"`[^`]*`|pip install \S+|pip install --upgrade \S+")
#: Identities that code compares, data of files, and words of other programs.
NOT_SAID = {
    "it does not parse",
    "a bracket or CASE is not closed",
    "a photo of a {}",
    "do not match the hashes",
    "timestamp with time zone",
    "time with time zone",
    "the same rows written again",
    "table or view",
    "text or number",
    "Type with name {} does not exist",
    "Apache-2.0 (licence of the package)",
    "read-only file system",
    "no space left",
    "file too large",
    "Raw profile type exif",
    "system volume information",
    "uv pip install --python {}",
    "{} and {} both begin with {}",
    "XM3600 (ko), texts to photos, mean of R@1, R@5 and R@10",
    "COCO, texts to photos, R@1",
}
#: The reference of the statements, which is English.
PAGE = PACKAGE / "statements" / "__main__.py"


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


def test_korean_holds_no_english_sentence_and_is_formal():
    strange = [
        (name, one.ko)
        for name, one in WORDINGS
        if ENGLISH.search(COMMANDS.sub("", one.ko)) or INFORMAL.search(one.ko)
    ]
    assert strange == []


def test_every_wording_is_said_somewhere():
    inside, outside = ("", "")
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        inside, outside = (
            (inside + text, outside) if path.parent.name == "wording" else (inside, outside + text)
        )
    said, told_again = set(re.findall(r"\w+", outside)), Counter(re.findall(r"\w+", inside))
    names = {name.rpartition(".")[2] for name, _ in WORDINGS if "[" not in name} - {"MEANING"}
    assert {name for name in names if name not in said and told_again[name] < 2} == set()


def texts_of(path: Path) -> Iterator[str]:
    """The texts in a module, those in docstrings, in logs and for the project's own developers left out."""
    tree, passed = ast.parse(path.read_text(encoding="utf-8")), set()
    for node in ast.walk(tree):
        called = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
        elif called == "split":  # a list of words
            passed |= {id(part) for part in ast.walk(node.func)}
        elif called in {
            *"compile debug info warning error exception AssertionError RuntimeError ValueError".split()
        }:
            passed |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.Assert) and node.msg is not None:
            passed |= {id(part) for part in ast.walk(node.msg)}
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in ast.walk(node)}
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_nothing_is_said_outside_of_wording():
    code = re.compile(r"<\w|\\[bsdwZ]|\(\?|SELECT |[a-z-]+:[a-z0-9-]+[;}]|^[\w ]{40,}$")
    said = [
        f"{path.relative_to(PACKAGE.parent)}: {text}"
        for path in SOURCES
        if path.parent.name not in ("wording", "tools") and path != PAGE
        for text in texts_of(path)
        if ENGLISH.search(text) and not code.search(text) and text not in NOT_SAID
    ]
    assert said == []


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
