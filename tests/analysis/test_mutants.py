"""A slip in a right cell is seen: one structural token deleted, doubled or replaced gets a mark in its statement."""

import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from zlib import crc32

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import CASES, supported_cells
from mutants import mutants, why_valid

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document


def check(cells, share=1):
    """Hold that of the mutants (one of ``share`` of them) all that are wrong are flagged where they are wrong."""
    flagged, valid, missed = 0, Counter(), []
    for mutant in {one.text: one for cell in cells for one in mutants(cell)}.values():
        if crc32(mutant.text.encode()) % share:
            continue
        spans = [found.span for found in diagnose(Document(mutant.text))]
        if any(mutant.span.start <= span.start and span.end <= mutant.span.end for span in spans):
            flagged += 1
        elif (rule := why_valid(mutant)) is not None:
            valid[rule] += 1
        else:
            missed.append((mutant.change, mutant.token.text, mutant.text[slice(*mutant.span)]))
    print(f"\n{flagged} flagged, {len(missed)} missed, {valid.total()} valid: {dict(valid)}")
    assert flagged > 100
    assert missed == []


def test_slips_in_every_kind_of_statement_are_flagged():
    check(CASES, share=40)


def test_slips_in_documented_cells_are_flagged():
    check(supported_cells(), share=96)


@pytest.mark.e2e
def test_all_slips_in_every_kind_of_statement_are_flagged():
    check(CASES)


@pytest.mark.e2e
def test_all_slips_in_documented_cells_are_flagged():
    check(supported_cells())


@pytest.mark.e2e
def test_slips_are_flagged_where_they_are_however_statements_follow_each_other():
    cells = supported_cells()
    check(
        ["\n".join(three) for three in zip(*(islice(cells, n, None, 3) for n in range(3)), strict=False)], 2
    )


def test_what_is_valid_is_decided_without_the_diagnostics():
    cell = "COPY t OPTIONS(overwrite=True) FROM 'a'\nSELECT a, b AS c FROM (LIST TABLE)"
    found = [(one.change, one.token.text) for one in mutants(cell) if why_valid(one) is not None]
    assert found == [("delete word", "AS"), ("delete word", "TABLE"), ("replace word", "TABLE")]
