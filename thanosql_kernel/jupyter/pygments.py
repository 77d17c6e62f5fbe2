"""Colours for exported notebooks: nbconvert asks Pygments for the lexer ``thanosql``."""

# Pygments has no annotations.
# mypy: disable-error-code="import-untyped,misc"

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from pygments.lexer import inherit, words
from pygments.lexers.sql import SqlLexer
from pygments.token import Comment, Keyword, Name, Number, String

from thanosql_kernel.jupyter.vocabulary import vocabulary
from thanosql_kernel.sql.lexer import CURLY_STRING

_WORDS = vocabulary()
#: What a search finds: IMAGE, TEXT, …
_KINDS = {word for head in _WORDS["searches"] for word in head.split()[1:]}
_KEYWORDS = {word for head in _WORDS["heads"] for word in head.split()} | {"OPTIONS", *_WORDS["sql"]}


def _any_of(several: Iterable[str]) -> Any:
    return words(tuple(sorted(several)), prefix=r"\b", suffix=r"\b")


class ThanoSQLLexer(SqlLexer):
    """SQL with the statement words of ThanoSQL, Korean names and the lines of the old magic."""

    name = "ThanoSQL"
    url = "https://pypi.org/project/thanosql-kernel/"
    aliases: ClassVar[list[str]] = ["thanosql"]
    filenames: ClassVar[list[str]] = ["*.thanosql"]
    mimetypes: ClassVar[list[str]] = ["text/x-thanosql"]
    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"^(%%?(?:thano)?sql\b|%load_ext\s+\S+|#(?!\d)[^\n]*)", Comment.Preproc),
            (_any_of(_KINDS), Keyword.Type),
            (_any_of(_KEYWORDS), Keyword),
            (_any_of(_WORDS["constants"]), Keyword.Constant),
            (CURLY_STRING, String),
            (r"\d+\.\d*(e[+-]?\d+)?", Number.Float),
            (r"\$[^\W\d]\w*", Name.Variable),
            (r"[^\W\d_a-zA-Z][\w$]*", Name),
            inherit,
        ]
    }
