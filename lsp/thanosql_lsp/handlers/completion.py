"""Completion lists, and the documentation of the item that is looked at."""

from __future__ import annotations

import re
from typing import Any

from lsprotocol import types

from thanosql_kernel.analysis.features.complete import complete as completions
from thanosql_kernel.analysis.features.completion.items import Completion, Edit
from thanosql_kernel.analysis.features.completion.ranking import LOOKED_THROUGH
from thanosql_kernel.errors import Span
from thanosql_lsp.run_order import PlacedCell
from thanosql_lsp.server import ThanosqlServer

#: More are not sent; typing another letter asks again.
MOST_ITEMS = 200

_KINDS: dict[str, types.CompletionItemKind] = {
    "keyword": types.CompletionItemKind.Keyword,
    "statement": types.CompletionItemKind.Keyword,
    "skeleton": types.CompletionItemKind.Snippet,
    "table": types.CompletionItemKind.Struct,
    "column": types.CompletionItemKind.Field,
    "model": types.CompletionItemKind.Module,
    "option": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.EnumMember,
    "file": types.CompletionItemKind.File,
    "field": types.CompletionItemKind.Field,
    "function": types.CompletionItemKind.Function,
    "type": types.CompletionItemKind.TypeParameter,
    "condition": types.CompletionItemKind.Operator,
    "dataset": types.CompletionItemKind.Folder,
    "variable": types.CompletionItemKind.Variable,
}


def complete(ls: ThanosqlServer, params: types.CompletionParams) -> types.CompletionList | None:
    """What fits at the caret; documentation follows by `resolve` where the client asks for it."""
    placed = ls.placed(params)
    if placed is None:
        return None
    snippets = ls.client_can("text_document", "completion", "completion_item", "snippet_support")
    whole = snippets and ls.settings.statement_snippets
    offset = placed.offset(params.position)
    found = completions(placed.document, offset, skeletons=whole, above=_above(ls, placed))
    if (
        not ls.completes_strings
        and found
        and _is_begun_in_string(placed.document.text, found[0].span, offset)
    ):
        return None
    shown = found[:MOST_ITEMS]
    ls.offered = tuple(shown)
    items = _Items(ls, placed, params.position, offset)
    return types.CompletionList(
        is_incomplete=len(found) > MOST_ITEMS,
        items=[items.item(number, one) for number, one in enumerate(shown)],
    )


def _above(ls: ThanosqlServer, placed: PlacedCell) -> str:
    """The end of the text that runs before a cell."""
    together = ls.documents.together(placed.open_document)
    at = next((number for number, one in enumerate(together) if one is placed.open_document), 0)
    text = placed.open_document.text[max(0, placed.start - LOOKED_THROUGH) : placed.start]
    while at and len(text) < LOOKED_THROUGH:
        at -= 1
        text = f"{together[at].text[-LOOKED_THROUGH:]}\n{text}"
    return text


def _is_begun_in_string(text: str, span: Span, offset: int) -> bool:
    return 0 < span.start < offset and text[span.start - 1] in "'\""


def resolve(ls: ThanosqlServer, item: types.CompletionItem) -> types.CompletionItem:
    """The item with its documentation."""
    number = item.data if isinstance(item.data, int) else -1
    if 0 <= number < len(ls.offered) and ls.offered[number].label == item.label:
        item.documentation = _documentation(ls, ls.offered[number])
    return item


class _Items:
    """Makes items of one list in the shape that the client takes."""

    def __init__(self, ls: ThanosqlServer, placed: PlacedCell, caret: types.Position, offset: int) -> None:
        item = ("text_document", "completion", "completion_item")
        self._ls = ls
        self._spot = placed
        self._caret = caret
        self._offset = offset
        self._snippets = ls.client_can(*item, "snippet_support")
        self._two_ranges = ls.client_can(*item, "insert_replace_support")
        self._lazy_documentation = _resolves_documentation(ls)
        self._edits: dict[Span, types.Range] = {}

    def item(self, number: int, one: Completion) -> types.CompletionItem:
        """One item; the sort text keeps our order."""
        text, is_snippet = self._text(one)
        item = types.CompletionItem(
            label=one.label or one.text,
            kind=_KINDS.get(one.kind),
            detail=one.detail or None,
            sort_text=f"{number:05}",
            filter_text=one.text,
            text_edit=self._edit(one, text),
            data=number,
        )
        if apart := [edit for edit in one.also if not _touches(edit, one)]:
            item.additional_text_edits = [types.TextEdit(self._spot.range(it.span), it.text) for it in apart]
        if is_snippet:
            item.insert_text_format = types.InsertTextFormat.Snippet
        if not self._lazy_documentation:
            item.documentation = _documentation(self._ls, one)
        return item

    def _text(self, one: Completion) -> tuple[str, bool]:
        """What to insert, and whether it holds a place for the caret."""
        if one.snippet and self._snippets:
            return one.snippet, True
        behind = "".join(edit.text for edit in one.also if _touches(edit, one))
        if behind and self._snippets and one.span.end == self._offset:
            # Edits beside that of the item itself must not touch it: a snippet leaves the caret in front of them.
            return f"{_escaped(one.text)}$0{_escaped(behind)}", True
        return one.text, False

    def _edit(self, one: Completion, text: str) -> types.TextEdit | types.InsertReplaceEdit:
        replaced = self._edits.get(one.span) or self._range(one.span)
        self._edits[one.span] = replaced
        if self._two_ranges:
            return types.InsertReplaceEdit(text, types.Range(replaced.start, self._caret), replaced)
        return types.TextEdit(replaced, text)

    def _range(self, span: Span) -> types.Range:
        """The word's range, cut to the caret's line, as the protocol wants it."""
        range_ = self._spot.range(span)
        line = self._caret.line
        if range_.start.line < line:
            range_.start = types.Position(line, 0)
        if range_.end.line > line:
            range_.end = self._caret
        return range_


def _touches(edit: Edit, one: Completion) -> bool:
    return edit.span.start <= one.span.end and one.span.start <= edit.span.end


def _escaped(text: str) -> str:
    """The text as a snippet says it."""
    return re.sub(r"([\\$}])", r"\\\1", text)


def _resolves_documentation(ls: ThanosqlServer) -> bool:
    support: Any = ls.client_capabilities.text_document
    for name in ("completion", "completion_item", "resolve_support"):
        support = getattr(support, name, None)
    return support is not None and "documentation" in support.properties


def _documentation(ls: ThanosqlServer, one: Completion) -> types.MarkupContent | None:
    formats = ("text_document", "completion", "completion_item", "documentation_format")
    return ls.markup(one.doc, one.doc, formats) if one.doc else None
