"""What models there are, as data. Nothing is loaded here, so an editor can read it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from thanosql_kernel.wording import Wording

Modality = Literal["image", "text"]


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A kind of model that can be had.

    Attributes:
        name: What GET THANOSQL MODEL calls it.
        base: Suffix of the columns it generates: ``{model}_{base}``.
        modalities: What it embeds.
        dim: Length of its vectors.
        size_mb: Size of its weights on disk.
        licence: Of the weights.
        source: Where the weights come from, for people to read.
        aliases: Names of older generations that mean the same.
        languages: What its text side understands, for people to read.
        loader: Which module of `models` loads it.
        text_source: Hub name of a separate text tower, if it has one.
        summary: One line for lists and completion.
    """

    name: str
    base: str
    modalities: tuple[Modality, ...]
    dim: int
    size_mb: int
    licence: Wording | str
    source: str
    loader: Literal["mini", "clip"]
    summary: Wording | str
    aliases: tuple[str, ...] = ()
    languages: Wording | str = "English"
    text_source: str | None = None


SPECS: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        ModelSpec(
            name="clip",
            base="clipen",
            modalities=("image", "text"),
            dim=512,
            size_mb=605,
            licence="MIT",
            source="sentence-transformers/clip-ViT-B-32",
            loader="clip",
            summary="OpenAI CLIP ViT-B/32",
            aliases=("clip_en", "tutorial_search_clip"),
        ),
        ModelSpec(
            name="clip_multilingual",
            base="clipml",
            modalities=("image", "text"),
            dim=512,
            size_mb=1144,
            licence="MIT (pictures), Apache-2.0 (text)",
            source="sentence-transformers/clip-ViT-B-32",
            text_source="sentence-transformers/clip-ViT-B-32-multilingual-v1",
            loader="clip",
            summary="CLIP ViT-B/32 whose text side reads 50 languages",
            languages="50+ languages, Korean among them",
        ),
        ModelSpec(
            name="mini",
            base="clipmini",
            modalities=("image", "text"),
            dim=512,
            size_mb=12,
            licence="research use (trained on Flickr8k captions)",
            source="this package",
            loader="mini",
            summary="the small model in this package: no network needed",
            languages="16 languages, Korean among them",
        ),
    )
}


def find_spec(name: str) -> ModelSpec | None:
    """The spec of that name or alias, letter case ignored; None if there is none."""
    wanted = name.lower()
    for spec in SPECS.values():
        if wanted == spec.name or wanted in spec.aliases:
            return spec
    return None


def builtin_models() -> dict[str, str]:
    """Model name -> spec name for every model that a new database starts with."""
    return {name: spec.name for spec in SPECS.values() for name in (spec.name, *spec.aliases)}
