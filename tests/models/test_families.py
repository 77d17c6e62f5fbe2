"""Each family's vectors are transformers' own, whatever lies beside a text or a picture in its batch."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from thanosql_kernel.catalog import Weights
from thanosql_kernel.errors import ModelError
from thanosql_kernel.images.preprocess import Preprocess
from thanosql_kernel.models import dual
from thanosql_kernel.models.folders import inspect_folder
from thanosql_kernel.models.resizing import preprocess_of
from thanosql_kernel.models.tokens import Tokens

FAMILIES = ("siglip", "siglip2", "clip", "metaclip2", "chinese_clip", "altclip", "align", "any_two_towers")
TEXTS = (
    "a cat",
    "A Photo of CATS, and the Black Sea!",
    "",
    "검은 고양이 사진",
    "a photo of the sea 🐱",
    "the black cat " * 60,
    "고양이 사진 " * 60,
)
SIZES = ((300, 200), (200, 301), (32, 32), (31, 77), (1000, 40), (7, 5), (640, 641))
SAME = 0.99999
SEED = 5


@dataclass
class Loaded:
    """A tiny model of a family: ours, and transformers' own."""

    folder: Path
    encoder: dual.DualEncoder
    model: Any
    processor: Any


@pytest.fixture(scope="module", autouse=True)
def single_precision():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dual, "multiplies_bfloat16", lambda device: False)
        yield


@pytest.fixture(scope="module", params=FAMILIES)
def loaded(request: pytest.FixtureRequest, tiny_dual: ModuleType, tmp_path_factory: pytest.TempPathFactory):
    from transformers import AutoModel, AutoProcessor

    folder = tiny_dual.FAMILIES[request.param](tmp_path_factory.mktemp("families") / request.param)
    model = AutoModel.from_pretrained(folder).eval()
    return Loaded(folder, load(folder), model, AutoProcessor.from_pretrained(folder))


def load(folder: Path) -> dual.DualEncoder:
    return dual.load(inspect_folder(folder), None, Weights("own", "local", "0" * 64), device="cpu")


def unit(output: Any) -> np.ndarray:
    vectors = getattr(output, "pooler_output", output).numpy()
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def reference_texts(loaded: Loaded, texts: tuple[str, ...]) -> np.ndarray:
    """As the model cards do it; SigLIP's says 64 tokens, SigLIP 2 was trained on lower-cased texts."""
    import torch

    siglip = loaded.model.config.model_type == "siglip"
    tokens = loaded.processor.tokenizer(
        [text.lower() if siglip else text for text in texts],
        padding="max_length" if siglip else True,
        truncation=True,
        max_length=min(77, loaded.model.config.text_config.max_position_embeddings),
        return_tensors="pt",
    )
    if siglip:
        tokens = {"input_ids": tokens["input_ids"]}
    with torch.inference_mode():
        return unit(loaded.model.get_text_features(**tokens))


def pictures() -> list[Image.Image]:
    random = np.random.default_rng(SEED)
    return [Image.fromarray(random.integers(0, 256, (h, w, 3), np.uint8)) for w, h in SIZES]


def test_texts_are_what_transformers_makes_of_them(loaded):
    expected = np.concatenate([reference_texts(loaded, (text,)) for text in TEXTS])
    readable = [not loaded.encoder.read(text).is_empty for text in TEXTS]
    assert sum(readable) >= 5
    for ours in (
        loaded.encoder.encode_texts(TEXTS),
        np.concatenate([loaded.encoder.encode_texts([text]) for text in TEXTS]),
        loaded.encoder.encode_texts(TEXTS[::-1])[::-1],
    ):
        assert (ours * expected).sum(axis=1)[readable].min() > SAME
        assert np.isnan(ours).all(axis=1).tolist() == [not it for it in readable]


def test_texts_that_differ_have_vectors_that_differ(loaded):
    vectors = loaded.encoder.encode_texts(["a cat", "the black sea", "a photo of a cat"])
    cosines = vectors @ vectors.T
    assert cosines[np.triu_indices(3, 1)].max() < 0.995


