"""Documents: an edited one is the same as one read anew; caret places know what stands around them."""

import random
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
from documented_cells import documented_cells
from editor_cells import catalog
from statement_cases import valid_cells

from thanosql_kernel.analysis.features.diagnose import diagnose
from thanosql_kernel.analysis.meaning.document import Document
from thanosql_kernel.analysis.meaning.occurrences import occurrences
from thanosql_kernel.errors import Span, ThanoSQLError
from thanosql_kernel.statements.cell import pieces

CASES = [case[2] for case in valid_cells()]
TEXT = "\n\n".join(CASES)
BITS = [
    "'", '"', "$$", ";", "\n", " ", "(", ")", "[", "/*", "*/", "-- x\n", "SELECT", "\nSELECT 1", "\nPRINT IMAGE AS",
    "%thanosql\n", "\n%load_ext thanosql\n", "!", "COPY t FROM 'a'", "한글", ",", "=", "CONVERT USING", "\n%%thanosql", "x",
]  # fmt: skip


def shape(document):
    return [
        (part.start, part.block.text, part.block.piece, repr(part.block.outcome), vars_of(part.block.outcome))
        for part in document.parts
    ]


def vars_of(outcome):
    return (outcome.code, outcome.span) if isinstance(outcome, ThanoSQLError) else None


def test_the_blocks_of_a_document_are_its_text_and_its_statements():
    for cell in [*CASES, TEXT, "", "\n", ";;", "%%thanosql\n\nSELECT 1"]:
        document = Document(cell)
        assert "".join(part.block.text for part in document.parts) == cell
        assert [piece for piece, _ in document.parsed] == pieces(cell)


edits = st.lists(
    st.tuples(st.integers(0, 600), st.integers(0, 40), st.lists(st.sampled_from(BITS), max_size=3)),
    max_size=6,
)


QUOTED = (
    "GET THANOSQL MODEL clip AS c\nUPLOAD MODEL m FROM 'models/m'\nDELETE MODEL m\nLIST TABLE\nLIST MODEL\n"
)


@example("", [(0, 0, ["SELECT", "\n%load_ext thanosql\n"]), (13, 0, ["'"])], False)
@given(st.sampled_from([TEXT[:700], TEXT[-600:], *CASES]), edits, st.booleans())
@settings(max_examples=150, deadline=None)
def test_an_edited_document_is_as_one_read_anew(text, steps, peek):
    document = Document(text)
    for start, length, bits in steps:
        text = document.text
        start = min(start, len(text))
        span = Span(start, min(start + length, len(text)))
        document = document.edited(span, "".join(bits))
        assert document.text == text[: span.start] + "".join(bits) + text[span.end :]
        if peek:
            document.place(min(start, len(document.text)))
        else:
            assert shape(document) == shape(Document(document.text))
    assert shape(document) == shape(Document(document.text))


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(QUOTED)), st.integers(0, 3), st.sampled_from(["'", "\nSELECT 1'", "-- x\n"])
        ),
        max_size=3,
    )
)
@settings(max_examples=400, deadline=None)
def test_quotes_typed_anywhere_part_statements_as_if_they_were_read_anew(steps):
    document = Document(QUOTED)
    for start, length, typed in steps:
        start = min(start, len(document.text))
        document = document.edited(Span(start, min(start + length, len(document.text))), typed)
        document.place(start)
    assert shape(document) == shape(Document(document.text))


def test_typing_reads_only_the_statements_around_anew():
    document = Document(TEXT)
    before = {id(part.block) for part in document.parts}
    middle = TEXT.index("ALTER TABLE t ADD")
    edited = document.edited(Span(middle + 5, middle + 5), "x")
    fresh = [part.block for part in edited.parts if id(part.block) not in before]
    assert 1 <= len(fresh) <= 4


def test_a_changed_text_is_found_out_by_comparing():
    document = Document(TEXT)
    assert len(document.parts) > 20
    middle = TEXT.index("ALTER TABLE t ADD")
    text = TEXT[:middle] + "SELECT 1\n" + TEXT[middle:]
    changed = document.changed(text)
    kept = {id(part.block) for part in document.parts} & {id(part.block) for part in changed.parts}
    assert changed.text == text
    assert len(kept) > len(document.parts) - 5
    assert document.changed(TEXT).text == TEXT


