"""The graph that the build writes computes what torch computes."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install -r tools/requirements-mini.txt")
torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import lite2  # noqa: E402
import onnx_graph  # noqa: E402
from mini_phrases import CONCEPTS, CONTRASTS, parallel_phrases  # noqa: E402

SIDE = 33


def random_conv(
    generator: torch.Generator, channels: tuple[int, int], kernel: int, **kinds: object
) -> lite2.Conv:
    groups = int(kinds.get("groups", 1))  # type: ignore[call-overload]
    shape = (channels[1], channels[0] // groups, kernel, kernel)
    weight = torch.randn(shape, generator=generator) * (channels[0] // groups * kernel**2) ** -0.5
    return lite2.Conv(weight, torch.randn(channels[1], generator=generator), **kinds)  # type: ignore[arg-type]


@pytest.fixture
def tower() -> lite2.Tower:
    g = torch.Generator().manual_seed(0)
    widening = lite2.Block(
        (
            random_conv(g, (16, 48), 1),
            random_conv(g, (48, 48), 5, stride=2, groups=48),
            random_conv(g, (48, 16), 1, relu6=False),
        ),
        residual=False,
    )
    same = lite2.Block(
        (
            random_conv(g, (16, 48), 1),
            random_conv(g, (48, 48), 3, groups=48),
            random_conv(g, (48, 16), 1, relu6=False),
        ),
        residual=True,
    )
    return lite2.Tower(random_conv(g, (3, 16), 3, stride=2), (widening, same), random_conv(g, (16, 64), 1))


def run(graph: onnx_graph.Graph, output: str, image: np.ndarray) -> np.ndarray:
    model = graph.model(SIDE, {"out": (output, ["n", "d"])})
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (found,) = session.run(["out"], {"image": image})
    return np.asarray(found)


def test_the_tower_is_the_same_in_onnx_and_torch(tower: lite2.Tower) -> None:
    image = torch.randn(3, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1))
    graph = onnx_graph.Graph()
    x, side = graph.conv("image", tower.stem, SIDE)
    for block in tower.blocks:
        x, side = graph.block(x, block, side)
    x, side = graph.conv(x, tower.head, side)
    found = run(graph, graph.pooled(x), image.numpy())
    last = lite2.forward(image, tower)[-1]
    assert last.shape[-1] == side
    np.testing.assert_allclose(found, last.mean((2, 3)).numpy(), atol=5e-3)


def test_eight_bit_weights_keep_the_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_graph, "EIGHT_BITS_FROM", 1)
    g = torch.Generator().manual_seed(2)
    weight = torch.randn(64, 3 * SIDE * SIDE, generator=g)
    image = torch.randn(5, 3, SIDE, SIDE, generator=g)
    graph = onnx_graph.Graph()
    flat = graph.node("Flatten", ["image"])
    found = run(graph, graph.unit(graph.linear(flat, weight)), image.numpy())
    wanted = torch.nn.functional.normalize(image.flatten(1) @ weight.T, dim=1).numpy()
    assert (found * wanted).sum(axis=1).min() > 0.999


def test_the_same_weights_give_the_same_bytes(tower: lite2.Tower) -> None:
    def written() -> bytes:
        graph = onnx_graph.Graph()
        x, _ = graph.conv("image", tower.stem, SIDE)
        return bytes(graph.model(SIDE, {"out": (graph.pooled(x), ["n", "d"])}).SerializeToString())

    assert written() == written()


@pytest.mark.parametrize(("side", "kernel", "stride"), [(260, 3, 2), (130, 5, 2), (9, 3, 1), (17, 5, 2)])
def test_padding_gives_the_side_that_same_promises(side: int, kernel: int, stride: int) -> None:
    before, after = lite2.same_padding(side, kernel, stride)
    assert (side + before + after - kernel) // stride + 1 == -(-side // stride)
    assert after - before in (0, 1)


def test_phrases_are_pairs_without_repeats() -> None:
    pairs = parallel_phrases()
    assert len(pairs) == len(set(pairs)) > 3000
    assert [pair[0] for pair in pairs[: len(CONCEPTS)]] == [english for english, _, _ in CONCEPTS]
    assert all("{" not in text for pair in pairs for text in pair)


def test_photos_stand_on_the_side_of_a_contrast_that_their_captions_say():
    pytest.importorskip("sklearn")
    import mini_contrasts
    import mini_data

    said = ["a street at night", "night falls", "a street", "neon and a dog", "a dog", "a dog in the dark"]
    captions = mini_data.Captions(
        photos=[Path(f"{i}.jpg") for i in range(4)],
        texts=said,
        photo_of=np.array([0, 0, 1, 2, 2, 3]),
        is_dev=np.zeros(4, bool),
    )
    night = CONTRASTS[0]
    first, second = mini_contrasts._sides(night, captions, np.arange(4))
    assert (first.tolist(), second.tolist()) == ([0], [1])
    first, second = mini_contrasts._sides(night, captions, np.arange(1, 4))
    assert (first.tolist(), second.tolist()) == ([], [1])


def test_the_two_texts_of_a_contrast_differ():
    for contrast in CONTRASTS:
        assert all(first != second for first, second in contrast.pairs)
        assert len({first for first, _ in contrast.pairs} & {second for _, second in contrast.pairs}) == 0
