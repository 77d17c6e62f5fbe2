"""A joined notebook cut into its cells, at once and after edits."""

import random
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from thanosql_lsp.cells import Cells

sys.path.insert(0, str(Path(__file__).parents[1]))
from documented_cells import documented_cells

_PIECES = [
    "SELECT", "FROM t", "'", ";", "\n", "\n\n\n", "\n\n\n", "\n\n\n", "--", "/*", "%load_ext thanosql\n", "a",
    "CONVERT USING m AS", "COPY t FROM 'x'", "그림", "😀", "(", "\r\n", "\u2028", " ",
]  # fmt: skip
_texts = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)


def texts(cells):
    return [cell.text for cell in cells.items]


@settings(max_examples=600, deadline=None)
@given(_texts, _texts, st.integers(0, 200), st.integers(0, 30), st.booleans())
def test_cells_after_an_edit_are_those_of_the_new_text(text, new, start, length, joined):
    start = min(start, len(text))
    end = min(start + length, len(text))
    cells = Cells(text, joined=joined)
    changed = text[:start] + new + text[end:]
    cells.replace(changed, start, end, len(new))
    fresh = Cells(changed, joined=joined)
    assert texts(cells) == texts(fresh)
    assert cells.ends == fresh.ends
    assert "".join(texts(cells)) == changed


def test_an_edit_leaves_the_other_cells_as_they_are():
    text = "SELECT 1\n\n\n" * 1000
    cells = Cells(text, joined=True)
    before = list(cells.items)
    cells.replace(text[:5503] + "x" + text[5503:], 5503, 5503, 1)
    assert sum(old is new for old, new in zip(before, cells.items, strict=True)) == len(before) - 1


def test_two_blank_lines_part_cells_only_in_joined_documents():
    text = "SELECT * FROM t\n\n\nSEL"
    assert texts(Cells(text, joined=True)) == ["SELECT * FROM t\n\n\n", "SEL"]
    assert texts(Cells(text)) == [text]


def test_two_blank_lines_inside_an_unfinished_statement_part_nothing():
    text = "SELECT a,\n\n\n  b FROM t\n\n\nSELECT 1"
    assert texts(Cells(text, joined=True)) == ["SELECT a,\n\n\n  b FROM t\n\n\n", "SELECT 1"]


def test_an_unfinished_cell_ends_where_another_begins_with_a_statement():
    text = "SELECT * FROM\n\n\nCOPY t FROM 'x'"
    assert texts(Cells(text, joined=True)) == ["SELECT * FROM\n\n\n", "COPY t FROM 'x'"]


def test_empty_cells_are_cells():
    cells = Cells("SELECT 1\n\n\n\n\n\n", joined=True)
    assert texts(cells) == ["SELECT 1\n\n\n", "\n\n\n", ""]
    assert [cells.index_at(offset) for offset in (10, 11, 13, 14)] == [0, 1, 1, 2]


def test_documented_cells_typed_in_any_order_are_cut_as_if_pasted():
    documented = documented_cells()
    chance = random.Random(7)
    text = ""
    cells = Cells(text, joined=True)
    for cell in chance.sample(documented, 60):
        at = chance.randrange(len(text) + 1)
        added = cell + "\n\n\n"
        text = text[:at] + added + text[at:]
        cells.replace(text, at, at, len(added))
    assert cells.ends == Cells(text, joined=True).ends
