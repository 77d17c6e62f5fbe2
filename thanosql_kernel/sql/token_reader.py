"""Reading tokens, and remembering for each what would have been accepted there.

That memory is both the "expected USING, found WITH" of an error and the list that an editor completes from.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from thanosql_kernel.errors import Fix, ParseError, Replace, Span, UnexpectedEnd, nearest
from thanosql_kernel.sql.edits import CLOSING_SIGNS, insertion
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.wording import Said, grammar
from thanosql_kernel.wording.grammar import TS100, TS101

#: Most of what was expected that an error tells, and most characters of what was found.
_MOST_TOLD, _LONGEST = 8, 40
#: What closes quotes that are bent; all others close themselves.
_CLOSING = {"“": "”", "„": "”", "‘": "’", "‚": "’"}

WantKind = Literal["word", "symbol", "name", "option", "value", "path", "query", "condition", "sql", "type"]


class Want(NamedTuple):
    """Something a parser would have accepted.

    Attributes:
        kind: What sort of thing.
        text: The word or symbol itself, the kind of a name, or the option whose value is wanted.
    """

    kind: WantKind
    text: str

    def __str__(self) -> str:
        """As an error message says it."""
        if self.kind in ("word", "symbol"):
            return self.text
        return str(grammar.NAMES[self.text] if self.kind == "name" else grammar.KINDS[self.kind])


class TokenReader:
    """Reads the significant tokens of one statement from left to right.

    Attributes:
        tokens: The tokens of the statement.
        at: Index of the next token.
        stop: Index behind the last token that may be read.
        open: The statements being read, outermost first: what `statements.registry` is in the middle of.
        wants: Token index -> what would have been accepted there, in the order asked; ``len(tokens)`` is the end.
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.stop = len(tokens)
        self.wants: dict[int, list[Want]] = {}
        self.open: list[Any] = []

    # -- looking ---------------------------------------------------------------------------------------------
    def peek(self, ahead: int = 0) -> Token | None:
        """The token ``ahead`` of the next one, None past the end."""
        index = self.at + ahead
        return self.tokens[index] if index < self.stop else None

    @property
    def done(self) -> bool:
        """Whether every token is read."""
        return self.at >= self.stop

    def looking_at(self, *words: str) -> bool:
        """Whether the next tokens are these words (capitals) or symbols; remembers nothing."""
        return all(
            (token := self.peek(i)) is not None and token.upper == word for i, word in enumerate(words)
        )

    def here(self) -> Span:
        """The next token, or the empty place behind the last one."""
        token = self.peek()
        if token is not None:
            return token.span
        end = self.tokens[self.stop - 1].end if self.stop else 0
        return Span(end, end)

    def span_from(self, start: int) -> Span:
        """From offset ``start`` to the end of the token read last."""
        end = self.tokens[self.at - 1].end if self.at else start
        return Span(start, max(start, end))

    # -- wanting ---------------------------------------------------------------------------------------------
    def want(self, kind: WantKind, text: str = "") -> None:
        """Remember that this would be accepted here."""
        wanted = self.wants.setdefault(self.at, [])
        if (want := Want(kind, text)) not in wanted:
            wanted.append(want)

    def want_words(self, wants: Sequence[Want]) -> None:
        """Remember that any of these would be accepted here."""
        wanted = self.wants.get(self.at)
        if wanted is None:
            self.wants[self.at] = list(wants)
        else:
            wanted += [want for want in wants if want not in wanted]

    def fail(self) -> ParseError:
        """The error that the next token is none of what was wanted here."""
        wants = [want for want in self.wants.get(self.at, []) if want.kind != "sql"]
        fixes = self._insertion(wants)
        token = self.peek()
        if token is None:
            closing = self.tokens[self.stop] if self.stop < len(self.tokens) else None
            if closing is None:
                return UnexpectedEnd(_expected(wants), span=self.here(), fixes=fixes)
            return ParseError(_expected(wants, closing.text), span=closing.span, fixes=fixes)
        if token.kind == "unclosed":
            return unclosed(token)
        meant = nearest(token.text, [want.text for want in wants if want.kind == "word"])
        return ParseError(_expected(wants, token.text), span=token.span, meant=meant, fixes=fixes)

    def _insertion(self, wants: Sequence[Want]) -> list[Fix]:
        """The one word or sign that must stand here, put in front of what does."""
        if len({str(want) for want in wants}) != 1 or wants[0].kind not in ("word", "symbol"):
            return []
        text, is_word = wants[0].text, wants[0].kind == "word"
        following = self.peek() or (self.tokens[self.stop] if self.stop < len(self.tokens) else None)
        start = following.start if following else self.here().start
        before = self.tokens[self.at - 1].end if self.at else start
        if text in CLOSING_SIGNS:
            start = before
        is_apart = is_word or (text == "=" and before < start)
        written = f"{' ' if is_word and before == start else ''}{text}{' ' if is_apart else ''}"
        return [insertion(written, start, following=following.text if following else "")]

    # -- words and symbols -----------------------------------------------------------------------------------
    def accept(self, word: str) -> Token | None:
        """Read a statement word (capitals) or symbol if it is next."""
        self.want("word" if word[0].isalpha() else "symbol", word)
        token = self.peek()
        if token is None or token.upper != word:
            return None
        self.at += 1
        return token

    def accept_words(self, *words: str) -> Token | None:
        """Read several words if they are next, all or none; returns the first."""
        start = self.at
        for word in words:
            if self.accept(word) is None:
                self.at = start
                return None
        return self.tokens[start]

    def expect(self, *words: str) -> Token:
        """Read these words or symbols.

        Raises:
            ParseError: Something else is next.
        """
        first: Token | None = None
        for word in words:
            token = self.accept(word)
            if token is None:
                raise self.fail()
            first = first or token
        assert first is not None
        return first

    def expect_end(self) -> None:
        """Nothing may follow.

        Raises:
            ParseError: Something does.
        """
        if not self.done:
            raise self.fail()


