"""How early in a list people find what they want: the mean of one over its place, 0 where it is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.completion.truth import Caret
from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.completion.items import Completion


@dataclass(frozen=True)
class Found:
    """What was offered at a caret.

    Attributes:
        caret: The place.
        offered: The first texts of the list.
        place: The answer's place in the list, from 1; 0 where it is not there.
    """

    caret: Caret
    offered: tuple[str, ...]
    place: int

    @property
    def reciprocal(self) -> float:
        return 1 / self.place if self.place else 0.0

    def __str__(self) -> str:
        line = self.caret.before.rsplit("\n", 1)[-1][-60:]
        where = f"{self.caret.file}, {self.caret.kind}: {line}‸"
        return f"{self.place or '-':>4}  {where}\n      wanted {self.caret.answer}; offered {', '.join(self.offered)}"


def find(caret: Caret) -> Found:
    """Ask for the list at a caret."""
    items = complete(caret.document, len(caret.before), above=caret.above_text)
    place = next((number for number, item in enumerate(items, 1) if _is(item, caret.answer)), 0)
    return Found(caret, tuple(item.text for item in items[:5]), place)


def _is(item: Completion, answer: str) -> bool:
    is_word = item.kind in ("keyword", "statement")
    return item.text == answer or (is_word and item.text.upper() == answer.upper())


def mean(found: Iterable[Found]) -> float:
    """The mean reciprocal rank."""
    values = [one.reciprocal for one in found]
    return sum(values) / len(values)


def by_kind(found: Iterable[Found]) -> Mapping[str, Sequence[Found]]:
    """The carets of each kind of place."""
    kinds: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        kinds[one.caret.kind].append(one)
    return dict(sorted(kinds.items()))


def worst(found: Iterable[Found], count: int) -> list[Found]:
    """Those whose answer is found last or not at all."""
    return sorted(found, key=lambda one: one.reciprocal)[:count]
