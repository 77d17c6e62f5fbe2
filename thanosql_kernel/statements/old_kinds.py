"""Kinds of models of the old service that this kernel does not run, known by name or by options."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from thanosql_kernel.errors import Unsupported
from thanosql_kernel.sql.nodes import Name
from thanosql_kernel.wording import Said, Wording, old_kinds
from thanosql_kernel.wording.refusals import TS600

_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[^\W\dA-Za-z_]+")


class OldKind(NamedTuple):
    """A kind of model.

    Attributes:
        instead: What there is instead of it.
        names: Its bases, in lower case, without underscores and digits behind them.
        words: Words in the names of models that tutorials made of it.
        options: Options that only statements with such models have.
    """

    instead: Wording
    names: frozenset[str]
    words: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()


KINDS = (
    OldKind(
        old_kinds.TABLES_OF_NUMBERS,
        frozenset("automlclassifier automlregressor automl".split()),
        frozenset("automl regressor regression".split()),
        frozenset(
            "target target_col impute_type features_to_drop datetime_attribs outlier_method "
            "time_left_for_this_task".split()
        ),
    ),
    OldKind(
        old_kinds.RECOMMENDER,
        frozenset("lightfm ldarec".split()),
        frozenset("rec recommender recommendation".split()),
        frozenset("predict_type nrec user_col item_col rating_col user_history_tb_name".split()),
    ),
    OldKind(
        old_kinds.SPEECH,
        frozenset("wav2vec wav2vec2 wav2vec2en wav2vec2ko whisper".split()),
        frozenset("wav whisper speech asr audio voice".split()),
        frozenset("audio_col task language".split()),
    ),
    OldKind(
        old_kinds.QUESTIONS,
        frozenset("vilt vqa".split()),
        frozenset("vilt vqa".split()),
        frozenset("question".split()),
    ),
    OldKind(
        old_kinds.FORECAST,
        frozenset("tft temporalfusiontransformer elec electricity".split()),
        frozenset("tft elec electricity forecast forecasting".split()),
    ),
    OldKind(old_kinds.PICKLED, frozenset("mobilevit".split()), frozenset("mobilevit pytorch pth".split())),
    OldKind(old_kinds.WRITER, frozenset("gpt chatgpt llm".split()), frozenset("gpt".split())),
    OldKind(
        old_kinds.PAINTER,
        frozenset("painting stablediffusion diffusion dalle karlo".split()),
        frozenset("painting diffusion dalle karlo".split()),
    ),
)

#: Models that the old service had ready, and the base to train one's own with.
TRAINED_HERE = {
    "albert": "AlbertEn",
    "color_descriptor": "Color_Descriptor",
    "convnext": "ConvNeXt_Tiny",
    "efficientnet": "EfficientNetV2S",
    "electra": "ElectraEn",
    "sbert": "SBERTEn",
    "simclr": "SimCLR",
    "tutorial_image_classification": "ConvNeXt_Tiny",
    "tutorial_product_classifier": "ConvNeXt_Tiny",
    "tutorial_text_classification": "ElectraEn",
}


def trained_here(wanted: str, model: str) -> Said | None:
    """How to train what was ready in the old service.

    Args:
        wanted: Its name there.
        model: What it is to be called.
    """
    base = TRAINED_HERE.get(wanted.lower())
    return None if base is None else old_kinds.TRAINED_HERE(model=model, base=base)


def instead_of(name: str, options: Iterable[str] = ()) -> Wording | None:
    """What there is instead of a kind of model that this kernel does not run.

    Args:
        name: Of a base, as in ``BUILD MODEL m USING AutomlClassifier``, or of a model, as ``tutorial_whisper_small``.
        options: Names of the options given beside it, which tell where the name does not.

    Returns:
        A hint; None for what is no such kind as far as is known.
    """
    kind = _of_name(name) or _of_options(options)
    return kind.instead if kind is not None else None


def refused(name: Name, options: Iterable[str] = ()) -> Unsupported | None:
    """The error for a model of such a kind; see `instead_of`. Models that there are have to be told apart before."""
    hint = instead_of(name.text, options)
    if hint is None:
        return None
    return Unsupported(TS600.OTHER_KIND(name=name), span=name.span, hint=str(hint))


def _of_name(name: str) -> OldKind | None:
    squeezed = name.lower().replace("_", "")
    exact = next((kind for kind in KINDS if squeezed in kind.names), None)
    words = {word.lower() for word in _WORD.findall(name)}
    return exact or next((kind for kind in KINDS if words & kind.words), None)


def _of_options(options: Iterable[str]) -> OldKind | None:
    given = {option.lower() for option in options}
    return next((kind for kind in KINDS if given & kind.options), None)
