"""The edits that an error knows to mend it, in the text of its statement."""

from __future__ import annotations

from collections.abc import Iterator

from thanosql_kernel import errors
from thanosql_kernel.analysis.features.findings import Edit, Fix
from thanosql_kernel.analysis.text.blocks import Block
from thanosql_kernel.analysis.text.words import quoted
from thanosql_kernel.errors import AddOption, InsertBefore, Remove, Rename, Replace, Span, ThanoSQLError
from thanosql_kernel.sql.lexer import CURLY, Token
from thanosql_kernel.sql.token_reader import token_index
from thanosql_kernel.wording.grammar import WRITE


def fixes_for(error: ThanoSQLError, block: Block) -> tuple[Fix, ...]:
    """What could be done about an error of a block's statement; places count from the start of the block."""
    return tuple(_fixes(error, block))


def _fixes(error: ThanoSQLError, block: Block) -> Iterator[Fix]:
    if error.meant is not None and error.span is not None:
        edit = _renamed(Rename(error.span, error.meant), block, is_name=isinstance(error, errors.UnknownName))
        yield Fix(WRITE(text=edit.text), (edit,), preferred=True)
    for fix in error.fixes:
        found = _edit(fix.edit, block)
        if found is not None:
            yield Fix(fix.title, (found,), fix.is_preferred)


def _edit(edit: errors.Edit, block: Block) -> Edit | None:
    if isinstance(edit, Replace):
        return Edit(edit.span, edit.text)
    if isinstance(edit, Rename):
        return _renamed(edit, block, is_name=True)
    if isinstance(edit, InsertBefore):
        start = block.piece.span.start if block.piece else 0
        return Edit(Span(start, start), edit.text)
    return (
        _without_option(edit, block.tokens) if isinstance(edit, Remove) else _with_option(edit, block.tokens)
    )


def _renamed(edit: Rename, block: Block, *, is_name: bool) -> Edit:
    """The name written as what it replaces: in the same quotes, behind the same owner; words of grammar as they are."""
    old = block.text[edit.span.start : edit.span.end]
    if old[:1] in ("'", '"'):
        return Edit(edit.span, old[0] + edit.name.replace(old[0], old[0] * 2) + old[0])
    if old[:1] in CURLY:
        return Edit(edit.span, old[0] + edit.name + old[-1])
    owner, dot, _ = old.rpartition(".")
    if edit.name.startswith(owner + dot):
        owner = dot = ""
    return Edit(edit.span, f"{owner}{dot}{quoted(edit.name) if is_name else edit.name}")


def _without_option(edit: Remove, tokens: tuple[Token, ...]) -> Edit | None:
    """``name=value`` taken out with the comma behind or in front of it."""
    index = token_index(tokens, edit.span.start)
    if index + 2 >= len(tokens) or tokens[index + 1].text != "=":
        return None
    end = _value_end(tokens, index + 2)
    first, last = tokens[index].start, tokens[end - 1].end
    if end < len(tokens) and tokens[end].text == ",":
        last = tokens[end + 1].start if end + 1 < len(tokens) else tokens[end].end
    elif tokens[index - 1].text == ",":
        first = tokens[index - 1].start
    return Edit(Span(first, last), "")


def _value_end(tokens: tuple[Token, ...], index: int) -> int:
    """Index behind the value that begins at ``index``."""
    if tokens[index].text in ("-", "+"):
        return min(index + 2, len(tokens))
    if tokens[index].text != "[":
        return index + 1
    while index < len(tokens) and tokens[index].text != "]":
        index += 1
    return min(index + 1, len(tokens))


def _with_option(edit: AddOption, tokens: tuple[Token, ...]) -> Edit | None:
    """The option behind a name, or among the options that stand there; None where it stands already."""
    index, end = token_index(tokens, edit.behind.end), edit.behind.end
    if index + 1 >= len(tokens) or tokens[index].upper != "OPTIONS":
        return Edit(Span(end, end), f" OPTIONS({edit.text})")
    if any(token.text.lower() == edit.text.partition("=")[0] for token in tokens):
        return None
    behind = tokens[index + 1].end
    comma = "" if index + 2 < len(tokens) and tokens[index + 2].text == ")" else ", "
    return Edit(Span(behind, behind), edit.text + comma)
