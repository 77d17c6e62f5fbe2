import logging
import shutil
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from thanosql_kernel.catalog import Weights
from thanosql_kernel.errors import ModelError
from thanosql_kernel.images.preprocess import CLIP_224
from thanosql_kernel.models import dual
from thanosql_kernel.models.folders import inspect_folder

TEXTS = ["a cat", "고양이 사진", "/no/such.jpg", "https://example.com/a.png", "", "cat " * 200, "❤ 🐈"]
SEED = 7


@pytest.fixture(scope="module")
def encoder(clip_folder: Path) -> dual.DualEncoder:
    return load(clip_folder)


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.random.default_rng(SEED).normal(size=(5, 3, 224, 224)).astype(np.float32)


def load(folder: Path, text: Path | None = None) -> dual.DualEncoder:
    texts = None if text is None else inspect_folder(text)
    return dual.load(inspect_folder(folder), texts, Weights("clip", "local", "0" * 64), device="cpu")


def reference(folder: Path):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def test_vectors_are_float32_of_length_one(encoder, pictures):
    for vectors, rows in ((encoder.encode_images(pictures), 5), (encoder.encode_texts(TEXTS), len(TEXTS))):
        assert vectors.shape == (rows, encoder.dim) == (rows, 512)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_texts_are_what_sentence_transformers_makes_of_them(encoder, clip_folder):
    texts = [text for text in TEXTS if not text.startswith("https:")]  # it takes those for pictures
    expected = reference(clip_folder).encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_texts(texts), expected, atol=1e-5)


def test_pictures_are_what_sentence_transformers_makes_of_them(encoder, clip_folder):
    noise = np.random.default_rng(SEED).integers(0, 256, (300, 400, 3), np.uint8)
    picture = Image.fromarray(noise).resize((400, 300), Image.Resampling.BICUBIC)
    expected = reference(clip_folder).encode([picture], normalize_embeddings=True)
    ours = encoder.encode_images(encoder.preprocess(picture)[None])
    assert float(ours[0] @ expected[0]) > 0.999


def test_the_path_of_a_picture_that_exists_is_still_a_text(encoder, tmp_path):
    Image.new("RGB", (300, 300), "red").save(tmp_path / "red.png")
    path = str(tmp_path / "red.png")
    as_text = encoder.encode_texts([path])
    as_picture = encoder.encode_images(encoder.preprocess(Image.open(path))[None])
    assert abs(float(as_text[0] @ as_picture[0])) < 0.9
    np.testing.assert_allclose(as_text, encoder.encode_texts(["cat", path])[1:], atol=1e-6)


