"""One thing that could be typed, and how names of a database look as such."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple

from thanosql_kernel.analysis.text.words import quoted
from thanosql_kernel.catalog import Column, Model, Readable, View
from thanosql_kernel.errors import Span
from thanosql_kernel.models.spec import ModelSpec, spec_of
from thanosql_kernel.wording import counted, editor

CompletionKind = Literal[
    "keyword",
    "statement",
    "skeleton",
    "table",
    "column",
    "field",
    "model",
    "option",
    "value",
    "file",
    "function",
    "type",
    "condition",
    "dataset",
    "variable",
]

NOWHERE = Span(0, 0)
_SHOWN_COLUMNS = 12


class Tier(IntEnum):
    """What stands in front of what where the letters typed do not tell them apart."""

    EXPECTED = 0
    NEAR = 1
    FAR = 2
    QUALIFIER = 3
    KEYWORD = 4
    FUNCTION = 5
    RARE_KEYWORD = 6
    RARE_FUNCTION = 7
    UNLIKELY = 8


class Edit(NamedTuple):
    """Another part of the text that changes when a completion is taken."""

    span: Span
    text: str


@dataclass(slots=True)
class Completion:
    """One thing to insert. Where a list holds thousands, copies of them would be what takes longest: it is no constant.

    Attributes:
        text: What to insert, quoted where it must be.
        kind: What it is.
        detail: A few words to show beside it, e.g. a column's type.
        doc: A sentence or two.
        span: What it replaces: the word under the caret.
        label: What to show in the list; the text unless given.
        snippet: What to insert instead where tab stops like ``${1:name}`` are understood; empty for most.
        also: What else changes, where the editor can do that.
        typed_as: What the letters typed are compared with; the text unless given.
        tier: See `Tier`.
        order: The place among those of its tier.
    """

    text: str
    kind: CompletionKind
    detail: str = ""
    doc: str = ""
    span: Span = NOWHERE
    label: str = ""
    snippet: str = ""
    also: tuple[Edit, ...] = ()
    typed_as: str = ""
    tier: Tier = Tier.NEAR
    order: int = 0


def table_item(table: Readable, *, quote: str = "", tier: Tier = Tier.NEAR, order: int = 0) -> Completion:
    """A table or view as a completion."""
    columns = ", ".join(column.name for column in table.columns[:_SHOWN_COLUMNS])
    more = ", …" if len(table.columns) > _SHOWN_COLUMNS else ""
    detail = str(editor.KINDS["view"] if isinstance(table, View) else counted(table.rows, "row"))
    return Completion(quoted(table.name, quote), "table", detail, columns + more, tier=tier, order=order)


def column_item(
    column: Column,
    *,
    quote: str = "",
    table: str = "",
    owner: str = "",
    also: tuple[Edit, ...] = (),
    tier: Tier = Tier.NEAR,
    order: int = 0,
) -> Completion:
    """A column as a completion; the detail is its type and where it comes from.

    Args:
        column: The column.
        quote: The quote around the caret.
        table: Where it comes from, to be shown.
        owner: Where it comes from, to be written in front of it.
        also: See `Completion`.
        tier: See `Completion`.
        order: See `Completion`.
    """
    made = column.generated
    name = quoted(column.name, quote)
    return Completion(
        f"{quoted(owner)}.{name}" if owner else name,
        "column",
        " · ".join(part for part in (column.type, table) if part),
        editor.MADE_FROM(model=made.model, source=made.source) if made else "",
        also=also,
        typed_as=column.name,
        tier=tier,
        order=order,
    )


def model_item(model: Model, *, quote: str = "", tier: Tier = Tier.NEAR, order: int = 0) -> Completion:
    """A model as a completion."""
    return spec_item(spec_of(model), quoted(model.name, quote), tier=tier, order=order)


def spec_item(spec: ModelSpec, name: str, *, tier: Tier = Tier.NEAR, order: int = 0) -> Completion:
    """A kind of model as a completion, under one of its names."""
    detail = str(editor.DIMENSIONS(count=spec.dim)) if spec.dim else ""
    told = f"{spec.summary}: {spec.choose}" if spec.choose else str(spec.summary)
    return Completion(name, "model", detail, told, tier=tier, order=order)


def is_vector(column: Column) -> bool:
    """Whether the column holds lists, as embeddings are, or refers to such."""
    return column.type.endswith("]") or column.generated is not None
