"""What a statement that cannot be read might have been: edits that may mend it, the likeliest first.

Nothing here knows whether an edit does: whoever asks tries them one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from thanosql_kernel.errors import Fix, Replace, Span, nearest
from thanosql_kernel.sql import edits
from thanosql_kernel.sql.brackets import CLOSING
from thanosql_kernel.sql.failure import NOISE, Failure, Fixes, closing_index, may_be_part_of_name
from thanosql_kernel.sql.identifiers import quote, quote_if_needed
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.literals import unquote
from thanosql_kernel.sql.misplaced import lists, noise, trailing_commas

#: Words as other programs, other languages and plural forms have them -> what they stand for here.
OTHER_WORDS = {
    "SHOW": ("PRINT", "LIST", "DESCRIBE"),
    "DISPLAY": ("PRINT",),
    "VIEW": ("PRINT",),
    "PICTURE": ("IMAGE",),
    "PICTURES": ("IMAGE",),
    "PHOTO": ("IMAGE",),
    "PHOTOS": ("IMAGE",),
    "IMG": ("IMAGE",),
    "FIND": ("SEARCH",),
    "IMPORT": ("COPY",),
    "LOAD": ("COPY",),
    "DELETE": ("DROP",),
    "REMOVE": ("DROP", "DELETE"),
    "WITH": ("OPTIONS",),
    "KEYWORD": ("text",),
    "QUERY": ("text",),
    "INPUT": ("text",),
    "VALUE": ("VALUES",),
    "SORT": ("ORDER",),
    "INTO": ("TO", "FROM"),
    "TO": ("FROM",),
    "AS": ("TO",),
}
#: Words that people write as one.
_GLUED = {
    "ORDERBY": "ORDER BY",
    "GROUPBY": "GROUP BY",
    "INSERTINTO": "INSERT INTO",
    "DELETEFROM": "DELETE FROM",
}
#: Signs of other languages -> ours.
SIGNS = {
    "=>": ">=",
    "=<": "<=",
    "=!": "!=",
    "&&": "AND",
    "==": "=",
    ":=": "=",
    ":": "=",
    ";": ",",
}
_FREE_NAMES = frozenset(
    ("table", "new table", "view", "new view", "table or view", "column", "new column", "new alias")
)


def first_candidates(failure: Failure, first_words: Sequence[str]) -> Fixes:
    """Edits so likely that they are told even where they mend a part of it only.

    Args:
        failure: What cannot be read.
        first_words: What a query begins with.
    """
    yield from _known(failure)
    yield from _other_words(failure, first_words)
    if (sign := other_sign(failure.tokens)) is not None:
        yield sign


def candidates(failure: Failure) -> Fixes:
    """Edits that may mend it, the likeliest first."""
    yield from _other_signs(failure)
    yield from _names(failure)
    yield from _values(failure)
    yield from _turned(failure)
    yield from trailing_commas(failure)
    yield from noise(failure)
    yield from lists(failure)


def _known(failure: Failure) -> Fixes:
    """What the error says itself."""
    error = failure.error
    if error.meant is not None and error.span is not None:
        yield edits.writing(error.span, error.meant)
    yield from (fix for fix in error.fixes if isinstance(fix.edit, Replace))


# -- words and signs ---------------------------------------------------------------------------------------------
def _other_words(failure: Failure, first_words: Sequence[str]) -> Fixes:
    """Words that are nearly, or elsewhere, what is wanted."""
    for index in failure.around:
        token = failure.tokens[index]
        if token.kind != "word":
            continue
        wanted = [word for word in failure.words(index) if word[0].isalpha()]
        if failure.takes(index, "query"):
            wanted += first_words
        if token.upper in _GLUED:
            yield failure.writing(index, index, _GLUED[token.upper])
        close = nearest(token.text, wanted)
        others = [word for word in OTHER_WORDS.get(token.upper, ()) if word in wanted]
        for word in dict.fromkeys([close, *others]):
            if word is not None and word != token.text:
                yield failure.writing(index, index, word)


def _other_signs(failure: Failure) -> Fixes:
    """Signs of other languages, and brackets of another kind."""
    for index in failure.around:
        token = failure.tokens[index]
        if token.text in SIGNS:
            yield failure.writing(index, index, SIGNS[token.text])
        if token.text in CLOSING:
            yield from _other_brackets(failure, index)


def other_sign(tokens: Sequence[Token]) -> Fix | None:
    """The first sign of another language as SQL has it: ``&&``, ``=>``."""
    for one, other in pairwise(tokens):
        sign = SIGNS.get(one.text + other.text) if one.end == other.start else None
        if sign is not None:
            return edits.writing(Span(one.start, other.end), sign)
    return None


def _other_brackets(failure: Failure, index: int) -> Fixes:
    closing = closing_index(failure.tokens, index)
    inside = failure.source[failure.tokens[index].end : failure.tokens[closing].start]
    for opening, close in CLOSING.items():
        if opening != failure.tokens[index].text:
            yield failure.writing(index, closing, f"{opening}{inside}{close}")


# -- names and values --------------------------------------------------------------------------------------------
def _names(failure: Failure) -> Fixes:
    """Names that need double quotes, or no single ones."""
    for index in failure.around:
        wanted = [want.text for want in failure.wants.get(index, ()) if want.kind == "name"]
        token = failure.tokens[index]
        if wanted and token.kind == "string":
            yield failure.writing(index, index, quote_if_needed(unquote(token)))
        if not _FREE_NAMES.isdisjoint(wanted):
            first, last = failure.run(index)
            if first == index and (last > index or token.kind == "number"):
                yield failure.writing(index, last, quote(failure.text(index, last)))
            yield from _spaced(failure, index)


def _spaced(failure: Failure, index: int) -> Fixes:
    """A name of two or three words."""
    for last in (index + 1, index + 2):
        words = failure.tokens[index : last + 1]
        if len(words) == last - index + 1 and all(map(may_be_part_of_name, words)):
            yield failure.writing(index, last, quote(" ".join(failure.text(index, last).split())))


def _values(failure: Failure) -> Fixes:
    """Texts and paths without their quotes."""
    for index in reversed(failure.around):
        if not failure.takes(index, "value", "path"):
            continue
        first, last = failure.run(index)
        for end in (last, index + 1, index + 2):
            parts = failure.tokens[index : end + 1]
            if first == index < end < len(failure.tokens) and all(map(_may_be_part_of_text, parts)):
                yield failure.writing(index, end, f"'{failure.text(index, end)}'")


def _may_be_part_of_text(token: Token) -> bool:
    return token.kind in ("word", "number", "symbol") and token.upper not in NOISE


def _turned(failure: Failure) -> Fixes:
    """``'path' INTO name``, which is ``name FROM 'path'``."""
    three = failure.tokens[failure.at : failure.at + 3]
    if (
        len(three) == 3
        and three[0].kind == "string"
        and failure.takes(failure.at, "name")
        and three[2].is_name
    ):
        text = f"{three[2].text} FROM {three[0].text}"
        yield failure.writing(failure.at, failure.at + 2, text)
