"""What similarities the embedded model gives: of texts and pictures that fit, and of such that do not.

    python tools/measure_similarity.py --data FOLDER

FOLDER is that of `build_mini.py`; the sample photos come from PyPI. The figures stand in the model card, and the scales
of `models.spec` are made from them. Three minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import mini_data
import mini_evaluate
import numpy as np
from mini_pages import Table, short
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
        for table in tables(parser.parse_args().data):
            print("\n".join(["", *table.lines()]), flush=True)
    except mini_data.MissingData as error:
        print(f"measure_similarity: {error}", file=sys.stderr)
        return 1
    return 0


def tables(data: Path) -> list[Table]:
    """The model card's tables of similarities.

    Raises:
        MissingData: The captioned photos are not there.
    """
    encoder = mini.load()
    photos = mini_data.sample_photos()
    pictures = mini_evaluate.embed_photos(encoder, list(photos.values()))
    groups = _groups(list(photos))
    texts = Table(("a picture and a text", "5 %", "50 %", "95 %"))
    _captions(texts, encoder, data)
    descriptions = mini_data.sample_descriptions()
    described = encoder.encode_texts([descriptions[name] for name in photos]) @ pictures.T
    _add(texts, "a sample photo and its description", described.diagonal())
    _add(texts, "a sample photo and that of another", _off_diagonal(described))
    _queries(texts, encoder, pictures, groups)
    alike = Table(("a picture and a picture", "5 %", "50 %", "95 %"))
    _pictures(alike, encoder, list(photos.values()), pictures, groups)
    return [texts, _shares(encoder, pictures, groups), alike]


def _captions(table: Table, encoder: mini.MiniEncoder, data: Path) -> None:
    """Photos that the model was not trained on, and what people wrote about them."""
    texts, targets, photos = mini_evaluate.captioned(encoder, data)
    scores = texts @ mini_evaluate.embed_photos(encoder, photos).T
    own = np.zeros(scores.shape, np.bool_)
    own[np.arange(len(texts)), targets] = True
    _add(table, "a Flickr8k dev photo and its caption", scores[own])
    _add(table, "a Flickr8k dev photo and that of another", scores[~own])


def _groups(names: list[str]) -> list[tuple[str, str, list[int]]]:
    """The hand-made queries, English and Korean, with the sample photos that are right for them."""
    queries = json.loads(mini_evaluate.QUERIES.read_text(encoding="utf-8"))
    return [
        (query["en"], query["ko"], [names.index(photo) for photo in query["photos"]]) for query in queries
    ]


def _queries(
    table: Table, encoder: mini.MiniEncoder, pictures: Numbers, groups: Sequence[tuple[str, str, list[int]]]
) -> None:
    for at, language in enumerate(("English", "Korean")):
        scores = encoder.encode_texts([str(group[at]) for group in groups]) @ pictures.T
        right = [row[group[2]] for row, group in zip(scores, groups, strict=True)]
        _add(table, f"a short {language} query and a photo that it is right for", np.concatenate(right))
        _add(table, "… and the best of the 297", scores.max(axis=1))
        absent = encoder.encode_texts([pair[at] for pair in ABSENT]) @ pictures.T
        _add(table, f"a short {language} query that no photo fits, and the best", absent.max(axis=1))
    nonsense = encoder.encode_texts(NONSENSE) @ pictures.T
    _add(table, "nonsense, and the best", nonsense.max(axis=1))
    _add(table, "nonsense and any photo", nonsense.ravel())


def _shares(
    encoder: mini.MiniEncoder, pictures: Numbers, groups: Sequence[tuple[str, str, list[int]]]
) -> Table:
    """How often the best photo reaches a number, where a photo fits and where none does."""
    levels = (0.25, 0.30, 0.35, 0.40)
    heads = [short(f"{level:.2f}") for level in levels]
    table = Table(("the best photo has at least", *heads), ".0%")
    fitting = [text for english, korean, _ in groups for text in (english, korean)]
    absent = [text for pair in ABSENT for text in pair]
    for what, texts in (("of queries that a photo fits", fitting), ("of queries that none fits", absent)):
        best = (encoder.encode_texts(texts) @ pictures.T).max(axis=1)
        best = best[~np.isnan(best)]
        table.rows.append((what, [round(float(np.mean(best >= level)), 4) for level in levels]))
    return table


def _pictures(
    table: Table,
    encoder: mini.MiniEncoder,
    files: list[Path],
    pictures: Numbers,
    groups: Sequence[tuple[str, str, list[int]]],
) -> None:
    for name, changed in _changed(encoder, files).items():
        _add(table, f"a sample photo and itself, {name}", (changed * pictures).sum(axis=1))
    alike = pictures @ pictures.T
    together = np.zeros(alike.shape, np.bool_)
    for _, _, members in groups:
        together[np.ix_(members, members)] = True
    np.fill_diagonal(together, False)
    _add(table, "two sample photos that the same query is right for", alike[together])
    others = alike - 2 * np.eye(len(alike), dtype=np.float32)
    _add(table, "a sample photo and the one most like it", others.max(axis=1))
    _add(table, "two others", others[~together & ~np.eye(len(alike), dtype=np.bool_)])


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


def _add(table: Table, what: str, values: Numbers) -> None:
    """A row of how much 5, 50 and 95 percent have at most; a text that the model cannot read has nothing."""
    table.rows.append((what, [round(float(it), 4) for it in np.nanpercentile(values, (5, 50, 95))]))


def _off_diagonal(square: Numbers) -> Numbers:
    found: Numbers = square[~np.eye(len(square), dtype=np.bool_)]
    return found


if __name__ == "__main__":
    sys.exit(main())
