"""Texts as the numbers a model's text tower takes: cut, padded and lower-cased as the model was trained."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from thanosql_kernel import packages
from thanosql_kernel.errors import ModelError
from thanosql_kernel.models.families import COUNTED_FROM_PADDING, FAMILIES, Family
from thanosql_kernel.models.folders import WeightFolder, read_json
from thanosql_kernel.models.vocabulary import Reading, says_something
from thanosql_kernel.wording.models import TS400

if TYPE_CHECKING:
    import torch

_MOST_TOKENS = 512
_SPACE = "▁"
_GOES_ON = "##"
_OF_SIGLIP = "SiglipTokenizer"
_ENCODER = Family("")  # a text encoder of its own, as multilingual CLIP has one


class Tokens:
    """The tokenizer of a text tower; safe to use from several threads.

    Args:
        tower: sentence-transformers' module of the text tower.
        folder: Where it was loaded from.
    """

    def __init__(self, tower: Any, folder: WeightFolder) -> None:
        family = FAMILIES.get(folder.model_type, _ENCODER)
        stated = _stated(folder)
        _check_class(tower.tokenizer, stated)
        self._tokenizer = tower.tokenizer
        self._turn = threading.Lock()  # a fast tokenizer that pads cannot be used from two threads
        self._limit = _limit(tower)
        self._pads = family.pads
        self._masks = family.masks
        if family.pads and "padding_side" not in stated:
            self._tokenizer.padding_side = "right"
        if stated.get("do_lower_case", family.lowers):
            _lower(self._tokenizer)
        self._unknown = _unknown_token(self._tokenizer)

    def __call__(self, texts: list[str]) -> dict[str, torch.Tensor]:
        """What the tower takes, by its names: int64 (n, tokens) each."""
        with self._turn:
            tokens = self._tokenizer(
                [_unicode(text) for text in texts],
                padding="max_length" if self._pads else True,
                truncation=True,
                max_length=self._limit,
                return_attention_mask=self._masks,
                return_tensors="pt",
            )
        return dict(tokens)

    def read(self, text: str) -> Reading:
        """What of a text there are no pieces for; a tokenizer that has one for each byte leaves nothing out."""
        if self._unknown is None:
            return Reading((), False)
        clean = _unicode(text)
        with self._turn:
            found = self._tokenizer.backend_tokenizer.encode(clean, add_special_tokens=False)
        unread: dict[str, None] = {}
        is_known = False
        for number, piece, (start, end), is_text in zip(
            found.ids, found.tokens, found.offsets, found.attention_mask, strict=True
        ):
            if number == self._unknown:
                unread[clean[start:end].strip()] = None
            elif is_text and any(map(says_something, piece.removeprefix(_GOES_ON).strip(_SPACE))):
                is_known = True
        said = tuple(part for part in unread if any(map(says_something, part)))
        return Reading(said, bool(unread) and not is_known)


def _stated(folder: WeightFolder) -> dict[str, Any]:
    """What the tokenizer's files say of it."""
    file = folder.tower / "tokenizer_config.json"
    stated = read_json(file) if file.is_file() else {}
    return stated if isinstance(stated, dict) else {}


def _check_class(tokenizer: Any, stated: dict[str, Any]) -> None:
    """Without sentencepiece transformers takes another tokenizer for SigLIP's first, which leaves punctuation in.

    Raises:
        ModelError: TS400.
    """
    wanted = str(stated.get("tokenizer_class")).removesuffix("Fast")
    if wanted == _OF_SIGLIP and type(tokenizer).__name__ != wanted:
        hint = TS400.INSTALL_PACKAGES(command=packages.install_command("sentencepiece"))
        raise ModelError(TS400.NEEDS_PACKAGES(model="SigLIP", packages="sentencepiece"), hint=hint)


def _limit(tower: Any) -> int:
    """Tokens that a text may have: as many as the tokenizer's files say, and as the tower has places for."""
    config = tower.model.config
    config = getattr(config, "text_config", None) or config
    limits = [_MOST_TOKENS, tower.max_seq_length or _MOST_TOKENS, tower.tokenizer.model_max_length]
    places = getattr(config, "max_position_embeddings", None)
    if isinstance(places, int):
        before = int(config.pad_token_id or 0) + 1 if config.model_type in COUNTED_FROM_PADDING else 0
        limits.append(places - before)
    return int(min(limits))


def _lower(tokenizer: Any) -> None:
    """Lower-case texts first; a tokenizer without a backend of tokenizers does it by itself."""
    from tokenizers.normalizers import Lowercase, Sequence

    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is not None:
        there = [] if backend.normalizer is None else [backend.normalizer]
        backend.normalizer = Sequence([Lowercase(), *there])


def _unknown_token(tokenizer: Any) -> int | None:
    """The number that stands for what the tokenizer has no piece for; None where nothing can be told by it."""
    marks = {tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id}
    unknown: int | None = tokenizer.unk_token_id
    return None if unknown in marks or not hasattr(tokenizer, "backend_tokenizer") else unknown


def _unicode(text: str) -> str:
    """A lone surrogate, as file names can have, is no Unicode and stops the tokenizer."""
    return text.encode("utf-8", "replace").decode("utf-8")
