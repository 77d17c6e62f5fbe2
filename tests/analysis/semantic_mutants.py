"""Valid cells with one thing changed that only its meaning tells: a name, a number of arguments, a type, a grouping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thanosql_kernel.catalog import Catalog
from thanosql_kernel.duck.words import is_function
from thanosql_kernel.errors import Span
from thanosql_kernel.sql.lexer import Token, read_tokens

_CLAUSES = frozenset("WHERE HAVING ORDER LIMIT QUALIFY WINDOW UNION EXCEPT INTERSECT OFFSET USING".split())
_COLUMN_OPTIONS = ("emb_col", "text_col", "image_col")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Change(NamedTuple):
    """A cell with one thing changed.

    Attributes:
        kind: What was changed.
        text: The cell.
        spans: The places in it of which a mark must touch one.
        what: What stands there now.
    """

    kind: str
    text: str
    spans: tuple[Span, ...]
    what: str


def semantic_mutants(cell: str, catalog: Catalog) -> Iterator[Change]:
    """Every change of a cell; many are valid all the same, which only a run can tell."""
    tokens = tuple(read_tokens(cell))
    names = _Names(catalog)
    for index, token in enumerate(tokens):
        yield from _misspelt(cell, tokens, index, names)
        yield from _other_type(cell, token, tokens[index - 1] if index else None, names)
        if token.text == "(":
            yield from _arity(cell, tokens, index)
    yield from _without_owner(cell, tokens, names)
    yield from _ungrouped(cell, tokens)
    yield from _other_values(cell, tokens)


class _Names:
    def __init__(self, catalog: Catalog) -> None:
        columns = [column for table in catalog.tables.values() for column in table.columns]
        self.tables = {table.name.lower() for table in catalog.tables.values()}
        self.columns = {column.name.lower() for column in columns}
        self.texts = {column.name.lower() for column in columns if column.type == "VARCHAR"}
        self.numbers = {
            column.name.lower() for column in columns if column.type in ("BIGINT", "DOUBLE", "INTEGER")
        }


def _is_keyword(token: Token) -> bool:
    """The cells write keywords in capitals, and nothing else."""
    return token.kind == "word" and token.text.isascii() and token.text.isupper() and len(token.text) > 1


def _slip(name: str) -> str:
    """The name with a slip of the finger in it."""
    if name[:1] in "\"'":
        return f"{name[:-1]}q{name[-1]}"
    return (
        f"{name[:-1]}{name[-1]}{name[-1]}q"
        if len(name) < 4
        else name[:2] + name[3] + name[2] + name[4:] + "q"
    )


def _changed(kind: str, cell: str, span: Span, new: str) -> Change:
    text = cell[: span.start] + new + cell[span.end :]
    return Change(kind, text, (Span(span.start, span.start + max(len(new), 1)),), new)


def _misspelt(cell: str, tokens: Sequence[Token], index: int, names: _Names) -> Iterator[Change]:
    token = tokens[index]
    before = tokens[index - 1].text if index else ""
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    kind = _kind(token, before, after, tokens[index - 2].text if index > 1 else "", names)
    if kind:
        yield _changed(kind, cell, token.span, _slip(token.text))


def _kind(token: Token, before: str, after: str, option: str, names: _Names) -> str:
    if token.kind == "string":
        return "option" if before == "=" and option.lower() in _COLUMN_OPTIONS else ""
    if not token.is_name or _is_keyword(token) or before.upper == "AS":
        return ""
    name = token.name.lower()
    if after == "(":
        return "function" if is_function(name) else ""
    if after == ".":
        return "" if name == "main" else "owner"
    if before == "." and name not in names.columns:
        return "field"
    if name in names.tables:
        return "table"
    return "column" if name in names.columns else ""


def _other_type(cell: str, token: Token, before: Token | None, names: _Names) -> Iterator[Change]:
    name = token.name.lower() if token.is_name else ""
    if token.kind == "number" and (before is None or before.text != "-"):
        yield _changed("type", cell, token.span, f"'{token.text} or so'")
    elif token.kind == "string":
        yield _changed("type", cell, token.span, "12")
    elif _is_keyword(token) or (before is not None and before.upper in ("AS", "BY")):
        return
    elif name in names.numbers:
        yield from (_changed("type", cell, token.span, other) for other in ("label", "st"))
    elif name in names.texts:
        yield from (_changed("type", cell, token.span, other) for other in ("id", "tags"))


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].text in _CLOSING) - (tokens[index].text in _CLOSING.values())
        if depth == 0:
            return index
    return len(tokens)


def _commas(tokens: Sequence[Token], start: int, end: int) -> list[int]:
    depth, found = 0, []
    for index in range(start, end):
        depth += (tokens[index].text in _CLOSING) - (tokens[index].text in _CLOSING.values())
        if depth == 0 and tokens[index].text == ",":
            found.append(index)
    return found


def _arity(cell: str, tokens: Sequence[Token], opening: int) -> Iterator[Change]:
    """A call with an argument less or more; any place of the call may be marked."""
    called, end = tokens[opening - 1] if opening else None, _closing(tokens, opening)
    if called is None or not called.is_name or not is_function(called.name) or end >= len(tokens):
        return
    if end == opening + 1:
        yield _call(cell, called, Span(tokens[end].start, tokens[end].start), "1")
        return
    if tokens[opening + 1].text != "*":
        yield _call(cell, called, Span(tokens[end].start, tokens[end].start), ", 1, 'x', 3")
    commas = _commas(tokens, opening + 1, end)
    last = tokens[commas[-1]].start if commas else tokens[opening].end
    yield _call(cell, called, Span(last, tokens[end].start), "")


def _call(cell: str, called: Token, span: Span, new: str) -> Change:
    text = cell[: span.start] + new + cell[span.end :]
    return Change("arity", text, (Span(called.start, span.start + len(new) + 1),), new)


def _without_owner(cell: str, tokens: Sequence[Token], names: _Names) -> Iterator[Change]:
    """``p.id`` as ``id``, which may be of several tables."""
    for owner, dot, column in zip(tokens, tokens[1:], tokens[2:], strict=False):
        known = column.is_name and column.name.lower() in names.columns
        if owner.is_name and owner.text != "main" and dot.text == "." and known:
            yield _changed("ambiguous", cell, Span(owner.start, column.end), column.text)


def _ungrouped(cell: str, tokens: Sequence[Token]) -> Iterator[Change]:
    """GROUP BY without one of its items; the columns of that item may be marked wherever else they stand."""
    for index in range(1, len(tokens)):
        if tokens[index].upper != "BY" or tokens[index - 1].upper != "GROUP":
            continue
        end = _end_of_clause(tokens, index + 1)
        ends = [*_commas(tokens, index + 1, end), end]
        items = list(zip([index + 1, *(comma + 1 for comma in ends[:-1])], ends, strict=True))
        for number, (first, behind) in enumerate(items):
            if len(items) == 1:
                span = Span(tokens[index - 1].start, tokens[behind - 1].end)
            elif number == 0:
                span = Span(tokens[first].start, tokens[behind].end)
            else:
                span = Span(tokens[first - 1].start, tokens[behind - 1].end)
            text = cell[: span.start] + " " + cell[span.end :]
            gone = {token.name.lower() for token in tokens[first:behind] if token.is_name}
            gone |= _made_of(tokens, gone)
            spans = tuple(t.span for t in read_tokens(text) if t.is_name and t.name.lower() in gone)
            if spans:
                yield Change("group", text, spans, cell[slice(*span)])


def _made_of(tokens: Sequence[Token], aliases: set[str]) -> set[str]:
    """The names in the select items that have one of these aliases."""
    found: set[str] = set()
    for index, token in enumerate(tokens):
        if token.upper == "AS" and index + 1 < len(tokens) and tokens[index + 1].name.lower() in aliases:
            start = max(n for n in range(index) if tokens[n].upper in ("SELECT", "AS") or n == 0)
            found |= {token.name.lower() for token in tokens[start:index] if token.is_name}
    return found


def _end_of_clause(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        text = tokens[index].text
        depth += (text in _CLOSING) - (text in _CLOSING.values())
        if depth < 0 or (depth == 0 and (tokens[index].upper in _CLAUSES or text == ";")):
            return index
    return len(tokens)


def _other_values(cell: str, tokens: Sequence[Token]) -> Iterator[Change]:
    """INSERT with a value or a column less or more; anything in its list of columns and its query may be marked."""
    for index, token in enumerate(tokens[:-2]):
        if token.upper != "INTO" or tokens[index - 1].upper != "INSERT":
            continue
        end = next((n for n in range(index, len(tokens)) if tokens[n].text == ";"), len(tokens))
        opens = [
            n for n in range(index + 2, end) if tokens[n].text == "(" and _lists_values(tokens, index, n)
        ]
        for opening in opens:
            closing = _closing(tokens, opening)
            yield _inserted(
                cell, tokens, index, end, Span(tokens[closing].start, tokens[closing].start), ", 1"
            )
            commas = _commas(tokens, opening + 1, closing)
            if commas:
                yield _inserted(
                    cell, tokens, index, end, Span(tokens[commas[-1]].start, tokens[closing].start), ""
                )


def _lists_values(tokens: Sequence[Token], into: int, opening: int) -> bool:
    return opening == into + 2 or tokens[opening - 1].upper in ("VALUES", ",")


def _inserted(cell: str, tokens: Sequence[Token], index: int, end: int, span: Span, new: str) -> Change:
    text = cell[: span.start] + new + cell[span.end :]
    whole = Span(tokens[index].end, tokens[end - 1].end + len(new) - (span.end - span.start))
    return Change("insert", text, (whole,), new)
