"""What the tests of the analysis share: carets in texts, a catalogue, the documented cells."""

import re
import sys
from pathlib import Path
from types import MappingProxyType

sys.path.insert(0, str(Path(__file__).parents[1]))
import documented_cells as documents
from statement_cases import valid_cells

from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.catalog import Catalog, Column, GeneratedColumn, Model, Table, Weights
from thanosql_kernel.errors import ThanoSQLError
from thanosql_kernel.statements.foresight import Unforeseen

_CELL_MAGIC = re.compile(r"\A\s*%%thanosql[^\n]*\n")
CASES = [case[2] for case in valid_cells()]
MADE = GeneratedColumn("clip", "clipen", "image", "image_path", Weights("clip", "r1", "f" * 8), 512)


def documented_cells():
    """The documented cells of the old product, each once; skips where they are not at hand."""
    return list(dict.fromkeys(documents.documented_cells()))


def supported_cells():
    """The documented cells that this kernel runs, without their magic line; skips where they are not at hand."""
    found = (_CELL_MAGIC.sub("", cell) for cell in documented_cells() if is_supported(cell))
    return [cell for cell in dict.fromkeys(found) if "%" not in cell]


def at_caret(text, catalog=None, **more):
    """The document of a text with ``‸`` taken out, and where that stood."""
    offset = text.index("‸")
    return Document(text.replace("‸", "", 1), catalog, **more), offset


def catalog(**tables):
    """A catalogue of tables given as ``name='column TYPE, …'``, with photos, and the models clip and mini."""
    found = {
        "photos": Table(
            "photos",
            (
                Column("image_path", "VARCHAR"),
                Column("라벨", "VARCHAR"),
                Column("price", "DOUBLE"),
                Column("clip_clipen", "FLOAT[512]", MADE),
            ),
            1234,
            "photos",
            3,
        )
    }
    for name, columns in tables.items():
        parts = [part.split() for part in columns.split(",")]
        found[name] = Table(name, tuple(Column(a, b) for a, b in parts), 10, name, 1)
    models = {name: Model(name, spec) for name, spec in (("clip", "clip"), ("mini", "mini"))}
    return Catalog(1, MappingProxyType(found), MappingProxyType(models))


def is_supported(cell):
    """Whether this kernel runs every statement of a cell."""
    statements = Document(cell).parsed
    return not any(
        isinstance(found, ThanoSQLError) or any(True for _ in found.all_problems(Unforeseen()))
        for _, found in statements
    )