def test_what_is_known_follows_an_edit_above():
    text = "CREATE TABLE a AS SELECT 1 AS x;\nSELECT * FROM a"
    document = Document(text)
    assert document.known_before(len(text)).catalog.find_table("a") is not None
    edited = document.edited(Span(13, 14), "b")
    known = edited.known_before(len(text)).catalog
    assert known.find_table("a") is None
    assert known.find_table("b") is not None


def test_splitting_reads_no_further_than_asked(monkeypatch):
    from thanosql_kernel.analysis.meaning import document as module

    cut = []

    def counting(text, start=0):
        for block in original(text, start):
            cut.append(block)
            yield block

    original = module.cut_blocks
    monkeypatch.setattr(module, "cut_blocks", counting)
    document = Document("SELECT 1;\n" * 1000)
    document.place(15)
    assert len(cut) <= 3


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("SELECT * FROM (SEARCH IMAGE text='a' USING m AS\nCOPY t FROM 'x'\nPRINT IMAGE AS SELECT 1", 2),
        ("CONVERT USING clip\nPRINT IMAGE AS SELECT 1", 2),
        ("INSERT INTO t\nSEARCH IMAGE text='a' USING m AS SELECT * FROM u", 1),
        ("PRINT IMAGE AS (\nSEARCH IMAGE text='a' USING m AS\nCONVERT USING m AS SELECT * FROM u)", 1),
    ],
)
def test_an_open_parenthesis_does_not_swallow_the_next_statement(text, count):
    assert len(pieces(text)) == count


def test_random_long_edits_of_documented_cells_keep_the_document_right():
    cells = documented_cells()
    random_ = random.Random(7)
    document = Document("\n\n".join(random_.sample(cells, 60)))
    for _ in range(150):
        start = random_.randrange(len(document.text))
        end = min(len(document.text), start + random_.choice([0, 0, 1, 30]))
        document = document.edited(Span(start, end), random_.choice(BITS))
        if random_.random() < 0.2:
            assert shape(document) == shape(Document(document.text))
    assert shape(document) == shape(Document(document.text))


def test_an_open_quote_does_not_turn_the_statements_below_inside_out():
    text = (
        "COPY t FROM 'a.csv;\nSELECT * FROM t WHERE a = 'x';\n\nPRINT IMAGE AS SELECT * FROM t WHERE b = 'y'\n"
        * 3
    )
    document = Document("SELECT 1;\n" + text.replace("'a.csv", "'a.csv'", 2))
    wrong = [part.block.text for part in document.parts if isinstance(part.block.outcome, ThanoSQLError)]
    assert len(wrong) == 1
    assert "'a.csv;" in wrong[0]
    assert len(document.statements) >= 8


def test_a_long_string_with_lines_like_statements_is_one_string():
    text = "INSERT INTO t VALUES ('help:\nSELECT * FROM t\nCOPY t FROM x\n', 1)\nSELECT 2"
    assert [type(statement).__name__ for statement in Document(text).statements] == ["Insert", "Select"]


def test_a_quote_typed_into_a_long_document_costs_little():
    document = Document("COPY t FROM 'a.csv'\nSELECT * FROM t WHERE a = 'x'\n" * 2000)
    blocks = {id(part.block) for part in document.parts}
    at = document.text.index("SELECT", len(document.text) // 2)
    edited = document.edited(Span(at, at), "'")
    assert sum(id(part.block) not in blocks for part in edited.parts) < 100


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO photos VALUES " + ", ".join(f"('사진{n}.jpg', 'x', {n}, NULL)" for n in range(2000)),
        "SELECT " + ", ".join(f"price + {n} AS c{n}" for n in range(2000)) + " FROM photos",
        "SELECT CASE " + " ".join(f"WHEN price > {n} THEN 'k{n}'" for n in range(2000)) + " END AS k FROM photos",
        " UNION ALL ".join(f"SELECT price FROM photos WHERE price = {n}" for n in range(700)),
    ],
    ids=["rows", "columns", "cases", "queries"],
)  # fmt: skip
def test_a_statement_of_thousands_of_parts_is_read_in_no_time(text):
    document = Document(text, catalog())
    assert diagnose(document) == []
    assert len(occurrences(document.parts[0])) > 2000