def _expected(wants: Sequence[Want], found: str = "") -> Said:
    """The message that something else was expected than what was found, or than the end."""
    wanted = list(dict.fromkeys(str(want) for want in wants[:_MOST_TOLD]))
    shown = found if len(found) <= _LONGEST else found[: _LONGEST - 3] + "…"
    if not wanted:
        return TS100.EXPECTED_END(found=shown)
    one, several = (
        (TS100.EXPECTED, TS100.EXPECTED_ONE_OF)
        if found
        else (TS100.EXPECTED_MORE, TS100.EXPECTED_MORE_ONE_OF)
    )
    return (several if len(wanted) > 1 else one)(wanted=str(grammar.OR).join(wanted), found=shown)


def unclosed(token: Token) -> ParseError:
    """The error for a string, name or comment that is not closed."""
    if token.text[0] == "/":
        return UnexpectedEnd(TS101.COMMENT(), span=token.span, fixes=[_closing_fix(token)])
    message = TS101.NAME_OR_STRING() if token.text[0] == '"' else TS101.STRING()
    return ParseError(message, span=token.span, fixes=[_closing_fix(token)])


def _closing_fix(token: Token) -> Fix:
    """What closes a comment at its end, a quote in front of the signs that end its line."""
    if token.text[:2] == "/*":
        close = Replace(Span(token.end, token.end), " */")
        return Fix(TS101.CLOSE_COMMENT(), close, advice=TS101.CLOSE_COMMENT_SO())
    written = token.text.rstrip().rstrip(",;)").rstrip()
    end = token.start + max(len(written), 1)
    return closed(Span(end, end), token)


def closed(span: Span, token: Token) -> Fix:
    """What closes a string or name that is not closed, in the place of a span."""
    quote = _CLOSING.get(token.text[0], token.text[0])
    return Fix(TS101.CLOSE_QUOTE(), Replace(span, quote), advice=TS101.CLOSE_QUOTE_SO(quote=quote))


def token_index(tokens: Sequence[Token], offset: int) -> int:
    """Index of the first token that starts at or behind ``offset``."""
    return bisect_left(tokens, offset, key=lambda token: token.start)
