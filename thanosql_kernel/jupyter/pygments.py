"""Colours for exported notebooks: nbconvert asks Pygments for the lexer ``thanosql``."""

# Pygments has no annotations.
# mypy: disable-error-code="import-untyped,misc"

from __future__ import annotations

from typing import Any, ClassVar

from pygments.lexer import inherit, words
from pygments.lexers.sql import SqlLexer
from pygments.token import Comment, Keyword, Name, Number

_HEADS = (
    "BUILD CONVERT COPY DATASET DESCRIBE EVALUATE EXPORT FIT FUNCTION GENERATE GET LIST MODEL OPTIONS PREDICT "
    "PREPROCESS PRINT SEARCH THANOSQL TRANSFORM UPLOAD USING"
)


def _any_of(text: str) -> Any:
    return words(tuple(text.split()), prefix=r"\b", suffix=r"\b")


class ThanoSQLLexer(SqlLexer):
    """SQL with the statement words of ThanoSQL, Korean names and the lines of the old magic."""

    name = "ThanoSQL"
    url = "https://pypi.org/project/thanosql-kernel/"
    aliases: ClassVar[list[str]] = ["thanosql"]
    filenames: ClassVar[list[str]] = ["*.thanosql"]
    mimetypes: ClassVar[list[str]] = ["text/x-thanosql"]
    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"^(%%?(?:thano)?sql\b|%load_ext\s+\S+|# NBVAL_\w+)", Comment.Preproc),
            (_any_of(_HEADS), Keyword),
            (_any_of("IMAGE TEXT AUDIO VIDEO KEYWORD"), Keyword.Type),
            (_any_of("TRUE FALSE NONE NULL"), Keyword.Constant),
            (r"\d+\.\d*(e[+-]?\d+)?", Number.Float),
            (r"\$[^\W\d]\w*", Name.Variable),
            (r"[^\W\d_a-zA-Z][\w$]*", Name),
            inherit,
        ]
    }
