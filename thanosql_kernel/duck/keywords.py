"""Which words of a query are keywords where they stand, asked of DuckDB's grammar.

``type`` is a name in ``SELECT type`` and ``first`` is none in ``NULLS FIRST``. In double quotes a word is a name
whatever it is, so a word is a keyword where the query means something else, or nothing, with that word in quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from thanosql_kernel.duck import words
from thanosql_kernel.duck.parser import meanings
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.query import Query

#: Neighbourhoods of words that are asked about in one query; words in those beyond are taken for names.
_MOST_ASKED = 64
#: Words between the same neighbours that are asked about one by one where some of them are keywords.
_FEW = 8


@dataclass
class _Question:
    """A query with words that may be names.

    Attributes:
        sql: The query, or an expression made one.
        shift: A place in the source less the place in ``sql``.
        sure: Where the words start that are keywords wherever they stand.
        doubtful: The other words, those between the same neighbours together: they are asked about at once.
        found: Where the keywords among them start.
        meaning: What DuckDB reads in the query.
    """

    sql: str
    shift: int
    sure: frozenset[int]
    doubtful: list[list[Token]]
    found: set[int] = field(default_factory=set)
    meaning: str | None = None

    def with_quotes(self, tokens: Sequence[Token]) -> str:
        """The query with these words in quotes."""
        parts, at = [], 0
        for token in tokens:
            start = token.start - self.shift
            parts += [self.sql[at:start], f'"{token.text}"']
            at = start + len(token.text)
        return "".join([*parts, self.sql[at:]])

    def take(self, tokens: Sequence[Token]) -> None:
        """These words are keywords."""
        self.found.update(token.start for token in tokens)


_Group = tuple[_Question, list[Token]]


def keywords(queries: Sequence[Query]) -> list[frozenset[int]]:
    """Where the keywords of each query start, those of statements nested in it left out."""
    questions = [_question(query) for query in queries]
    _ask([question for question in questions if question.doubtful])
    return [question.sure | question.found for question in questions]


# -- what DuckDB need not be asked -------------------------------------------------------------------------------
def _question(query: Query) -> _Question:
    sure: set[int] = set()
    groups: dict[tuple[str, str, str], list[Token]] = {}
    for before, token, after in _with_neighbours(query.tokens):
        if token.kind != "word" or before == "." or not words.is_keyword(token.text):
            continue
        if after == "(" and words.is_called(token.text) and words.is_function(token.text):
            continue  # a function, though DuckDB's grammar knows more than one way to call it
        if words.is_reserved(token.text) and not _may_name_something(token, before, after):
            sure.add(token.start)
        else:
            groups.setdefault((before, token.upper, after), []).append(token)
    doubtful = list(groups.values())[:_MOST_ASKED]
    return _Question(query.sql(), query.span.start, frozenset(sure), doubtful)


def _with_neighbours(tokens: Sequence[Token]) -> Iterator[tuple[str, Token, str]]:
    """Each token, with the keywords or signs that stand beside it; of anything else its kind."""
    texts = ["", *(_as_neighbour(token) for token in tokens), ""]
    return zip(texts, tokens, texts[2:], strict=False)


def _as_neighbour(token: Token) -> str:
    is_sign = token.kind == "symbol" or (token.kind == "word" and words.is_keyword(token.text))
    return token.upper if is_sign else token.kind


def _may_name_something(token: Token, before: str, after: str) -> bool:
    """Whether a reserved word may be a name here: a new name, a key of a struct, or a function (``left(a, 2)``)."""
    return before == "AS" or after == ":" or (after == "(" and words.may_be_function(token.text))


# -- what it is asked --------------------------------------------------------------------------------------------
def _ask(questions: Sequence[_Question]) -> None:
    for question, meaning in zip(questions, meanings([question.sql for question in questions]), strict=True):
        question.meaning = meaning
    _ask_as_expressions([question for question in questions if question.meaning is None])
    clear = [question for question in questions if question.meaning is not None]
    all_quoted = [question.with_quotes(_in_order(question)) for question in clear]
    mixed = [
        question
        for question, meaning in zip(clear, meanings(all_quoted), strict=True)
        if meaning != question.meaning
    ]
    groups = [(question, group) for question in mixed for group in question.doubtful]
    for asked, tokens in _changing(groups):
        asked.take(tokens)


def _ask_as_expressions(questions: Sequence[_Question]) -> None:
    """Ask about conditions and values; where DuckDB reads nothing at all, reserved words are keywords."""
    opening = "SELECT ("
    for question in questions:
        question.sql, question.shift = f"{opening}{question.sql})", question.shift - len(opening)
    for question, meaning in zip(questions, meanings([question.sql for question in questions]), strict=True):
        question.meaning = meaning
        if meaning is None:
            for group in question.doubtful:
                question.take([token for token in group if words.is_reserved(token.text)])


def _changing(groups: Sequence[_Group]) -> Iterator[_Group]:
    """The groups that mean something else in quotes; of those with a few words, the words that do."""
    several: list[_Group] = []
    answers = meanings([question.with_quotes(group) for question, group in groups])
    for (question, group), meaning in zip(groups, answers, strict=True):
        if meaning != question.meaning and 1 < len(group) <= _FEW:
            several += [(question, [token]) for token in group]
        elif meaning != question.meaning:
            yield question, group
    if several:
        yield from _changing(several)


def _in_order(question: _Question) -> list[Token]:
    return sorted((token for group in question.doubtful for token in group), key=lambda token: token.start)
