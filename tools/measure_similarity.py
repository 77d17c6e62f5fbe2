"""What similarities the embedded model gives: of texts and pictures that fit, and of such that do not.

    python tools/measure_similarity.py --data FOLDER

FOLDER is that of `build_mini.py`; the sample photos come from PyPI. The figures stand in the model card, and the scales
of `models.spec` are made from them. Three minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import mini_data
import mini_evaluate
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

from thanosql_kernel.images.decode import open_rgb
from thanosql_kernel.models import mini

Numbers = NDArray[np.float32]

ABSENT = [
    ("a kangaroo", "캥거루"),
    ("a dentist", "치과 의사"),
    ("a rocket launch", "로켓 발사"),
    ("a penguin on ice", "얼음 위의 펭귄"),
    ("a bowl of noodles", "국수 한 그릇"),
    ("a wedding", "결혼식"),
    ("a tennis match", "테니스 경기"),
    ("a submarine", "잠수함"),
    ("a circus clown", "서커스 광대"),
    ("a tractor", "트랙터"),
    ("a giraffe", "기린"),
    ("a swimming pool", "수영장"),
]
"""What no sample photo shows."""

NONSENSE = [
    "asdf qwer zxcv",
    "blorptang fizzwick",
    "xk7 q9",
    "가나다라 마바사",
    "lorem ipsum dolor sit amet",
    "the square root of a comma",
    "quarterly tax return",
    "부가가치세 신고 기한",
    "select from where",
    "ㅋㅋㅋㅋ 음 글쎄",
]


def main() -> int:
    """Print the figures; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the captioned photos")
    try:
        for line in report(parser.parse_args().data):
            print(line, flush=True)
    except mini_data.MissingData as error:
        print(f"measure_similarity: {error}", file=sys.stderr)
        return 1
    return 0


def report(data: Path) -> Iterator[str]:
    """Rows of the model card's tables.

    Raises:
        MissingData: The captioned photos are not there.
    """
    encoder = mini.load()
    photos = mini_data.sample_photos()
    pictures = mini_evaluate.embed_photos(encoder, list(photos.values()))
    groups = _groups(list(photos))
    yield from _head("a picture and a text")
    yield from _captions(encoder, data)
    descriptions = mini_data.sample_descriptions()
    described = encoder.encode_texts([descriptions[name] for name in photos]) @ pictures.T
    yield _row("a sample photo and its description", described.diagonal())
    yield _row("a sample photo and that of another", _off_diagonal(described))
    yield from _queries(encoder, pictures, groups)
    yield from _shares(encoder, pictures, groups)
    yield from _head("a picture and a picture")
    yield from _pictures(encoder, list(photos.values()), pictures, groups)


def _captions(encoder: mini.MiniEncoder, data: Path) -> Iterator[str]:
    """Photos that the model was not trained on, and what people wrote about them."""
    captions = mini_data.read_captions(data)
    dev = np.flatnonzero(captions.is_dev)
    position = {int(photo): i for i, photo in enumerate(dev)}
    pairs = zip(captions.texts, captions.photo_of.tolist(), strict=True)
    texts, targets = zip(*((text, position[it]) for text, it in pairs if it in position), strict=True)
    pictures = mini_evaluate.embed_photos(encoder, [captions.photos[i] for i in dev])
    scores = encoder.encode_texts(texts) @ pictures.T
    own = np.zeros(scores.shape, np.bool_)
    own[np.arange(len(texts)), targets] = True
    yield _row("a Flickr8k dev photo and its caption", scores[own])
    yield _row("a Flickr8k dev photo and that of another", scores[~own])


def _groups(names: list[str]) -> list[tuple[str, str, list[int]]]:
    """The hand-made queries, English and Korean, with the sample photos that are right for them."""
    queries = json.loads(mini_evaluate.QUERIES.read_text(encoding="utf-8"))
    return [
        (query["en"], query["ko"], [names.index(photo) for photo in query["photos"]]) for query in queries
    ]


