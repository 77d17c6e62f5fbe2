"""Edits that mend what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from thanosql_kernel.analysis.features.findings import Edit, Fix
from thanosql_kernel.analysis.meaning.known import Known
from thanosql_kernel.analysis.text.blocks import Block
from thanosql_kernel.analysis.text.clauses import CLAUSES, top
from thanosql_kernel.analysis.text.words import quoted
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.models.spec import find_spec
from thanosql_kernel.sql.cursor import QUERY_WORDS
from thanosql_kernel.sql.lexer import Token
from thanosql_kernel.sql.token_reader import token_index
from thanosql_kernel.statements.copy import Copy
from thanosql_kernel.statements.get_model import GetModel
from thanosql_kernel.statements.search import Search

_MEANT = re.compile(r"did you mean (.+)\?\Z", re.DOTALL)
_FIRST = re.compile(r"run first: (.+)\Z", re.DOTALL)
_WITHIN = re.compile(r"search the rows of a CONVERT: AS (.+)\Z", re.DOTALL)
_EXPECTED = re.compile(r"expected ([A-Z]+|[=(),\]]), found (.+)", re.DOTALL)


def fixes_for(error: ThanoSQLError, block: Block, known: Known) -> tuple[Fix, ...]:
    """What could be done about an error of a block's statement; places count from the start of the block."""
    if error.span is None:
        return ()
    return tuple(_fixes(error, error.span, block, known))


def _fixes(error: ThanoSQLError, span: Span, block: Block, known: Known) -> Iterator[Fix]:
    if (meant := _MEANT.match(error.hint or "")) is not None:
        yield _replace(block, _word_meant(error, span, block), meant[1], error.code)
    if (first := _FIRST.match(error.hint or "")) is not None and block.piece is not None:
        at = Span(block.piece.span.start, block.piece.span.start)
        yield Fix("insert the CONVERT", (Edit(at, f"{first[1]};\n"),), preferred=True)
    if (within := _WITHIN.match(error.hint or "")) is not None:
        for query in _searched(block, span):
            yield Fix("search the rows of a CONVERT", (Edit(query, within[1]),), preferred=True)
    by_code = {
        "TS101": _close_quote,
        "TS102": _drop_option,
        "TS104": _drop_option,
        "TS107": _insert_comma,
        "TS200": _get_model,
        "TS204": _overwrite,
        "TS205": _overwrite_model,
        "TS100": _complete_grammar,
    }
    if error.code in by_code:
        yield from by_code[error.code](error, span, block, known)


def _searched(block: Block, span: Span) -> list[Span]:
    """Where the query of the innermost SEARCH around a place stands."""
    statement = block.statement
    around = [
        search.query.span
        for search in ((statement, *statement.children()) if statement else ())
        if isinstance(search, Search)
        and search.span.start <= span.start
        and span.end <= search.query.span.start
    ]
    return around[-1:]


def _word_meant(error: ThanoSQLError, span: Span, block: Block) -> Span:
    """The word that a hint is about: for an SQL error it may be the one in front of the marked place."""
    if error.code != "TS105":
        return span
    meant = _MEANT.match(error.hint or "")
    wanted = set(meant[1].lower()) if meant else set()
    index = token_index(block.tokens, span.start)
    here = block.tokens[max(0, index - 1) : index + 1]
    return max(here, key=lambda token: len(wanted & set(token.text.lower()))).span if here else span


def _replace(block: Block, span: Span, meant: str, code: str) -> Fix:
    old = block.text[span.start : span.end]
    if code in ("TS103", "TS202") and old[:1] in ("'", '"') and not (code == "TS202" and old[0] == '"'):
        text = old[0] + meant + old[0]
    elif code in ("TS201", "TS202", "TS200"):
        text = _qualified(old, quoted(meant, ""))
    else:
        text = meant
    return Fix(f"write {text}", (Edit(span, text),), preferred=True)


def _qualified(old: str, text: str) -> str:
    """``t.name`` keeps its owner."""
    owner, dot, _ = old.rpartition(".")
    return f"{owner}{dot}{text}"


def _close_quote(error: ThanoSQLError, span: Span, block: Block, known: Known) -> Iterator[Fix]:
    text = block.text[span.start : span.end]
    if text[:2] == "/*":
        yield Fix("close the comment", (Edit(Span(span.end, span.end), " */"),), preferred=True)
        return
    end = span.start + len(text.rstrip().rstrip(",;)").rstrip())
    end = max(end, span.start + 1)
    yield Fix("close the quote", (Edit(Span(end, end), text[0]),), preferred=True)


def _insert_comma(error: ThanoSQLError, span: Span, block: Block, known: Known) -> Iterator[Fix]:
    index = token_index(block.tokens, span.start)
    end = block.tokens[index - 1].end if index else span.start
    yield Fix("insert a comma", (Edit(Span(end, end), ","),), preferred=True)


