"""Makes dual encoders of a few hundred kilobytes with random weights, in the files and layout of the hub's repositories.

`FAMILIES` says by which name each is made; all are in transformers' own layout, as the hub has them.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

SIDE = 32
_TOWER = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
_WORDS = [
    "a",
    "photo",
    "of",
    "cat",
    "cats",
    "the",
    "black",
    "sea",
    "mountain",
    "고양",
    "이",
    "바다",
    "산",
    "사진",
]
_HALVES = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
_CLIP_NUMBERS = {
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
}


def write_siglip2(folder: Path, *, seed: int = 0, side: int = SIDE, **preprocessor: Any) -> Path:
    """As google/siglip2-base-patch32-256: a SigLIP with Gemma's tokenizer, which its configuration does not lower-case."""
    from transformers import SiglipConfig, SiglipModel

    vocabulary = _write_gemma(folder)
    words = {"vocab_size": len(vocabulary), "max_position_embeddings": 64, "projection_size": 32}
    pictures = {"image_size": side, "patch_size": 16}
    config = SiglipConfig(text_config=_TOWER | words, vision_config=_TOWER | pictures)
    _save(SiglipModel, config, folder, seed)
    _write(
        folder,
        "preprocessor_config",
        {
            "do_convert_rgb": None,
            "do_normalize": True,
            "do_rescale": True,
            "do_resize": True,
            "image_processor_type": "SiglipImageProcessor",
            "processor_class": "SiglipProcessor",
            "resample": 2,
            "rescale_factor": 0.00392156862745098,
            "size": {"height": side, "width": side},
            **_HALVES,
            **preprocessor,
        },
    )
    return folder


def write_siglip(folder: Path, *, seed: int = 0, side: int = SIDE) -> Path:
    """As google/siglip-base-patch16-224: a tokenizer of sentencepiece that strips punctuation."""
    from transformers import SiglipConfig, SiglipModel

    size = _write_sentencepiece(folder)
    words = {"vocab_size": size, "max_position_embeddings": 64, "projection_size": 32}
    looks = {"image_size": side, "patch_size": 16}
    config = SiglipConfig(text_config=_TOWER | words, vision_config=_TOWER | looks)
    _save(SiglipModel, config, folder, seed)
    kinds = {"image_processor_type": "SiglipImageProcessor", "processor_class": "SiglipProcessor"}
    numbers = {"resample": 3, "size": {"height": side, "width": side}, "do_resize": True}
    _write(folder, "preprocessor_config", kinds | numbers | _HALVES)
    return folder


def write_metaclip2(folder: Path, *, seed: int = 0, side: int = SIDE) -> Path:
    """As facebook/metaclip-2-worldwide-huge-quickgelu: a CLIP with XLM-RoBERTa's tokenizer."""
    from transformers import MetaClip2Config, MetaClip2Model

    size = _write_unigram(folder)
    words = {
        "vocab_size": size,
        "eos_token_id": 2,
        "bos_token_id": 0,
        "pad_token_id": 1,
        "projection_dim": 24,
    }
    pictures = {"image_size": side, "patch_size": 16, "projection_dim": 24}
    config = MetaClip2Config(text_config=_TOWER | words, vision_config=_TOWER | pictures, projection_dim=24)
    _save(MetaClip2Model, config, folder, seed)
    _write_clip_preprocessor(folder, side)
    return folder


def write_plain_clip(folder: Path, *, seed: int = 0, side: int = SIDE, **preprocessor: Any) -> Path:
    """As openai/clip-vit-base-patch32."""
    from transformers import CLIPConfig, CLIPModel

    marks = _write_bytes_bpe(folder)
    words = {"vocab_size": marks["size"], "bos_token_id": marks["start"], "eos_token_id": marks["end"]}
    pictures = {"image_size": side, "patch_size": 16}
    config = CLIPConfig(
        text_config=_TOWER | words | {"pad_token_id": marks["end"]},
        vision_config=_TOWER | pictures,
        projection_dim=24,
    )
    _save(CLIPModel, config, folder, seed)
    _write_clip_preprocessor(folder, side, **preprocessor)
    return folder


