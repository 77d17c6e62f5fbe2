"""What could be typed at a place of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from thanosql_kernel.analysis.features.paths import entries
from thanosql_kernel.analysis.features.skeletons import skeleton
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.meaning.place import Place
from thanosql_kernel.analysis.meaning.scope import Scope
from thanosql_kernel.analysis.meaning.selected import fields
from thanosql_kernel.analysis.meaning.sources import find_source
from thanosql_kernel.analysis.text.blocks import shift
from thanosql_kernel.analysis.text.words import FUNCTIONS, quoted
from thanosql_kernel.catalog import Column, Model, Table
from thanosql_kernel.errors import Span
from thanosql_kernel.models.spec import SPECS
from thanosql_kernel.sql.token_reader import Want
from thanosql_kernel.statements.options import Option
from thanosql_kernel.statements.registry import heads, statement_types
from thanosql_kernel.statements.settings import SETTINGS

CompletionKind = Literal[
    "keyword",
    "statement",
    "skeleton",
    "table",
    "column",
    "model",
    "option",
    "value",
    "file",
    "function",
    "dataset",
]

#: What ranks first when nothing typed tells them apart.
_RANK: dict[CompletionKind, int] = {
    "column": 0,
    "model": 0,
    "dataset": 0,
    "option": 0,
    "value": 0,
    "file": 0,
    "table": 1,
    "statement": 2,
    "skeleton": 3,
    "keyword": 4,
    "function": 5,
}

_PATH_KINDS = (".csv", ".tsv", ".json", ".jsonl", ".parquet", ".xlsx", ".xls")
_IMAGE_KINDS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic")
_SHOWN_COLUMNS = 12

_SQL_WORDS = (
    "SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET JOIN LEFT INNER CROSS ON USING AS AND OR NOT IN IS NULL LIKE "
    "ILIKE BETWEEN CASE WHEN THEN ELSE END DISTINCT UNION ALL EXCEPT INTERSECT DESC ASC WITH EXISTS"
).split()
_AFTER_FROM = ("WHERE", "GROUP BY", "ORDER BY", "LIMIT", "JOIN", "LEFT JOIN", "ON", "AS", "UNION ALL")
NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing to insert.

    Attributes:
        text: What to insert, quoted where it must be.
        kind: What it is.
        detail: A few words to show beside it, e.g. a column's type.
        doc: A sentence or two.
        span: What it replaces: the word under the caret.
        label: What to show in the list; the text unless given.
        snippet: What to insert instead where tab stops like ``${1:name}`` are understood; empty for most.
    """

    text: str
    kind: CompletionKind
    detail: str = ""
    doc: str = ""
    span: Span = NOWHERE
    label: str = ""
    snippet: str = ""


def complete(document: Document, offset: int, *, skeletons: bool = False) -> list[Completion]:
    """Everything that fits at ``offset`` and begins with, or holds, what is typed; best first.

    Args:
        document: The text and what the database holds.
        offset: Where the caret is.
        skeletons: Whether whole statements to fill in are wanted too: where tab stops are understood.
    """
    place = document.place(offset)
    if place is None:
        return []
    found = {(item.text, item.kind): item for item in _fitting(place)}
    if skeletons and place.may_begin:
        found |= {(item.text, item.kind): item for item in _skeletons()}
    words = {text for text, kind in found if kind == "statement"}
    items = (item for item in found.values() if item.kind != "keyword" or item.text not in words)
    return rank(items, place.typed, shift(place.span, place.block_start))


def rank(items: Iterable[Completion], typed: str, span: Span) -> list[Completion]:
    """The items that match what is typed: beginnings first, then inner parts, then by kind and name."""
    wanted = typed.lower()
    matching = [
        replace(item, span=span, label=item.label or item.text)
        for item in items
        if wanted in item.text.lower()
    ]
    return sorted(
        matching,
        key=lambda item: (not item.text.lower().startswith(wanted), _RANK[item.kind], item.text.lower()),
    )


def _fitting(place: Place) -> Iterator[Completion]:
    """What fits at a place, whatever is typed."""
    if place.may_begin:
        yield from _beginnings()
    for want in place.wants:
        yield from _for_want(place, want)
    if place.in_sql:
        yield from _in_sql(place)


def _for_want(place: Place, want: Want) -> Iterator[Completion]:
    if want.kind == "word" and not place.quote and want.text not in _unsupported():
        if place.before or not place.may_begin:
            yield _word(place, want.text)
    elif want.kind == "name":
        yield from _names(place, want.text)
    elif want.kind == "option" and not place.quote:
        for option in place.options:
            if option.name not in place.given:
                yield Completion(f"{option.name}=", "option", option.kind, option.doc)
    elif want.kind == "value":
        yield from _values(place, want.text)
    elif want.kind == "path":
        yield from _files(place, _PATH_KINDS)
    elif want.kind == "query" and not place.quote:
        yield Completion("SELECT", "keyword", "", "a query")


def _beginnings() -> Iterator[Completion]:
    """The first words of the statements that this kernel runs."""
    for word, group in heads().items():
        kinds = [head.kind for head in group if head.is_supported]
        if kinds:
            yield Completion(word, "statement", "", kinds[0].help if len(kinds) == 1 else "")


def _skeletons() -> Iterator[Completion]:
    """Whole statements, one for each that this kernel runs."""
    for kind in statement_types():
        if kind.is_supported() and kind.example:
            words = " ".join(kind.heads[0])
            doc = f"{kind.help}\n\n{kind.example}"
            yield Completion(
                words, "skeleton", "whole statement", doc, label=f"{words} …", snippet=skeleton(kind)
            )