def _drop_option(error: ThanoSQLError, span: Span, block: Block, known: Known) -> Iterator[Fix]:
    """Take ``name=value`` out, with the comma behind or in front of it."""
    tokens = block.tokens
    index = token_index(tokens, span.start)
    if index + 2 >= len(tokens) or tokens[index + 1].text != "=":
        return
    end = _value_end(tokens, index + 2)
    first, last = tokens[index].start, tokens[end - 1].end
    if end < len(tokens) and tokens[end].text == ",":
        last = tokens[end + 1].start if end + 1 < len(tokens) else tokens[end].end
    elif tokens[index - 1].text == ",":
        first = tokens[index - 1].start
    yield Fix(f"remove {tokens[index].text}", (Edit(Span(first, last), ""),))


def _value_end(tokens: tuple[Token, ...], index: int) -> int:
    """Index behind the value that begins at ``index``."""
    if tokens[index].text in ("-", "+"):
        return min(index + 2, len(tokens))
    if tokens[index].text != "[":
        return index + 1
    while index < len(tokens) and tokens[index].text != "]":
        index += 1
    return min(index + 1, len(tokens))


def _get_model(error: ThanoSQLError, span: Span, block: Block, known: Known) -> Iterator[Fix]:
    name = block.text[span.start : span.end].strip('"')
    if find_spec(name) is not None and block.piece is not None:
        at = Span(block.piece.span.start, block.piece.span.start)
        yield Fix("insert GET THANOSQL MODEL", (Edit(at, f"GET THANOSQL MODEL {name};\n"),))


def _overwrite(error: ThanoSQLError, span: Span, block: Block, known: Known) -> Iterator[Fix]:
    tokens = block.tokens
    first = tokens[0]
    if first.upper == "CREATE":
        yield Fix(
            "CREATE OR REPLACE TABLE", (Edit(Span(first.end, first.end), " OR REPLACE"),), preferred=True
        )
    statement = block.statement
    if not isinstance(statement, Copy):
        return
    stated = [given for name in ("if_exists", "overwrite") if (given := statement.options.assignment(name))]
    for given in stated:
        value = "'replace'" if given.name.lower() == "if_exists" else "True"
        yield Fix(f"write {given.name}={value}", (Edit(given.value.span, value),), preferred=True)
    for option in () if stated else ("if_exists='replace'", "overwrite=True"):
        edit = _option_edit(tokens, span, option)
        if edit is not None:
            yield Fix(f"add {option}", (edit,), preferred=option.startswith("if"))


def _overwrite_model(error: ThanoSQLError, span: Span, block: Block, known: Known) -> Iterator[Fix]:
    statement = block.statement
    if isinstance(statement, GetModel):
        edit = _option_edit(block.tokens, statement.wanted.span, "overwrite=True")
        if edit is not None:
            yield Fix("add overwrite=True", (edit,))


def _option_edit(tokens: tuple[Token, ...], name: Span, option: str) -> Edit | None:
    """The edit that adds an option behind a name, or to the options that stand there."""
    index = token_index(tokens, name.end)
    if index + 1 >= len(tokens) or tokens[index].upper != "OPTIONS":
        return Edit(Span(name.end, name.end), f" OPTIONS({option})")
    if any(token.text.lower() == option.partition("=")[0] for token in tokens):
        return None
    behind = tokens[index + 1].end
    comma = "" if index + 2 < len(tokens) and tokens[index + 2].text == ")" else ", "
    return Edit(Span(behind, behind), option + comma)


def _complete_grammar(error: ThanoSQLError, span: Span, block: Block, known: Known) -> Iterator[Fix]:
    """A parenthesis too many or too few, or the one word or sign that must stand here."""
    tokens = block.tokens
    text = block.text[span.start : span.end]
    if error.message.endswith("is not closed") and tokens:
        closing = {"(": ")", "[": "]"}.get(text, ")")
        end, where = _closing_place(tokens, span)
        yield Fix(f"insert {closing} {where}", (Edit(Span(end, end), closing),))
    elif error.message.endswith("closes nothing"):
        yield Fix(f"remove {text}", (Edit(span, ""),), preferred=True)
    elif (match := _EXPECTED.match(error.message)) is not None:
        word = match[1] + (" " if match[1].isalpha() else "")
        before = (
            "" if span.start == 0 or block.text[span.start - 1].isspace() or not match[1].isalpha() else " "
        )
        at = Span(span.start, span.start)
        yield Fix(f"insert {match[1]}", (Edit(at, before + word),))


def _closing_place(tokens: tuple[Token, ...], opening: Span) -> tuple[int, str]:
    """Where a parenthesis around an expression must end: in front of the next clause, else at the end."""
    index = token_index(tokens, opening.end)
    rest = tokens[index:]
    if rest and rest[0].upper not in QUERY_WORDS:
        for number, token in top(rest):
            if number and token.upper in CLAUSES:
                return rest[number - 1].end, f"in front of {token.upper}"
    return tokens[-1].end, "at the end"
