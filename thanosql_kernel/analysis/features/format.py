"""A document laid out evenly. Only white space and the case of keywords change: every other token stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from thanosql_kernel.analysis.features.layout import Unfit, lay_out
from thanosql_kernel.analysis.meaning.document import Part
from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.analysis.meaning.occurrences import occurrences
from thanosql_kernel.analysis.text.blocks import Block, cut_blocks
from thanosql_kernel.duck.words import is_reserved
from thanosql_kernel.sql.lexer import Token, tokenize

_MOST_ROUNDS = 4


def format(text: str) -> str:
    """The text laid out: keywords in capitals, one clause a line, options in one line or one a line.

    Statements that do not parse, and those with comments where the layout has no place for them, stay as they are.
    Formatting what was formatted changes nothing.
    """
    blocks = list(cut_blocks(text))
    formatted = ""
    for block in blocks:
        formatted += _format_block(block, new_line=not formatted or formatted.endswith("\n"))
    ending = "\n" if text.endswith("\n") and formatted.strip() else ""
    return formatted.rstrip(" \n") + ending if formatted.strip() else formatted


def _format_block(block: Block, *, new_line: bool) -> str:
    """The block laid out; ``new_line`` says whether it begins on a line of its own."""
    if block.is_magic:
        return block.text
    if block.piece is None:
        return _trivia(block.text, new_line=new_line)
    start, end = block.piece.span
    lead = _trivia(block.text[:start], new_line=new_line)
    if not new_line and not lead.strip() and "\n" not in lead:
        lead = "\n"
    return lead + _statement(block) + _tail(block.text[end:])


def _tail(text: str) -> str:
    """What stands behind a statement: its ``;`` right behind it, a comment one space away."""
    tail = _trivia(text, new_line=True).rstrip(" ")
    return f" {tail}" if tail.startswith(("--", "/*")) else tail


def _trivia(text: str, *, new_line: bool) -> str:
    """Comments as they are; between them one space, or as many line ends as there were, two at most."""
    parts = []
    for token in tokenize(text):
        if token.kind == "space":
            lines = min(token.text.count("\n"), 2)
            parts.append("\n" * lines if lines else " ")
        else:
            parts.append(token.text.rstrip() if token.text.startswith("--") else token.text)
    joined = "".join(parts)
    return joined.removeprefix(" ") if new_line else joined


def _statement(block: Block) -> str:
    """The statement laid out until laying it out again changes nothing; as it was if no layout fits it."""
    assert block.piece is not None
    start, end = block.piece.span
    original = text = block.text[start:end]
    for _ in range(_MOST_ROUNDS):
        single = _single(text)
        if single is None:
            return original
        try:
            capitalised = _capitalised(single)
            laid_out = lay_out(capitalised)
        except Unfit:
            return original
        if _tokens(laid_out) != _tokens(capitalised.text) or _single(laid_out) is None:
            return original
        if laid_out == text:
            return text
        text = laid_out
    return original


def _single(text: str) -> Block | None:
    """The block of a text that is one statement and parses, else None."""
    blocks = list(cut_blocks(text))
    return blocks[0] if len(blocks) == 1 and blocks[0].statement is not None else None


def _capitalised(block: Block) -> Block:
    """The statement with its keywords in capitals."""
    text = list(block.text)
    sure = _sure_keywords(block.tokens)
    for word in occurrences(Part(0, block, Known(has_database=False))):
        is_keyword = word.kind == "keyword" and (is_reserved(word.name) or word.span.start in sure)
        if word.kind == "statement word" or is_keyword:
            text[word.span.start : word.span.end] = block.text[word.span.start : word.span.end].upper()
    changed = _single("".join(text))
    if changed is None:
        raise Unfit("capitals change the statement")
    return changed


_PAIRS = frozenset(
    {("GROUP", "BY"), ("ORDER", "BY"), ("PARTITION", "BY"), ("NULLS", "FIRST"), ("NULLS", "LAST")}
)


def _sure_keywords(tokens: Sequence[Token]) -> set[int]:
    """Where words stand that could be names elsewhere and are keywords here: BY behind ORDER, VALUES in front of (."""
    found: set[int] = set()
    for first, second in pairwise(tokens):
        if (first.upper, second.upper) in _PAIRS:
            found |= {first.start, second.start}
        if first.upper in ("VALUES", "OVER", "EXISTS") and second.text == "(":
            found.add(first.start)
        if second.upper == "BETWEEN" and _ends_a_value(first):
            found.add(second.start)
        if first.text == ")" and second.upper in ("OVER", "FILTER"):
            found.add(second.start)
    return found


def _ends_a_value(token: Token) -> bool:
    is_name = token.kind in ("word", "quoted") and not is_reserved(token.text)
    return is_name or token.kind in ("string", "number") or token.text in (")", "]") or token.upper == "NOT"


def _tokens(text: str) -> list[tuple[str, str]]:
    """What must not change: every token, comments too but for the white space in them.

    SQL joins strings with a line end between them, so that belongs to the second.
    """
    found: list[tuple[str, str]] = []
    last, lines = "", 0
    for token in tokenize(text):
        lines += token.text.count("\n")
        if token.kind != "space":
            joins = token.kind == last == "string" and lines > 0
            found.append((token.kind, "\n" * joins + _essence(token)))
        if token.kind not in ("space", "comment"):
            last, lines = token.kind, 0
    return found


def _essence(token: Token) -> str:
    return " ".join(token.text.split()) if token.kind == "comment" else token.text