@cache
def _unsupported() -> frozenset[str]:
    """First words of statements none of which this kernel runs."""
    return frozenset(word for word, group in heads().items() if not any(head.is_supported for head in group))


def _word(place: Place, word: str) -> Completion:
    option = next((option for option in place.inputs if option.name == word), None)
    if option is not None:
        return Completion(f"{option.name}=", "option", option.kind, option.doc)
    # What the grammar wants goes in front of the words of SQL.
    kind: CompletionKind = "statement" if place.statement is None or place.in_sql else "keyword"
    return Completion(word, kind)


def _names(place: Place, kind: str) -> Iterator[Completion]:
    catalog = place.known.catalog
    if kind == "model":
        for model in catalog.models.values():
            yield model_item(model)
    elif kind == "base model":
        for spec in SPECS.values():
            yield Completion(spec.name, "model", f"{spec.dim}-d", spec.summary)
    elif kind in ("table", "new table"):
        for table in catalog.tables.values():
            yield table_item(table, quote=place.quote)
    elif kind == "column":
        for column in place.target_columns or ():
            yield column_item(column, quote=place.quote)
    elif kind == "data set":
        yield Completion("sample_photos", "dataset")
    elif kind == "setting":
        before = f"{place.owner.lower()}." if place.owner else ""
        for setting in SETTINGS.values():
            if setting.name.startswith(before):
                yield Completion(setting.name.removeprefix(before), "option", setting.kind, setting.doc)


def _values(place: Place, name: str) -> Iterator[Completion]:
    """Values for the option of that name."""
    options = (*place.options, *place.inputs, *SETTINGS.values())
    option = next((o for o in options if name.lower() in (o.name, *o.aliases)), None)
    if option is None:
        return
    for choice in option.choices:
        yield Completion(choice if place.quote else f"'{choice}'", "value", "", option.doc)
    if option.kind == "boolean" and not place.quote:
        for word in ("on", "off") if option.name in SETTINGS else ("True", "False"):
            yield Completion(word, "value", "", option.doc)
    yield from _for_role(place, option)


def _for_role(place: Place, option: Option) -> Iterator[Completion]:
    quote = place.quote or "'"
    if option.role == "column":
        for column in place.target_columns or ():
            is_vector = column.type.endswith("]")
            if is_vector == (option.name == "emb_col"):
                item = column_item(column, quote=quote)
                text = column.name if place.quote else f"'{column.name}'"
                yield Completion(text, "column", item.detail, item.doc)
    elif option.role in ("table", "new table"):
        for table in place.known.catalog.tables.values():
            text = table.name if place.quote else f"'{table.name}'"
            yield Completion(text, "table", f"{table.rows:,} rows")
    elif option.role == "path" and place.quote:
        yield from _files(place, _IMAGE_KINDS)


def _files(place: Place, endings: tuple[str, ...]) -> Iterator[Completion]:
    """Folders and fitting files that the path typed so far leads to."""
    if place.known.folder is None or not place.quote:
        return
    doubled = 2 * place.quote
    for entry in entries(place.known.folder, place.typed.replace(doubled, place.quote), endings):
        path = entry.path.replace(place.quote, doubled)
        yield Completion(f"{path}/", "file", "folder") if entry.is_folder else Completion(path, "file")


def _in_sql(place: Place) -> Iterator[Completion]:
    scope = place.scope
    if place.owner is not None:
        source = find_source(scope.sources, place.owner)
        for column in (source.columns if source else fields(scope, place.owners)) or ():
            yield column_item(column, quote=place.quote)
        return
    if place.quote == "'":
        return
    if place.wants_table:
        yield from _tables(place, scope)
        return
    if place.wants_only_query:
        return
    yield from _columns(place, scope)
    if not place.quote:
        words = _AFTER_FROM if scope.clause == "FROM" else _SQL_WORDS
        yield from (Completion(word, "keyword") for word in words)
        if scope.clause not in ("", "FROM"):
            yield from (Completion(name, "function", doc) for name, doc in FUNCTIONS.items())


def _tables(place: Place, scope: Scope) -> Iterator[Completion]:
    for name in scope.ctes:
        yield Completion(quoted(name, place.quote), "table", "WITH")
    for table in place.known.catalog.tables.values():
        yield table_item(table, quote=place.quote)


def _columns(place: Place, scope: Scope) -> Iterator[Completion]:
    for source in scope.sources:
        for column in source.columns or ():
            yield column_item(column, quote=place.quote, table=source.name or "")
    typed = place.text.strip('"').lower()
    for source in scope.sources:
        if source.name and source.name.lower() != typed:
            yield Completion(quoted(source.name, place.quote), "table", "", "")
    if scope.clause in ("ORDER", "GROUP", "HAVING", "QUALIFY"):
        yield from (
            Completion(quoted(alias, place.quote), "column", "named above") for alias in scope.aliases
        )


def table_item(table: Table, *, quote: str = "") -> Completion:
    """A table as a completion."""
    columns = ", ".join(column.name for column in table.columns[:_SHOWN_COLUMNS])
    more = ", …" if len(table.columns) > _SHOWN_COLUMNS else ""
    return Completion(quoted(table.name, quote), "table", f"{table.rows:,} rows", columns + more)


def column_item(column: Column, *, quote: str = "", table: str = "") -> Completion:
    """A column as a completion; the detail is its type and where it comes from."""
    made = column.generated
    doc = f"made by {made.model} from {made.source}" if made else ""
    detail = " · ".join(part for part in (column.type, table) if part)
    return Completion(quoted(column.name, quote), "column", detail, doc)


def model_item(model: Model) -> Completion:
    """A model as a completion."""
    spec = SPECS.get(model.spec)
    return Completion(model.name, "model", f"{spec.dim}-d" if spec else "", spec.summary if spec else "")