def _queries(
    encoder: mini.MiniEncoder, pictures: Numbers, groups: Sequence[tuple[str, str, list[int]]]
) -> Iterator[str]:
    for at, language in enumerate(("English", "Korean")):
        scores = encoder.encode_texts([str(group[at]) for group in groups]) @ pictures.T
        right = [row[group[2]] for row, group in zip(scores, groups, strict=True)]
        yield _row(f"a short {language} query and a photo that it is right for", np.concatenate(right))
        yield _row("… and the best of the 297", scores.max(axis=1))
        absent = encoder.encode_texts([pair[at] for pair in ABSENT]) @ pictures.T
        yield _row(f"a short {language} query that no photo fits, and the best", absent.max(axis=1))
    nonsense = encoder.encode_texts(NONSENSE) @ pictures.T
    yield _row("nonsense, and the best", nonsense.max(axis=1))
    yield _row("nonsense and any photo", nonsense.ravel())


def _shares(
    encoder: mini.MiniEncoder, pictures: Numbers, groups: Sequence[tuple[str, str, list[int]]]
) -> Iterator[str]:
    """How often the best photo reaches a number, where a photo fits and where none does."""
    levels = (0.25, 0.30, 0.35, 0.40)
    yield f"\n| the best photo has at least | {' | '.join(f'{level:.2f}' for level in levels)} |"
    yield "| --- | --- | --- | --- | --- |"
    for what, texts in (
        (
            "of queries that a photo fits",
            [text for english, korean, _ in groups for text in (english, korean)],
        ),
        ("of queries that none fits", [text for pair in ABSENT for text in pair]),
    ):
        best = (encoder.encode_texts(texts) @ pictures.T).max(axis=1)
        best = best[~np.isnan(best)]
        shares = " | ".join(f"{np.mean(best >= level):.0%}" for level in levels)
        yield f"| {what} | {shares} |"


def _pictures(
    encoder: mini.MiniEncoder,
    files: list[Path],
    pictures: Numbers,
    groups: Sequence[tuple[str, str, list[int]]],
) -> Iterator[str]:
    for name, changed in _changed(encoder, files).items():
        yield _row(f"a sample photo and itself, {name}", (changed * pictures).sum(axis=1))
    alike = pictures @ pictures.T
    together = np.zeros(alike.shape, np.bool_)
    for _, _, members in groups:
        together[np.ix_(members, members)] = True
    np.fill_diagonal(together, False)
    yield _row("two sample photos that the same query is right for", alike[together])
    others = alike - 2 * np.eye(len(alike), dtype=np.float32)
    yield _row("a sample photo and the one most like it", others.max(axis=1))
    yield _row("two others", others[~together & ~np.eye(len(alike), dtype=np.bool_)])


def _changed(encoder: mini.MiniEncoder, files: Sequence[Path]) -> dict[str, Numbers]:
    """Vectors of near duplicates of photos."""
    opened = [open_rgb(file, min_side=520) for file in files]
    changes = {
        "mirrored": ImageOps.mirror,
        "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.3),
        "cut by a tenth at each side": lambda image: ImageOps.crop(image, round(0.1 * min(image.size))),
        "as a thumbnail of 96 px": lambda image: ImageOps.contain(image, (96, 96)),
    }
    return {name: _embedded(encoder, [change(image) for image in opened]) for name, change in changes.items()}


def _embedded(encoder: mini.MiniEncoder, images: Sequence[Image.Image]) -> Numbers:
    parts = [
        encoder.encode_images(np.stack([encoder.preprocess(image) for image in images[start : start + 32]]))
        for start in range(0, len(images), 32)
    ]
    return np.concatenate(parts)


def _off_diagonal(square: Numbers) -> Numbers:
    found: Numbers = square[~np.eye(len(square), dtype=np.bool_)]
    return found


def _head(what: str) -> Iterator[str]:
    """What begins a table: how much 5, 50 and 95 percent of the pairs have at most."""
    yield f"\n| {what} | 5 % | 50 % | 95 % |"
    yield "| --- | --- | --- | --- |"


def _row(what: str, values: Numbers) -> str:
    """A row of a table; a text that the model cannot read has no similarity."""
    figures = " | ".join(f"{value:.2f}" for value in np.nanpercentile(values, (5, 50, 95)))
    return f"| {what} | {figures} |"


if __name__ == "__main__":
    sys.exit(main())
