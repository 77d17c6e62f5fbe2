"""The small parts that statements are made of: names, values, options. Each knows where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from thanosql_kernel.errors import Span
from thanosql_kernel.sql.query import Query

NameKind = Literal[
    "model",
    "new model",
    "base model",
    "table",
    "new table",
    "view",
    "new view",
    "table or view",
    "column",
    "new column",
    "new alias",
    "index",
    "new index",
    "data set",
    "function",
    "setting",
    "variable",
]
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """A name of something.

    Attributes:
        text: Without quotes.
        span: With quotes.
        kind: What it names.
        placeholder: Whether it is a gap to fill in, written ``[like this]`` in manuals.
        is_optional: Whether nothing of that name needs to be there; of a new one, whether there may be.
    """

    text: str
    span: Span
    kind: NameKind
    placeholder: bool = False
    is_optional: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Value:
    """A literal: string, number, True/False/None, a list of those, a bare word read as a string, or a query.

    Attributes:
        value: As Python data; a list for a list, the text of a query.
        span: With quotes and brackets.
        items: The parts of a list, else empty.
        form: How it was written; "parameter" for a ``$name`` whose value is not known.
        query: The query whose rows are meant, if it is one.
    """

    value: Scalar | list[Scalar]
    span: Span
    form: Literal["string", "number", "constant", "list", "word", "placeholder", "parameter", "query"]
    items: tuple[Value, ...] = ()
    query: Query | None = None

    @property
    def text(self) -> str:
        """The value of a string or bare word; the source form of anything else."""
        return self.value if isinstance(self.value, str) else repr(self.value)

    @property
    def queries(self) -> tuple[Query, ...]:
        """The queries in it, in text order."""
        own = () if self.query is None else (self.query,)
        return own + tuple(query for item in self.items for query in item.queries)


@dataclass(frozen=True, slots=True)
class Assignment:
    """``name=value``, in OPTIONS or beside a verb.

    Attributes:
        name: The option's name as written.
        name_span: Where the name stands.
        value: What is assigned.
        comma_missing: Whether a comma should stand before it and does not.
    """

    name: str
    name_span: Span
    value: Value
    comma_missing: bool = False

    @property
    def span(self) -> Span:
        """From the name to the end of the value."""
        return Span(self.name_span.start, self.value.span.end)
