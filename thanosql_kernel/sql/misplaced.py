"""What a statement that cannot be read lacks, has too much, or has elsewhere: edits that may mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from thanosql_kernel.errors import Fix, Replace, Span, nearest
from thanosql_kernel.sql import edits
from thanosql_kernel.sql.brackets import CLAUSES, CLOSING, outer
from thanosql_kernel.sql.failure import NOISE, Failure, Fixes, closing_index, is_sign, may_be_part_of_name

#: What SQL may lack in front of a word, where nothing says what it expects.
_MISSING_IN_SQL = ("FROM", "BY", ",", "=", "WHERE", "AND", "VALUES", "AS", "(", ")")
#: What joins the parts of statements.
_JOINING = frozenset("TO INTO AS FROM IN ON WITH USING BY SET = : -".split())


def last_candidates(failure: Failure) -> Fixes:
    """Edits that are tried where nothing that is left out mends it."""
    yield from _missing_in_sql(failure)
    yield from _removals(failure)
    yield from _moves(failure)
    yield from _replaced(failure)


def _missing_in_sql(failure: Failure) -> Fixes:
    """Words and signs that SQL may lack in front of what it stops at."""
    if not failure.is_in_sql:
        return
    yield from _commas(failure)
    yield from _limit(failure)
    for index in failure.around:
        following = failure.tokens[index]
        for text in _MISSING_IN_SQL:
            if text in edits.CLOSING_SIGNS and index:
                yield edits.insertion(text, failure.tokens[index - 1].end, following=following.text)
            else:
                yield edits.insertion(f"{text} ", following.start, following=following.text)


def _commas(failure: Failure) -> Fixes:
    """Commas between names of which there are three or more in a row."""
    first, last = failure.at, failure.at
    while (
        first and may_be_part_of_name(failure.tokens[first - 1]) and failure.tokens[first - 1].kind == "word"
    ):
        first -= 1
    while last + 1 < len(failure.tokens) and may_be_part_of_name(failure.tokens[last + 1]):
        last += 1
    words = [token.text for token in failure.tokens[first : last + 1]]
    if len(words) > 2 and all(nearest(word, CLAUSES) is None for word in words):
        yield failure.writing(first, last, ", ".join(words))


def _limit(failure: Failure) -> Fixes:
    """``SELECT TOP 5 …``, which is ``… LIMIT 5``."""
    top = failure.at - 1
    if top > 0 and failure.tokens[top].upper == "TOP" and top + 2 < len(failure.tokens):
        count, last = failure.tokens[top + 1].text, len(failure.tokens) - 1
        rest = failure.text(top + 2, last)
        yield failure.writing(top, last, f"{rest} LIMIT {count}")


def lists(failure: Failure) -> Fixes:
    """Values, or options, without the brackets around them."""
    last_index = len(failure.tokens) - 1
    for index in failure.around:
        first = last = index
        while first > 1 and failure.tokens[first - 1].text == ",":
            first -= 2
        if failure.tokens[index].text == ",":
            first, last = index - 1, index - 1
        while last + 2 <= last_index and failure.tokens[last + 1].text == ",":
            last += 2
        before = failure.tokens[first - 1].upper if first > 0 else ""
        if not 0 < first < last or (failure.is_in_sql and before not in ("IN", "VALUES")):
            continue
        for opening, closing in (("[", "]"), ("(", ")"))[failure.is_in_sql :]:
            yield failure.writing(first, last, f"{opening}{failure.text(first, last)}{closing}")
    if "(" in failure.words(failure.at):
        for last in range(failure.at, len(failure.tokens)):
            yield failure.writing(failure.at, last, f"({failure.text(failure.at, last)})")


def _moves(failure: Failure) -> Fixes:
    """Parts that stand in front of others they belong behind, and the other way round."""
    count = len(failure.tokens)
    wanted = {word for index in failure.wants for word in failure.words(index)} | CLAUSES | {"OPTIONS"}
    starts = [index for index, token in outer(failure.tokens) if token.upper in wanted and index]
    around = sorted({index for index in failure.around if index})
    for start in (it for it in starts if it >= failure.at - 1 or failure.tokens[it].upper == "OPTIONS"):
        for end in _ends(failure, start, starts):
            for place in {index for index in failure.wants if 0 < index < start} | set(starts) | {count}:
                if (
                    place < start and (place in starts or _wants_at(failure, place, start))
                ) or place == count > end:
                    yield _moved(failure, start, end, place)
    for place in around:
        later = [start for start in (*starts, count - 1) if start > place]
        for start in dict.fromkeys(later):
            yield _moved(failure, start, count, place)
            for end in range(start + 1, count):
                yield _moved(failure, start, end, place)


def _wants_at(failure: Failure, place: int, start: int) -> bool:
    return failure.tokens[start].upper in [word.upper() for word in failure.words(place)]


def _ends(failure: Failure, start: int, starts: Sequence[int]) -> list[int]:
    """Where the part may end that begins there: behind its brackets, in front of the next one, at the end."""
    count, found = len(failure.tokens), []
    if start + 1 < count and failure.tokens[start + 1].text in CLOSING:
        found.append(closing_index(failure.tokens, start + 1) + 1)
    found += [next((other for other in starts if other > start), count), count]
    return list(dict.fromkeys(found))


def _moved(failure: Failure, start: int, end: int, place: int) -> Fix:
    """The tokens from ``start`` to in front of ``end``, in front of ``place``."""
    tokens, part = failure.tokens, failure.text(start, end - 1)
    if place < start:
        between, first, last = failure.text(place, start - 1), place, end - 1
        text = f"{part} {between}"
    else:
        between, first, last = failure.text(end, place - 1), start, place - 1
        text = f"{between} {part}"
    following = tokens[place].text if place < len(tokens) else ""
    return edits.move(Replace(failure.span(first, last), text), part, following=following)


def trailing_commas(failure: Failure) -> Fixes:
    """Commas that nothing follows."""
    for index in range(max(1, failure.at - 2), len(failure.tokens)):
        following = failure.tokens[index + 1].upper if index + 1 < len(failure.tokens) else ")"
        if failure.tokens[index].text == "," and (following in CLAUSES or following in CLOSING.values()):
            yield _removal(failure, index)


def noise(failure: Failure) -> Fixes:
    """Words of other statements, or of other programs, in front of a name."""
    for index in reversed(failure.around):
        if index and failure.tokens[index].text in NOISE:
            yield _removal(failure, index)


def _removals(failure: Failure) -> Fixes:
    """Signs and words that are too many."""
    last = len(failure.tokens) - 1
    for index in dict.fromkeys((failure.at, failure.at - 1, last)):
        if 0 < index <= last and is_sign(failure, index):
            yield _removal(failure, index)
    if 0 < failure.at <= last:
        token = failure.tokens[failure.at]
        if token.kind == "word" and token.upper not in CLAUSES:
            yield _removal(failure, failure.at)


def _removal(failure: Failure, index: int) -> Fix:
    """A token taken out with the blank behind it; what stands on both sides of it does not run together."""
    token, following = failure.tokens[index], failure.tokens[index + 1 : index + 2]
    span = Span(token.start, following[0].start if following else token.end)
    if not following or failure.tokens[index - 1].end < token.start:
        return edits.removal(span, token.text)
    return replace(
        edits.removal(span, token.text), edit=Replace(span, " " * (following[0].text not in CLOSING.values()))
    )


def _replaced(failure: Failure) -> Fixes:
    """What is wanted, in the place of a word or sign that joins parts of other statements."""
    for index in failure.around[:1]:
        token = failure.tokens[index]
        for word in failure.words(index) if index and token.upper in _JOINING else ():
            yield failure.writing(index, index, word)
        if failure.is_in_sql and token.text == ",":
            yield failure.writing(index, index, " AND")
