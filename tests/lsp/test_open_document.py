"""Documents as they are edited, against the same text opened anew."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types
from thanosql_lsp.open_document import OpenDocument
from thanosql_lsp.run_order import RunOrder

from thanosql_kernel.analysis.features.complete import complete

_PIECES = [
    "SELECT ", "* FROM t", "'", ";", "\n", "\r\n", "\n\n\n", "--", "COPY 사진 FROM 'x'", "😀", "(", ")", "\u2028", " ",
    "CONVERT USING clip AS SELECT * FROM 사진", "SEARCH IMAGE text='a' USING clip AS ", "SELECT  FROM (", "",
]  # fmt: skip
_texts = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)
_edits = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 8), _texts, st.booleans()), max_size=5)
_uris = st.sampled_from(["untitled:a", "file:///x/a.ipynb", "file:///x/a.thanosql"])


def labels(open_document, offset):
    position = open_document.position(offset)
    placed = RunOrder([open_document], None, None).placed_at(open_document, position)
    return [(one.text, one.kind) for one in complete(placed.document, placed.offset(position))]


@settings(max_examples=150, deadline=None)
@given(_texts, _edits, _uris, st.sampled_from(["utf-8", "utf-16", "utf-32"]), st.integers(0, 200))
def test_an_edited_document_answers_as_if_it_had_just_been_opened(text, edits, uri, encoding, caret):
    open_document = OpenDocument(uri, text, 1, "thanosql", encoding)
    for start, length, new, whole in edits:
        labels(open_document, start)
        start = min(start, len(text))
        end = min(start + length, len(text))
        where = types.Range(open_document.position(start), open_document.position(end))
        # A position inside \r\n means the line's end, so the edit may begin or end one earlier.
        start, end = open_document.offset(where.start), open_document.offset(where.end)
        text = text[:start] + new + text[end:]
        if whole:
            open_document.apply_change(types.TextDocumentContentChangeWholeDocument(text))
        else:
            open_document.apply_change(types.TextDocumentContentChangePartial(where, new))
        assert open_document.text == text
    fresh = OpenDocument(uri, text, 1, "thanosql", encoding)
    caret = min(caret, len(text))
    assert open_document.index.starts == fresh.index.starts
    assert labels(open_document, caret) == labels(fresh, caret)


def test_only_notebooks_that_come_as_one_text_are_joined():
    def joined(uri):
        return OpenDocument(uri, "", 1, "thanosql", "utf-16").joined

    assert joined("file:///photos/Untitled.ipynb")
    assert joined("file:///photos/%EC%82%AC%EC%A7%84.ipynb")
    assert joined("file:///photos/book.ipynb.thanosql")
    assert not joined("file:///photos/book.thanosql")
    assert not joined("vscode-notebook-cell:/photos/book.ipynb#X20sZmlsZQ%3D%3D")


def test_the_folder_of_a_cell_is_that_of_its_notebook():
    def folder(uri):
        return OpenDocument(uri, "", 1, "thanosql", "utf-16").folder

    assert str(folder("file:///photos/a%20b/book.thanosql")) == "/photos/a b"
    assert str(folder("vscode-notebook-cell:/photos/book.ipynb#X20")) == "/photos"
    assert folder("untitled:Untitled-1") is None
