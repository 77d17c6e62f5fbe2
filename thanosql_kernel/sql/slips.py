"""What a statement that cannot be read might have been: edits that may mend it, the likeliest first.

Nothing here knows whether an edit does: whoever asks tries them one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from thanosql_kernel.errors import Fix, Replace, Span, ThanoSQLError, nearest
from thanosql_kernel.sql import edits
from thanosql_kernel.sql.brackets import CLAUSES, CLOSING, outer
from thanosql_kernel.sql.identifiers import quote, quote_if_needed
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.literals import unquote
from thanosql_kernel.sql.token_reader import Want

Fixes = Iterator[Fix]

#: Words as other programs, other languages and plural forms have them -> what they stand for here.
OTHER_WORDS = {
    "SHOW": ("PRINT", "LIST"),
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
_SIGNS = {
    "=>": ">=",
    "=<": "<=",
    "=!": "!=",
    "&&": "AND",
    "==": "=",
    ":=": "=",
    ":": "=",
    ";": ",",
    ",": "AND",
}
#: Words that stand in front of a name elsewhere, and not where a slip puts them.
_NOISE = frozenset("TABLE INTO MODEL FILE FOLDER IMAGE TEXT COLUMN DATASET AS ALL FROM".split())
#: What SQL may lack in front of a word, where nothing says what it expects.
_MISSING_IN_SQL = ("FROM", "BY", ",", "=", "WHERE", "AND", "VALUES", "AS", "(", ")")
_FREE_NAMES = frozenset(
    ("table", "new table", "view", "new view", "table or view", "column", "new column", "new alias")
)


@dataclass(frozen=True)
class Failure:
    """A text that is one statement and cannot be read.

    Attributes:
        source: The text.
        tokens: Its significant tokens.
        error: Why.
        wants: Token index -> what would have been accepted there.
        at: Index of the token that cannot stand where it does; behind the last one for the end.
    """

    source: str
    tokens: Sequence[Token]
    error: ThanoSQLError
    wants: Mapping[int, Sequence[Want]]
    at: int

    @property
    def left(self) -> int:
        """How many tokens stand behind the ones that could be read."""
        return len(self.tokens) - self.at

    @property
    def around(self) -> tuple[int, ...]:
        """The indices of the token that cannot be read and of the one in front of it, which may have been misread."""
        return tuple(index for index in (self.at, self.at - 1) if 0 <= index < len(self.tokens))

    @property
    def is_in_sql(self) -> bool:
        """Whether nobody says what was expected, as SQL does not."""
        return not any(want.kind != "sql" for want in self.wants.get(self.at, ()))

    def words(self, index: int) -> list[str]:
        """The words and signs that would have been accepted at an index."""
        return [want.text for want in self.wants.get(index, ()) if want.kind in ("word", "symbol")]

    def takes(self, index: int, *kinds: str) -> bool:
        """Whether something of these kinds would have been accepted at an index."""
        return any(want.kind in kinds for want in self.wants.get(index, ()))

    def text(self, first: int, last: int) -> str:
        """What is written from a token to another."""
        return self.source[self.tokens[first].start : self.tokens[last].end]

    def span(self, first: int, last: int) -> Span:
        """Where that stands."""
        return Span(self.tokens[first].start, self.tokens[last].end)

    def run(self, index: int) -> tuple[int, int]:
        """The first and the last of the tokens around an index that no blank, bracket or comma parts."""
        first = last = index
        while first and _touch(self.tokens[first - 1], self.tokens[first]):
            first -= 1
        while last + 1 < len(self.tokens) and _touch(self.tokens[last], self.tokens[last + 1]):
            last += 1
        return first, last


def _touch(one: Token, other: Token) -> bool:
    apart = ("(", ")", "[", "]", "{", "}", ",", ";", "=")
    return one.end == other.start and one.text not in apart and other.text not in apart


def candidates(failure: Failure, first_words: Sequence[str]) -> Fixes:
    """Edits that may mend it, the likeliest first.

    Args:
        failure: What cannot be read.
        first_words: What a query begins with.
    """
    yield from _known(failure)
    yield from _other_words(failure, first_words)
    yield from _other_signs(failure)
    yield from _names(failure)
    yield from _values(failure)


def last_candidates(failure: Failure) -> Fixes:
    """Edits that are tried where nothing that is left out mends it."""
    yield from _missing_in_sql(failure)
    yield from _lists(failure)
    yield from _moves(failure)
    yield from _removals(failure)
    yield from _replaced(failure)


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
            yield edits.writing(token.span, _GLUED[token.upper])
        close = nearest(token.text, wanted)
        others = [word for word in OTHER_WORDS.get(token.upper, ()) if word in wanted]
        for word in dict.fromkeys([close, *others]):
            if word is not None and word != token.text:
                yield edits.writing(token.span, word)


def _other_signs(failure: Failure) -> Fixes:
    """Signs of other languages, and brackets of another kind."""
    for index in failure.around:
        first = index - (index > 0 and _is_sign(failure, index - 1) and _is_sign(failure, index))
        for start, end in dict.fromkeys([(first, first + 1), (index, index)]):
            if end < len(failure.tokens) and (sign := _SIGNS.get(failure.text(start, end))) is not None:
                blanks = " " if sign.isalpha() else ""
                yield edits.writing(failure.span(start, end), f"{blanks}{sign}{blanks}", sign)
        if failure.tokens[index].text in CLOSING:
            yield from _other_brackets(failure, index)


def _is_sign(failure: Failure, index: int) -> bool:
    token = failure.tokens[index]
    return token.kind == "symbol" and token.text not in CLOSING and token.text not in CLOSING.values()


def _other_brackets(failure: Failure, index: int) -> Fixes:
    closing = closing_index(failure.tokens, index)
    inside = failure.source[failure.tokens[index].end : failure.tokens[closing].start]
    for opening, close in CLOSING.items():
        if opening != failure.tokens[index].text:
            yield edits.writing(failure.span(index, closing), f"{opening}{inside}{close}")


def closing_index(tokens: Sequence[Token], opening: int) -> int:
    """Index of the bracket that closes one; of the last token if none does."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].text in CLOSING) - (tokens[index].text in CLOSING.values())
        if depth == 0:
            return index
    return len(tokens) - 1


