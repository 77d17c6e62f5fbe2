"""Makes a real CLIP of a few hundred kilobytes with random weights, in the files and layout of the hub's repository."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DIM = 512
_START, _END = "<|startoftext|>", "<|endoftext|>"
_TOWER = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}


def write_clip(folder: Path, *, seed: int = 0, looks: Mapping[str, int] = _TOWER) -> Path:
    """The layout of sentence-transformers/clip-ViT-B-32: its one module lies in ``0_CLIPModel``.

    Args:
        folder: Where to.
        seed: Of the weights.
        looks: Sizes of the image tower.
    """
    import torch
    from transformers import CLIPConfig, CLIPModel

    vocabulary = _bytes_vocabulary()
    start, end = vocabulary[_START], vocabulary[_END]
    words = {"vocab_size": len(vocabulary), "bos_token_id": start, "eos_token_id": end, "pad_token_id": end}
    pictures = {"image_size": 224, "patch_size": 32}
    config = CLIPConfig(text_config=_TOWER | words, vision_config={**looks, **pictures}, projection_dim=DIM)
    torch.manual_seed(seed)
    part = folder / "0_CLIPModel"
    _save_quietly(CLIPModel(config), part)
    _write_json(part / "vocab.json", vocabulary)
    (part / "merges.txt").write_text("#version: 0.2\nc a\nca t</w>\n", encoding="utf-8")
    marks = {"bos_token": _START, "eos_token": _END, "unk_token": _END, "pad_token": _END}
    _write_json(
        part / "tokenizer_config.json", {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, **marks}
    )
    _write_json(part / "preprocessor_config.json", _preprocessor())
    _write_modules(folder, {"0_CLIPModel": "CLIPModel"})
    return folder


def write_multilingual_text(folder: Path, *, seed: int = 1) -> Path:
    """The layout of clip-ViT-B-32-multilingual-v1: a DistilBERT at the top, mean pooling, a projection."""
    import torch
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling
    from transformers import DistilBertConfig, DistilBertModel

    letters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz고양이강아지/."]
    words = [*letters, *(f"##{letter}" for letter in letters[5:])]
    torch.manual_seed(seed)
    config = DistilBertConfig(vocab_size=len(words), dim=32, hidden_dim=64, n_layers=2, n_heads=2)
    _save_quietly(DistilBertModel(config), folder)
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    _write_json(
        folder / "tokenizer_config.json", {"tokenizer_class": "DistilBertTokenizer", "do_lower_case": False}
    )
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": 128, "do_lower_case": False})
    for name, module in (
        ("1_Pooling", Pooling(32)),
        ("2_Dense", Dense(32, DIM, bias=False, activation_function=None)),
    ):
        (folder / name).mkdir()
        module.save(str(folder / name))
    _write_modules(folder, {"": "Transformer", "1_Pooling": "Pooling", "2_Dense": "Dense"})
    return folder


def _bytes_vocabulary() -> dict[str, int]:
    """Every byte, in and at the end of a word, so that any text has tokens."""
    from tokenizers.pre_tokenizers import ByteLevel

    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(f"{letter}</w>" for letter in letters), "ca", "cat</w>", _START, _END]
    return {word: number for number, word in enumerate(words)}


def _preprocessor() -> dict[str, Any]:
    return {
        "crop_size": 224,
        "do_center_crop": True,
        "do_normalize": True,
        "do_resize": True,
        "feature_extractor_type": "CLIPFeatureExtractor",
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711],
        "resample": 3,
        "size": 224,
    }


def _write_modules(folder: Path, modules: Mapping[str, str]) -> None:
    entries = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(modules.items())
    ]
    _write_json(folder / "modules.json", entries)
    _write_json(
        folder / "config_sentence_transformers.json", {"__version__": {"sentence_transformers": "2.0.0"}}
    )


def _save_quietly(model: Any, folder: Path) -> None:
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        model.save_pretrained(folder)
    finally:
        logging.enable_progress_bar()


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
