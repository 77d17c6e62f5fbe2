"""Every cell while it is typed: whatever is there yet, nothing raises and nothing right is called wrong."""

import sys
from pathlib import Path
from zlib import crc32

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from editor_cells import CASES, documented_cells

from thanosql_kernel.analysis.features.complete import complete
from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.features.hover import hover
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.text.clauses import matching
from thanosql_kernel.sql.brackets import CLOSING
from thanosql_kernel.sql.lexer import significant, tokenize
from thanosql_kernel.sql.token_reader import token_index


def is_unfinished(found, end, tokens):
    """Whether a diagnostic says no more than that the text ends too early: at its end, or of what is still open."""
    return found.span.end >= end or found.code == "TS101" or is_left_open(tokens, found.span.start)


def is_left_open(tokens, start):
    index = token_index(tokens, start)
    return tokens[index].text in CLOSING and index not in matching(tokens)


def check(cells, share, part=0):
    """Ask all that an editor asks at the end of every prefix that falls into one part of ``share``."""
    count, wrong = 0, []
    for text in {cell[:length] for cell in cells for length in range(len(cell) + 1)}:
        if crc32(text.encode()) % share != part:
            continue
        count += 1
        document = Document(text)
        hover(document, max(0, len(text) - 1))
        for item in complete(document, len(text)):
            assert item.span.start <= item.span.end == len(text), (text, item)
        tokens = significant(tokenize(text))
        end = tokens[-1].end if tokens else 0
        for found in diagnose(document):
            assert 0 <= found.span.start < found.span.end <= len(text), (text, found)
            if found.severity != "information" and not is_unfinished(found, end, tokens):
                wrong.append((text[-80:], found.code, found.message, text[slice(*found.span)]))
    print(f"\n{count} prefixes, {len(wrong)} with an error in front of their end")
    assert count > 100
    assert wrong == []


def test_cells_can_be_typed():
    check(CASES, share=24)


def test_documented_cells_can_be_typed():
    check(documented_cells(), share=150)


@pytest.mark.e2e
@pytest.mark.parametrize("part", range(12))
def test_cells_can_be_typed_letter_by_letter(part):
    check([*CASES, *documented_cells()], share=12, part=part)
