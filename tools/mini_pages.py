"""The pages that give figures of the embedded model, and what was measured last, which they give.

A page has them between ``<!-- figures: name -->`` and ``<!-- end -->``; `mini_figures.py` writes them there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from thanosql_kernel.models import mini

ROOT = Path(__file__).resolve().parent.parent
STORED = Path(__file__).with_name("mini_figures.json")
CARD = mini.DATA / "MODEL_CARD.md"
PAGES = (CARD, ROOT / "README.md", ROOT / "README.ko.md")

Figures = dict[str, Any]


@dataclass
class Table:
    """A table of the model card.

    Attributes:
        head: Its first line.
        form: How its numbers are written.
        rows: What each row is about, and its numbers.
    """

    head: tuple[str, ...]
    form: str = ".2f"
    rows: list[tuple[str, list[float]]] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The table as Markdown."""
        yield f"| {' | '.join(self.head)} |"
        yield "|" + " --- |" * len(self.head)
        for what, numbers in self.rows:
            yield f"| {what} | {' | '.join(short(format(number, self.form)) for number in numbers)} |"


def short(number: str) -> str:
    """A number without the zero before its point; zero has no sign."""
    if not number.strip("-0.%"):
        number = number.removeprefix("-")
    return number.replace("0.", ".", 1) if number.startswith(("0.", "-0.")) else number


def package_facts() -> Figures:
    """What the files in the package say without any photo."""
    return {
        "fingerprint": mini.load().fingerprint,
        "bytes": {file.name: file.stat().st_size for file in (mini.IMAGE_FILE, mini.TEXT_FILE)},
    }


def stored() -> Figures:
    """The figures that were measured last."""
    figures: Figures = json.loads(STORED.read_text(encoding="utf-8"))
    return figures


def blocks(figures: Figures) -> dict[str, str]:
    """What stands on the pages between ``<!-- figures: name -->`` and ``<!-- end -->``."""
    makers: dict[str, Callable[[Figures], Iterator[str]]] = {
        "files": _files,
        "recall": _recall,
        "queries": _queries,
        "others": _others,
        "readme": _readme,
        "readme.ko": _readme_ko,
    }
    found = {name: "\n".join(make(figures)) for name, make in makers.items()}
    for name, it in zip(("texts", "shares", "pictures"), figures["similarity"], strict=True):
        table = Table(tuple(it["head"]), it["form"], [(what, numbers) for what, numbers in it["rows"]])
        found[name] = "\n".join(table.lines())
    return found


def filled(page: str, figures: Figures) -> str:
    """A page with the figures in their places.

    Raises:
        KeyError: The page has a place for figures that there are not.
    """
    texts = blocks(figures)
    return re.sub(
        r"(<!-- figures: (\S+) -->\n).*?(<!-- end -->)",
        lambda found: f"{found[1]}{texts[found[2]]}\n{found[3]}",
        page,
        flags=re.DOTALL,
    )


def differing_pages(figures: Figures) -> Iterator[str]:
    """Pages that give other figures."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        if filled(text, figures) != text:
            yield f"{path.name} gives other figures: python tools/mini_figures.py --render"


def write(figures: Figures) -> int:
    """Write the figures into the pages; returns the exit status."""
    for path in PAGES:
        path.write_text(filled(path.read_text(encoding="utf-8"), figures), encoding="utf-8")
    return 0


def _number(value: float, form: str = ".3f") -> str:
    return short(format(value, form))


def _files(figures: Figures) -> Iterator[str]:
    sizes = {name: f"{size / 1e6:.1f} MB" for name, size in figures["bytes"].items()}
    yield (
        f"`image.onnx` ({sizes['image.onnx']}) holds the picture tower and its projection: weights of 40,000 numbers "
        "and more in 8 bits with a scale"
    )
    yield (
        "an output channel, smaller ones in 16. `text.npz` "
        f"({sizes['text.npz']}, 16 bits) is the text projection. Both are computed in 32 bits."
    )


def _recall(figures: Figures) -> Iterator[str]:
    captions, samples = figures["captions"], figures["samples"]
    count = format(captions["captions"], ",")
    yield "| what | views a picture | R@1 | R@5 | R@10 |"
    yield "| --- | --- | --- | --- | --- |"
    for what, recall in (
        (f"{count} captions -> {captions['photos']:,} Flickr8k dev photos", captions["recall"]),
        (f"{samples['photos']} English descriptions -> as many sample photos", samples["recall"]),
    ):
        for views, numbers in recall.items():
            yield f"| {what} | {views} | {' | '.join(map(_number, numbers))} |"


def _queries(figures: Figures) -> Iterator[str]:
    samples = figures["samples"]
    what = f"hand-made queries on the {samples['photos']} sample photos"
    yield f"| {what} | views | P@5 | a right one among the first 5 |"
    yield "| --- | --- | --- | --- |"
    for language, name in (("en", "English"), ("ko", "Korean")):
        for views, (precision, hits) in samples[language].items():
            yield f"| {name} | {views} | {_number(precision)} | {_number(hits, '.2f')} |"


def _others(figures: Figures) -> Iterator[str]:
    sure = figures["samples"]["zero_shot"]
    yield (
        f"Zero-shot over the 1,000 class names, on {sure['photos']} sample photos whose class the classifier is sure "
        f"of: top-1 {_number(sure['top1'])}, top-5 {_number(sure['top5'])}."
    )
    speed = figures["captions"]["photos_per_second"]
    if speed is not None:
        yield f"Decoding included it embedded {speed} photos a second; that hangs on the machine and what else it does."


def _readme(figures: Figures) -> Iterator[str]:
    ten, ko = figures["captions"]["recall"]["1"][2], figures["samples"]["ko"]["1"][0]
    three, en = figures["captions"]["recall"]["3"][2], figures["samples"]["en"]["1"][0]
    yield (
        f"Of 1,000 photos `mini` has the one that a caption describes among its first ten for {ten:.1%} of captions "
        f"({three:.1%} with `OPTIONS(views=3)`);"
    )
    yield f"of the first five for a short query {en:.0%} are right in English and {ko:.0%} in Korean."


def _readme_ko(figures: Figures) -> Iterator[str]:
    ten, ko = figures["captions"]["recall"]["1"][2], figures["samples"]["ko"]["1"][0]
    three, en = figures["captions"]["recall"]["3"][2], figures["samples"]["en"]["1"][0]
    yield (
        f"`mini`는 사진 1,000장 가운데 설명문에 맞는 사진을 {ten:.1%}의 경우 처음 열 장 안에 보여 줍니다"
        f"(`OPTIONS(views=3)`으로는 {three:.1%})."
    )
    yield f"짧은 검색어로 찾은 처음 다섯 장 가운데 맞는 사진은 영어 {en:.0%}, 한국어 {ko:.0%}입니다."
