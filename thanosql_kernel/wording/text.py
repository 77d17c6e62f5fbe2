"""One thing to say, and how it is said with its values."""

from __future__ import annotations

from functools import cache
from string import Formatter

from thanosql_kernel.wording.language import language
from thanosql_kernel.wording.lengths import shortened
from thanosql_kernel.wording.particles import attached

_Piece = tuple[str, str | None, str]


class Said(str):
    """A text that remembers the code of the error that it is about.

    Attributes:
        code: E.g. ``TS201``; empty where it is about none.
    """

    code: str
    __slots__ = ("code",)

    def __new__(cls, text: str, code: str = "") -> Said:
        """The text, about a code."""
        said = super().__new__(cls, text)
        said.code = code
        return said


class Wording:
    """One thing to say, in each language.

    Both texts have the same ``{values}``, formatted as `str.format` does; braces that are meant are doubled.
    Behind a value, Korean writes its particles as ``{name}이(가)``: the right one is chosen when it is said.

    Args:
        en: English.
        ko: Korean, in the formal style (합니다).
    """

    __slots__ = ("code", "en", "ko")

    def __init__(self, en: str, ko: str) -> None:
        self.en, self.ko = en, ko
        self.code = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Below a `Code` it is about that code."""
        if issubclass(owner, Code):
            self.code = owner.__name__

    def __call__(self, **values: object) -> Said:
        """Say it, in the language that is spoken now; long values are `shortened`."""
        template = self.ko if language() == "ko" else self.en
        said = ""
        for literal, name, form in _pieces(template):
            said += attached(literal, said)
            if name is not None:
                said += shortened(format(values[name], form))
        return Said(said, self.code)

    def __str__(self) -> str:
        return self()

    def __repr__(self) -> str:
        return f"Wording({self.en!r})"


class Foreign(Wording):
    """A text of another program; Korean may leave out values that are words of that program."""

    __slots__ = ()


class Code:
    """A code of errors: ``MEANING`` is what it stands for, the rest is what is said about it."""

    MEANING: Wording


@cache
def _pieces(template: str) -> tuple[_Piece, ...]:
    """The literal texts of a template, each with the value behind it."""
    return tuple((literal, name, form or "") for literal, name, form, _ in Formatter().parse(template))