# -- names and values --------------------------------------------------------------------------------------------
def _names(failure: Failure) -> Fixes:
    """Names that need double quotes, or no single ones."""
    for index in failure.around:
        wanted = [want.text for want in failure.wants.get(index, ()) if want.kind == "name"]
        token = failure.tokens[index]
        if wanted and token.kind == "string":
            yield edits.writing(token.span, quote_if_needed(unquote(token)))
        if not _FREE_NAMES.isdisjoint(wanted):
            first, last = failure.run(index)
            if first == index and (last > index or token.kind == "number"):
                yield edits.writing(failure.span(index, last), quote(failure.text(index, last)))
            yield from _spaced(failure, index)


def _spaced(failure: Failure, index: int) -> Fixes:
    """A name of two or three words."""
    for last in (index + 1, index + 2):
        words = failure.tokens[index : last + 1]
        if len(words) == last - index + 1 and all(map(_may_be_part_of_name, words)):
            yield edits.writing(failure.span(index, last), quote(" ".join(failure.text(index, last).split())))


def _may_be_part_of_name(token: Token) -> bool:
    is_grammar = token.upper in _NOISE or token.upper in CLAUSES or token.upper in ("SET", "OPTIONS", "USING")
    return token.kind in ("word", "number") and not is_grammar


def _values(failure: Failure) -> Fixes:
    """Texts and paths without their quotes."""
    for index in reversed(failure.around):
        if not failure.takes(index, "value", "path"):
            continue
        first, last = failure.run(index)
        for end in (last, index + 1, index + 2):
            if first == index < end < len(failure.tokens) and failure.tokens[index].kind in (
                "word",
                "number",
            ):
                text = failure.text(index, end).replace("'", "''")
                yield edits.writing(failure.span(index, end), f"'{text}'")


# -- what is missing, too much, or elsewhere ---------------------------------------------------------------------
def _missing_in_sql(failure: Failure) -> Fixes:
    """Words and signs that SQL may lack in front of what it stops at."""
    if not failure.is_in_sql:
        return
    yield from _commas(failure)
    for index in failure.around:
        following = failure.tokens[index]
        for text in _MISSING_IN_SQL:
            yield edits.insertion(f"{text} ", following.start, following=following.text)


def _commas(failure: Failure) -> Fixes:
    """Commas between names of which there are three or more in a row."""
    first, last = failure.at, failure.at
    while (
        first and _may_be_part_of_name(failure.tokens[first - 1]) and failure.tokens[first - 1].kind == "word"
    ):
        first -= 1
    while last + 1 < len(failure.tokens) and _may_be_part_of_name(failure.tokens[last + 1]):
        last += 1
    words = [token.text for token in failure.tokens[first : last + 1]]
    if len(words) > 2:
        yield edits.writing(failure.span(first, last), ", ".join(words))


def _lists(failure: Failure) -> Fixes:
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
        for opening, closing in (("[", "]"), ("(", ")")) if 0 <= first < last else ():
            yield edits.writing(failure.span(first, last), f"{opening}{failure.text(first, last)}{closing}")
    if "(" in failure.words(failure.at):
        for last in range(failure.at, len(failure.tokens)):
            yield edits.writing(failure.span(failure.at, last), f"({failure.text(failure.at, last)})")


def _moves(failure: Failure) -> Fixes:
    """Parts that stand in front of others they belong behind, and the other way round."""
    count = len(failure.tokens)
    wanted = {word for index in failure.wants for word in failure.words(index)} | CLAUSES | {"SELECT"}
    starts = [index for index, token in outer(failure.tokens) if token.upper in wanted and index]
    around = sorted({index for index in failure.around if index})
    for start in [start for start in starts if start >= failure.at - 1]:
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


def _removals(failure: Failure) -> Fixes:
    """Signs and words that are too many."""
    last = len(failure.tokens) - 1
    for index in dict.fromkeys(
        it for it in (failure.at, failure.at - 1, failure.at - 2, last) if 0 < it <= last
    ):
        token = failure.tokens[index]
        if token.kind == "symbol":
            yield edits.removal(token.span, token.text)
    for index in reversed(failure.around):
        token = failure.tokens[index]
        if index and token.upper in _NOISE:
            yield edits.removal(_with_blank(failure, index), token.text)
    for index in failure.around[:1]:
        token = failure.tokens[index]
        if index == failure.at > 0 and token.kind == "word" and token.upper not in CLAUSES:
            yield edits.removal(_with_blank(failure, index), token.text)


def _with_blank(failure: Failure, index: int) -> Span:
    end = failure.tokens[index + 1].start if index + 1 < len(failure.tokens) else failure.tokens[index].end
    return Span(failure.tokens[index].start, end)


def _replaced(failure: Failure) -> Fixes:
    """What is wanted, in the place of another word or sign."""
    if failure.at < len(failure.tokens) and failure.tokens[failure.at].kind in ("word", "symbol"):
        for word in failure.words(failure.at):
            yield edits.writing(failure.tokens[failure.at].span, word)
