"""What a SEARCH looks for: texts and pictures, beside its first words or in its options."""

from __future__ import annotations

from thanosql_kernel.statements.options import Option
from thanosql_kernel.wording import statements

INPUTS = (
    Option("text", "text", statements.TEXT),
    Option("texts", "texts", statements.TEXTS),
    Option("image", "text", statements.IMAGE, role="path"),
    Option("images", "texts", statements.IMAGES, role="path"),
)
