"""Kinds of models that this kernel does not run: each is known by its names, and has a hint of its own."""

from __future__ import annotations

import pytest

from thanosql_kernel.errors import ThanoSQLError, Unsupported
from thanosql_kernel.models.spec import SPECS
from thanosql_kernel.statements.cell import parse_each
from thanosql_kernel.statements.foresight import Unforeseen
from thanosql_kernel.statements.old_kinds import KINDS, instead_of, trained_here
from thanosql_kernel.wording import old_kinds

NAMES = {
    "AutomlClassifier": old_kinds.TABLES_OF_NUMBERS,
    "AutomlRegressor": old_kinds.TABLES_OF_NUMBERS,
    "titanic_automl_classification": old_kinds.TABLES_OF_NUMBERS,
    "bike_regression": old_kinds.TABLES_OF_NUMBERS,
    "Light_FM": old_kinds.RECOMMENDER,
    "LDAREC": old_kinds.RECOMMENDER,
    "movie_rec": old_kinds.RECOMMENDER,
    "Wav2Vec2En": old_kinds.SPEECH,
    "wav2vec2": old_kinds.SPEECH,
    "tutorial_audio_recognition": old_kinds.SPEECH,
    "my_speech_recognition_model": old_kinds.SPEECH,
    "my_asr_model": old_kinds.SPEECH,
    "tutorial_whisper_small": old_kinds.SPEECH,
    "tutorial_vilt": old_kinds.QUESTIONS,
    "vqa": old_kinds.QUESTIONS,
    "TFT": old_kinds.FORECAST,
    "elec_predict_model": old_kinds.FORECAST,
    "beans_mobilevit": old_kinds.PICKLED,
    "GPT": old_kinds.WRITER,
    "Stable_Diffusion": old_kinds.PAINTER,
}
OURS = (
    *SPECS,
    *"tutorial_search_clip clip_en my_image_search_model movie_text_search_model nsmc_text_search_model".split(),
    *"SimCLR Color_Descriptor SBERTEn SBERTKo ConvNeXt_Tiny EfficientNetV2S AlbertEn ElectraEn ElectraKo".split(),
    *"my_movie_review_classifier diet_image_classification recipes electric_cars_clip 음성".split(),
)


@pytest.mark.parametrize(("name", "hint"), NAMES.items(), ids=list(NAMES))
def test_a_kind_is_known_by_the_names_of_bases_and_tutorials(name: str, hint: object):
    assert instead_of(name) is hint
    assert instead_of(name.upper()) in (hint, None)


@pytest.mark.parametrize("name", OURS)
def test_what_this_kernel_runs_or_trains_is_no_such_kind(name: str):
    assert instead_of(name) is None


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        ("Target_Col", old_kinds.TABLES_OF_NUMBERS),
        ("impute_type", old_kinds.TABLES_OF_NUMBERS),
        ("nrec", old_kinds.RECOMMENDER),
        ("audio_col", old_kinds.SPEECH),
        ("question", old_kinds.QUESTIONS),
    ],
)
def test_options_tell_where_the_name_does_not(option: str, hint: object):
    assert instead_of("mymodel", ["result_col", option]) is hint
    assert instead_of("mymodel", ["result_col", "image_col", "label_col", "text_col"]) is None


def test_every_kind_has_a_hint_of_its_own():
    assert len({kind.instead for kind in KINDS}) == len(KINDS)


STATEMENTS = {
    "TRANSFORM USING m AS SELECT * FROM t": old_kinds.TRANSFORMED,
    "GENERATE USING GPT OPTIONS(task='faq') AS SELECT * FROM t": old_kinds.WRITER,
    "GENERATE USING stable_diffusion AS SELECT * FROM t": old_kinds.PAINTER,
    "PREPROCESS IMAGE USING resize FROM 'a'": old_kinds.PICTURES_AS_THEY_ARE,
    "PREPROCESS AUDIO USING split FROM 'a'": old_kinds.SOUNDS_AS_THEY_ARE,
    "SEARCH AUDIO audio='a.mp3' USING m AS SELECT * FROM t": old_kinds.SOUNDS,
    "GET THANOSQL MODEL wav2vec2 AS tutorial_audio_recognition": old_kinds.SPEECH,
    "GET THANOSQL MODEL vqa AS tutorial_vqa": old_kinds.QUESTIONS,
}


def problem(text: str) -> ThanoSQLError:
    [(_, found)] = parse_each(text)
    return found if isinstance(found, ThanoSQLError) else next(iter(found.check(Unforeseen())))


@pytest.mark.parametrize(("text", "hint"), STATEMENTS.items(), ids=list(STATEMENTS))
def test_each_statement_says_what_there_is_instead(text: str, hint: object):
    error = problem(text)
    assert isinstance(error, Unsupported)
    assert error.hint == str(hint)


def test_a_model_that_was_ready_is_trained_here_under_the_name_it_was_to_have():
    error = problem("GET THANOSQL MODEL electra AS tutorial_text_classification")
    assert (error.code, error.meant) == ("TS600", None)
    assert error.hint == trained_here("ELECTRA", "tutorial_text_classification")
    assert "BUILD MODEL tutorial_text_classification USING ElectraEn" in (error.hint or "")
    assert "BUILD MODEL convnext USING ConvNeXt_Tiny" in (problem("GET THANOSQL MODEL convnext").hint or "")
