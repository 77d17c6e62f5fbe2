"""How a statement is laid out: its tokens become atoms, these a tree, the tree a document, the document lines."""

from __future__ import annotations

from collections.abc import Collection

from thanosql_kernel.analysis.features.layout.atoms import read_atoms
from thanosql_kernel.analysis.features.layout.documents import printed
from thanosql_kernel.analysis.features.layout.sql import document_of
from thanosql_kernel.analysis.features.layout.tree import Unfit, parts_of
from thanosql_kernel.analysis.text.blocks import Block

__all__ = ["Unfit", "lay_out"]


def lay_out(block: Block, keywords: Collection[int], options: Collection[int] = ()) -> str:
    """The text of a block's statement, laid out. Laying it out again changes nothing.

    Args:
        block: The block.
        keywords: Where the words start in it that are keywords: they are put in capitals.
        options: Where the words start that name options.

    Raises:
        Unfit: It must stay as it is.
    """
    if block.statement is None:
        raise Unfit("it does not parse")
    atoms = read_atoms(block.text, block.tokens, keywords, options)
    return printed(document_of(parts_of(atoms, block.statement), is_whole=True))
