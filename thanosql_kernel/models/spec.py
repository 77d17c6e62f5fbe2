"""What models there are, as data. Nothing is loaded here, so an editor can read it too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from thanosql_kernel.catalog import EmbeddingKind, Model, Similarity, Trained
from thanosql_kernel.wording import Said, Wording, families, models, pictures, training

Modality = EmbeddingKind


@dataclass(frozen=True, slots=True)
class Scale:
    """What the similarities of a model are like; they only put things in an order, and no number says that one fits.

    Attributes:
        empty: Where a bar begins: what things that have nothing in common have.
        full: Where a bar is full: few have more.
        fitting: What those usually have that fit best, least and most.
        others: What the best usually have where nothing fits, least and most.
        usual: Says so.
        model: The model's name.
    """

    empty: float = 0.0
    full: float = 1.0
    fitting: tuple[float, float] = (0.0, 1.0)
    others: tuple[float, float] = (0.0, 1.0)
    usual: Wording | None = None
    model: str = ""

    def share(self, cosine: float) -> float:
        """How much of its bar a similarity fills, from 0 to 1."""
        return min(1.0, max(0.0, (cosine - self.empty) / (self.full - self.empty)))

    def explained(self) -> Said | str:
        """One sentence on what numbers are usual; "" where nobody knows."""
        if self.usual is None:
            return ""
        (low, high), (least, most) = self.fitting, self.others
        return self.usual(model=self.model, low=low, high=high, least=least, most=most)


UNKNOWN_SCALE = Scale()
"""That of numbers of which nobody knows what they compare."""

MINI_TEXT = Scale(0.20, 0.50, (0.30, 0.50), (0.20, 0.35), pictures.USUAL_FOR_TEXT)
"""Pictures beside texts. Measured with ``tools/measure_similarity.py``: the best of 297 photos has .22 to .50 for a
text that some fit, mostly .30 and more, .21 to .39 for others and nonsense; nonsense beside any photo has up to .23."""

MINI_IMAGE = Scale(0.20, 1.00, (0.90, 1.00), (0.00, 0.50), pictures.USUAL_FOR_IMAGE)
"""Pictures beside pictures. Measured in the same way: a photo beside itself, mirrored, cut or brighter, has .91 to
1.00, the photo most like it .50 to .87; two that have nothing in common .00 to .53, half of them .20 and more."""

CLIP_TEXT = Scale(0.15, 0.35, (0.25, 0.35), (0.19, 0.22), pictures.USUAL_FOR_TEXT)
"""Pictures beside texts with ViT-B/32, which was not measured here. LAION-400M (https://arxiv.org/abs/2111.02114) kept
pairs of .30 and more, its filtered WIT those of .26 with the multilingual text side. Seen by others: a car .25 to .27,
what is not there and nonsense .19 to .22 (https://github.com/openai/CLIP/issues/405,
https://github.com/haltakov/natural-language-youtube-search/issues/7)."""

CLIP_IMAGE = Scale(0.40, 1.00, (0.90, 1.00), (0.40, 0.50), pictures.USUAL_FOR_IMAGE)
"""Pictures beside pictures with ViT-B/32, which was not measured here. Seen by others: duplicates .95 and more
(https://github.com/openai/CLIP/issues/260), the same photo cut or smaller .90 and more, other things below .50
(https://dev.to/balewgize/your-photos-are-just-512-numbers-1nbl)."""


COLOUR_DIM = 720
"""Numbers of a vector of `models.colours`."""

KOREAN_MEASURE = "XM3600 (ko), texts to photos, mean of R@1, R@5 and R@10"
ENGLISH_MEASURE = "COCO, texts to photos, R@1"
"""What the published figures of `ModelSpec` are of: SigLIP 2's paper (https://arxiv.org/abs/2502.14786) and its
authors' results by language; nothing was measured here. SigLIP has no `Scale`: nobody published what is usual."""


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
        source: Hub name of the weights; empty where they are in this package.
        aliases: Names of older generations that mean the same.
        languages: What its text side understands, for people to read.
        loader: Which module of `models` loads it.
        text_source: Hub name of a separate text tower, if it has one.
        summary: One line for lists and completion.
        choose: For whom it is the one to choose; "" where nothing is known.
        said: What people call it; "" for its name.
        family: The architecture that a folder of its weights must have, as in `families.FAMILIES`; "" for any of them.
        stands_in: Whether the embedded model may stand in for it where its weights cannot be had.
        korean: How many of a hundred Korean texts find their photo, `KOREAN_MEASURE`; None where nobody published it.
        english: How many of a hundred English texts do, `ENGLISH_MEASURE`.
        text_scale: What similarities of pictures and texts are like.
        image_scale: What similarities of pictures are like.
    """

    name: str
    base: str
    modalities: tuple[Modality, ...]
    dim: int
    size_mb: int
    licence: Wording | str
    source: str
    loader: Literal["mini", "dual", "colours", "head"]
    summary: Wording | str
    text_scale: Scale = UNKNOWN_SCALE
    image_scale: Scale = UNKNOWN_SCALE
    aliases: tuple[str, ...] = ()
    languages: Wording | str = models.ENGLISH
    text_source: str | None = None
    choose: Wording | str = ""
    said: Wording | str = ""
    family: str = "clip"
    stands_in: bool = False
    korean: float | None = None
    english: float | None = None

    @property
    def is_embedded(self) -> bool:
        """Whether it comes with this package, whole."""
        return self.loader in ("mini", "colours")

    @property
    def people_say(self) -> str:
        """What people call it."""
        return str(self.said) or self.name

    @property
    def variable(self) -> str:
        """The environment variable that may name a folder of its weights."""
        return f"THANOSQL_{self.name.upper()}"

    @property
    def origin(self) -> str:
        """Where the weights come from, for people to read."""
        return self.source or models.THIS_PACKAGE()


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
            loader="dual",
            summary=models.CLIP,
            text_scale=CLIP_TEXT,
            image_scale=CLIP_IMAGE,
            aliases=("clip_en", "tutorial_search_clip", "xclip", "tutorial_search_xclip"),
            choose=families.FOR_OLD_NOTEBOOKS,
            said="CLIP",
            stands_in=True,
            korean=0.0,
            english=30.4,
        ),
        ModelSpec(
            name="clip_multilingual",
            base="clipml",
            modalities=("image", "text"),
            dim=512,
            size_mb=1144,
            licence=models.TWO_LICENCES,
            source="sentence-transformers/clip-ViT-B-32",
            text_source="sentence-transformers/clip-ViT-B-32-multilingual-v1",
            loader="dual",
            summary=models.MULTILINGUAL_CLIP,
            text_scale=CLIP_TEXT,
            image_scale=CLIP_IMAGE,
            languages=models.LANGUAGES_50,
            choose=families.FOR_ITS_TABLES,
            said=models.SAID_MULTILINGUAL_CLIP,
            stands_in=True,
        ),
        ModelSpec(
            name="siglip2",
            base="siglip2",
            modalities=("image", "text"),
            dim=768,
            size_mb=1546,
            licence="Apache-2.0",
            source="google/siglip2-base-patch32-256",
            loader="dual",
            summary=families.SIGLIP2,
            languages=families.LANGUAGES_109,
            choose=families.FOR_KOREAN,
            said="SigLIP 2",
            family="siglip",
            korean=67.5,
            english=47.2,
        ),
        ModelSpec(
            name="siglip2_b16",
            base="siglip2b16",
            modalities=("image", "text"),
            dim=768,
            size_mb=1539,
            licence="Apache-2.0",
            source="google/siglip2-base-patch16-224",
            loader="dual",
            summary=families.SIGLIP2_B16,
            languages=families.LANGUAGES_109,
            choose=families.FOR_BETTER,
            said="SigLIP 2 B/16",
            family="siglip",
            korean=70.3,
            english=52.1,
        ),
        ModelSpec(
            name="siglip2_so400m",
            base="siglip2so",
            modalities=("image", "text"),
            dim=1152,
            size_mb=4583,
            licence="Apache-2.0",
            source="google/siglip2-so400m-patch16-384",
            loader="dual",
            summary=families.SIGLIP2_SO400M,
            languages=families.LANGUAGES_109,
            choose=families.FOR_BEST,
            said="SigLIP 2 So400m",
            family="siglip",
            korean=75.1,
            english=56.0,
        ),
        ModelSpec(
            name="mini",
            base="clipmini",
            modalities=("image", "text"),
            dim=512,
            size_mb=14,
            licence=models.RESEARCH_USE,
            source="",
            loader="mini",
            summary=models.MINI,
            text_scale=MINI_TEXT,
            image_scale=MINI_IMAGE,
            languages=models.LANGUAGES_16,
            choose=families.FOR_NO_NETWORK,
        ),
        ModelSpec(
            name="Color_Descriptor",
            base="color_descriptor",
            modalities=("image",),
            dim=COLOUR_DIM,
            size_mb=0,
            licence="Apache-2.0",
            source="",
            loader="colours",
            summary=training.COLOR_DESCRIPTOR,
            languages=training.NO_TEXTS,
            choose=training.FOR_COLOURS,
        ),
    )
}

OWN = ModelSpec(
    name="own",
    base="emb",
    modalities=("image", "text"),
    dim=0,
    size_mb=0,
    licence=families.OWN_LICENCE,
    source="",
    loader="dual",
    summary=families.OWN,
    languages=families.OWN_LANGUAGES,
    family="",
)
"""A dual encoder that the user brought or named on the hub; only its files say what it is."""


def spec_of(model: Model) -> ModelSpec:
    """What a model of a database is; only its files say what the user's own are."""
    return SPECS.get(model.spec, OWN) if model.trained is None else trained_spec(model, model.trained)


def trained_spec(model: Model, trained: Trained) -> ModelSpec:
    """What a model that was trained here is."""
    on = spec_of(trained.on)
    return ModelSpec(
        name=trained.base,
        base=trained.suffix,
        modalities=tuple(it for it in trained.kinds if it != "video") if trained.gives == "vectors" else (),
        dim=trained.dim,
        size_mb=on.size_mb,
        licence=on.licence,
        source="",
        loader="head",
        summary=training.TRAINED_ON(base=trained.base, model=on.people_say),
        languages=on.languages,
        said=model.name,
    )


def find_spec(name: str) -> ModelSpec | None:
    """The spec of that name or alias, letter case ignored; None if there is none."""
    wanted = name.lower()
    for spec in SPECS.values():
        if wanted == spec.name.lower() or wanted in spec.aliases:
            return spec
    return None


def find_source(repo: str) -> ModelSpec | None:
    """The spec whose weights a repository of the hub holds, all of them; None if there is none."""
    return next((it for it in SPECS.values() if it.source == repo and it.text_source is None), None)


def scale_of(similarity: Similarity | None) -> Scale:
    """The scale of a column of similarities: that of the weights which made both vectors."""
    spec = SPECS.get(similarity.weights) if similarity is not None else None
    kinds = {similarity.column, similarity.input} if similarity is not None else set()
    if spec is None or kinds == {"text"}:
        return UNKNOWN_SCALE
    return replace(spec.image_scale if kinds == {"image"} else spec.text_scale, model=spec.name)


def builtin_models() -> dict[str, str]:
    """Model name -> spec name for every model that a new database starts with."""
    return {name: spec.name for spec in SPECS.values() for name in (spec.name, *spec.aliases)}
