"""What models say, in Korean: the notice of a stand-in, what is wrong with folders and the hub, what is not read."""

import re
from collections.abc import Iterator

import pytest

from thanosql_kernel.catalog import Model, Similarity
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.models import hub, registry
from thanosql_kernel.models.folders import inspect_folder, refuse_pickles
from thanosql_kernel.models.spec import SPECS, scale_of
from thanosql_kernel.models.vocabulary import Vocabulary
from thanosql_kernel.wording import set_language

CLIP = Model("clip", "clip")
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")


@pytest.fixture(autouse=True)
def korean(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(hub, "_probe", lambda repo: hub.OUT_OF_REACH)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    registry.forget()
    set_language("ko")
    yield
    set_language("en")
    registry.forget()


def refusal(call) -> ThanoSQLError:
    with pytest.raises(ThanoSQLError) as caught:
        call()
    return caught.value


def is_korean(*texts: str | None) -> bool:
    return all(text and re.search("[가-힣]", text) and not ENGLISH.search(text) for text in texts)


def test_the_notice_of_a_stand_in_says_what_to_do():
    told: list[str] = []
    registry.identify(CLIP, notice=told.append)
    (notice,) = told
    assert is_korean(notice)
    assert "GET THANOSQL MODEL clip" in notice


def test_a_hub_that_was_found_out_of_reach_in_english_is_told_in_korean():
    set_language("en")
    hub.reach("a/b")
    set_language("ko")
    error = refusal(lambda: registry.download(CLIP))
    assert error.code == "TS502"
    assert is_korean(error.message, error.hint)


@pytest.mark.parametrize("reach", [hub.OUT_OF_REACH, hub.OFFLINE, hub.FAILED])
def test_each_reason_for_no_hub_names_the_model_and_a_remedy(reach):
    error = reach.error("clip_multilingual", "다국어 CLIP")
    assert is_korean(error.message, error.hint)
    assert "다국어 CLIP" in error.message
    assert "GET THANOSQL MODEL clip_multilingual" in error.hint


def test_no_stand_in_is_an_error_with_two_remedies(monkeypatch):
    monkeypatch.setenv("THANOSQL_FALLBACK", "error")
    error = refusal(lambda: registry.identify(CLIP, notice=pytest.fail))
    assert error.code == "TS400"
    assert is_korean(error.message, error.hint)
    assert "THANOSQL_CLIP" in error.hint


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "TS400"),
        ({"modules.json": "[]"}, "TS400"),
        ({"modules.json": "{"}, "TS400"),
        ({"modules.json": '[{"path": "", "type": "own.Module"}]'}, "TS601"),
        ({"config.json": "{}"}, "TS400"),
        ({"config.json": '{"auto_map": {"a": 1}}'}, "TS601"),
        ({"config.json": '{"model_type": "bert"}'}, "TS400"),
        ({"config.json": '{"model_type": "bert"}', "vocab.txt": "a"}, "TS400"),
        ({"config.json": '{"model_type": "bert"}', "vocab.txt": "a", "weights.bin": ""}, "TS601"),
    ],
)
def test_folders_that_cannot_be_used(tmp_path, files, code):
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    error = refusal(lambda: inspect_folder(tmp_path))
    assert error.code == code
    assert is_korean(error.message, error.hint)


def test_pickles_and_folders_that_are_not_there(tmp_path):
    (tmp_path / "model.pkl").write_bytes(b"")
    pickled, absent = (
        refusal(lambda: refuse_pickles(tmp_path)),
        refusal(lambda: inspect_folder(tmp_path / "no")),
    )
    assert (pickled.code, absent.code) == ("TS601", "TS400")
    assert is_korean(pickled.message, pickled.hint, absent.message, absent.hint)


def test_scripts_that_are_not_read_have_korean_names():
    reading = Vocabulary(["가", "a"]).read("שלום მშვიდობა")
    assert reading.unread == ("히브리 문자", "조지아 문자")
    assert Vocabulary(["가"]).read("ᚠ").unread == ("Runic 문자",)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_models_are_described(spec):
    assert is_korean(str(spec.summary), str(spec.languages), str(spec.choose))
    assert not ENGLISH.search(f"{spec.licence} {spec.origin}")
    kinds = [("image", "text"), ("image", "image")]
    scales = [scale_of(Similarity(spec.name, *pair)) for pair in kinds]
    assert is_korean(*(scale.explained() for scale in scales if scale.usual is not None))