def test_pictures_are_what_transformers_makes_of_them(loaded):
    import torch

    pixels = loaded.processor.image_processor(pictures(), return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        expected = unit(loaded.model.get_image_features(pixel_values=pixels))
    batch = np.stack([loaded.encoder.preprocess(picture) for picture in pictures()])
    together = loaded.encoder.encode_images(batch)
    alone = np.concatenate([loaded.encoder.encode_images(one[None]) for one in batch])
    assert np.abs(batch - pixels.numpy()).max() < 1e-5
    assert (together * expected).sum(axis=1).min() > SAME
    assert (alone * expected).sum(axis=1).min() > SAME


def test_the_model_is_the_same_as_sentence_transformers_saves_it(loaded, tiny_dual, tmp_path):
    saved = load(tiny_dual.as_sentence_transformers(loaded.folder, tmp_path / "saved"))
    batch = np.stack([saved.preprocess(picture) for picture in pictures()[:2]])
    assert saved.preprocess == loaded.encoder.preprocess
    ours, expected = saved.encode_texts(TEXTS), loaded.encoder.encode_texts(TEXTS)
    assert np.nanmin((ours * expected).sum(axis=1)) > SAME
    assert (saved.encode_images(batch) * loaded.encoder.encode_images(batch)).sum(axis=1).min() > SAME


# -- SigLIP 2 ------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def siglip2(tiny_dual: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tiny_dual.FAMILIES["siglip2"](tmp_path_factory.mktemp("siglip2"))
    return folder


def test_letter_case_makes_no_difference_to_siglip_2(siglip2):
    upper, lower = load(siglip2).encode_texts(["A CAT, THE SEA", "a cat, the sea"])
    np.testing.assert_allclose(upper, lower, atol=1e-6)


def test_a_tokenizer_whose_files_keep_letter_case_is_obeyed(siglip2, tmp_path):
    cased = shutil.copytree(siglip2, tmp_path / "cased")
    change(cased / "tokenizer_config.json", do_lower_case=False)
    upper, lower = load(cased).encode_texts(["A CAT", "a cat"])
    assert float(upper @ lower) < 0.999


def test_siglip_2_reads_64_tokens_and_no_more(siglip2):
    encoder = load(siglip2)
    long, longer = encoder.encode_texts(["b" * 63, "b" * 63 + " and a cat"])
    np.testing.assert_allclose(long, longer, atol=1e-6)
    assert float(encoder.encode_texts(["b" * 62])[0] @ long) < 0.99999


def test_siglip_2_is_padded_at_the_right_where_its_files_do_not_say(siglip2, tmp_path):
    silent = shutil.copytree(siglip2, tmp_path / "silent")
    change(silent / "tokenizer_config.json", padding_side=None)
    np.testing.assert_allclose(
        load(silent).encode_texts(["a cat"]), load(siglip2).encode_texts(["a cat"]), atol=1e-6
    )


def test_siglip_s_first_tokenizer_is_never_stood_in_for(tiny_dual, tmp_path):
    folder = inspect_folder(tiny_dual.FAMILIES["siglip"](tmp_path / "siglip"))
    other = SimpleNamespace(tokenizer=SimpleNamespace())
    with pytest.raises(ModelError, match="sentencepiece") as caught:
        Tokens(other, folder)
    assert "pip install" in caught.value.hint


def change(file: Path, **values: object) -> None:
    """Other values in a JSON file; None drops one."""
    content = json.loads(file.read_text()) | values
    file.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))


# -- resizing ------------------------------------------------------------------------------------------------
def image_processor(**given: Any) -> Any:
    from transformers import CLIPImageProcessorPil

    return CLIPImageProcessorPil(**given)


@pytest.mark.parametrize("resample", [1, 2, 3])
@pytest.mark.parametrize(
    "given",
    [
        {"size": {"shortest_edge": 56}, "crop_size": 56},
        {"size": {"shortest_edge": 64}, "crop_size": 56},
        {"size": {"height": 56, "width": 56}, "do_center_crop": False},
        {"size": {"height": 64, "width": 64}, "crop_size": 56},
        {"size": {"height": 56, "width": 56}, "do_center_crop": False, "do_normalize": False},
    ],
    ids=["middle", "smaller middle", "squash", "middle of squashed", "plain"],
)
def test_pixels_are_those_of_transformers_whatever_the_size(given, resample):
    processor = image_processor(**given, resample=resample)
    ours = preprocess_of(processor)
    random = np.random.default_rng(SEED)
    for width, height in random.integers(3, 400, (12, 2)):
        picture = Image.fromarray(random.integers(0, 256, (height, width, 3), np.uint8))
        expected = processor(picture, return_tensors="np")["pixel_values"][0]
        level = 1.01 / 255 / min(ours.std)  # cut while it is shrunk, a sample may be rounded the other way
        assert np.abs(ours(picture) - expected).max() <= level, (width, height)
        assert np.abs(ours(picture) - expected).mean() < level / 1000, (width, height)


def test_a_long_picture_costs_no_more_than_its_middle():
    strip = Image.new("RGB", (60_000, 2), "red")
    pixels = Preprocess(224, "center", (0.0,) * 3, (1.0,) * 3)(strip)
    assert pixels.shape == (3, 224, 224)
    assert pixels[0].min() == 1.0


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"size": {"height": 56, "width": 64}, "do_center_crop": False}, "64x56, no square"),
        ({"size": {"shortest_edge": 56}, "crop_size": {"height": 56, "width": 48}}, "48x56, no square"),
        ({"size": {"shortest_edge": 56}, "do_center_crop": False}, "sizes of their own"),
        ({"size": {"shortest_edge": 56, "longest_edge": 90}, "crop_size": 56}, "sizes of their own"),
        ({"do_resize": False}, "sizes of their own"),
        ({"do_rescale": False}, "another scale"),
        ({"rescale_factor": 1 / 127.5}, "another scale"),
        ({"size": {"shortest_edge": 56}, "crop_size": 64}, "64 pixels of pictures that are resized to 56"),
    ],
)
def test_what_the_pipeline_does_not_do_is_refused_with_the_reason(given, reason):
    with pytest.raises(ModelError, match=reason) as caught:
        preprocess_of(image_processor(**given))
    assert caught.value.code == "TS400"
    assert caught.value.hint


def test_a_processor_that_does_what_its_numbers_do_not_say_is_refused(monkeypatch):
    processor = image_processor(size={"shortest_edge": 56}, crop_size=56)
    assert preprocess_of(processor).size == 56
    monkeypatch.setattr(processor, "normalize", lambda image, *_, **__: image)
    with pytest.raises(ModelError, match="other pixels"):
        preprocess_of(processor)


def test_pictures_of_another_size_than_the_weights_take_are_refused(tiny_dual, tmp_path):
    folder = tiny_dual.FAMILIES["siglip2"](tmp_path / "siglip2", size={"height": 48, "width": 48})
    with pytest.raises(ModelError, match="48 pixels, while the weights take 32"):
        load(folder)
