"""Image towers as graphs of OpenVINO: they agree with torch or are not used, and are made once."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from thanosql_kernel.catalog import Model, Weights
from thanosql_kernel.errors import ModelError
from thanosql_kernel.models import dual, graphs, quantized, registry, tuning
from thanosql_kernel.models.folders import inspect_folder
from thanosql_kernel.models.graphs import CompiledTower, KeptGraph, Shape

pytestmark = pytest.mark.skipif(not graphs.are_possible(), reason="openvino has no wheels here")

MANY = dual.TUNED_FROM


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache folder is empty, and measurements take no time."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    monkeypatch.setattr(tuning, "TIMED_S", 0.0)
    return tmp_path / "cache" / "graphs"


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.random.default_rng(7).normal(size=(9, 3, 224, 224)).astype(np.float32)


def load(folder: Path, **options: bool) -> dual.DualEncoder:
    return dual.load(
        inspect_folder(folder), None, Weights("clip", "local", "0" * 64), device="cpu", **options
    )


@pytest.fixture(scope="module")
def clip(clip_folder: Path) -> Callable[[], dual.DualEncoder]:
    """Loads the tiny CLIP; its graph is made once for all tests."""
    first = load(clip_folder)
    graph = first._export()

    def again() -> dual.DualEncoder:
        encoder = load(clip_folder)
        encoder._export = lambda: graph  # type: ignore[method-assign]
        return encoder

    return again


def prepared(encoder: dual.DualEncoder, pictures: np.ndarray, count: int = MANY) -> list[str]:
    return [step() for step in encoder.preparation(pictures, count)]


def graph_is_faster(monkeypatch: pytest.MonkeyPatch, is_faster: bool = True) -> None:
    rate: Callable[..., float] = lambda run, _: float(isinstance(run, CompiledTower) == is_faster)  # noqa: E731
    monkeypatch.setattr(tuning, "_rate", rate)


def test_a_graph_makes_torchs_vectors_and_a_vector_depends_on_its_picture_alone(clip, pictures, monkeypatch):
    graph_is_faster(monkeypatch)
    encoder = clip()
    expected = encoder.encode_images(pictures)
    assert set(prepared(encoder, pictures)) == {""}
    assert encoder.preparation(pictures, MANY) == []
    assert isinstance(encoder._graph, CompiledTower)
    vectors = encoder.encode_images(pictures)
    assert tuning.cosines(vectors, expected).min() > 0.999999
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    for at in range(4):
        others = np.roll(pictures, -at, axis=0)
        np.testing.assert_array_equal(encoder.encode_images(others)[:5], np.roll(vectors, -at, axis=0)[:5])
        np.testing.assert_array_equal(encoder.encode_images(pictures[at : at + 4]), vectors[at : at + 4])


@pytest.mark.parametrize("family", ["siglip2", "chinese_clip"])
def test_towers_of_other_families_are_exported_as_well(family, tiny_dual, tmp_path, monkeypatch):
    graph_is_faster(monkeypatch)
    encoder = load(tiny_dual.FAMILIES[family](tmp_path / family))
    side = encoder.preprocess.size
    some = np.random.default_rng(1).normal(size=(5, 3, side, side)).astype(np.float32)
    expected = encoder.encode_images(some)
    prepared(encoder, some)
    assert isinstance(encoder._graph, CompiledTower)
    assert tuning.cosines(encoder.encode_images(some), expected).min() > tuning.LEAST_COSINE


def test_few_pictures_are_left_to_torch(clip, pictures, cache):
    encoder = clip()
    assert encoder.preparation(pictures, MANY - 1) == []
    assert encoder.preparation(pictures[:3], MANY) == []
    assert not cache.exists()


def test_a_graph_whose_vectors_differ_is_not_used(clip, tiny_clip, tmp_path, pictures, monkeypatch, caplog):
    graph_is_faster(monkeypatch)
    other = load(tiny_clip.write_clip(tmp_path / "other", seed=9))
    encoder = clip()
    expected = encoder.encode_images(pictures)
    monkeypatch.setattr(encoder, "_export", other._export)
    with caplog.at_level(logging.WARNING, "thanosql_kernel"):
        prepared(encoder, pictures)
    assert encoder._graph is None
    assert "the graph's vectors differ" in caplog.text
    np.testing.assert_array_equal(encoder.encode_images(pictures), expected)


def test_where_no_graph_can_be_made_torch_goes_on_and_logs_are_as_they_were(
    tiny_dual, tmp_path, monkeypatch, caplog
):
    graph_is_faster(monkeypatch)
    encoder = load(tiny_dual.FAMILIES["align"](tmp_path / "align"))  # pools more pixels than the tiny one has
    side = encoder.preprocess.size
    some = np.random.default_rng(1).normal(size=(5, 3, side, side)).astype(np.float32)
    expected = encoder.encode_images(some)
    root = logging.getLogger()
    before = root.level, root.filters[:]
    with caplog.at_level(logging.WARNING, "thanosql_kernel"):
        prepared(encoder, some)
    assert "OpConversionFailure" in caplog.text
    assert (root.level, root.filters) == before
    np.testing.assert_array_equal(encoder.encode_images(some), expected)


def test_a_graph_that_fails_later_gives_way_to_torch(clip, pictures, monkeypatch, caplog):
    encoder = clip()
    expected = encoder.encode_images(pictures)

    def fail(batch: np.ndarray) -> np.ndarray:
        raise RuntimeError("out of memory")

    encoder._graph = fail  # type: ignore[assignment]
    with caplog.at_level(logging.WARNING, "thanosql_kernel"):
        np.testing.assert_array_equal(encoder.encode_images(pictures), expected)
    assert encoder._graph is None
    assert "out of memory" in caplog.text


def test_what_was_found_out_is_kept_for_the_next_process(clip, pictures, monkeypatch):
    graph_is_faster(monkeypatch)
    first = clip()
    prepared(first, pictures)
    second = clip()
    monkeypatch.setattr(second, "_export", lambda: pytest.fail("made again"))
    monkeypatch.setattr(tuning.Tuning, "_time_torch", lambda _: pytest.fail("measured again"))
    prepared(second, pictures)
    assert second._graph is not None
    assert first._graph is not None
    assert second._graph.shape == first._graph.shape


def test_that_torch_is_faster_is_kept_too(clip, pictures, monkeypatch):
    graph_is_faster(monkeypatch, False)
    first, second = clip(), clip()
    prepared(first, pictures)
    assert first._graph is None
    monkeypatch.setattr(tuning.Tuning, "_prepare", lambda _: pytest.fail("measured again"))
    prepared(second, pictures)
    assert second._graph is None


@pytest.mark.parametrize("name", ["tower.bin", "tower.xml", "tower.sha256"])
def test_a_damaged_graph_is_made_anew(clip, pictures, monkeypatch, cache, name):
    graph_is_faster(monkeypatch)
    prepared(clip(), pictures)
    file = next(cache.glob(f"*/*/{name}"))
    damaged = file.read_bytes()[: file.stat().st_size // 2]
    file.write_bytes(damaged)
    encoder = clip()
    expected = encoder.encode_images(pictures)
    prepared(encoder, pictures)
    assert tuning.cosines(encoder.encode_images(pictures), expected).min() > 0.999999
    assert file.read_bytes() != damaged
    assert encoder._tower().kept.read() is not None


def test_graphs_of_other_versions_make_way(clip, pictures, monkeypatch, cache):
    graph_is_faster(monkeypatch)
    prepared(clip(), pictures)
    before = set(cache.glob("*/*"))
    monkeypatch.setattr(graphs, "EXPORT", graphs.EXPORT + 1)
    prepared(clip(), pictures)
    after = set(cache.glob("*/*"))
    assert len(before) == len(after) == 1
    assert before != after


def test_a_cache_folder_that_cannot_be_written_costs_time_alone(clip, pictures, monkeypatch, cache):
    graph_is_faster(monkeypatch)
    cache.parent.mkdir(parents=True)
    cache.write_text("no folder")
    encoder = clip()
    expected = encoder.encode_images(pictures)
    prepared(encoder, pictures)
    assert encoder._graph is not None
    assert tuning.cosines(encoder.encode_images(pictures), expected).min() > 0.999999


def test_without_openvino_nothing_is_prepared(clip, pictures, monkeypatch):
    monkeypatch.setattr(graphs, "find_spec", lambda _: None)
    encoder = clip()
    assert encoder.preparation(pictures, MANY) == []
    assert encoder.encode_images(pictures).shape == (9, 512)


def test_openvino_is_imported_without_the_package_that_reports_it():
    graphs.openvino()
    assert sys.modules["openvino_telemetry"] is None


def test_bfloat16_matrices_give_way_to_exact_ones_and_come_back(clip_folder, pictures, monkeypatch):
    exact = load(clip_folder).encode_images(pictures)
    monkeypatch.setattr(dual, "multiplies_bfloat16", lambda device: True)
    encoder = load(clip_folder)
    halved = encoder.encode_images(pictures)
    assert np.abs(halved - exact).max() > 1e-6
    np.testing.assert_allclose(encoder._exactly(pictures), exact, atol=1e-6)
    np.testing.assert_array_equal(encoder.encode_images(pictures), halved)


def test_a_kept_graph_is_of_its_weights_and_side():
    folders = {
        KeptGraph(*key).folder for key in (("a", "float", 224), ("b", "float", 224), ("a", "float", 256))
    }
    assert len(folders) == 3


def test_shapes_share_the_cores(monkeypatch):
    for cores, expected in ((1, Shape(4, 1)), (2, Shape(4, 2)), (16, Shape(4, 4))):
        monkeypatch.setattr(graphs, "available_cores", lambda cores=cores: cores)
        assert graphs.shapes()[0] == expected


# -- 8-bit integers ------------------------------------------------------------------------------------------
def test_vectors_of_8_bit_integers_are_near_the_exact_ones_and_what_they_lose_is_told(clip_folder, pictures):
    exact = load(clip_folder).encode_images(pictures)
    encoder = load(clip_folder, int8=True)
    vectors = encoder.encode_images(pictures)
    likeness = tuning.cosines(vectors, exact)[: tuning.COMPARED]
    assert 0.99 < likeness.min() < 0.999999
    told = prepared(encoder, pictures, count=1)
    assert told == [
        f"clip runs on 8-bit integers, with vectors of their own; of the first 8 pictures, their cosines with the "
        f"exact vectors are {likeness.mean():.4f} on average, {likeness.min():.4f} at least"
    ]
    np.testing.assert_array_equal(encoder.encode_images(pictures[3:4]), vectors[3:4])
    np.testing.assert_allclose(encoder._exactly(pictures), exact, atol=1e-6)


def test_8_bit_vectors_are_never_taken_for_exact_ones(clip_folder, monkeypatch):
    model = Model("m", "clip", folder=str(clip_folder))
    exact = registry.identify(model, notice=print)
    monkeypatch.setenv(quantized.VARIABLE, "int8")
    rounded = registry.identify(model, notice=print)
    assert exact.fingerprint != rounded.fingerprint
    assert rounded.revision == f"{exact.revision}+int8"
    assert registry.load(model, notice=print).fingerprint == rounded.fingerprint
    monkeypatch.delenv(quantized.VARIABLE)
    assert registry.load(model, notice=print).fingerprint == exact.fingerprint


def test_8_bit_integers_without_their_package_are_an_error(clip_folder, monkeypatch):
    monkeypatch.setenv(quantized.VARIABLE, "int8")
    registry.forget()
    monkeypatch.setattr(
        "thanosql_kernel.packages.find_spec", lambda name: None if name == "openvino" else name
    )
    with pytest.raises(ModelError, match="need a package: openvino") as caught:
        registry.load(Model("m", "clip", folder=str(clip_folder)), notice=print)
    assert caught.value.code == "TS400"


def test_another_precision_is_an_error(clip_folder, monkeypatch):
    monkeypatch.setenv(quantized.VARIABLE, "int4")
    with pytest.raises(ModelError, match="may be int8, not int4"):
        registry.identify(Model("m", "clip", folder=str(clip_folder)), notice=print)


def test_a_tower_of_convolutions_has_no_8_bit_integers(tiny_dual, tmp_path, monkeypatch):
    monkeypatch.setenv(quantized.VARIABLE, "int8")
    folder = tiny_dual.FAMILIES["align"](tmp_path / "align")
    with pytest.raises(ModelError, match="ALIGN"):
        registry.load(Model("m", "own", folder=str(folder)), notice=print)


def test_quantized_towers_are_fitted_to_the_same_pictures_everywhere(clip_folder):
    preprocess = load(clip_folder).preprocess
    first, second = quantized.calibration(preprocess), quantized.calibration(preprocess)
    np.testing.assert_array_equal(first, second)
    assert first.shape == (16, 3, 224, 224)
    assert len(np.unique(first.reshape(16, -1).std(axis=1).round(3))) > 8