def write_chinese_clip(folder: Path, *, seed: int = 0, side: int = SIDE) -> Path:
    """As OFA-Sys/chinese-clip-vit-base-patch16: a BERT reads."""
    from transformers import ChineseCLIPConfig, ChineseCLIPModel

    size = _write_wordpiece(folder)
    words = {"vocab_size": size, "max_position_embeddings": 64}
    config = ChineseCLIPConfig(
        text_config=_TOWER | words,
        vision_config=_TOWER | {"image_size": side, "patch_size": 16},
        projection_dim=24,
    )
    _save(ChineseCLIPModel, config, folder, seed)
    numbers = {
        "size": {"height": side, "width": side},
        "do_center_crop": False,
        "do_resize": True,
        "resample": 3,
    }
    _write(
        folder,
        "preprocessor_config",
        {"image_processor_type": "ChineseCLIPImageProcessor", "processor_class": "ChineseCLIPProcessor"}
        | numbers
        | _CLIP_NUMBERS,
    )
    return folder


def write_altclip(folder: Path, *, seed: int = 0, side: int = SIDE) -> Path:
    """As BAAI/AltCLIP: an XLM-RoBERTa reads."""
    from transformers import AltCLIPConfig, AltCLIPModel

    size = _write_unigram(folder)
    words = {"vocab_size": size, "max_position_embeddings": 82, "project_dim": 24, "pad_token_id": 1}
    config = AltCLIPConfig(
        text_config=_TOWER | words,
        vision_config=_TOWER | {"image_size": side, "patch_size": 16},
        projection_dim=24,
    )
    _save(AltCLIPModel, config, folder, seed)
    _write_clip_preprocessor(folder, side, processor_class="AltCLIPProcessor")
    return folder


def write_align(folder: Path, *, seed: int = 0, side: int = SIDE) -> Path:
    """As kakaobrain/align-base: an EfficientNet looks, at the middle of a squashed picture, and a BERT reads."""
    from transformers import AlignConfig, AlignModel

    size = _write_wordpiece(folder)
    pictures = {"image_size": side, "hidden_dim": 32, "width_coefficient": 0.25, "depth_coefficient": 0.25}
    config = AlignConfig(
        text_config=_TOWER | {"vocab_size": size, "max_position_embeddings": 64},
        vision_config=pictures,
        projection_dim=80,
    )
    _save(AlignModel, config, folder, seed)
    numbers = {"size": {"height": side + 8, "width": side + 8}, "crop_size": {"height": side, "width": side}}
    _write_clip_preprocessor(
        folder,
        side,
        **numbers,
        image_processor_type="EfficientNetImageProcessor",
        processor_class="AlignProcessor",
        include_top=False,
        resample=2,
    )
    return folder


def write_two_towers(folder: Path, *, seed: int = 0, side: int = SIDE) -> Path:
    """As koclip/koclip-base-pt: any image tower beside any text tower, here CLIP's and a RoBERTa."""
    from transformers import (
        CLIPVisionConfig,
        RobertaConfig,
        VisionTextDualEncoderConfig,
        VisionTextDualEncoderModel,
    )

    size = _write_unigram(folder)
    looks = CLIPVisionConfig(**_TOWER, image_size=side, patch_size=16)
    reads = RobertaConfig(**_TOWER, vocab_size=size, max_position_embeddings=82, pad_token_id=1)
    config = VisionTextDualEncoderConfig.from_vision_text_configs(looks, reads, projection_dim=24)
    _save(VisionTextDualEncoderModel, config, folder, seed)
    _write_clip_preprocessor(folder, side, processor_class="VisionTextDualEncoderProcessor")
    return folder


FAMILIES: dict[str, Callable[..., Path]] = {
    "siglip": write_siglip,
    "siglip2": write_siglip2,
    "metaclip2": write_metaclip2,
    "clip": write_plain_clip,
    "chinese_clip": write_chinese_clip,
    "altclip": write_altclip,
    "align": write_align,
    "any_two_towers": write_two_towers,
}


def as_sentence_transformers(folder: Path, target: Path) -> Path:
    """The same model as sentence-transformers saves it."""
    from sentence_transformers import SentenceTransformer

    SentenceTransformer(str(folder), device="cpu", local_files_only=True).save(
        str(target), create_model_card=False
    )
    return target


