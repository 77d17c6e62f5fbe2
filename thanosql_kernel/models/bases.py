"""What BUILD MODEL can be told to build a model of, as data: the names are the old service's.

Each was a network of its own there. Here it is a head on the frozen vectors of a model that is on this machine, which
needs a few hundred rows and seconds instead of a GPU and hours; what was really trained is told with the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from thanosql_kernel.catalog import EmbeddingKind
from thanosql_kernel.wording import Wording, training

Method = Literal["views", "halves", "pairs", "labels", "none"]
"""How it is trained: on views of each picture, on halves of each text, on pictures with their texts, on labels, or not
at all."""


@dataclass(frozen=True, slots=True)
class Base:
    """One of them.

    Attributes:
        name: What BUILD MODEL calls it.
        kind: What it is built on.
        method: How it is trained.
        summary: One line for lists and completion.
        suffix: Of the columns that its models generate; "" where they give labels.
    """

    name: str
    kind: EmbeddingKind
    method: Method
    summary: Wording
    suffix: str = ""


BASES: dict[str, Base] = {
    base.name.lower(): base
    for base in (
        Base("SimCLR", "image", "views", training.SIMCLR, "simclr"),
        Base("Color_Descriptor", "image", "none", training.COLOR_DESCRIPTOR, "color_descriptor"),
        Base("SBERTEn", "text", "halves", training.SBERT, "sberten"),
        Base("SBERTKo", "text", "halves", training.SBERT, "sbertko"),
        Base("ConvNeXt_Tiny", "image", "labels", training.IMAGE_CLASSIFIER),
        Base("ConvNeXt_Base", "image", "labels", training.IMAGE_CLASSIFIER),
        Base("EfficientNetV2S", "image", "labels", training.IMAGE_CLASSIFIER),
        Base("EfficientNetV2M", "image", "labels", training.IMAGE_CLASSIFIER),
        Base("AlbertEn", "text", "labels", training.TEXT_CLASSIFIER),
        Base("AlbertKo", "text", "labels", training.TEXT_CLASSIFIER),
        Base("ElectraEn", "text", "labels", training.TEXT_CLASSIFIER),
        Base("ElectraKo", "text", "labels", training.TEXT_CLASSIFIER),
    )
}


def find_base(name: str) -> Base | None:
    """The base of that name, letter case ignored; None if there is none."""
    return BASES.get(name.lower())
