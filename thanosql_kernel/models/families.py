"""The architectures of dual encoders that can be loaded, as data: what their files do not say of how they are fed."""

from __future__ import annotations

from dataclasses import dataclass

from thanosql_kernel.wording import Wording, families


@dataclass(frozen=True, slots=True)
class Family:
    """How models of one architecture are fed.

    Attributes:
        name: What people call it.
        pads: Whether every text is padded to the longest that the model takes: it was trained so and looks at the
            last place, and a text would have another vector in another batch.
        masks: Whether the model is told which places are padding.
        lowers: Whether it was trained on lower-cased texts, which not every tokenizer's files say.
        sigmoid: Whether it was trained to tell for each text and picture whether they belong together.
        looks: Whether its image tower is a transformer of one picture size, whose matrices may be bfloat16.
    """

    name: str
    pads: bool = False
    masks: bool = True
    lowers: bool = False
    sigmoid: bool = False
    looks: bool = True


FAMILIES: dict[str, Family] = {
    "clip": Family("CLIP"),
    "siglip": Family("SigLIP", pads=True, masks=False, lowers=True, sigmoid=True),
    "metaclip_2": Family("MetaCLIP 2"),
    "chinese_clip": Family("Chinese-CLIP"),
    "altclip": Family("AltCLIP"),
    "align": Family("ALIGN", looks=False),
    "vision-text-dual-encoder": Family("VisionTextDualEncoder"),
}
"""By transformers' name of the architecture. SigLIP 2 is a SigLIP with another tokenizer. That SigLIP wants 64
lower-case tokens: https://huggingface.co/docs/transformers/model_doc/siglip2 and
https://github.com/huggingface/transformers/pull/43101."""

REFUSED: dict[str, Wording] = {
    "siglip2": families.OWN_SHAPE,
    "embedding_gemma2": families.OWN_SHAPE,
}
"""Architectures that embed pictures and texts in a way that is not offered, and why."""

COUNTED_FROM_PADDING = frozenset({"roberta", "xlm-roberta", "camembert", "altclip_text_model"})
"""Text towers that count their places from that of padding: their table of places has more than a text can take."""