# -- tokenizers ----------------------------------------------------------------------------------------------
def _write_gemma(folder: Path) -> dict[str, int]:
    from tokenizers import AddedToken, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import BPE

    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    letters = [*"▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,!", *"고양이바다산사진검은"]
    merges = [("c", "a"), ("ca", "t"), ("▁", "cat"), ("o", "f"), ("고", "양"), ("고양", "이")]
    names = [
        *special,
        *(f"<0x{byte:02X}>" for byte in range(256)),
        *letters,
        *("".join(pair) for pair in merges),
    ]
    vocabulary = {name: number for number, name in enumerate(names)}
    made = Tokenizer(BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    made.normalizer = normalizers.Replace(" ", "▁")
    made.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    made.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    made.post_processor = processors.TemplateProcessing(
        single="$A <eos>", pair="$A <eos> $B:1 <eos>:1", special_tokens=[("<eos>", 1)]
    )
    made.add_special_tokens([AddedToken(name, special=True) for name in special])
    folder.mkdir(parents=True, exist_ok=True)
    made.save(str(folder / "tokenizer.json"))
    _write(
        folder,
        "tokenizer_config",
        {
            "add_bos_token": False,
            "add_eos_token": True,
            "bos_token": "<bos>",
            "eos_token": "<eos>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "model_input_names": ["input_ids"],
            "model_max_length": 1000000000000000019884624838656,
            "padding_side": "right",
            "processor_class": "SiglipProcessor",
            "tokenizer_class": "GemmaTokenizer",
        },
    )
    return vocabulary


def _write_sentencepiece(folder: Path) -> int:
    import sentencepiece

    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "spiece.model").open("wb") as written:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter([" ".join(_WORDS), *_WORDS, "abcdefghijklmnopqrstuvwxyz"] * 3),
            model_writer=written,
            vocab_size=60,
            hard_vocab_limit=False,
            pad_id=0,
            eos_id=1,
            unk_id=2,
            bos_id=-1,
            minloglevel=2,
        )
    config = {
        "tokenizer_class": "SiglipTokenizer",
        "model_input_names": ["input_ids"],
        "model_max_length": 64,
    }
    _write(
        folder, "tokenizer_config", config | {"eos_token": "</s>", "pad_token": "</s>", "unk_token": "<unk>"}
    )
    return len(sentencepiece.SentencePieceProcessor(model_file=str(folder / "spiece.model")))


def _write_unigram(folder: Path) -> int:
    from transformers import XLMRobertaTokenizer

    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [(f"▁{word}", -3.0) for word in _WORDS] + [(word, -4.0) for word in _WORDS]
    pieces += [(letter, -8.0) for letter in "▁abcdefghijklmnopqrstuvwxyzABCDEFG.,!바닷검은해변"]
    seen = dict(reversed(pieces))
    unique = [(piece, seen[piece]) for piece in dict.fromkeys(piece for piece, _ in pieces)] + [
        ("<mask>", 0.0)
    ]
    XLMRobertaTokenizer(vocab=unique, model_max_length=77).save_pretrained(folder)
    return len(unique)


def _write_wordpiece(folder: Path) -> int:
    from transformers import BertTokenizer

    letters = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *"abcdefghijklmnopqrstuvwxyz猫黑色的海",
        *_WORDS[1:9],
    ]
    words = [*letters, *(f"##{letter}" for letter in letters[5:31])]
    BertTokenizer(vocab={word: number for number, word in enumerate(words)}).save_pretrained(folder)
    return len(words)


def _write_bytes_bpe(folder: Path) -> dict[str, int]:
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import CLIPTokenizer

    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(f"{it}</w>" for it in letters), "ca", "cat</w>", "<|startoftext|>", "<|endoftext|>"]
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[("c", "a"), ("ca", "t</w>")], model_max_length=77)
    tokenizer.save_pretrained(folder)
    return {"size": len(words), "start": len(words) - 2, "end": len(words) - 1}


# -- files ---------------------------------------------------------------------------------------------------
def _write_clip_preprocessor(folder: Path, side: int, **other: Any) -> None:
    content = {
        "crop_size": {"height": side, "width": side},
        "do_center_crop": True,
        "do_convert_rgb": True,
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_processor_type": "CLIPImageProcessor",
        "processor_class": "CLIPProcessor",
        "resample": 3,
        "size": {"shortest_edge": side},
        **_CLIP_NUMBERS,
        **other,
    }
    _write(folder, "preprocessor_config", content)


def _save(kind: Any, config: Any, folder: Path, seed: int) -> None:
    import torch
    from transformers.utils import logging

    torch.manual_seed(seed)
    model = kind(config)
    with (
        torch.no_grad()
    ):  # as created, towers are so near to zero that every input has nearly the same vector
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.normal_(0.0, parameter.shape[-1] ** -0.5)
    logging.disable_progress_bar()
    try:
        model.save_pretrained(folder)
    finally:
        logging.enable_progress_bar()


def _write(folder: Path, name: str, content: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=2)
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