def test_a_vector_does_not_depend_on_what_is_in_its_batch(encoder, pictures):
    together = encoder.encode_texts(TEXTS)
    alone = np.concatenate([encoder.encode_texts([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    together = encoder.encode_images(pictures)
    alone = np.concatenate([encoder.encode_images(pictures[i : i + 1]) for i in range(5)])
    assert (together * alone).sum(axis=1).min() > 0.9999


def test_more_inputs_than_run_at_once_keep_their_order(encoder, pictures, monkeypatch):
    expected_texts, expected_pictures = encoder.encode_texts(TEXTS), encoder.encode_images(pictures)
    monkeypatch.setattr(dual, "_TEXTS_AT_ONCE", 2)
    monkeypatch.setattr(dual, "_IMAGES_AT_ONCE", 2)
    np.testing.assert_allclose(encoder.encode_texts(TEXTS), expected_texts, atol=1e-6)
    assert (encoder.encode_images(pictures) * expected_pictures).sum(axis=1).min() > 0.9999


def test_no_inputs_give_no_vectors(encoder, pictures):
    assert encoder.encode_texts([]).shape == encoder.encode_images(pictures[:0]).shape == (0, 512)


def test_a_long_text_is_cut_at_77_tokens(encoder):
    long = encoder.encode_texts(["cat " * 75, "cat " * 76 + "dog", "cat " * 5000])
    np.testing.assert_allclose(long[1:], long[[0, 0]], atol=1e-6)
    assert float(encoder.encode_texts(["cat " * 74])[0] @ long[0]) < 0.999999


def test_a_text_that_is_no_unicode_is_embedded_all_the_same(encoder):
    assert np.isfinite(encoder.encode_texts(["caf\udce9.jpg"])).all()


def test_read_only_and_strided_batches_are_taken(encoder, pictures):
    frozen = pictures.copy()
    frozen.setflags(write=False)
    expected = encoder.encode_images(pictures)
    assert (encoder.encode_images(frozen) * expected).sum(axis=1).min() > 0.9999
    assert (encoder.encode_images(pictures[::-1]) * expected[::-1]).sum(axis=1).min() > 0.9999


def test_texts_can_be_encoded_from_several_threads(encoder):
    expected = encoder.encode_texts(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: encoder.encode_texts(TEXTS), range(16)):
            np.testing.assert_allclose(vectors, expected, atol=1e-6)


def test_preprocessing_comes_from_the_folder(encoder, clip_folder, tmp_path):
    assert encoder.preprocess == CLIP_224
    other = shutil.copytree(clip_folder, tmp_path / "other")
    edit(
        other / "0_CLIPModel" / "preprocessor_config.json",
        '"do_center_crop": true',
        '"do_center_crop": false',
    )
    edit(
        other / "0_CLIPModel" / "preprocessor_config.json",
        '"size": 224',
        '"size": {"height": 224, "width": 224}',
    )
    assert load(other).preprocess.mode == "squash"


def test_a_preprocessing_that_our_pipeline_cannot_do_is_an_error(clip_folder, tmp_path):
    other = shutil.copytree(clip_folder, tmp_path / "other")
    edit(other / "0_CLIPModel" / "preprocessor_config.json", '"crop_size": 224', '"crop_size": 256')
    with pytest.raises(ModelError, match="256 pixels of pictures that are resized to 224"):
        load(other)


@pytest.mark.parametrize("half", [True, False])
def test_bfloat16_matrices_keep_the_direction_of_picture_vectors(clip_folder, pictures, monkeypatch, half):
    monkeypatch.setattr(dual, "multiplies_bfloat16", lambda device: False)
    exact = load(clip_folder).encode_images(pictures)
    monkeypatch.setattr(dual, "multiplies_bfloat16", lambda device: half)
    vectors = load(clip_folder).encode_images(pictures)
    cosines = (vectors * exact).sum(axis=1)
    assert cosines.min() > 0.999
    assert (np.abs(vectors - exact).max() > 1e-6) == half


def test_the_multilingual_text_tower_is_used_for_texts(multilingual_folder, clip_folder, pictures):
    text_folder = multilingual_folder / "clip-ViT-B-32-multilingual-v1"
    encoder = load(clip_folder, text_folder)
    texts = ["고양이", "강아지", "a cat", "/no/such.jpg", "", "cat " * 400]
    expected = reference(text_folder).encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_texts(texts), expected, atol=1e-5)
    np.testing.assert_allclose(
        encoder.encode_images(pictures), load(clip_folder).encode_images(pictures), atol=1e-6
    )


def test_a_folder_that_sentence_transformers_saved_again_gives_the_same_vectors(
    encoder, clip_folder, tmp_path
):
    reference(clip_folder).save(str(tmp_path / "saved"))
    np.testing.assert_allclose(
        load(tmp_path / "saved").encode_texts(TEXTS), encoder.encode_texts(TEXTS), atol=1e-6
    )


def test_a_plain_transformers_folder_gives_the_same_vectors(encoder, clip_folder):
    plain = load(clip_folder / "0_CLIPModel")
    np.testing.assert_allclose(plain.encode_texts(TEXTS), encoder.encode_texts(TEXTS), atol=1e-6)


def test_weights_that_a_file_lacks_are_an_error_not_random_numbers(clip_folder, tmp_path):
    from safetensors.torch import load_file, save_file

    other = shutil.copytree(clip_folder, tmp_path / "other")
    weights = other / "0_CLIPModel" / "model.safetensors"
    tensors = load_file(weights)
    del tensors["visual_projection.weight"]
    save_file(tensors, weights, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"visual_projection\.weight") as caught:
        load(other)
    assert caught.value.code == "TS400"


def test_damaged_weights_are_an_error(clip_folder, tmp_path):
    other = shutil.copytree(clip_folder, tmp_path / "other")
    weights = other / "0_CLIPModel" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError) as caught:
        load(other)
    assert caught.value.code == "TS400"


def test_loading_prints_nothing_and_leaves_other_loggers_alone(clip_folder, capfd):
    before = logging.getLogger("sentence_transformers").level
    load(clip_folder).warm()
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("sentence_transformers").level == before


def test_loading_a_folder_asks_no_network(clip_folder, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    load(clip_folder)


def test_warm_runs_both_towers(encoder, monkeypatch):
    ran = threading.Event(), threading.Event()
    monkeypatch.setattr(encoder, "encode_texts", told(ran[0], encoder.encode_texts))
    monkeypatch.setattr(encoder, "encode_images", told(ran[1], encoder.encode_images))
    encoder.warm()
    assert all(event.is_set() for event in ran)


def told(event: threading.Event, function: Callable[[object], object]) -> Callable[[object], object]:
    def wrapped(argument: object) -> object:
        event.set()
        return function(argument)

    return wrapped


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
