"""What is wrong with a place of a text, and the edits that mend it, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from thanosql_kernel.analysis.text.blocks import shift
from thanosql_kernel.errors import ParseError as _ParseError
from thanosql_kernel.errors import Span, ThanoSQLError, Unsupported

Severity = Literal["error", "warning", "information", "hint"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Text to put in the place of a span of the document."""

    span: Span
    text: str

    def moved(self, by: int) -> Edit:
        """The edit for text that stands elsewhere."""
        return Edit(shift(self.span, by), self.text)


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend something.

    Attributes:
        title: What it does, e.g. "write clip".
        edits: In order, not overlapping.
        preferred: Whether it is the obvious one.
    """

    title: str
    edits: tuple[Edit, ...]
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something wrong, or not done by this kernel.

    Attributes:
        code: A key of `errors.CODES`.
        message: One sentence without a full stop.
        span: Where, in code points of the document.
        severity: ``error`` for what cannot run, ``warning`` for names the database lacks now, ``information`` for what
            this kernel does not do and names that are taken, ``hint`` for what most likely has run already: that is
            mended where somebody asks, and not marked.
        hint: What to do about it.
        fixes: Edits that do it.
    """

    code: str
    message: str
    span: Span
    severity: Severity
    hint: str | None = None
    fixes: tuple[Fix, ...] = ()

    def moved(self, by: int) -> Diagnostic:
        """The diagnostic for text that stands elsewhere."""
        if by == 0:
            return self
        fixes = tuple(replace(fix, edits=tuple(edit.moved(by) for edit in fix.edits)) for fix in self.fixes)
        return replace(self, span=shift(self.span, by), fixes=fixes)


def severity_of(error: ThanoSQLError) -> Severity:
    """How much an error matters before anything has run."""
    if isinstance(error, Unsupported):
        return "information"
    return "error" if isinstance(error, _ParseError) else "warning"
