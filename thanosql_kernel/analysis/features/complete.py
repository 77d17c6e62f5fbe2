"""What could be typed at a place of a document."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from thanosql_kernel.analysis.features.completion.before_from import columns_before_from, is_before_from
from thanosql_kernel.analysis.features.completion.items import Completion, Edit, Tier
from thanosql_kernel.analysis.features.completion.names import SqlNames, dotted
from thanosql_kernel.analysis.features.completion.position import Position, find_position
from thanosql_kernel.analysis.features.completion.ranking import LOOKED_THROUGH, Recent, rank
from thanosql_kernel.analysis.features.completion.skeletons import skeleton
from thanosql_kernel.analysis.features.completion.vocabulary import function_items, type_items
from thanosql_kernel.analysis.features.completion.wanted import for_want, head_order
from thanosql_kernel.analysis.features.completion.words import ONLY_COLUMNS, words
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.meaning.place import Place
from thanosql_kernel.analysis.text.blocks import shift
from thanosql_kernel.analysis.text.words import quoted
from thanosql_kernel.duck import vocabulary
from thanosql_kernel.statements.registry import documented_types, heads, statement_types, titles
from thanosql_kernel.wording import editor


def complete(
    document: Document, offset: int, *, skeletons: bool = False, above: str = ""
) -> list[Completion]:
    """Everything that fits at ``offset`` and begins with, or holds, what is typed; best first.

    Args:
        document: The text and what the database holds.
        offset: Where the caret is.
        skeletons: Whether whole statements to fill in are wanted too: where tab stops are understood.
        above: What stands above the document or was run before; names used there come earlier.
    """
    place = document.place(offset)
    if place is None:
        return []
    start = offset - len(place.typed)
    recent = Recent(f"{above}\n{document.text[max(0, start - LOOKED_THROUGH) : start]}")
    items = [*_fitting(place, recent), *(_skeletons() if skeletons and place.may_begin else ())]
    ranked = rank(_distinct(items), place.typed, shift(place.span, place.block_start))
    _finish(ranked, place)
    return ranked


def warm() -> None:
    """Load what the first list would otherwise wait for."""
    vocabulary.warm()
    quoted("select")
    statement_types()


def _distinct(items: list[Completion]) -> Iterator[Completion]:
    """Each text once, as the likeliest of what it can be; a column once for each table that it could be had from."""
    seen: set[tuple[str, str, object]] = set()
    for item in sorted(items, key=attrgetter("tier")):
        kind = "word" if item.kind in ("keyword", "statement") else item.kind
        key = (item.label or item.text, kind, item.also)
        if key not in seen:
            seen.add(key)
            yield item


def _finish(items: list[Completion], place: Place) -> None:
    """Tell edits where the block stands in the document, and write words in the letters of the statement."""
    small = bool(place.before) and place.before[0].text.islower()
    for item in items:
        if item.also:
            item.also = tuple(Edit(shift(edit.span, place.block_start), edit.text) for edit in item.also)
        if small and item.kind in ("keyword", "statement"):
            item.text, item.label = item.text.lower(), item.label.lower()


def _fitting(place: Place, recent: Recent) -> Iterator[Completion]:
    """What fits at a place, whatever is typed; where a ``$`` is, values."""
    if place.typed.startswith("$"):
        for number, name in enumerate(place.known.variables):
            yield Completion(f"${name}", "variable", "SET VARIABLE", order=number)
        return
    if place.may_begin:
        yield from _beginnings(place)
    for want in place.wants:
        yield from for_want(place, want, recent)
    if place.in_sql and place.quote != "'":
        yield from _in_sql(place, recent)


def _beginnings(place: Place) -> Iterator[Completion]:
    """The first words of the statements that this kernel runs."""
    for word, group in heads().items():
        kinds = list(dict.fromkeys(head.kind for head in group if head.is_supported))
        if kinds:
            doc = str(kinds[0].help) if len(kinds) == 1 else ""
            # Behind a statement that is complete, its own next words are likelier than a new one.
            tier = Tier.RARE_KEYWORD if place.before else Tier.NEAR
            yield Completion(word, "statement", "", doc, tier=tier, order=head_order(word))


def _skeletons() -> Iterator[Completion]:
    """Whole statements, one for each that this kernel runs."""
    for kind in documented_types():
        if kind.is_supported() and kind.example:
            head = titles(kind)[0]
            doc = f"{kind.help}\n\n{kind.example}"
            yield Completion(
                head,
                "skeleton",
                str(editor.WHOLE_STATEMENT),
                doc,
                label=f"{head} …",
                snippet=skeleton(kind),
                tier=Tier.QUALIFIER,
            )


def _in_sql(place: Place, recent: Recent) -> Iterator[Completion]:
    position = find_position(place)
    names = SqlNames(place, position, recent)
    if position.last is not None and position.last.text == ".":
        found = [*names.behind_dot()]
        if not found and is_before_from(position):
            found = [*columns_before_from(place, position, recent, owner=dotted(position.before))]
        yield from found
        return
    if place.wants_only_query:
        return
    elif position.expected == "table" or not place.before:
        yield from names.tables()
    elif position.expected == "type":
        yield from type_items()
    elif position.expected == "value":
        yield from _values(place, position, names, recent)
    if not place.quote:
        for number, word in enumerate(words(position)):
            tier = Tier.KEYWORD if position.expected == "value" else Tier.NEAR
            yield Completion(word, "keyword", tier=tier, order=number)


def _values(place: Place, position: Position, names: SqlNames, recent: Recent) -> Iterator[Completion]:
    found = [*names.values()]
    if is_before_from(position):
        found += columns_before_from(place, position, recent)
    yield from found
    if not place.quote and (place.typed or not found) and position.opener not in ONLY_COLUMNS:
        yield from function_items(place.typed, is_called=_is_called(position))


def _is_called(position: Position) -> bool:
    return bool(position.after) and position.after[0].text == "("
